"""People arrive with what the organisation's provider says of them; an administrator decides what
that makes them, and may shut somebody out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import structlog
from sqlalchemy import Connection

from kdt import names, words
from kdt.access import mail, mapping, mappings, permissions, queries, repeats, service
from kdt.access.mapping import STAR, Resolved, RoleMapping
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.panels.queries import location_ids
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.values import LONGEST_NAME

_log = structlog.get_logger("kdt.people")


class Code(StrEnum):
    """Why a person or a mapping cannot be changed so; the Dutch stands under `refusal`."""

    MAPPING_THERE = "mapping_there"
    MAPPING_CONTRADICTS = "mapping_contradicts"
    MAPPING_LOCATION_UNKNOWN = "mapping_location_unknown"
    MAPPING_WITHOUT_STAR = "mapping_without_star"
    MAPPING_TWO_STARS = "mapping_two_stars"
    DISABLES_SELF = "disables_self"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody as the provider knows them; `claims` are what roles are read from."""

    issuer: str
    subject: str
    label: str
    claims: Mapping[str, object]

    @property
    def person_id(self) -> str:
        """The same for ever, and says nothing of who it is."""
        known_as = f"{self.issuer}\0{self.subject}".encode()
        return f"P-{hashlib.sha256(known_as).hexdigest()[:32]}"


def arrive(connection: Connection, arrival: Arrival) -> str | None:
    """Make somebody who signs in known with the roles they have now; why they may not come in
    (words by key), or None when they may."""
    enabled = queries.enabled(connection, arrival.person_id)
    if enabled is False:
        return "sign_in.disabled"
    resolved = _resolved(connection, arrival)
    if resolved.grants or enabled:
        service.signed_in(connection, Person(arrival.person_id, _label(arrival), resolved.grants))
        mail.note(connection, arrival.person_id, arrival.claims.get("email"))
    return _turned_away(resolved)


def recognise(store: Store, arrival: Arrival) -> Person | None:
    """The person a program acts as, with the roles its token comes to now; None when disabled.
    Who is not known yet is made known, without roles to keep."""
    with reading(store) as connection:
        enabled = queries.enabled(connection, arrival.person_id)
        resolved = _resolved(connection, arrival)
    if enabled is None:
        with writing(store) as connection:
            service.enter(connection, By(PRODUCT), [Person(arrival.person_id, _label(arrival), ())])
    elif not enabled:
        return None
    return Person(arrival.person_id, _label(arrival), resolved.grants)


def set_disabled(store: Store, actor: Actor, person_id: str, *, disabled: bool) -> None:
    """Shut somebody out from their next request on, or let them in again.

    Raises Forbidden, NotFound, and Refused for oneself.
    """
    _administering(actor)
    if disabled and person_id == actor.person:
        raise refused(Code.DISABLES_SELF)
    with writing(store) as connection:
        if not service.set_disabled(connection, _by(actor), person_id, disabled=disabled):
            raise NotFound(words.say("refusal.not_found"))


def add_mapping(store: Store, actor: Actor, new: RoleMapping, *, key: str | None = None) -> int:
    """Let a value of a claim give a role from the next sign-in on; the mapping's id.

    Raises Forbidden, InvalidInput, Conflict (the key was used for something else), and Refused when
    it cannot be followed or contradicts another.
    """
    _administering(actor)
    read = replace(
        new, claim=names.given("claim", new.claim), value=names.given("value", new.value)
    )
    if read.value.count(STAR) > 1:
        raise refused(Code.MAPPING_TWO_STARS)
    if read.location == STAR and STAR not in read.value:
        raise refused(Code.MAPPING_WITHOUT_STAR)
    repeat = repeats.of(actor, key, Subject.MAPPING, read)
    with writing(store) as connection:
        if earlier := repeat.recorded(connection):
            return int(earlier)
        if read.location not in (None, STAR, *location_ids(connection)):
            raise refused(Code.MAPPING_LOCATION_UNKNOWN, location=read.location)
        for other in mappings.all_mappings(connection):
            if mapping.contradicts(read, other):
                raise refused(Code.MAPPING_CONTRADICTS, role=read.role, value=read.value)
        made = mappings.insert_mapping(connection, read)
        if made is None:
            raise refused(Code.MAPPING_THERE)
        append(connection, _by(actor), _fact("add", replace(read, id=made)))
        repeat.record(connection, Subject.MAPPING, str(made))
        return made


def remove_mapping(store: Store, actor: Actor, mapping_id: int) -> RoleMapping:
    """Take a mapping away, and give it back; who had a role by it alone loses that at the next
    sign-in.

    Raises Forbidden and NotFound.
    """
    _administering(actor)
    with writing(store) as connection:
        gone = mappings.delete_mapping(connection, mapping_id)
        if gone is None:
            raise NotFound(words.say("refusal.not_found"))
        append(connection, _by(actor), _fact("remove", gone))
        return gone


def _administering(actor: Actor) -> None:
    permissions.require(actor, Right.MANAGE_PEOPLE)


def _by(actor: Actor) -> By:
    return By(actor.person, actor.role)


def _fact(fact: str, one: RoleMapping) -> Fact:
    values: dict[str, object] = {"role": one.role}
    if one.location is not None:
        values["location"] = one.location
    texts = {"claim": one.claim, "value": one.value}
    return Fact(Subject.MAPPING, str(one.id), fact, values, texts)


def _resolved(connection: Connection, arrival: Arrival) -> Resolved:
    resolved = mapping.resolve(
        arrival.claims, mappings.all_mappings(connection), location_ids(connection)
    )
    for wrong, said in (
        (resolved.lost, "mapping_location_unknown"),
        (resolved.contradicting, "mapping_contradicts"),
    ):
        if wrong:
            # For the administrator: which rows, not whose claims.
            _log.warning(said, mappings=[one.id for one in wrong])
    return resolved


def _turned_away(resolved: Resolved) -> str | None:
    if resolved.grants:
        return None
    if resolved.contradicting:
        return "sign_in.contradiction"
    return "sign_in.location_unknown" if resolved.lost else "sign_in.no_role"


def _label(arrival: Arrival) -> str:
    """What a person is called: never blank, and of a length that can be shown."""
    plain = " ".join("".join(one for one in arrival.label if one.isprintable()).split())
    return plain[:LONGEST_NAME] or arrival.person_id
