"""Reading panels, locations and meetings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Subquery,
    Table,
    Text,
    bindparam,
    cast,
    false,
    func,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.panels.model import location_terms, locations, meetings, panel_terms, panels
from kdt.procedure import Panel
from kdt.store.writing import AnyCompound, AnyRow, AnySelect, ask, compiled


@dataclass(frozen=True, slots=True)
class NamedPanel:
    """A panel as it is called, and whether it is open, on the day asked for."""

    id: str
    level: str
    location: str | None
    name: str
    open: bool
    weekdays: tuple[int, ...]
    starts_at: time


@dataclass(frozen=True, slots=True)
class NamedLocation:
    """A location as it is called, and whether it is open, on the day asked for."""

    id: str
    name: str
    open: bool


@dataclass(frozen=True, slots=True)
class Term:
    """What a panel or a location is called, and whether it is open, from a day on."""

    effective_on: date
    name: str
    open: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """One planned sitting of a panel."""

    id: int
    panel: str
    held_on: date
    starts_at: time


def all_panels(connection: Connection) -> list[Panel]:
    """Every panel, open or closed, as the procedure knows it."""
    found = connection.execute(
        select(panels.c.id, panels.c.level, panels.c.location).order_by(panels.c.id)
    )
    return [Panel(*row) for row in found]


def named_panels(connection: Connection, on: date) -> list[NamedPanel]:
    """Every panel with the name and state in force on a day; the top of the ladder first."""
    found = connection.execute(_named_panels(), {"on": on})
    return [_named(row) for row in found]


def panel_on(connection: Connection, panel: str, on: date) -> tuple[NamedPanel, bool] | None:
    """One panel as it is called and stands on a day, and whether it meets then; None: unknown."""
    statement, names = _panel_on()
    given = {"panel": panel, "on": on}
    (found,) = ask(connection, (statement, [given[name] for name in names]))
    return (_named(found[0]), bool(found[0].meets)) if found else None


def location_ids(connection: Connection) -> frozenset[str]:
    """Every location there is, open or closed."""
    return frozenset(connection.scalars(select(locations.c.id)))


def named_locations(connection: Connection, on: date) -> list[NamedLocation]:
    """Every location with the name and state in force on a day, by name."""
    found = connection.execute(_named_locations(), {"on": on})
    return [NamedLocation(row.id, row.name or row.id, bool(row.open)) for row in found]


def named_places(connection: Connection, on: date) -> tuple[list[NamedPanel], list[NamedLocation]]:
    """Both of these, asked in one statement."""
    found = connection.execute(_named_places(), {"on": on}).all()
    return (
        [_named(row) for row in found if row.level is not None],
        [
            NamedLocation(row.id, row.name or row.id, bool(row.open))
            for row in found
            if row.level is None
        ],
    )


def panel_terms_by_id(connection: Connection) -> dict[str, list[Term]]:
    """The terms of every panel, in the order in which they come into force."""
    return _by_id(connection, panel_terms, panel_terms.c.panel)


def location_terms_by_id(connection: Connection) -> dict[str, list[Term]]:
    """The terms of every location, in the order in which they come into force."""
    return _by_id(connection, location_terms, location_terms.c.location)


def open_on(panel: ColumnElement[str], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Whether a panel is open on a day, as part of a query."""
    term = (
        select(panel_terms.c.open)
        .where(panel_terms.c.panel == panel, panel_terms.c.effective_on <= day)
        .order_by(panel_terms.c.effective_on.desc(), panel_terms.c.recorded_at.desc())
        .limit(1)
        .correlate_except(panel_terms)
    )
    return func.coalesce(term.scalar_subquery(), false())


def meetings_of(connection: Connection, panel: str, first: date, last: date) -> Sequence[Meeting]:
    """The meetings of a panel from `first` to `last`, both included, in order.

    What was planned for a day on which the panel has been closed since is left out.
    """
    found = connection.execute(
        select(meetings.c.id, meetings.c.panel, meetings.c.held_on, meetings.c.starts_at)
        .where(
            meetings.c.panel == panel,
            meetings.c.held_on.between(first, last),
            open_on(meetings.c.panel, meetings.c.held_on),
        )
        .order_by(meetings.c.held_on)
    )
    return [Meeting(*row) for row in found]


def meeting(connection: Connection, panel: str, held_on: date) -> AnyRow | None:
    """The meeting of a panel on a day, or None."""
    return connection.execute(
        select(meetings).where(meetings.c.panel == panel, meetings.c.held_on == held_on)
    ).one_or_none()


def _by_id(connection: Connection, terms: Table, owner: Column[Any]) -> dict[str, list[Term]]:
    found = connection.execute(
        select(owner.label("owner"), terms.c.effective_on, terms.c.name, terms.c.open)
        .ext(distinct_on(owner, terms.c.effective_on))
        .order_by(owner, terms.c.effective_on, terms.c.recorded_at.desc())
    )
    gathered: dict[str, list[Term]] = {}
    for row in found:
        gathered.setdefault(row.owner, []).append(Term(row.effective_on, row.name, row.open))
    return gathered


# Most pages ask these; making such a statement takes longer than asking it.
@cache
def _named_panels() -> AnySelect:
    term = _in_force(panel_terms, panel_terms.c.panel)
    return (
        select(
            panels.c.id,
            panels.c.level,
            panels.c.location,
            term.c.name,
            term.c.open,
            panels.c.weekdays,
            panels.c.starts_at,
        )
        .join_from(panels, term, term.c.panel == panels.c.id, isouter=True)
        .order_by(panels.c.location.nulls_first(), panels.c.id)
    )


@cache
def _panel_on() -> tuple[bytes, tuple[str, ...]]:
    met = select(meetings.c.id).where(
        meetings.c.panel == panels.c.id, meetings.c.held_on == bindparam("on")
    )
    return compiled(
        _named_panels()
        .where(panels.c.id == bindparam("panel"))
        .add_columns(met.correlate(panels).exists().label("meets"))
    )


def _named(row: AnyRow) -> NamedPanel:
    return NamedPanel(
        row.id,
        row.level,
        row.location,
        row.name or row.id,
        bool(row.open),
        tuple(row.weekdays),
        row.starts_at,
    )


@cache
def _named_locations() -> AnySelect:
    term = _in_force(location_terms, location_terms.c.location)
    return (
        select(locations.c.id, term.c.name, term.c.open)
        .join_from(locations, term, term.c.location == locations.c.id, isouter=True)
        .order_by(locations.c.id)
    )


@cache
def _named_places() -> AnyCompound:
    """Panels and locations as one list; a location has no level."""
    named = _named_locations().order_by(None).subquery()
    shaped = select(
        named.c.id,
        cast(null(), Text),
        cast(null(), Text),
        named.c.name,
        named.c.open,
        cast(null(), panels.c.weekdays.type),
        cast(null(), panels.c.starts_at.type),
    )
    both = union_all(_named_panels().order_by(None), shaped)
    return both.order_by(both.selected_columns.location.nulls_first(), both.selected_columns.id)


def _in_force(terms: Table, owner: Column[Any]) -> Subquery:
    """The newest term of each in force on the day `on`; of two on one day the later recorded."""
    return (
        select(terms)
        .where(terms.c.effective_on <= bindparam("on"))
        .ext(distinct_on(owner))
        .order_by(owner, terms.c.effective_on.desc(), terms.c.recorded_at.desc())
        .subquery()
    )
