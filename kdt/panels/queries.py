"""Reading panels, locations and meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Subquery,
    Table,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.deadlines import rules
from kdt.panels import calendar, weights
from kdt.panels.model import (
    location_go_lives,
    location_terms,
    locations,
    meetings,
    panel_patterns,
    panel_terms,
    panels,
)
from kdt.panels.patterns import Dated, Pattern, first
from kdt.panels.slots import attested
from kdt.panels.weights import Weights
from kdt.procedure import Panel
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, AnySelect, ask, compiled
from kdt.vocabulary import MeetingStatus
from kdt.workdays import Calendar


@dataclass(frozen=True, slots=True)
class NamedPanel:
    """A panel as it is called, and whether it is open, on the day asked for."""

    id: str
    level: str
    location: str | None
    name: str
    open: bool
    pattern: Pattern

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days of the week it meets, as its pattern says."""
        return self.pattern.weekdays

    @property
    def starts_at(self) -> time:
        """The hour in Amsterdam, as its pattern says."""
        return self.pattern.starts_at


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


@dataclass(frozen=True, slots=True)
class PanelOn:
    """A panel as it is called and stands on a day, whether it meets then, and whether that meeting
    was closed."""

    panel: NamedPanel
    meets: bool
    closed: bool


def panel_on(panel: str, on: date) -> Statement:
    """What `as_panel_on` takes, for whoever asks something else as well."""
    statement, names = _panel_on()
    given = {"panel": panel, "on": on}
    return statement, [given[name] for name in names]


def as_panel_on(found: Sequence[AnyRow]) -> PanelOn | None:
    """One panel as it is on a day; None: unknown."""
    if not found:
        return None
    (row,) = found
    return PanelOn(_named(row), row.meeting is not None, row.attested is not None)


def location_ids(connection: Connection) -> frozenset[str]:
    """Every location there is, open or closed."""
    return frozenset(connection.scalars(select(locations.c.id)))


def named_locations(connection: Connection, on: date) -> list[NamedLocation]:
    """Every location with the name and state in force on a day, by name."""
    found = connection.execute(_named_locations(), {"on": on})
    return [NamedLocation(row.id, row.name or row.id, bool(row.open)) for row in found]


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """Panels and locations as they are called on a day, the calendar, how many working days ahead
    one is warned of a deadline, and what weighs in the order of agendas."""

    panels: list[NamedPanel]
    locations: list[NamedLocation]
    calendar: Calendar
    ahead: int
    weights: Weights


def named_places(connection: Connection, on: date) -> NamedPlaces:
    """All of these, asked in one round trip."""
    statement, names = _named_places()
    asked = (
        (statement, [on] * len(names)),
        calendar.asked(),
        rules.warned_ahead(on),
        weights.asked(on),
    )
    found, days, warned, weigh = ask(connection, *asked)
    return NamedPlaces(
        [_named(row) for row in found if row.level is not None],
        [
            NamedLocation(row.id, row.name or row.id, bool(row.open))
            for row in found
            if row.level is None
        ],
        calendar.read(days),
        warned[0].days if warned else rules.BEGINS_AT,
        weights.found(weigh),
    )


def panel_terms_by_id(connection: Connection) -> dict[str, list[Term]]:
    """The terms of every panel, in the order in which they come into force."""
    return _by_id(connection, panel_terms, panel_terms.c.panel)


def location_terms_by_id(connection: Connection) -> dict[str, list[Term]]:
    """The terms of every location, in the order in which they come into force."""
    return _by_id(connection, location_terms, location_terms.c.location)


def patterns_by_id(connection: Connection) -> dict[str, list[Dated]]:
    """The patterns entered for every panel, in the order in which they come into force."""
    kept = panel_patterns.c
    found = connection.execute(
        select(panel_patterns)
        .ext(distinct_on(kept.panel, kept.effective_on))
        .order_by(kept.panel, kept.effective_on, kept.recorded_at.desc())
    )
    gathered: dict[str, list[Dated]] = {}
    for row in found:
        gathered.setdefault(row.panel, []).append(Dated(row.effective_on, _pattern(row)))
    return gathered


def began_with(connection: Connection) -> dict[str, Pattern]:
    """How every panel meets as long as no pattern is in force for it."""
    found = connection.execute(
        select(panels.c.id, panels.c.level, panels.c.weekdays, panels.c.starts_at)
    )
    return {row.id: _first(row) for row in found}


def go_lives(connection: Connection) -> dict[str, date]:
    """From which day each location is live; one for which nobody said so is not there."""
    return {row.location: row.live_on for row in connection.execute(go_live_days())}


def go_live_days(before: datetime | None = None) -> AnySelect:
    """The same as a query, of what is known or was at the moment `before`."""
    kept = location_go_lives.c
    query = (
        select(kept.location, kept.live_on)
        .ext(distinct_on(kept.location))
        .order_by(kept.location, kept.recorded_at.desc())
    )
    return query if before is None else query.where(kept.recorded_at < before)


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
    pattern = _in_force(panel_patterns, panel_patterns.c.panel)
    return (
        select(
            panels.c.id,
            panels.c.level,
            panels.c.location,
            term.c.name,
            term.c.open,
            panels.c.weekdays,
            panels.c.starts_at,
            *(pattern.c[name].label(f"pattern_{name}") for name in _PATTERN),
        )
        .join_from(panels, term, term.c.panel == panels.c.id, isouter=True)
        .outerjoin(pattern, pattern.c.panel == panels.c.id)
        .order_by(panels.c.location.nulls_first(), panels.c.id)
    )


@cache
def _panel_on() -> tuple[bytes, tuple[str, ...]]:
    met = (
        (meetings.c.panel == panels.c.id)
        & (meetings.c.held_on == bindparam("on"))
        & (meetings.c.status == literal_column(f"'{MeetingStatus.PLANNED}'"))
    )
    return compiled(
        _named_panels()
        .outerjoin(meetings, met)
        .where(panels.c.id == bindparam("panel"))
        .add_columns(meetings.c.id.label("meeting"), attested().label("attested"))
    )


def _named(row: AnyRow) -> NamedPanel:
    pattern = _first(row)
    if row.pattern_weekdays is not None:
        pattern = _pattern(row, "pattern_")
    return NamedPanel(row.id, row.level, row.location, row.name or row.id, bool(row.open), pattern)


_PATTERN = tuple(one.name for one in fields(Pattern))


def _pattern(row: AnyRow, prefix: str = "") -> Pattern:
    weekdays, *others = (getattr(row, prefix + name) for name in _PATTERN)
    return Pattern(tuple(weekdays), *others)


def _first(row: AnyRow) -> Pattern:
    began = first(row.level)
    return replace(began, weekdays=tuple(row.weekdays), starts_at=row.starts_at)


@cache
def _named_locations() -> AnySelect:
    term = _in_force(location_terms, location_terms.c.location)
    return (
        select(locations.c.id, term.c.name, term.c.open)
        .join_from(locations, term, term.c.location == locations.c.id, isouter=True)
        .order_by(locations.c.id)
    )


@cache
def _named_places() -> tuple[bytes, tuple[str, ...]]:
    """Panels and locations as one list; a location has no level."""
    every = _named_panels().order_by(None)
    named = _named_locations().order_by(None).subquery()
    given = {"id": named.c.id, "name": named.c.name, "open": named.c.open}
    shaped = select(
        *(
            given.get(column.name, cast(null(), column.type)).label(column.name)
            for column in every.selected_columns
        )
    )
    both = union_all(every, shaped)
    return compiled(
        both.order_by(both.selected_columns.location.nulls_first(), both.selected_columns.id)
    )


def _in_force(terms: Table, owner: Column[Any]) -> Subquery:
    """The newest term of each in force on the day `on`; of two on one day the later recorded."""
    return (
        select(terms)
        .where(terms.c.effective_on <= bindparam("on"))
        .ext(distinct_on(owner))
        .order_by(owner, terms.c.effective_on.desc(), terms.c.recorded_at.desc())
        .subquery()
    )
