"""Stays: from the day something came to wait until its question was answered or it ended otherwise,
at each level and as a whole; and what a step adds to their cells. Pure.

What is counted is that one began and that one ended, each when it was recorded: so a step that does
neither adds nothing, and what was open at any reference date is the difference.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from kdt.procedure import State, Step, Walk
from kdt.tallies.measures import End
from kdt.vocabulary import Action

# Where an escalation stays as a whole.
WHOLE = ""
# The stays of an escalation that are open: the day each began, by its level.
Open = dict[str, date]

_ENDED = {Action.WITHDRAW: End.WITHDRAWN, Action.LAPSE: End.LAPSED}


class Change(NamedTuple):
    """A stay that began (`end` is None) or ended: at a level, as a whole, or both in one."""

    level: str
    whole: bool
    begun_on: date
    ended_on: date | None = None
    end: End | None = None


class StayCell(NamedTuple):
    """Where a change is counted: under the question and ground in force, on the day recorded."""

    level: str
    whole: bool
    location: str
    question: str
    ground: str
    begun_on: date
    ended_on: date | None
    ended_as: str | None
    recorded_on: date


def moves(step: Step) -> bool:
    """Whether a step can begin or end a stay; most do neither."""
    return _ended(step) is not None or _arrived(step) is not None


def changes(step: Step, begun: Open) -> Iterator[Change]:
    """What begins and ends by a step; keeps `begun` current. Only the first stay at a level counts,
    and what follows on a reopening is none of its own."""
    end, day = _ended(step), step.act.occurred_on
    if end is not None and step.before is not None and step.before.level is not None:
        here = begun.pop(step.before.level, None)
        whole = None if end is End.REFERRED_UP else begun.pop(WHOLE, None)
        # Where both began on one day, one cell says both.
        if here is not None:
            yield Change(step.before.level, here == whole, here, day, end)
        if whole is not None and here != whole:
            yield Change(WHOLE, True, whole, day, end)
    level = _arrived(step)
    if level is not None:
        first = step.before is None or not step.before.reached
        begun |= {level: day, WHOLE: day} if first else {level: day}
        yield Change(level, first, day)


def of_walk(walk: Walk, recorded_on: date) -> tuple[Counter[StayCell], Open]:
    """All that began and ended in a walk, as if it was recorded on one day; and what is open."""
    begun: Open = {}
    found: Counter[StayCell] = Counter()
    if walk.state is not None:
        for step in walk.steps:
            found.update(cells(changes(step, begun), walk.state, recorded_on))
    return found, begun


def cells(found: Iterable[Change], state: State, recorded_on: date) -> Iterator[StayCell]:
    """The cells of changes, under the question and ground in force in `state`."""
    for level, whole, begun_on, ended_on, end in found:
        place = (state.location, state.question, state.ground)
        yield StayCell(level, whole, *place, begun_on, ended_on, end, recorded_on)


def rows(counted: Counter[StayCell]) -> Iterator[tuple[object, ...]]:
    """The cells that hold something, each with its amount."""
    return ((*cell, amount) for cell, amount in counted.items() if amount)


def _ended(step: Step) -> End | None:
    """How a stay where it was ends by a step."""
    if step.settles:
        return End.SETTLED
    if step.act.action in _ENDED:
        return _ENDED[step.act.action]
    here = step.before.level if step.before else None
    moved = here is not None and step.after.waiting_at not in (None, here)
    return End.REFERRED_UP if moved else None


def _arrived(step: Step) -> str | None:
    """The level in whose queue it comes for the first time."""
    level = step.after.waiting_at
    known = step.before.reached if step.before else ()
    return level if level is not None and level not in known else None
