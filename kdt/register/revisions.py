"""A revision statement: how the figures of a period went from what was known on one reference date
to what is known on a later one.

It closes in every number: what it was, with what was recorded since, less what was voided, and what
was put elsewhere, is what it is. What changed is found in the log; what it was and is comes from
the tallies, so that a statement that does not close says that something is wrong.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    func,
    literal,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.model import entries, escalations
from kdt.clock import over
from kdt.procedure import Walk
from kdt.register.behind import Behind, described
from kdt.register.counting import STANDING, Counted, counted, last_step, stands_on
from kdt.register.figures import BadQuery, Query, Row, figures, provisional
from kdt.register.from_log import key, walked
from kdt.store.scope import counting
from kdt.vocabulary import Action, Measure

Key = tuple[str, ...]
# So many cases are looked at together.
_TOGETHER = 500


class Cause(StrEnum):
    """Why something counts that did not, or counts no more."""

    RECORDED = "recorded"
    VOIDED = "voided"
    RECLASSIFIED = "reclassified"


@dataclass(frozen=True, slots=True)
class Change:
    """One more (`amount` 1) or one less (-1) in a number, why, and what it is about: one thing, or
    of a case each of its considerations."""

    key: Key
    measure: Measure
    amount: int
    cause: Cause
    about: tuple[Behind, ...]

    def shown(self, known: Collection[str]) -> Behind | None:
        """What it is about to whoever may know of these escalations; None: of nothing of it."""
        seen = [one for one in self.about if one.escalation in known]
        return replace(seen[0], times=len(seen)) if seen else None


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
    """All that was revised between two reference dates; `query` is asked at the later one."""

    query: Query
    since: date
    numbers: Sequence[Revised]

    @property
    def closes(self) -> bool:
        """Whether every number does."""
        return all(one.closes for one in self.numbers)


def statement(connection: Connection, query: Query, since: date) -> Statement:
    """The revision of the figures of `query` since an earlier reference date: added up history by
    history, however many there are. Raises BadQuery."""
    _check(query, since)
    came: dict[tuple[Key, Measure], dict[Cause, int]] = defaultdict(lambda: defaultdict(int))
    went: dict[tuple[Key, Measure], dict[Cause, int]] = defaultdict(lambda: defaultdict(int))
    for one in _differences(connection, query, since, frozenset(Measure)):
        (came if one.amount > 0 else went)[one.key, one.measure][one.cause] += 1
    old = _amounts(figures(connection, replace(query, as_of=since)))
    new = _amounts(figures(connection, query))
    moved = {place for place in {*old, *new} if old.get(place, 0) != new.get(place, 0)}
    order = {measure: number for number, measure in enumerate(Measure)}
    numbers = [
        Revised(*place, old.get(place, 0), new.get(place, 0), came[place], went[place])
        for place in sorted({*came, *went, *moved}, key=lambda one: (one[0], order[one[1]]))
    ]
    return Statement(query, since, numbers)


def changes(connection: Connection, query: Query, since: date, measure: Measure) -> list[Change]:
    """What stands behind the revision of one measure, one by one; no other is reckoned. Raises
    BadQuery."""
    _check(query, since)
    return [one.change for one in _differences(connection, query, since, frozenset({measure}))]


def _check(query: Query, since: date) -> None:
    if query.as_of is not None and since >= query.as_of:
        raise BadQuery("since_not_before")


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
    """Something counted in a place, of a history as it was known on one of the dates."""

    key: Key
    escalation: str
    walk: Walk
    one: Counted

    @property
    def about(self) -> Behind:
        """The same, as it is shown."""
        return described(self.escalation, self.walk, self.one.level, self.one.step)


@dataclass(frozen=True, slots=True)
class _Difference:
    """One more or one less of a measure in a place, why, and of what: of a case all there is."""

    key: Key
    measure: Measure
    amount: int
    cause: Cause
    of: Sequence[_Seen]

    @property
    def change(self) -> Change:
        """The same, as it is shown."""
        about = tuple(sorted((one.about for one in self.of), key=lambda one: one.occurred_on))
        return Change(self.key, self.measure, self.amount, self.cause, about)


@dataclass(frozen=True, slots=True)
class _Two:
    """An escalation as it was known on both dates."""

    id: str
    before: Walk
    after: Walk

    def voided(self, ref: str) -> bool:
        """Whether an entry that stood then stands no more."""
        return all(step.act.ref != ref for step in self.after.steps)


def _differences(
    connection: Connection, query: Query, since: date, wanted: frozenset[Measure]
) -> Iterator[_Difference]:
    """What differs of these measures, a history or some cases at a time."""
    if ordinary := wanted - {Measure.CASES_HANDLED}:
        among = entries.c.escalation_id.in_(_touched(query, since))
        for two in _both(connection, query, since, among):
            was = _seen(two.id, two.before, query, ordinary)
            now = _seen(two.id, two.after, query, ordinary)
            for what in {**was, **now}:
                yield from _moved(two, query, since, was.get(what), now.get(what))
    if Measure.CASES_HANDLED in wanted:
        yield from _handled(connection, query, since)


def _both(
    connection: Connection, query: Query, since: date, among: ColumnElement[bool]
) -> Iterator[_Two]:
    found = walked(connection, (since, query.as_of), among=among)
    return (_Two(escalation, before, after) for escalation, (before, after) in found)


def _touched(query: Query, since: date) -> Select[str]:
    """The escalations of which something was recorded in between."""
    # By the moment, which has an index.
    began = over(min(since, date.max - timedelta(days=1)))
    found = select(entries.c.escalation_id).where(entries.c.recorded_at >= began)
    if query.as_of is None:
        return found
    return found.where(entries.c.recorded_at < over(query.as_of))


def _seen(
    escalation: str, walk: Walk, query: Query, wanted: frozenset[Measure]
) -> dict[tuple[Measure, str], _Seen]:
    """What is counted of a history, by what it is: a measure, and the entry unless it is about how
    it stands."""
    if walk.state is None:
        return {}
    return {
        (one.measure, "" if one.measure in STANDING else one.step.act.ref): _Seen(
            key(walk, one.level, query.by), escalation, walk, one
        )
        for one in counted(walk, query.first, query.until)
        if one.measure in wanted
    }


def _moved(
    two: _Two, query: Query, since: date, was: _Seen | None, now: _Seen | None
) -> Iterator[_Difference]:
    if was is not None and now is not None:
        if was.key != now.key:
            yield _difference(-1, Cause.RECLASSIFIED, was)
            yield _difference(1, Cause.RECLASSIFIED, now)
    elif was is not None:
        yield _difference(-1, _cause(two, query, since, was.one), was)
    elif now is not None:
        yield _difference(1, _cause(two, query, since, now.one), now)


def _difference(amount: int, cause: Cause, *of: _Seen) -> _Difference:
    return _Difference(of[0].key, of[0].one.measure, amount, cause, of)


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


def _handled(connection: Connection, query: Query, since: date) -> Iterator[_Difference]:
    """Cases that came to be handled, or are no more: each by all of its considerations."""
    with counting(connection):
        cases, moved = _cases(connection, query, since), _moved_to(connection)
        for start in range(0, len(cases), _TOGETHER):
            these = cases[start : start + _TOGETHER]
            every = [*_both(connection, query, since, _of_cases(these, moved))]
            known = frozenset(these)
            was = _considered(query, [(two, two.before) for two in every], known)
            now = _considered(query, [(two, two.after) for two in every], known)
            for place in sorted({*was, *now}):
                if place not in was:
                    seen = [one for _, one in now[place]]
                    late = any(one.one.step.act.recorded_on > since for one in seen)
                    cause = Cause.RECORDED if late else Cause.RECLASSIFIED
                    yield _difference(1, cause, *seen)
                elif place not in now:
                    gone = all(two.voided(one.one.step.act.ref) for two, one in was[place])
                    cause = Cause.VOIDED if gone else Cause.RECLASSIFIED
                    yield _difference(-1, cause, *(one for _, one in was[place]))


def _cases(connection: Connection, query: Query, since: date) -> list[str]:
    """The cases of which something was recorded in between: those its escalations are of now, and
    those they were of on either date, where a case number was corrected."""
    touched = _touched(query, since)
    now = select(escalations.c.case_id).where(escalations.c.id.in_(touched)).distinct()
    found = {str(one) for one in connection.scalars(now)}
    of = entries.c.escalation_id
    elsewhere = and_(of.in_(touched), of.in_(_moved_case()))
    for two in _both(connection, query, since, elsewhere):
        found |= {str(walk.state.case) for walk in (two.before, two.after) if walk.state}
    return sorted(found)


def _of_cases(cases: Sequence[str], moved: Mapping[str, Set[str]]) -> ColumnElement[bool]:
    """The escalations that are of these cases now, and those that may have been on either date."""
    these = literal([*map(UUID, cases)], ARRAY(Uuid))
    now = select(escalations.c.id).where(escalations.c.case_id == any_(these))
    maybe = sorted({one for case in cases for one in moved.get(case, ())})
    # As one list: of two conditions either of which will do, the whole log is asked.
    return entries.c.escalation_id.in_(union(now, select(func.unnest(literal(maybe, ARRAY(Text))))))


def _moved_to(connection: Connection) -> dict[str, set[str]]:
    """By each case that the opening or a correction of such an escalation ever named, those that
    did."""
    told = select(entries.c.escalation_id, entries.c.content).where(
        entries.c.escalation_id.in_(_moved_case()),
        entries.c.action.in_((Action.OPEN, Action.CORRECT)),
    )
    found: dict[str, set[str]] = defaultdict(set)
    for escalation, content in connection.execute(told):
        values = json.loads(content)["values"]
        for given in (values, values.get("with", {})):
            if "case" in given:
                found[given["case"]].add(escalation)
    return found


def _moved_case() -> Select[tuple[str]]:
    """Those of which the case was ever corrected."""
    said = func.convert_from(entries.c.content, "UTF8").contains('"case"')
    return select(entries.c.escalation_id).where(entries.c.action == Action.CORRECT, said)


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
                found[place, walk.state.case].append((two, _Seen(place, two.id, walk, one)))
    return found
