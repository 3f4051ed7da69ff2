"""The cells of the tallies, worked out anew from what was known at the end of each day.

The writer adds what each entry changes; here the cells of a day are what stands at its end less
what stood at the end of the day before. Two ways to one answer, so that an error in either shows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

from kdt.procedure import State, Step
from kdt.tallies.measures import ADDITIVE
from kdt.verify.folding import Folded
from kdt.vocabulary import Action

POSITION = {measure: position for position, measure in enumerate(ADDITIVE)}


class Key(NamedTuple):
    """A cell: the dimensions, the day it happened and the day it was recorded."""

    level: str
    location: str
    question: str
    ground: str
    occurred_on: date
    recorded_on: date


class Discussed(NamedTuple):
    """One consideration of a case, in the order in which they follow one another."""

    day: date
    escalation: str
    seq: int
    level: str
    location: str
    question: str
    ground: str


# A case cell: its key, and the day the case was discussed before in each of the 16 groupings.
CaseKey = tuple[Key, tuple[date | None, ...]]
_NEVER: tuple[date | None, ...] = (None,) * 16


class Cells:
    """Gathers what histories count as."""

    def __init__(self) -> None:
        self.tallies: dict[Key, list[int]] = {}
        # By case, what an escalation counted for it from some recorded day on.
        self._cases: dict[str, list[tuple[date, str, tuple[Discussed, ...]]]] = defaultdict(list)

    def add(self, escalation: str, folded: Folded) -> None:
        """Count one history."""
        steps: tuple[Step, ...] = ()
        state: State | None = None
        discussed: tuple[Discussed, ...] = ()
        for end in folded.days:
            new = end.steps
            if end.corrected:
                self._count(steps, state, end.day, -1)
            else:
                new = end.steps[len(steps) :]
            self._count(new, end.state, end.day, 1)
            now = _discussed(escalation, end.steps, end.state, folded)
            case = end.state.case if end.state else None
            if state is not None and state.case != case and discussed:
                self._cases[state.case].append((end.day, escalation, ()))
                discussed = ()
            if case is not None and now != discussed:
                self._cases[case].append((end.day, escalation, now))
            steps, state, discussed = end.steps, end.state, now

    def cases(self) -> Counter[CaseKey]:
        """The case cells, once all histories are in."""
        cells: Counter[CaseKey] = Counter()
        for changes in self._cases.values():
            known: dict[str, tuple[Discussed, ...]] = {}
            before: Counter[CaseKey] = Counter()
            for day, of_day in groupby(sorted(changes, key=itemgetter(0)), key=itemgetter(0)):
                known |= {escalation: discussed for _, escalation, discussed in of_day}
                after = Counter(_cells(one for each in known.values() for one in each))
                for cell in after.keys() | before.keys():
                    if amount := after[cell] - before[cell]:
                        key, previous = cell
                        cells[key._replace(recorded_on=day), previous] += amount
                before = after
        return cells

    def _count(
        self, steps: Sequence[Step], state: State | None, recorded_on: date, sign: int
    ) -> None:
        if state is None:
            return
        for step in steps:
            for measure, level, amount in step.counts:
                key = Key(
                    level,
                    state.location,
                    state.question,
                    state.ground,
                    step.act.occurred_on,
                    recorded_on,
                )
                amounts = self.tallies.get(key)
                if amounts is None:
                    amounts = self.tallies[key] = [0] * len(ADDITIVE)
                amounts[POSITION[measure]] += sign * amount


def _discussed(
    escalation: str, steps: Iterable[Step], state: State | None, folded: Folded
) -> tuple[Discussed, ...]:
    number = None
    found = []
    for step in steps:
        if step.act.action is Action.CONSIDER and state is not None:
            number = number or folded.number
            found.append(
                Discussed(
                    step.act.occurred_on,
                    escalation,
                    number[step.act.ref],
                    str(cast("State", step.before).level),
                    state.location,
                    state.question,
                    state.ground,
                )
            )
    return tuple(found)


def _cells(discussed: Iterable[Discussed]) -> Iterator[CaseKey]:
    """The cells of a case's considerations, before it is known on which day they were recorded."""
    in_order = sorted(discussed)
    last: dict[tuple[str | None, ...], date] = {}
    for one in in_order:
        key = Key(one.level, one.location, one.question, one.ground, one.day, date.min)
        if len(in_order) == 1:
            yield key, _NEVER
            return
        places = [
            tuple(value if grouping >> bit & 1 else None for bit, value in enumerate(key[:4]))
            for grouping in range(16)
        ]
        yield key, tuple(map(last.get, places))
        last.update(dict.fromkeys(places, one.day))
