"""Figures asked for beyond the plain question: by outcome, ruling or theme, by piece of time, or of
some escalations alone.

What the tallies can say of it they answer; considerations are divided one by one, and what is asked
of one theme alone is counted from the log.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_

from kdt import words
from kdt.panels.queries import location_ids
from kdt.procedure import Walk
from kdt.register import from_log
from kdt.register.catalogue.model import Division
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.considered import Considered, considered
from kdt.register.counting import STANDING, Counted, counted, standing
from kdt.register.figures import BadQuery, Query, Row, figures, provisional, those
from kdt.register.from_log import Sum, key
from kdt.register.grain import Grain, name, pieces, too_many
from kdt.register.narrowing import brought_from, these
from kdt.register.over_time import over_time
from kdt.store.scope import counting
from kdt.tallies.measures import DIMENSIONS
from kdt.themes.counting import shown
from kdt.themes.queries import themes
from kdt.vocabulary import Ground, Measure, Question

# What a consideration is divided by besides; themes are of its escalation, which may show several.
FURTHER = (Division.OUTCOME.value, Division.RULING.value, Division.THEME.value)
EVERY = (*DIMENSIONS, *FURTHER)
# By what a question may be narrowed to some escalations.
ONLY = (*DIMENSIONS[1:], Division.THEME.value)
PIECE = "period"
# What is no part of any: a consideration without a ruling, an escalation without a theme.
NONE = ""

# What can be divided by them.
DIVIDED = tuple(one for one in Measure if {*FURTHER} <= CATALOGUE[one.value].divisions)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What is asked: the period and reference date of `query` (its `by` is not looked at), `by`
    dimensions of `EVERY`, `per` piece of time, of those escalations alone that are `only` so."""

    query: Query
    by: tuple[str, ...] = ()
    per: Grain | None = None
    only: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({*self.by}) != len(self.by):
            raise BadQuery("dimension_twice")
        for given, known in ((self.by, EVERY), (self.only, ONLY)):
            if unknown := [one for one in given if one not in known]:
                raise BadQuery("unknown_dimension", given=unknown[0], known=", ".join(known))
        if self.per and too_many(self.per, self.query.first, self.query.until):
            raise BadQuery("too_many_pieces")

    @property
    def plain(self) -> bool:
        """Whether it is a question the tallies answer as it is."""
        return not (self.further or self.per or self.only)

    @property
    def further(self) -> bool:
        """Whether considerations are divided."""
        return any(one in FURTHER for one in self.by)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is counted in each row."""
        return DIVIDED if self.further else tuple(Measure)

    @property
    def heads(self) -> tuple[str, ...]:
        """What stands in the key of a row."""
        return ((PIECE,) if self.per else ()) + self.by

    @property
    def places(self) -> Query:
        """The question by those dimensions the tallies know."""
        return replace(self.query, by=tuple(one for one in self.by if one in DIMENSIONS))


@dataclass(frozen=True, slots=True)
class Broken:
    """The answer: rows in order, and over all of them (the whole period, undivided) the total."""

    rows: Sequence[Row]
    total: Row


def broken_down(connection: Connection, asked: Breakdown) -> Broken:
    """The figures asked for, exactly. Raises BadQuery."""
    if asked.further:
        return _divided(connection, asked)
    if "theme" in asked.only:
        return _from_log(connection, asked)
    return _from_tallies(connection, asked)


def check_known(connection: Connection, only: Mapping[str, str]) -> None:
    """Raise BadQuery where a value to narrow by is none there is: that no number is 0 of."""
    for dimension, value in only.items():
        if value not in _known(connection, dimension):
            raise BadQuery("unknown_value", dimension=words.say(f"dimension.{dimension}"))


def among(
    connection: Connection, asked: Breakdown, *narrowed: ColumnElement[bool]
) -> Iterator[tuple[str, Walk, tuple[str, ...]]]:
    """The escalations a question is about, as they were known at its reference date: the id, the
    history, and the themes it shows. `narrowed`: which of them need to be looked at. Raises
    BadQuery."""
    tagged, conditions = _narrowed(connection, asked)
    which = and_(*conditions, *narrowed) if conditions or narrowed else None
    with counting(connection):
        for escalation, (walk,) in from_log.walked(connection, (asked.query.as_of,), among=which):
            if walk.state is not None and all(
                str(getattr(walk.state, one)) == value
                for one, value in asked.only.items()
                if one != "theme"
            ):
                yield escalation, walk, tagged.get(escalation, ())


def considered_among(
    connection: Connection, asked: Breakdown
) -> Iterator[tuple[Considered, tuple[str, ...]]]:
    """The considerations a question is about, as they were known at its reference date, and the
    themes the escalation of each shows. Raises BadQuery."""
    tagged, conditions = _narrowed(connection, asked)
    only = {name: value for name, value in asked.only.items() if name != "theme"}
    for one in considered(connection, asked.query, *conditions):
        if only.items() <= one.place.items():
            yield one, tagged.get(one.escalation, ())


def _narrowed(
    connection: Connection, asked: Breakdown
) -> tuple[Mapping[str, tuple[str, ...]], list[ColumnElement[bool]]]:
    """The themes escalations show, where they matter, and which escalations need to be looked at.
    Raises BadQuery."""
    check_known(connection, asked.only)
    themed = "theme" in asked.by or "theme" in asked.only
    tagged = shown(connection, asked.query.as_of) if themed else {}
    conditions = []
    if (theme := asked.only.get("theme")) is not None:
        conditions.append(these({one for one, shows in tagged.items() if theme in shows}))
    if "location" in asked.only:
        conditions.append(brought_from(asked.only["location"]))
    return tagged, conditions


def keys(
    asked: Breakdown, place: Mapping[str, str], shows: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """The places something counts in: several where its escalation shows several themes."""
    for theme in (shows or (NONE,)) if "theme" in asked.by else (NONE,):
        yield tuple(theme if one == "theme" else place[one] for one in asked.by)


def place_of(walk: Walk, one: Counted) -> Mapping[str, str]:
    """Where something of a history stands in each dimension but themes."""
    values = one.step.act.values
    return {
        **dict(zip(DIMENSIONS, key(walk, one.level, DIMENSIONS), strict=True)),
        "outcome": str(values.get("outcome", NONE)),
        "ruling": str(values.get("ruling", NONE)),
    }


def as_json(asked: Breakdown, found: Broken, *, today: date) -> dict[str, Any]:
    """The answer as `kdt figures --format json` prints it."""
    query = asked.query
    answer: dict[str, Any] = {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "by": list(asked.by),
        "per": asked.per,
        "only": dict(asked.only),
        "rows": [
            {head: value or None for head, value in zip(asked.heads, row.key, strict=True)}
            | _amounts(asked, row)
            for row in found.rows
        ],
        "total": _amounts(asked, found.total),
    }
    if provisional(query, today):
        answer["provisional"] = True
    return answer


def _from_tallies(connection: Connection, asked: Breakdown) -> Broken:
    """The rows by what is asked alone as well: of those the ones with its values."""
    query, only = asked.places, asked.only
    check_known(connection, only)
    divided = replace(query, by=(*query.by, *(one for one in only if one not in query.by)))
    if asked.per:
        rows = over_time(connection, divided, asked.per, only)
    else:
        rows = those(figures(connection, divided), divided.by, only)
    totals = those(figures(connection, replace(query, by=(*only,))), (*only,), only)
    width = len(asked.heads)
    return Broken([replace(row, key=row.key[:width]) for row in rows], _only(totals))


def _divided(connection: Connection, asked: Breakdown) -> Broken:
    """Considerations and cases, from the considerations one by one."""
    rows, total = Sum(), Sum()
    for one, shows in considered_among(connection, asked):
        piece = (name(asked.per, one.occurred_on),) if asked.per else ()
        places = [(*piece, *place) for place in keys(asked, one.place, shows)]
        for measure in DIVIDED:
            total.add((), measure, one.case)
            for place in places:
                rows.add(place, measure, one.case)
    return Broken(rows.rows(), _only(total.rows()))


def _from_log(connection: Connection, asked: Breakdown) -> Broken:
    rows, total, query = Sum(), Sum(), asked.query
    for _, walk, shows in among(connection, asked):
        case = str(walk.state.case) if walk.state else ""
        for one in counted(walk, query.first, query.until):
            total.add((), one.measure, case)
        for piece, one in _by_piece(asked, walk):
            for place in keys(asked, place_of(walk, one), shows):
                rows.add((piece, *place) if asked.per else place, one.measure, case)
    return Broken(rows.rows(), _only(total.rows()))


def _by_piece(asked: Breakdown, walk: Walk) -> Iterator[tuple[str, Counted]]:
    """What is counted of a history in each row, by the name of its piece: what happened in that of
    its day, and how it stood in each."""
    query, wanted = asked.query, frozenset(asked.measures)
    for one in counted(walk, query.first, query.until):
        if one.measure in wanted and not (asked.per and one.measure in STANDING):
            yield name(asked.per, one.step.act.occurred_on) if asked.per else "", one
    if asked.per and wanted & STANDING:
        for piece in pieces(asked.per, query.first, query.until):
            for one in standing(walk, piece.first, piece.until):
                yield piece.name, one


def _known(connection: Connection, dimension: str) -> Collection[str]:
    match dimension:
        case "location":
            return location_ids(connection)
        case "theme":
            return {one.id for one in themes(connection)}
        case "question":
            return tuple(Question)
        case _:
            return tuple(Ground)


def _only(rows: Sequence[Row]) -> Row:
    return rows[0] if rows else Row((), dict.fromkeys(Measure, 0))


def _amounts(asked: Breakdown, row: Row) -> dict[str, int]:
    return {one.value: row.amounts[one] for one in asked.measures}
