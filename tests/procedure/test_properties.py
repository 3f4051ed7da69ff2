"""What holds on every walk, whatever is done: tried on random ones."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kdt.procedure import Act, History, Refusal, State, Step, Walk, available, decide, judge
from kdt.procedure.decide import open_after_unresolved
from kdt.procedure.state import WAITING
from kdt.vocabulary import Action, Measure, Outcome, Phase, Role

from .moves import FIRST_DAY, VERSION_1, act, legal, moves

LONGEST = 40
SELDOM = (Action.WITHDRAW, Action.LAPSE, Action.TAG)
choices = st.lists(st.integers(0, 2**16), min_size=LONGEST // 3, max_size=LONGEST)


def walked(numbers: Iterable[int]) -> list[Step]:
    """A walk from the opening, a step for each number, each chosen among all that are legal: first
    what is done or what comes out of it, then who does it and how."""
    state: State | None = None
    steps: list[Step] = []
    for position, number in enumerate(numbers):
        # A listing is for the day itself, and a consideration on the day it is listed for.
        day = FIRST_DAY + timedelta(days=position // 2)
        if state is not None:
            day = state.meeting_on or max(day, state.last_on)
        kinds: dict[object, list[Step]] = {}
        for step in legal(VERSION_1, state, day):
            kinds.setdefault((step.act.action, step.act.values.get("outcome")), []).append(step)
        # Chosen evenly, most walks would end in their first days, withdrawn or lapsed.
        likely = [steps for steps in kinds.values() if steps[0].act.action not in SELDOM]
        pool = list(kinds.values()) if number % 20 == 0 or not likely else likely
        kind = pool[number // 20 % len(pool)]
        step = kind[number // 400 % len(kind)]
        steps.append(step)
        state = step.after
    return steps


@given(choices)
def test_movements_balance_at_every_level(numbers: list[int]) -> None:
    waiting: Counter[str] = Counter()
    for step in walked(numbers):
        for measure, level, amount in step.counts:
            if measure in (Measure.ENTERED, Measure.LEFT):
                waiting[level] += amount if measure is Measure.ENTERED else -amount
        at = step.after.waiting_at
        assert {level: n for level, n in waiting.items() if n} == ({at: 1} if at else {})


@given(choices)
def test_a_level_is_entered_for_the_first_time_once(numbers: list[int]) -> None:
    steps = walked(numbers)
    referred = Counter(
        level for step in steps for measure, level, _ in step.counts if measure is Measure.REFERRED
    )
    assert set(referred.values()) <= {1}
    assert tuple(referred) == steps[-1].after.reached


@given(choices)
def test_what_is_open_after_unresolved_follows_the_state(numbers: list[int]) -> None:
    still: Counter[str] = Counter()
    for step in walked(numbers):
        for measure, level, amount in step.counts:
            if measure is Measure.OPEN_AFTER_UNRESOLVED:
                still[level] += amount
        at = open_after_unresolved(step.after)
        assert {level: n for level, n in still.items() if n} == ({at: 1} if at else {})


@given(choices)
def test_phase_and_level_and_agenda_are_consistent(numbers: list[int]) -> None:
    for step in walked(numbers):
        state = step.after
        assert (state.phase is Phase.DRAFT) <= (state.level is None)
        if state.level is None:
            assert state.phase in (Phase.DRAFT, Phase.WITHDRAWN, Phase.LAPSED)
            assert state.reached == ()
        else:
            assert state.level == state.reached[-1]
        on_agenda = (state.panel is not None, state.meeting_on is not None)
        assert on_agenda == (state.phase is Phase.LISTED,) * 2
        assert (state.waiting_since is not None) == (state.phase in WAITING)
        assert state.settled <= (state.phase not in WAITING)
        if state.phase in (Phase.SETTLED, Phase.CLOSED):
            assert state.settled


@given(choices)
def test_one_decision_for_every_time_the_question_was_settled(numbers: list[int]) -> None:
    steps = walked(numbers)
    counted = sum(
        amount
        for step in steps
        for measure, _, amount in step.counts
        if measure is Measure.DECISIONS
    )
    answered = sum(
        step.after.settled and not (step.before and step.before.settled) for step in steps
    )
    assert counted == answered == sum(step.settles for step in steps)


@given(choices, st.sampled_from(Role), st.booleans())
def test_what_is_available_is_what_can_be_decided(
    numbers: list[int], role: Role, brought_it: bool
) -> None:
    state = walked(numbers)[-1].after
    actor = state.brought_by if brought_it and state.brought_by else "somebody"
    offered = {one.action: one for one in available(VERSION_1, state, actor=actor, role=role)}
    assert set(offered) == set(VERSION_1.actions) - {Action.OPEN}
    tried: dict[Action, list[Step | Refusal]] = {}
    day = state.meeting_on or state.last_on
    for move in moves(VERSION_1, state, role, day):
        if move.action is not Action.OPEN:
            result = decide(VERSION_1, state, replace(move, actor=actor))
            tried.setdefault(move.action, []).append(result)
    for action, results in tried.items():
        assert offered[action].enabled == any(isinstance(one, Step) for one in results)
        if not offered[action].enabled:
            assert set(map(repr, results)) == {repr(offered[action].refusal)}


@given(choices, st.data())
def test_an_accepted_correction_leaves_a_legal_walk_and_can_be_taken_back(
    numbers: list[int], data: st.DataObject
) -> None:
    acts = [replace(step.act, ref=str(number)) for number, step in enumerate(walked(numbers), 1)]
    correction = data.draw(st.sampled_from(_corrections(acts)))
    before = History(acts).walk(VERSION_1)
    after = judge(VERSION_1, acts, correction)
    if isinstance(after, Walk):
        assert after == History([*acts, correction]).walk(VERSION_1)
        undone = _correction([*acts, correction], correction.ref, {"void": True})
        assert judge(VERSION_1, [*acts, correction], undone) == before


def test_random_walks_reach_every_row() -> None:
    dice = random.Random(20221108)
    steps = [step for _ in range(120) for step in walked(dice.choices(range(2**16), k=LONGEST))]
    rows = {(step.act.action, step.before and step.before.phase) for step in steps}
    wanted = {place for place in VERSION_1.by_place if place[0] is not Action.CORRECT}
    assert rows == wanted
    given_at = {
        (step.act.values["outcome"], step.before.level)
        for step in steps
        if step.before and step.act.action is Action.CONSIDER
    }
    assert len(given_at) == 2 * len(Outcome) - 2, "two of them at one level alone"


_CHANGES: Mapping[Action, Sequence[dict[str, object]]] = {
    Action.OPEN: ({"question": "additional_interview"}, {"question": "decision"}),
    Action.CONSIDER: ({"outcome": "held_over"}, {"outcome": "decided", "ruling": "other"}),
    Action.FOLLOW_THROUGH: ({"result": "carried_out"},),
}


def _corrections(acts: Sequence[Act]) -> list[Act]:
    """Some of what may be said about each act: that it never was, was on another day, or else."""
    days = sorted({one.occurred_on for one in acts})
    found: list[Act] = []
    for about in acts:
        moved = ({"occurred_on": day} for day in days)
        changes = (*_CHANGES.get(about.action, ()), *moved)
        found.append(_correction(acts, about.ref, {"void": True}))
        found += [_correction(acts, about.ref, {"with": change}) for change in changes]
    return found


def _correction(acts: Sequence[Act], replaces: str, change: dict[str, object]) -> Act:
    """By somebody else, recorded on the last day there was; of what policy tagged by policy."""
    about = History(acts).corrected(replaces)
    by_policy = about is not None and about.role is Role.POLICY_ADVISER
    return act(
        Action.CORRECT,
        Role.POLICY_ADVISER if by_policy else Role.SECRETARY,
        acts[-1].recorded_on,
        ref=str(len(acts) + 1),
        replaces=replaces,
        **change,  # type: ignore[arg-type]
    )
