"""What is counted of one history, one by one: what the log's engine adds up, and what stands behind
each number. Pure.

Each measure is counted from its definition, from the states before and after; neither the tallies
nor what a step says it counts as is looked at.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kdt.procedure import State, Step, Walk
from kdt.register.catalogue.table import BY_ENDING
from kdt.vocabulary import Action, Inquiry, Measure, Outcome, Phase, Question

_BY_ACTION = {
    Action.WITHDRAW: Measure.WITHDRAWN,
    Action.LAPSE: Measure.LAPSED,
    Action.REOPEN: Measure.REOPENED,
}
_ASKED: Mapping[str, str] = {
    Question.ADDITIONAL_INTERVIEW: Inquiry.INTERVIEW,
    Question.ADDITIONAL_INVESTIGATION: Inquiry.INVESTIGATION,
}
# How an escalation stood at the end of a day, and not what happened to it.
STANDING = frozenset({Measure.STOCK_START, Measure.STOCK_END, Measure.OPEN_AFTER_UNRESOLVED})


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a measure counts at a level, and the step by which it is so. Of cases handled
    each consideration is one: whoever counts them counts a case once."""

    measure: Measure
    level: str
    step: Step


def counted(walk: Walk, first: date, until: date) -> Iterator[Counted]:
    """Everything that is counted of a history over a period."""
    reached: set[str] = set()
    for step in walk.steps:
        within = first <= step.act.occurred_on <= until
        before, after = _waits(step.before), _waits(step.after)
        considered = step.act.action is Action.CONSIDER
        # From queued to listed and back is no movement; being put back by a panel is two.
        moved = before != after or considered
        if after is not None and after not in reached:
            reached.add(after)
            if within:
                yield Counted(Measure.REFERRED, after, step)
        if not within:
            continue
        if moved and after is not None:
            yield Counted(Measure.ENTERED, after, step)
        if moved and before is not None:
            yield Counted(Measure.LEFT, before, step)
        level = step.before.level if step.before else None
        if level is None:
            continue
        if considered:
            for measure in _of_step(step, walk):
                yield Counted(measure, level, step)
        elif step.act.action in _BY_ACTION:
            yield Counted(_BY_ACTION[step.act.action], level, step)
    yield from standing(walk, first, until)


def at_end_of(walk: Walk, day: date) -> State | None:
    """Where the escalation stood at the end of a day; None when it was not opened yet."""
    step = last_step(walk, day)
    return None if step is None else step.after


def last_step(walk: Walk, day: date) -> Step | None:
    """The step by which it stood there; None when it was not opened yet."""
    found = None
    for step in walk.steps:
        # A tag stands outside the sequence: its day says nothing about where the escalation was.
        if step.act.action is Action.TAG:
            continue
        if step.act.occurred_on > day:
            break
        found = step
    return found


def stands_on(measure: Measure, first: date, until: date) -> date | None:
    """The day at whose end it must stand so for a measure of `STANDING`; None before all days."""
    if measure is not Measure.STOCK_START:
        return until
    return first - timedelta(days=1) if first > date.min else None


def of_consideration(outcome: str, details: Iterable[str], settled: bool) -> Iterator[Measure]:
    """What a consideration counts as, by what it ended in: `details` are its ruling, inquiry or
    referral."""
    yield Measure.CONSIDERED
    yield Measure.CASES_HANDLED
    if settled:
        yield Measure.DECISIONS
    for detail in (None, *details):
        if (outcome, detail) in BY_ENDING:
            yield BY_ENDING[outcome, detail]


def settles(outcome: str, inquiry: str | None, question: str, *, otherwise: bool) -> bool:
    """Whether an outcome settles the question put. `otherwise`: what the procedure it was recorded
    under says, for what a later version of it added."""
    if outcome == Outcome.INQUIRY_ORDERED:
        return _ASKED.get(question) == inquiry
    if outcome in tuple(Outcome):
        return outcome in (Outcome.DECIDED, Outcome.INQUIRY_NOT_NEEDED)
    return otherwise


def _of_step(step: Step, walk: Walk) -> Iterator[Measure]:
    values = step.act.values
    outcome, inquiry = str(values["outcome"]), values.get("inquiry")
    details = [str(values[name]) for name in ("ruling", "inquiry", "referral") if name in values]
    question = walk.state.question if walk.state else ""
    said = None if inquiry is None else str(inquiry)
    return of_consideration(
        outcome, details, settles(outcome, said, question, otherwise=step.settles)
    )


def standing(walk: Walk, first: date, until: date) -> Iterator[Counted]:
    """What is so at the end of a day: the stock, and what is open after an unresolved."""
    for measure in (Measure.STOCK_START, Measure.STOCK_END):
        day = stands_on(measure, first, until)
        step = last_step(walk, day) if day else None
        if step is not None and (level := _waits(step.after)):
            yield Counted(measure, level, step)
    unresolved = [
        step
        for step in walk.steps
        if step.before is not None
        and step.act.values.get("outcome") == Outcome.UNRESOLVED
        and step.act.occurred_on <= until
    ]
    end = at_end_of(walk, until)
    if unresolved and end is not None and _open(end):
        step = unresolved[-1]
        if step.before is not None and step.before.level:
            yield Counted(Measure.OPEN_AFTER_UNRESOLVED, step.before.level, step)


def _waits(state: State | None) -> str | None:
    return state.level if state and state.phase in (Phase.QUEUED, Phase.LISTED) else None


def _open(state: State) -> bool:
    if state.phase is Phase.IN_INQUIRY:
        return not state.settled
    return state.phase not in (Phase.SETTLED, Phase.CLOSED, Phase.WITHDRAWN, Phase.LAPSED)
