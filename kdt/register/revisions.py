"""A revision statement: how the figures of a period went from what was known on one reference date
to what is known on a later one.

It closes in every number: what it was, with what was recorded since, less what was voided, and what
was put elsewhere, is what it is. What changed is found in the log; what it was and is comes from
the tallies, so that a statement that does not close says that something is wrong.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, Uuid, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.model import entries, escalations
from kdt.procedure import Walk
from kdt.register.behind import Behind, described
from kdt.register.counting import STANDING, Counted, counted, last_step, stands_on
from kdt.register.figures import BadQuery, Query, Row, figures, provisional
from kdt.register.from_log import key, walked
from kdt.store.scope import counting
from kdt.vocabulary import Action, Measure

Key = tuple[str, ...]


class Cause(StrEnum):
    """Why something counts that did not, or counts no more."""

    RECORDED = "recorded"
    VOIDED = "voided"
    RECLASSIFIED = "reclassified"


@dataclass(frozen=True, slots=True)
class Change:
    """One more (`amount` 1) or one less (-1) in a number, why, and what it is about."""

    key: Key
    measure: Measure
    amount: int
    cause: Cause
    about: Behind


@dataclass(frozen=True, slots=True)
class Revised:
    """A number that changed, or of which something did: what it was and is, and what came and went
    between by cause."""

    key: Key
    measure: Measure
    old: int
    new: int
    came: Mapping[Cause, int]
    went: Mapping[Cause, int]

    @property
    def closes(self) -> bool:
        """Whether what came and went is the whole difference."""
        return self.old + sum(self.came.values()) - sum(self.went.values()) == self.new


@dataclass(frozen=True, slots=True)
class Statement:
    """All that was revised between two reference dates (`query` is asked at the later one), and the
    changes behind it."""

    query: Query
    since: date
    numbers: Sequence[Revised]
    changes: Sequence[Change]

    @property
    def closes(self) -> bool:
        """Whether every number does."""
        return all(one.closes for one in self.numbers)


def statement(connection: Connection, query: Query, since: date) -> Statement:
    """The revision of the figures of `query` since an earlier reference date. Raises BadQuery."""
    if query.as_of is not None and since >= query.as_of:
        raise BadQuery("since_not_before")
    changes = [*_changes(connection, query, since)]
    old = _amounts(figures(connection, replace(query, as_of=since)))
    new = _amounts(figures(connection, query))
    came: dict[tuple[Key, Measure], dict[Cause, int]] = defaultdict(lambda: defaultdict(int))
    went: dict[tuple[Key, Measure], dict[Cause, int]] = defaultdict(lambda: defaultdict(int))
    for one in changes:
        (came if one.amount > 0 else went)[one.key, one.measure][one.cause] += 1
    moved = {place for place in {*old, *new} if old.get(place, 0) != new.get(place, 0)}
    order = {measure: number for number, measure in enumerate(Measure)}
    numbers = [
        Revised(*place, old.get(place, 0), new.get(place, 0), came[place], went[place])
        for place in sorted({*came, *went, *moved}, key=lambda one: (one[0], order[one[1]]))
    ]
    return Statement(query, since, numbers, changes)


def as_json(one: Statement, *, today: date) -> dict[str, Any]:
    """The statement as `kdt revisions --format json` prints it."""
    query = one.query
    return {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "since": one.since.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "by": list(query.by),
        "provisional": provisional(query, today),
        "closes": one.closes,
        "numbers": [
            dict(zip(query.by, each.key, strict=True))
            | {
                "measure": each.measure.value,
                "old": each.old,
                **{
                    cause.value: {"came": each.came.get(cause, 0), "went": each.went.get(cause, 0)}
                    for cause in Cause
                },
                "new": each.new,
                "closes": each.closes,
            }
            for each in one.numbers
        ],
    }


def _amounts(rows: Sequence[Row]) -> dict[tuple[Key, Measure], int]:
    return {(row.key, measure): amount for row in rows for measure, amount in row.amounts.items()}


@dataclass(frozen=True, slots=True)
class _Seen:
    """Something counted in a place, and what it is about."""

    key: Key
    one: Counted
    about: Behind


@dataclass(frozen=True, slots=True)
class _Two:
    """An escalation as it was known on both dates."""

    id: str
    before: Walk
    after: Walk

    def voided(self, ref: str) -> bool:
        """Whether an entry that stood then stands no more."""
        return all(step.act.ref != ref for step in self.after.steps)


def _changes(connection: Connection, query: Query, since: date) -> Iterator[Change]:
    dates = (since, query.as_of)
    touched = [
        _Two(escalation, before, after)
        for escalation, (before, after) in walked(
            connection, dates, among=entries.c.escalation_id.in_(_touched(query, since))
        )
    ]
    for two in touched:
        was, now = _seen(two.id, two.before, query), _seen(two.id, two.after, query)
        for what in {**was, **now}:
            yield from _moved(two, query, since, was.get(what), now.get(what))
    yield from _handled(connection, query, since, touched)


def _touched(query: Query, since: date) -> Select[str]:
    """The escalations of which something was recorded in between."""
    found = select(entries.c.escalation_id).where(entries.c.recorded_on > since)
    return found if query.as_of is None else found.where(entries.c.recorded_on <= query.as_of)


def _seen(escalation: str, walk: Walk, query: Query) -> dict[tuple[Measure, str], _Seen]:
    """What is counted of a history but for cases, by what it is: a measure, and the entry unless
    it is about how it stands."""
    if walk.state is None:
        return {}
    return {
        (one.measure, "" if one.measure in STANDING else one.step.act.ref): _Seen(
            key(walk, one.level, query.by), one, described(escalation, walk, one)
        )
        for one in counted(walk, query.first, query.until)
        if one.measure is not Measure.CASES_HANDLED
    }


def _moved(
    two: _Two, query: Query, since: date, was: _Seen | None, now: _Seen | None
) -> Iterator[Change]:
    if was is not None and now is not None:
        if was.key != now.key:
            yield _change(was, -1, Cause.RECLASSIFIED)
            yield _change(now, 1, Cause.RECLASSIFIED)
    elif was is not None:
        yield _change(was, -1, _cause(two, query, since, was.one))
    elif now is not None:
        yield _change(now, 1, _cause(two, query, since, now.one))


def _change(seen: _Seen, amount: int, cause: Cause) -> Change:
    return Change(seen.key, seen.one.measure, amount, cause, seen.about)


def _cause(two: _Two, query: Query, since: date, one: Counted) -> Cause:
    """Why something counts on one of the dates alone: by its entry or, where it is about how an
    escalation stands, by the entries that put it where it stood and stands."""
    before = after = one.step
    if one.measure in STANDING:
        day = stands_on(one.measure, query.first, query.until)
        if day is None:
            return Cause.RECLASSIFIED
        before = last_step(two.before, day) or before
        after = last_step(two.after, day) or after
    if after.act.recorded_on > since:
        return Cause.RECORDED
    return Cause.VOIDED if two.voided(before.act.ref) else Cause.RECLASSIFIED


def _handled(
    connection: Connection, query: Query, since: date, touched: Sequence[_Two]
) -> Iterator[Change]:
    """Cases that came to be handled, or are no more: each by all of its considerations."""
    of = {two.id: two for two in touched}
    cases = {walk.state.case for two in touched for walk in (two.before, two.after) if walk.state}
    with counting(connection):
        every = [
            *touched,
            *(
                _Two(escalation, walk, walk)
                for escalation, (walk,) in walked(
                    connection, (query.as_of,), among=_beside(query, cases)
                )
                if escalation not in of
            ),
        ]
    was = _considered(query, [(two, two.before) for two in every], cases)
    now = _considered(query, [(two, two.after) for two in every], cases)
    for place in sorted({*was, *now}):
        if place not in was:
            late = any(one.about.recorded_on > since for _, one in now[place])
            yield _change(now[place][0][1], 1, Cause.RECORDED if late else Cause.RECLASSIFIED)
        elif place not in now:
            gone = all(two.voided(one.about.ref) for two, one in was[place])
            yield _change(was[place][0][1], -1, Cause.VOIDED if gone else Cause.RECLASSIFIED)


def _considered(
    query: Query, these: Sequence[tuple[_Two, Walk]], cases: Set[str]
) -> dict[tuple[Key, str], list[tuple[_Two, _Seen]]]:
    """The considerations of each of these cases in each place."""
    found: dict[tuple[Key, str], list[tuple[_Two, _Seen]]] = defaultdict(list)
    for two, walk in these:
        if walk.state is None or walk.state.case not in cases:
            continue
        for one in counted(walk, query.first, query.until):
            if one.measure is Measure.CASES_HANDLED:
                place = key(walk, one.level, query.by)
                seen = _Seen(place, one, described(two.id, walk, one))
                found[place, walk.state.case].append((two, seen))
    return found


def _beside(query: Query, cases: Set[str]) -> ColumnElement[bool]:
    """The other escalations of these cases: those that are so now, and those that may have been on
    the later date, before a case number was corrected."""
    these = literal([*map(UUID, cases)], ARRAY(Uuid))
    theirs = select(escalations.c.id).where(escalations.c.case_id == any_(these))
    beside = entries.c.escalation_id.in_(theirs)
    if query.as_of is None:
        return beside
    corrected = select(entries.c.escalation_id).where(
        entries.c.action == Action.CORRECT, entries.c.recorded_on > query.as_of
    )
    return or_(beside, entries.c.escalation_id.in_(corrected))
