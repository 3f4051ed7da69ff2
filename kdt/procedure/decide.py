"""The procedure decides: given where an escalation stands and what somebody wants to do, either the
step that follows, or a refusal. Pure: no database, no clock, no web."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kdt.procedure.guards import outcome_open
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import Leads, Procedure, Rule, To, Where
from kdt.procedure.state import WAITING, Act, State
from kdt.procedure.table import REQUIRED
from kdt.vocabulary import Action, Ground, Measure, Phase, Question, Role

Count = tuple[Measure, str, int]

# Between queue and agenda nothing comes to wait or ceases to.
WITHIN_THE_QUEUE = frozenset({Action.LIST, Action.UNLIST})


class Step(NamedTuple):
    """What an act led to: the state after it, and what it counts as: measure, level and amount,
    all on the day the act happened."""

    act: Act
    before: State | None
    after: State
    counts: tuple[Count, ...]
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Available:
    """An action as a screen offers it: open to press, or not, and then why not."""

    action: Action
    refusal: Refusal | None

    @property
    def enabled(self) -> bool:
        """Whether it may be done now."""
        return self.refusal is None


def decide(procedure: Procedure, state: State | None, act: Act) -> Step | Refusal:
    """The step `act` leads to from `state` (None: not opened yet), or why it may not be done.

    A correction is not decided from a state but judged over the whole history, see `walk.py`:
    ValueError.
    """
    if act.action is Action.CORRECT:
        raise ValueError("a correction is judged over the whole history")
    rule = allowed(procedure, state, act.action, actor=act.actor, role=act.role)
    if isinstance(rule, Refusal):
        return rule
    if refusal := missing(act):
        return refusal
    if act.occurred_on > act.recorded_on and not act.moved:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": act.occurred_on})
    if state is None:
        return opened(procedure, act)
    if rule.to is not Leads.NOWHERE and act.occurred_on < state.last_on:
        return Refusal(
            Code.BEFORE_PREVIOUS, {"occurred_on": act.occurred_on, "previous_on": state.last_on}
        )
    for check in rule.checks:
        if refusal := check(procedure, state, act):
            return refusal
    if rule.to is Leads.NOWHERE:
        return Step(act, state, state, ())
    if rule.to is Leads.BY_OUTCOME:
        return _considered(procedure, state, act, rule)
    after = _arrived(procedure, state, act, rule.to)
    return Step(act, state, after, _counts(state, after, act, rule.counts))


def allowed(
    procedure: Procedure, state: State | None, action: Action, *, actor: str | None, role: Role
) -> Rule | Refusal:
    """The rule for this action by this person from here, or why there is none."""
    rule = procedure.by_place.get((action, state.phase if state else None))
    if rule is None:
        if state is None:
            return Refusal(Code.NOT_OPENED)
        if action is Action.OPEN:
            return Refusal(Code.ALREADY_OPEN)
        return Refusal(Code.NOT_IN_PHASE, {"action": action, "phase": state.phase})
    if role not in rule.roles:
        return Refusal(Code.NOT_IN_ROLE, {"action": action, "role": role})
    if state is not None:
        for condition in rule.conditions:
            if refusal := condition(state, actor):
                return refusal
    return rule


def missing(act: Act) -> Refusal | None:
    """The first field of the action that must be filled in and is not."""
    for name in REQUIRED[act.action]:
        if name not in act.values and name not in act.prose:
            return Refusal(Code.FIELD_REQUIRED, {"field": name})
    return None


def available(procedure: Procedure, state: State, *, actor: str, role: Role) -> Iterator[Available]:
    """Every action for this person here, in the table's order, each with the refusal that stands
    in the way now: what `decide` would say before it looks at what is filled in."""
    for action in procedure.actions:
        if action is not Action.OPEN:
            rule = allowed(procedure, state, action, actor=actor, role=role)
            yield Available(action, rule if isinstance(rule, Refusal) else None)


def outcomes_open(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The outcomes a panel can give here, in the table's order; none before it is listed."""
    if (Action.CONSIDER, state.phase) not in procedure.by_place:
        return ()
    return outcomes_at(procedure, state)


def outcomes_at(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The outcomes there are at its level for its question, in the table's order."""
    return tuple(
        row.code for row in procedure.outcomes if outcome_open(procedure, state, row) is None
    )


def opened(procedure: Procedure, act: Act) -> Step:
    """The step that begins an escalation: a draft with who brought it."""
    state = State(
        version=procedure.version,
        phase=Phase.DRAFT,
        level=None,
        case=act.word("case"),
        location=act.word("location"),
        question=Question(act.word("question")),
        ground=Ground(act.word("ground")),
        brought_by=act.actor,
        decide_by=act.day("decide_by") if "decide_by" in act.values else None,
        last_on=act.occurred_on,
    )
    return Step(act, None, state, ())


def open_after_unresolved(state: State) -> str | None:
    """The level that could not settle it, while its question is still open; else None."""
    return state.unresolved_at if state.question_open else None


def _considered(procedure: Procedure, state: State, act: Act, rule: Rule) -> Step:
    row = procedure.outcome[act.word("outcome")]
    settles = row.answers(state.question, act.values.get("inquiry"))
    measures = (*rule.counts, *row.counted(act.values))
    if settles:
        measures = (*measures, Measure.DECISIONS)
    unresolved = Measure.UNRESOLVED in row.counts
    after = _arrived(procedure, state, act, row.to, settles=settles)
    after = after._replace(
        held_over=after.held_over + (Measure.HELD_OVER in row.counts),
        unresolved_at=state.level if unresolved else state.unresolved_at,
        unresolved_last=unresolved,
    )
    return Step(act, state, after, _counts(state, after, act, measures), settles)


def _arrived(
    procedure: Procedure, state: State, act: Act, to: To, *, settles: bool = False
) -> State:
    """The state in the place a rule leads to."""
    level = _level(procedure, state, to.where)
    waits = to.phase in WAITING
    listed = to.phase is Phase.LISTED
    reached, waiting_since = state.reached, None
    if waits:
        waiting_since = state.waiting_since if state.waiting_at == level else act.occurred_on
        if level is not None and level not in reached:
            reached = (*reached, level)
    return state._replace(
        phase=to.phase,
        level=level,
        # Whatever waits again has its question open again.
        settled=settles or (state.settled and not waits),
        last_on=act.occurred_on,
        panel=act.panel.id if listed and act.panel else None,
        meeting_on=act.day("meeting_on") if listed else None,
        reached=reached,
        waiting_since=waiting_since,
        held_over=0 if settles or level != state.level else state.held_over,
    )


def _level(procedure: Procedure, state: State, where: Where) -> str | None:
    match where:
        case Where.FIRST:
            return procedure.ladder.first
        case Where.NEXT:
            assert state.level is not None, "only what is at a level goes up"
            return procedure.ladder.next(state.level)
        case Where.SAME:
            return state.level
        case Where.NONE:
            return None


def _counts(
    before: State, after: State, act: Act, measures: tuple[Measure, ...]
) -> tuple[Count, ...]:
    """What a step counts as. Its own measures belong to the level it was at (a draft is at none);
    coming to wait and ceasing to wait follow from the two states alone."""
    counts: list[Count] = []
    if before.level is not None:
        counts += [(measure, before.level, 1) for measure in measures]
    if act.action not in WITHIN_THE_QUEUE:
        if before.waiting_at is not None:
            counts.append((Measure.LEFT, before.waiting_at, 1))
        if after.waiting_at is not None:
            counts.append((Measure.ENTERED, after.waiting_at, 1))
            if after.waiting_at not in before.reached:
                counts.append((Measure.REFERRED, after.waiting_at, 1))
    was, still = open_after_unresolved(before), open_after_unresolved(after)
    if was != still:
        counts += [
            (Measure.OPEN_AFTER_UNRESOLVED, level, amount)
            for level, amount in ((was, -1), (still, 1))
            if level is not None
        ]
    return tuple(counts)
