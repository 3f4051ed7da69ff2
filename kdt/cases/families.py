"""Families: escalations that belong together though they are about several cases (one household,
one question to be settled at once). They are discussed together and have an outcome each.

An escalation is in one family at most. That it came in, and that it was taken out again, are facts
of its own chain in the ledger; a table says which family it is in now. The reason stands with the
escalation it was said of alone: whoever reads the other need not know of this one.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from kdt import names
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Right
from kdt.cases import taking
from kdt.cases.model import family_members
from kdt.cases.taking import Seen
from kdt.errors import Refused, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import locks
from kdt.store.driver import Statement
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    RELATED_TO_ITSELF = "related_to_itself"
    SAME_CASE = "same_case"
    TOGETHER_ALREADY = "together_already"
    OTHER_FAMILY = "other_family"
    NO_FAMILY = "no_family"


@dataclass(frozen=True, slots=True)
class Membership:
    """Which family an escalation is in, and the number of the fact that says so and why."""

    family: str
    number: int


def join(
    store: Store,
    actor: Actor,
    escalation: str,
    other: str,
    reason: str,
    *,
    key: str | None = None,
) -> str:
    """Record that two escalations belong together, one of which may be in a family already; the
    family.

    A repeat with the same key gives the same. Raises NotFound, also where the actor may not know of
    the other, Forbidden, InvalidInput, Conflict (the key was used for something else) and Refused.
    """
    why = names.given("reason", reason)
    repeat = repeats.of(actor, key, "join_family", escalation, other, why)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return str(earlier["family"])
        locks.hold(connection, locks.FAMILIES)
        seen = _taken(connection, actor, escalation, other)
        require(actor, seen[escalation].matter)
        if other == escalation:
            raise refused(Code.RELATED_TO_ITSELF)
        if seen[escalation].state.case == seen[other].state.case:
            raise refused(Code.SAME_CASE)
        found = _families(connection, (escalation, other))
        if len(set(found.values())) > 1:
            raise refused(Code.OTHER_FAMILY)
        if len(found) > 1:
            raise refused(Code.TOGETHER_ALREADY)
        family = next(iter(found.values()), None) or secrets.token_hex(8)
        _put(connection, actor, escalation, family, why)
        if other not in found:
            _put(connection, actor, other, family, None)
        repeat.record(connection, Subject.ESCALATION, escalation, family=family)
    return family


def leave(store: Store, actor: Actor, escalation: str, reason: str) -> None:
    """Record that an escalation does not belong with the others of its family after all; the last
    of them is then in none either.

    Raises NotFound, Forbidden, InvalidInput and Refused.
    """
    why = names.given("reason", reason)
    with writing(store) as connection:
        locks.hold(connection, locks.FAMILIES)
        require(actor, taking.take(connection, actor, escalation).matter)
        family = _families(connection, (escalation,)).get(escalation)
        if family is None:
            raise refused(Code.NO_FAMILY)
        _take_out(connection, actor, escalation, family, why)
        others = select(family_members.c.escalation_id).where(family_members.c.family == family)
        left = list(connection.scalars(others))
        if len(left) == 1:
            _take_out(connection, actor, left[0], family, None)


def require(actor: Actor, matter: Matter) -> None:
    """Raise Forbidden or Refused unless this capacity may say what an escalation belongs with."""
    permissions.require(actor, Right.RELATE)
    if (refusal := permissions.relates(actor, matter)) is not None:
        raise Refused(refusal)


def asked(escalation: str) -> Statement:
    """Asks what `membership` takes, for whoever asks something else as well."""
    return b"select family, seq from family_members where escalation_id = %s", (escalation,)


def membership(found: Iterable[AnyRow]) -> Membership | None:
    """The family an escalation is in, or None."""
    return next((Membership(row.family, row.seq) for row in found), None)


def _taken(connection: Connection, actor: Actor, *wanted: str) -> dict[str, Seen]:
    """Escalations locked in one order, so that two who relate the same never wait crosswise."""
    return {one: taking.take(connection, actor, one) for one in sorted(set(wanted))}


def _families(connection: Connection, of: Sequence[str]) -> dict[str, str]:
    members = family_members.c
    query = select(members.escalation_id, members.family).where(members.escalation_id.in_(of))
    return {row.escalation_id: row.family for row in connection.execute(query)}


def _put(
    connection: Connection, actor: Actor, escalation: str, family: str, why: str | None
) -> None:
    """Into a family, or into its own for another reason; without one it was said of another."""
    fact = "brought_together" if why is None else "join_family"
    number = _tell(connection, actor, escalation, fact, family, why)
    _forget(connection, escalation)
    row = {"escalation_id": escalation, "family": family, "seq": number}
    connection.execute(insert(family_members).values(row))


def _take_out(
    connection: Connection, actor: Actor, escalation: str, family: str, why: str | None
) -> None:
    """Out of its family; without a reason because nothing else is left in it."""
    fact = "left_alone" if why is None else "leave_family"
    _tell(connection, actor, escalation, fact, family, why)
    _forget(connection, escalation)


def _forget(connection: Connection, escalation: str) -> None:
    this = family_members.c.escalation_id == escalation
    connection.execute(delete(family_members).where(this))


def _tell(
    connection: Connection, actor: Actor, escalation: str, fact: str, family: str, why: str | None
) -> int:
    texts = {} if why is None else {"reason": why}
    told = Fact(Subject.ESCALATION, escalation, fact, {"family": family}, texts)
    (recorded,) = append(connection, By(actor.person, actor.role), told)
    return recorded.seq
