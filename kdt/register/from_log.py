"""The figures counted anew from the log: the second engine, which the tallies must agree with.

It walks every history as it was known at the reference date and counts each measure from its
definition, from the states before and after; it uses neither the tallies nor what a step says it
counts as.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, select

from kdt.cases import entries as canonical
from kdt.cases.model import entries
from kdt.procedure import VERSIONS, History, Refusal, State, Step, Walk
from kdt.register.catalogue.table import BY_ENDING
from kdt.register.figures import Query, Row, finished
from kdt.vocabulary import Action, Inquiry, Measure, Outcome, Phase, Question

Amounts = dict[Measure, int]

_BATCH = 5_000

_BY_ACTION = {
    Action.WITHDRAW: Measure.WITHDRAWN,
    Action.LAPSE: Measure.LAPSED,
    Action.REOPEN: Measure.REOPENED,
}
_ASKED = {
    Question.ADDITIONAL_INTERVIEW: Inquiry.INTERVIEW,
    Question.ADDITIONAL_INVESTIGATION: Inquiry.INVESTIGATION,
}


def figures(connection: Connection, query: Query) -> list[Row]:
    """The figures, counted from the log alone."""
    rows: dict[tuple[str, ...], Amounts] = defaultdict(lambda: defaultdict(int))
    handled: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for walk in walks(connection, query.as_of):
        if walk.state is None:
            continue
        place = {
            "location": walk.state.location,
            "question": walk.state.question,
            "ground": walk.state.ground,
        }

        def key(level: str, place: dict[str, str] = place) -> tuple[str, ...]:
            return tuple(str(({"level": level} | place)[one]) for one in query.by)

        for level, measure, amount in _counted(walk, query):
            rows[key(level)][measure] += amount
        for step in walk.steps:
            if step.act.action is Action.CONSIDER and _within(step, query):
                level = str(step.after.level if step.before is None else step.before.level)
                handled[key(level)].add(walk.state.case)
    for where, cases in handled.items():
        rows[where][Measure.CASES_HANDLED] = len(cases)
    return finished(rows)


def walks(
    connection: Connection,
    as_of: date | None = None,
    *,
    among: ColumnElement[bool] | None = None,
) -> Iterator[Walk]:
    """Every history (or those `among`) as it was known at the end of `as_of`, walked.

    Raises BrokenHistory when the log holds one that is no walk through the procedure.
    """
    query = select(entries.c.escalation_id, entries.c.content).order_by(
        entries.c.escalation_id, entries.c.seq
    )
    if as_of is not None:
        query = query.where(entries.c.recorded_on <= as_of)
    if among is not None:
        query = query.where(among)
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for escalation, group in groupby(rows, key=lambda row: row.escalation_id):
            contents = [row.content for row in group]
            acts = [canonical.act(content, None) for content in contents]
            walk = History(acts).walk(VERSIONS[canonical.procedure_version(contents[0])])
            if isinstance(walk, Refusal):
                raise BrokenHistory(escalation)
            yield walk


class BrokenHistory(ValueError):
    """The log holds a history that is no walk through the procedure; `kdt verify` says where."""


def _within(step: Step, query: Query) -> bool:
    return query.first <= step.act.occurred_on <= query.until


def _counted(walk: Walk, query: Query) -> Iterator[tuple[str, Measure, int]]:
    """Level, measure and amount of all but the distinct cases."""
    reached: set[str] = set()
    for step in walk.steps:
        before, after = _waits(step.before), _waits(step.after)
        considered = step.act.action is Action.CONSIDER
        # From queued to listed and back is no movement; being put back by a panel is two.
        came = after is not None and (before != after or considered)
        went = before is not None and (before != after or considered)
        if after is not None and after not in reached:
            reached.add(after)
            if _within(step, query):
                yield after, Measure.REFERRED, 1
        if not _within(step, query):
            continue
        if came and after is not None:
            yield after, Measure.ENTERED, 1
        if went and before is not None:
            yield before, Measure.LEFT, 1
        level = step.before.level if step.before else None
        if level is None:
            continue
        if considered:
            for measure in _of_consideration(step, walk):
                yield level, measure, 1
        elif step.act.action in _BY_ACTION:
            yield level, _BY_ACTION[step.act.action], 1
    yield from _standing(walk, query)


def _of_consideration(step: Step, walk: Walk) -> Iterator[Measure]:
    values = step.act.values
    yield Measure.CONSIDERED
    if _settles(step, walk):
        yield Measure.DECISIONS
    outcome = str(values["outcome"])
    details = [str(values[name]) for name in ("ruling", "inquiry", "referral") if name in values]
    for detail in (None, *details):
        if (outcome, detail) in BY_ENDING:
            yield BY_ENDING[outcome, detail]


def _settles(step: Step, walk: Walk) -> bool:
    outcome = step.act.values["outcome"]
    if outcome == Outcome.INQUIRY_ORDERED and walk.state is not None:
        return _ASKED.get(walk.state.question) == step.act.values["inquiry"]
    if outcome in tuple(Outcome):
        return outcome in (Outcome.DECIDED, Outcome.INQUIRY_NOT_NEEDED)
    # What a later version of the procedure added, it alone can say.
    return step.settles


def _standing(walk: Walk, query: Query) -> Iterator[tuple[str, Measure, int]]:
    """What is so at the end of a day: the stock, and what is open after an unresolved."""
    eve = query.first - timedelta(days=1) if query.first > date.min else None
    start = at_end_of(walk, eve) if eve else None
    end = at_end_of(walk, query.until)
    if level := _waits(start):
        yield level, Measure.STOCK_START, 1
    if level := _waits(end):
        yield level, Measure.STOCK_END, 1
    unresolved = [
        step.before.level
        for step in walk.steps
        if step.before is not None
        and step.act.values.get("outcome") == Outcome.UNRESOLVED
        and step.act.occurred_on <= query.until
    ]
    if unresolved and unresolved[-1] and end is not None and _open(end):
        yield unresolved[-1], Measure.OPEN_AFTER_UNRESOLVED, 1


def at_end_of(walk: Walk, day: date) -> State | None:
    """Where the escalation stood at the end of a day; None when it was not opened yet."""
    state = None
    for step in walk.steps:
        # A tag stands outside the sequence: its day says nothing about where the escalation was.
        if step.act.action is Action.TAG:
            continue
        if step.act.occurred_on > day:
            break
        state = step.after
    return state


def _waits(state: State | None) -> str | None:
    return state.level if state and state.phase in (Phase.QUEUED, Phase.LISTED) else None


def _open(state: State) -> bool:
    if state.phase is Phase.IN_INQUIRY:
        return not state.settled
    return state.phase not in (Phase.SETTLED, Phase.CLOSED, Phase.WITHDRAWN, Phase.LAPSED)
