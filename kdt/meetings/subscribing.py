"""Which meetings somebody can have in their own calendar program, and the addresses they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from kdt import words
from kdt.access import feeds, permissions, repeats
from kdt.access.model import people
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.ledger.table import Subject
from kdt.panels.queries import named_places
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import writing

_PATH = "/calendar-feeds"


@dataclass(frozen=True, slots=True)
class Own:
    """A feed somebody can have: of one panel, or (None) of all they sit in; and since when they
    have an address of it."""

    panel: str | None
    name: str
    made_at: datetime | None


def sits_in(connection: Connection, person: Person) -> Mapping[str, str]:
    """The panels a person sits in, in a capacity of their own, by what they are called today."""
    return {
        one.id: one.name
        for one in named_places(connection, today(connection)).panels
        if any(
            actor.on_behalf_of is None
            and permissions.has(actor, Right.SIT)
            and actor.location == one.location
            for actor in person.actors
        )
    }


def of_person(connection: Connection, person: Person) -> list[Own]:
    """The feeds a person can have, that of all their panels first. Raises Forbidden when they sit
    in none."""
    mine = sits_in(connection, person)
    if not mine:
        raise permissions.forbidden(Right.SIT)
    has = {one.panel: one.made_at for one in feeds.of_person(connection, person.id)}
    named: list[tuple[str | None, str]] = [(None, words.say("feeds.own")), *mine.items()]
    return [Own(panel, name, has.get(panel)) for panel, name in named]


def make(
    store: Store, person: Person, panel: str | None, *, key: str | None = None
) -> tuple[Own, str | None]:
    """A new address, which takes the place of the one before, and its token. A repeat with the same
    key makes none, and has no token to show.

    Raises Forbidden, NotFound and Conflict (the key was used for something else).
    """
    with writing(store) as connection:
        _check(connection, person, panel)
        repeat = repeats.of(person.actors[0], key, "calendar_feed", panel)
        token = None
        if repeat.earlier(connection) is None:
            token = feeds.make(connection, person.id, panel)
            known_as = connection.scalar(select(people.c.key).where(people.c.id == person.id))
            repeat.record(connection, Subject.PERSON, str(known_as))
        own = of_person(connection, person)
    return next(one for one in own if one.panel == panel), token


def revoke(store: Store, person: Person, panel: str | None) -> None:
    """Let an address open nothing any more; without one that is fine. Raises Forbidden and
    NotFound."""
    with writing(store) as connection:
        _check(connection, person, panel)
        feeds.revoke(connection, person.id, panel)


def address(site: str, token: str) -> str:
    """Where a calendar program fetches what a token opens, at a site."""
    return f"{site.rstrip('/')}{_PATH}/{token}.ics"


def _check(connection: Connection, person: Person, panel: str | None) -> None:
    if panel not in {one.panel for one in of_person(connection, person)}:
        raise NotFound(words.say("refusal.not_found"))
