"""Locations and panels are created, renamed, closed and opened again, by an administrator.

Names and closing count from a day on and are only ever added; an id is made once and kept. A panel
closes when nothing is left that it may still have to take: its location closes first, then nothing
new comes in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import dossiers
from kdt.cases.model import escalations
from kdt.errors import NotFound, refused
from kdt.ledger.service import By
from kdt.ledger.table import Subject
from kdt.panels.desk import Code, Desk
from kdt.panels.model import panels
from kdt.panels.queries import Term, location_terms_by_id, panel_terms_by_id
from kdt.procedure import CURRENT, Panel
from kdt.procedure.table import UNFINISHED
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.values import Problem
from kdt.vocabulary import Phase


def create_location(
    store: Store, actor: Actor, name: str, *, on: date | None = None, key: str | None = None
) -> str:
    """Open a location from a day on (today), with its panels, live from that day on; gives its id.

    The same again changes nothing. Raises Forbidden, InvalidInput, Conflict (the key was used for
    something else), and Refused when the name is that of another location.
    """
    wanted = names.given("name", name)
    repeat = repeats.of(actor, key, Subject.LOCATION, wanted, on)
    with administering(store, actor) as desk:
        if made := repeat.recorded(desk.connection):
            return made
        day = on or desk.today
        for location, terms in location_terms_by_id(desk.connection).items():
            if terms == [Term(day, wanted, open=True)]:
                repeat.record(desk.connection, Subject.LOCATION, location)
                return location
            if wanted in (location, *(term.name for term in terms)):
                raise refused(Code.NAME_TAKEN, name=wanted)
        desk.enter_location(wanted, Term(day, wanted, open=True))
        for level in CURRENT.ladder.levels:
            if level.per_location:
                desk.enter_panel(_new_panel(desk.connection, level.code, wanted), day)
        desk.go_live(wanted, day)
        repeat.record(desk.connection, Subject.LOCATION, wanted)
    return wanted


def create_panel(
    store: Store,
    actor: Actor,
    level: str,
    location: str | None = None,
    *,
    name: str | None = None,
    on: date | None = None,
    key: str | None = None,
) -> str:
    """Open a panel from a day on (today), for a location where the level is per location; gives
    its id, and for a repeat with the same key the same.

    Raises Forbidden, InvalidInput, Conflict (the key was used for something else), and Refused when
    there is one here already.
    """
    known = {one.code: one for one in CURRENT.ladder.levels}
    if level not in known:
        details = {"given": level[:50], "known": ", ".join(known)}
        raise names.invalid(Problem("not_one_of", "level", details))
    if known[level].per_location and location is None:
        raise names.invalid(Problem("missing", "location"))
    if not known[level].per_location and location is not None:
        raise names.invalid(Problem("no_location_at_this_level", "location"))
    wanted = None if name is None else names.given("name", name)
    repeat = repeats.of(actor, key, Subject.PANEL, level, location, wanted, on)
    with administering(store, actor) as desk:
        if made := repeat.recorded(desk.connection):
            return made
        if location is not None and location not in location_terms_by_id(desk.connection):
            raise NotFound(words.say("refusal.not_found"))
        here = desk.connection.scalar(
            select(panels.c.id).where(
                panels.c.level == level, panels.c.location.is_not_distinct_from(location)
            )
        )
        if here is not None:
            raise refused(Code.PANEL_HERE_ALREADY, panel=here)
        panel = _new_panel(desk.connection, level, location)
        desk.enter_panel(panel, on or desk.today, wanted)
        repeat.record(desk.connection, Subject.PANEL, panel.id)
    return panel.id


def change_location(
    store: Store,
    actor: Actor,
    location: str,
    *,
    name: str | None = None,
    is_open: bool | None = None,
    on: date | None = None,
) -> None:
    """Rename a location, close it to new cases, or open it again with its panels, from a day on
    (today). Raises Forbidden, NotFound, InvalidInput and Refused."""
    wanted = None if name is None else names.given("name", name)
    with administering(store, actor) as desk:
        every = location_terms_by_id(desk.connection)
        for other, terms in every.items():
            if other != location and wanted in (other, *(term.name for term in terms)):
                raise refused(Code.NAME_TAKEN, name=wanted)
        day = on or desk.today
        if is_open is False and day < desk.today:
            raise refused(Code.CLOSES_IN_THE_PAST)
        desk.change(Subject.LOCATION, location, every.get(location), day, wanted, is_open)
        if is_open:
            timelines = panel_terms_by_id(desk.connection)
            for panel in desk.panels_at(location):
                desk.change(Subject.PANEL, panel, timelines[panel], day, None, is_open)


def change_panel(
    store: Store,
    actor: Actor,
    panel: str,
    *,
    name: str | None = None,
    is_open: bool | None = None,
    on: date | None = None,
) -> None:
    """Rename, close or reopen a panel from a day on (today).

    Raises Forbidden, NotFound, InvalidInput, and Refused as long as the panel may still be needed.
    """
    wanted = None if name is None else names.given("name", name)
    with administering(store, actor) as desk:
        day = on or desk.today
        if is_open is False:
            _may_close(desk, panel, day)
        terms = panel_terms_by_id(desk.connection).get(panel)
        desk.change(Subject.PANEL, panel, terms, day, wanted, is_open)


@contextmanager
def administering(store: Store, actor: Actor) -> Iterator[Desk]:
    """A transaction for an administrator in which nobody else writes to the record: what may be
    closed now must not be needed a moment later."""
    permissions.require(actor, Right.ADMINISTER)
    with writing(store) as connection:
        dossiers.begin_alone(connection)
        yield Desk(connection, By(actor.person, actor.role), moments.now(connection))


def _may_close(desk: Desk, panel: str, day: date) -> None:
    row = desk.connection.execute(select(panels).where(panels.c.id == panel)).one_or_none()
    if row is None:
        return
    if day < desk.today:
        raise refused(Code.CLOSES_IN_THE_PAST)
    open_then = {
        location
        for location, terms in location_terms_by_id(desk.connection).items()
        if _open_from(terms, day)
    }
    if row.location in open_then:
        raise refused(Code.LOCATION_OPEN, location=row.location)
    if row.location is None and open_then:
        raise refused(Code.LOCATIONS_OPEN)
    here = escalations.c.level == row.level
    if row.level == CURRENT.ladder.first:
        here = or_(here, escalations.c.phase == Phase.DRAFT)
    if row.location is not None:
        here = and_(here, escalations.c.location == row.location)
    count = desk.connection.scalar(
        select(func.count()).where(escalations.c.phase.in_(UNFINISHED), here)
    )
    if count:
        raise refused(Code.STILL_UNFINISHED, count=count)


def _open_from(terms: list[Term], day: date) -> bool:
    """Whether it is open on a day, or will be on a later one."""
    in_force = [term for term in terms if term.effective_on <= day][-1:]
    announced = [term for term in terms if term.effective_on > day]
    return any(term.open for term in (*in_force, *announced))


def _new_panel(connection: Connection, level: str, location: str | None) -> Panel:
    parts = ["kdt"] if level == CURRENT.ladder.first else ["kdt", level]
    if location is not None:
        parts.append(names.slug(location))
    taken = set(connection.scalars(select(panels.c.id)))
    return Panel(names.free("-".join(parts), taken), level, location)
