"""The procedure decides: given where an escalation stands and what somebody wants to do, either the
step that follows, or a refusal. Pure: no database, no clock, no web."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from kdt.procedure.guards import WITHOUT_INPUTS, outcome_open
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import Procedure, Rule, To, Where
from kdt.procedure.state import WAITING, Act, State
from kdt.vocabulary import Action, Ground, Measure, Phase, Question, Role

Count = tuple[Measure, str, int]


@dataclass(frozen=True, slots=True)
class Step:
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


def opened(procedure: Procedure, act: Act) -> Step:
    """The step that begins an escalation: a draft with who brought it."""
    values = act.values
    state = State(
        version=procedure.version,
        phase=Phase.DRAFT,
        level=None,
        case=cast(str, values["case"]),
        location=cast(str, values["location"]),
        question=Question(cast(str, values["question"])),
        ground=Ground(cast(str, values["ground"])),
        brought_by=act.actor,
        decide_by=cast(date | None, values.get("decide_by")),
        last_on=act.occurred_on,
    )
    return Step(act, None, state, ())


def decide(procedure: Procedure, state: State | None, act: Act) -> Step | Refusal:
    """The step `act` leads to from `state` (None: not opened yet), or why it may not be done.

    Corrections are not decided here but judged over the whole walk, see `walk.py`.
    """
    if act.occurred_on > act.recorded_on and not act.moved:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": act.occurred_on})
    if act.action is Action.OPEN:
        if state is not None:
            return Refusal(Code.ALREADY_OPEN)
        if act.role is not Role.OFFICER:
            return Refusal(Code.NOT_IN_ROLE, {"action": act.action, "role": act.role})
        return opened(procedure, act)
    if state is None:
        return Refusal(Code.NOT_OPENED)
    rule = allowed(procedure, state, act.action, act.role)
    if isinstance(rule, Refusal):
        return rule
    if act.action is Action.TAG:
        return Step(act, state, state, ())
    if act.occurred_on < state.last_on:
        return Refusal(
            Code.BEFORE_PREVIOUS, {"occurred_on": act.occurred_on, "previous_on": state.last_on}
        )
    for guard in rule.guards:
        if refusal := guard(procedure, state, act):
            return refusal
    if rule.to is not None:
        after = _arrived(procedure, state, act, rule.to, settles=False)
        return Step(act, state, after, _counts(state, after, act, rule.counts))
    return _considered(procedure, state, act, rule)


def allowed(procedure: Procedure, state: State, action: Action, role: Role) -> Rule | Refusal:
    """The rule for this action from here by this role, or why there is none."""
    rule = procedure.by_place.get((action, state.phase))
    if rule is None:
        return Refusal(Code.NOT_IN_PHASE, {"action": action, "phase": state.phase})
    if role not in rule.roles:
        return Refusal(Code.NOT_IN_ROLE, {"action": action, "role": role})
    return rule


def available(
    procedure: Procedure, state: State, *, actor: str, role: Role
) -> Iterator[Available]:
    """Every action of the table for this person here, in the table's order, each with the refusal
    that stands in the way now; the same rules and guards as `decide` uses."""
    for action in dict.fromkeys(rule.action for rule in procedure.rules):
        rule = allowed(procedure, state, action, role)
        if isinstance(rule, Refusal):
            yield Available(action, rule)
            continue
        asking = Act("", action, actor, role, date.max, _NEVER, date.max)
        refusals = (
            guard(procedure, state, asking) for guard in rule.guards if guard in WITHOUT_INPUTS
        )
        yield Available(action, next((refusal for refusal in refusals if refusal), None))


def outcomes_open(procedure: Procedure, state: State) -> tuple[str, ...]:
    """The outcomes a panel can give here, in the table's order."""
    return tuple(
        row.code for row in procedure.outcomes if outcome_open(procedure, state, row) is None
    )


def _considered(procedure: Procedure, state: State, act: Act, rule: Rule) -> Step:
    row = procedure.outcome[cast(str, act.values["outcome"])]
    detail = act.values.get(row.detail) if row.detail else None
    settles = row.answers(state.question, act.values.get("inquiry"))
    measures = [*rule.counts, *row.counts]
    if settles:
        measures.append(Measure.DECISIONS)
    if detail is not None:
        measures.append(row.counts_by[cast(str, detail)])
    after = _arrived(procedure, state, act, row.to, settles=settles)
    unresolved = Measure.UNRESOLVED in row.counts
    stays = after.waiting_at == state.level
    after = replace(
        after,
        unresolved_at=state.level if unresolved else state.unresolved_at,
        unresolved_last=unresolved,
        held_over=state.held_over + 1 if stays else 0,
        waiting_since=state.waiting_since if stays else after.waiting_since,
    )
    return Step(act, state, after, _counts(state, after, act, tuple(measures)), settles)


def _arrived(procedure: Procedure, state: State, act: Act, to: To, *, settles: bool) -> State:
    """The state in the place a rule leads to."""
    level = state.level
    if to.where is Where.FIRST:
        level = procedure.ladder.first
    elif to.where is Where.NEXT:
        level = procedure.ladder.next(cast(str, level))
    waits = to.phase in WAITING
    came_to_wait = waits and state.waiting_at != level
    listed = to.phase is Phase.LISTED
    return replace(
        state,
        phase=to.phase,
        level=level,
        settled=settles or (state.settled and not waits),
        last_on=act.occurred_on,
        panel=act.panel.id if listed and act.panel else None,
        meeting_on=cast(date, act.values["meeting_on"]) if listed else None,
        reached=(*state.reached, level)
        if waits and level is not None and level not in state.reached
        else state.reached,
        waiting_since=act.occurred_on if came_to_wait else state.waiting_since if waits else None,
        held_over=state.held_over if waits and not came_to_wait else 0,
    )


def _counts(
    before: State, after: State, act: Act, measures: tuple[Measure, ...]
) -> tuple[Count, ...]:
    """What a step counts as. Its own measures belong to the level it was at (a draft is at none);
    coming to wait and ceasing to wait follow from the two states alone."""
    counts: list[Count] = []
    if before.level is not None:
        counts += [(measure, before.level, 1) for measure in measures]
    moved = act.action not in (Action.LIST, Action.UNLIST)
    if moved and before.waiting_at is not None:
        counts.append((Measure.LEFT, before.waiting_at, 1))
    if moved and after.waiting_at is not None:
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


def open_after_unresolved(state: State) -> str | None:
    """The level that could not settle it, while its question is still open; else None."""
    return state.unresolved_at if state.question_open else None
