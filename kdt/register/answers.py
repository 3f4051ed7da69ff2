"""The Senate's questions of 2022, answered from the record: what was said then, what it gives now.

The texts stand in `senate.toml`; here are the numbers behind them. Where the record cannot know,
it says so, and never 0.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from kdt.cases.model import entries, import_days, record
from kdt.panels.coverage import Coverage, coverage
from kdt.procedure import CURRENT
from kdt.register.figures import Query, Row, figures
from kdt.register.knowing import CONSIDERED_SINCE, RECORDED_SINCE, considered_since, known
from kdt.register.wording import Counted, Known, Since
from kdt.vocabulary import Action, Measure

Levels = Mapping[str, Mapping[Measure, int]]


@dataclass(frozen=True, slots=True)
class Number:
    """A number behind an answer: what is counted, at which level (None: all) and how many. None:
    not registered, which is not 0."""

    measure: str
    level: str | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One numbered answer; `now` is empty where it is not registered over the period, `since` is
    from which day it is. `of_meetings`: it rests on what panels closed."""

    number: int
    question: str
    then: str
    now: tuple[str, ...]
    numbers: tuple[Number, ...]
    remarks: tuple[str, ...]
    since: date | None
    of_meetings: bool

    @property
    def registered(self) -> bool:
        """Whether the record can answer it."""
        return bool(self.now)

    @property
    def measures(self) -> tuple[str, ...]:
        """What is counted for it, each once."""
        return tuple(dict.fromkeys(one.measure for one in self.numbers))


@dataclass(frozen=True, slots=True)
class Basis:
    """What the answers rest on: the considerations recorded over the period (those voided later
    too), how many of them came in by import, and since when KDT itself was used."""

    considered: int
    imported: int
    kept_since: date | None
    demo: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers for a period at a reference date."""

    query: Query
    source: str
    basis: Basis
    # Of each panel, how many of its meetings somebody attested.
    meetings: tuple[Coverage, ...]
    answers: tuple[Answer, ...]


def answers(connection: Connection, query: Query, *, today: date) -> Answers:
    """The answers for the period and reference date of `query` (its `by` is not looked at)."""
    total = _only(figures(connection, Query(query.first, query.until, query.as_of)))
    levels = {
        row.key[0]: row.amounts
        for row in figures(connection, Query(query.first, query.until, query.as_of, ("level",)))
    }
    meetings = tuple(coverage(connection, query.first, query.until, query.as_of, today))
    live = [one.live_on for one in meetings if one.live_on]
    first = considered_since(connection, query, live)
    said = known(connection, query, total, levels, first)
    texts = _texts()
    return Answers(
        query,
        texts["source"],
        basis(connection, query),
        meetings,
        tuple(_answer(one, query, said, total, levels) for one in texts["answer"]),
    )


def question(first: date | None, until: date | None, as_of: date | None, *, today: date) -> Query:
    """The period asked for: up to the reference date (or today), from a year before, if not said.

    Raises BadQuery.
    """
    until = until or as_of or today
    query = Query(first or _year_before(until), until, as_of)
    query.check(today)
    return query


def basis(connection: Connection, query: Query) -> Basis:
    """What figures over this period rest on."""
    brought = import_days.c
    imported = select(func.coalesce(func.sum(brought.considered), 0)).where(
        *_within(query, brought.occurred_on, brought.recorded_on)
    )
    own = select(func.count()).where(
        entries.c.action == Action.CONSIDER,
        entries.c.import_id.is_(None),
        *_within(query, entries.c.occurred_on, entries.c.recorded_on),
    )
    used = select(func.min(entries.c.recorded_on)).where(entries.c.import_id.is_(None))
    marked = select(record.c.demo)
    parts = (imported, own, used, marked)
    of_files, here, since, demo = connection.execute(
        select(*(one.scalar_subquery() for one in parts))
    ).one()
    return Basis(of_files + here, of_files, since, bool(demo))


def _within(
    query: Query, occurred_on: ColumnElement[date], recorded_on: ColumnElement[date]
) -> list[ColumnElement[bool]]:
    """What happened in the period, as far as it was recorded by the reference date."""
    happened = occurred_on.between(query.first, query.until)
    return [happened] if query.as_of is None else [happened, recorded_on <= query.as_of]


def _year_before(day: date) -> date:
    """The day after the same day a year ago, so that the period is a year."""
    try:
        return day.replace(year=day.year - 1) + timedelta(days=1)
    except ValueError:
        return date(max(day.year - 1, 1), 3, 1)


def _answer(
    given: Mapping[str, Any],
    query: Query,
    said: Known,
    total: Mapping[Measure, int],
    levels: Levels,
) -> Answer:
    rests_on = given["rests_on"]
    known_since = said.get(rests_on)
    since = known_since.day if isinstance(known_since, Since) else None
    # What is recorded of a signal or a test is told of days gone by too.
    registered = since is not None and (since <= query.until or rests_on in RECORDED_SINCE)
    numbers = [
        *_by_level(map(Measure, given.get("measures", ())), total, levels),
        *(Number(name, None, _amount(said, name)) for name in given.get("numbers", ())),
    ]
    if not registered:
        numbers = [Number(one.measure, None, None) for one in numbers if one.level is None]
    return Answer(
        given["number"],
        given["question"],
        given["then"],
        tuple(sentence.format_map(said) for sentence in given["now"]) if registered else (),
        tuple(numbers),
        tuple(given.get("remarks", ())),
        since,
        rests_on == CONSIDERED_SINCE,
    )


def _by_level(
    measures: Iterable[Measure], total: Mapping[Measure, int], levels: Levels
) -> list[Number]:
    at = [None, *(one.code for one in CURRENT.ladder.levels if one.code in levels)]
    return [
        Number(measure, level, (total if level is None else levels[level])[measure])
        for measure in measures
        for level in at
    ]


def _amount(said: Known, name: str) -> int | None:
    found = said.get(name)
    return found.number if isinstance(found, Counted) else None


def _only(rows: Sequence[Row]) -> Mapping[Measure, int]:
    return rows[0].amounts if rows else dict.fromkeys(Measure, 0)


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("kdt.register").joinpath("senate.toml").read_text("utf-8"))
