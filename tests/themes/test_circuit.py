"""The circuit of a theme as a table: what may follow on what, whatever is tried."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kdt import words
from kdt.procedure.refusal import Refusal
from kdt.themes import circuit
from kdt.themes.circuit import ROW, ROWS, Code, Row, Standing, Step
from kdt.themes.moving import Move, Redirect, redirects
from kdt.vocabulary import ThemeAction, ThemeState

DAY = date(2022, 3, 1)
BEGUN = Standing(ThemeState.PROPOSED)
INPUTS: dict[ThemeAction, dict[str, object]] = {
    ThemeAction.SEND_OUT: {"owed_by": "policy", "due_on": date(2999, 1, 1)},
    ThemeAction.CLOSE: {"closed_as": "solved"},
    ThemeAction.MERGE: {"target": "ander"},
    ThemeAction.SPLIT: {"target": "ander", "escalations": ["V-1"]},
}
SEQUENCE = [one for one in ThemeAction if one is not ThemeAction.CORRECT]


def step(action: ThemeAction, number: int = 1, day: date = DAY, **values: object) -> Step:
    return Step(number, action, day, {**INPUTS.get(action, {}), **values})


def after(*actions: ThemeAction, begun: Standing = BEGUN) -> Standing:
    found = circuit.walk(begun, [step(one, number) for number, one in enumerate(actions)])
    assert isinstance(found, Standing), found
    return found


def test_a_theme_goes_from_a_hunch_to_a_change_that_is_followed_to_its_effect() -> None:
    whole = (
        ThemeAction.CONFIRM, ThemeAction.CONSULT, ThemeAction.SEND_OUT, ThemeAction.ANSWER,
        ThemeAction.FOLLOW, ThemeAction.CLOSE,
    )  # fmt: skip
    been = [after(*whole[:number]).state for number in range(len(whole) + 1)]
    assert been == [one for one in ThemeState if one is not ThemeState.REJECTED]
    for number, state in enumerate(been[:-1]):
        # What a page puts first is what takes it on.
        assert circuit.onward(Standing(state)) is whole[number]


def test_every_step_is_open_exactly_where_its_row_says() -> None:
    for row in ROWS:
        for state in ThemeState:
            allowed = circuit.allowed(Standing(state), row.action)
            assert isinstance(allowed, Row) is (state in row.states), (row.action, state)
            if isinstance(allowed, Refusal):
                assert allowed.code == Code.THEME_NOT_IN_STATE
                assert words.sentence(allowed)


def test_what_is_owed_is_owed_until_something_else_is_done() -> None:
    out = after(ThemeAction.CONFIRM, ThemeAction.SEND_OUT)
    assert out.owed
    assert (out.owed.by, out.owed.overdue(date(2999, 1, 1)), out.owed.since) == (
        "policy", False, DAY,
    )  # fmt: skip
    assert out.owed.overdue(date(2999, 1, 2))
    assert after(ThemeAction.CONFIRM, ThemeAction.SEND_OUT, ThemeAction.ANSWER).owed is None


def test_it_is_due_no_earlier_than_it_is_sent_out() -> None:
    confirmed = after(ThemeAction.CONFIRM)
    early = step(ThemeAction.SEND_OUT, due_on=DAY - timedelta(days=1))
    refused = circuit.decide(confirmed, early)
    assert isinstance(refused, Refusal)
    assert refused.code == Code.THEME_DUE_BEFORE
    assert isinstance(circuit.decide(confirmed, step(ThemeAction.SEND_OUT, due_on=DAY)), Standing)


def test_what_went_into_another_theme_is_not_reopened_but_taken_back() -> None:
    steps = [step(ThemeAction.CONFIRM, 1), step(ThemeAction.MERGE, 2)]
    merged = circuit.walk(BEGUN, steps)
    assert isinstance(merged, Standing)
    assert (merged.state, merged.merged_into) == (ThemeState.CLOSED, "ander")
    assert circuit.available(merged) == ()
    back = circuit.taken_back(BEGUN, steps, step(ThemeAction.CORRECT, 3, replaces=2))
    assert back == after(ThemeAction.CONFIRM)


def test_a_step_on_which_another_rests_is_not_taken_back_first() -> None:
    whole = (ThemeAction.CONFIRM, ThemeAction.SEND_OUT, ThemeAction.ANSWER)
    steps = [step(one, number) for number, one in enumerate(whole, 1)]
    for number, code in (
        (1, Code.THEME_STEP_IN_THE_WAY),
        (2, Code.THEME_STEP_IN_THE_WAY),
        (9, Code.THEME_STEP_UNKNOWN),
    ):
        refused = circuit.taken_back(BEGUN, steps, step(ThemeAction.CORRECT, 4, replaces=number))
        assert isinstance(refused, Refusal)
        assert refused.code == code
    assert circuit.taken_back(BEGUN, steps, step(ThemeAction.CORRECT, 4, replaces=3)) == after(
        ThemeAction.CONFIRM, ThemeAction.SEND_OUT
    )


@given(st.lists(st.tuples(st.sampled_from(SEQUENCE), st.integers(0, 5)), max_size=12))
def test_whatever_is_tried_only_what_its_row_allows_is_recorded_and_days_never_run_back(
    tried: list[tuple[ThemeAction, int]],
) -> None:
    standing, taken = BEGUN, []
    for number, (action, later) in enumerate(tried, 1):
        new = step(action, number, DAY + timedelta(days=later))
        found = circuit.decide(standing, new)
        if isinstance(found, Refusal):
            assert words.sentence(found)
            continue
        assert standing.state in ROW[action].states
        assert standing.since is None or new.occurred_on >= standing.since
        assert (found.owed is not None) is (found.state is ThemeState.ACTION_OUT)
        standing = found
        taken.append(new)
    assert circuit.walk(BEGUN, taken) == standing
    if taken:
        # The last step can always be taken back: then it is as before.
        correction = step(ThemeAction.CORRECT, 99, replaces=taken[-1].number)
        assert circuit.taken_back(BEGUN, taken, correction) == circuit.walk(BEGUN, taken[:-1])


def move(theme: str, into: str, day: int, escalation: str | None = None) -> Move:
    on = date(2022, 3, day)
    return Move(theme, into, datetime.combine(on, time(9), UTC), on, escalation)


def test_a_tag_counts_where_the_moves_lead_in_the_order_they_were_made() -> None:
    moves = [move("a", "b", 1), move("b", "c", 2)]
    assert {(one.theme, one.target) for one in redirects(moves)} == {("a", "c"), ("b", "c")}
    # A merger into b after b went into c leads no further.
    late = [move("b", "c", 1), move("a", "b", 2)]
    assert {(one.theme, one.target) for one in redirects(late)} == {("a", "b"), ("b", "c")}


_MOVES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from([None, "x", "y"])),
    max_size=12,
)


@given(_MOVES, st.sampled_from("abcd"), st.sampled_from("xyz"), st.integers(0, 13))
def test_a_tag_goes_where_the_moves_take_it_one_after_another(
    said: list[tuple[str, str, str | None]], theme: str, escalation: str, day: int
) -> None:
    """Against following each move by hand, in the order of recording, a move a day."""
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    moves = [
        Move(one, into, start + timedelta(at), (start + timedelta(at)).date(), escalation)
        for at, (one, into, escalation) in enumerate(said)
        if one != into
    ]
    recorded = (start + timedelta(day)).date()
    here, moved = theme, False
    for move in moves:
        own = move.escalation == escalation and (moved or move.on >= recorded)
        if move.theme == here and (move.escalation is None or own):
            here, moved = move.into, True
    found = [one for one in redirects(moves) if one.theme == theme]
    of_all = [one.target for one in found if one.escalation is None]
    its = [
        one.target
        for one in found
        if one.escalation == escalation and one.after < recorded <= one.until
    ]
    assert [*its, *of_all, theme][0] == here


def test_very_many_splits_are_followed_at_once() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    split = [Move("a", "b", at, at.date(), f"V-{number}") for number in range(20_000)]
    merged = Move("b", "c", at + timedelta(1), (at + timedelta(1)).date())
    found = list(redirects([*split, merged]))
    assert len(found) == 20_001
    assert {one.target for one in found} == {"c"}


def test_a_split_moves_tags_up_to_its_day_and_a_later_merger_takes_them_along() -> None:
    split = move("a", "b", 2, "V-1")
    assert [*redirects([split])] == [Redirect("a", "b", "V-1", date.min, split.on)]
    along = [*redirects([split, move("b", "c", 3)])]
    assert Redirect("a", "c", "V-1", date.min, split.on) in along
    back = [*redirects([split, move("b", "a", 3, "V-1")])]
    assert all(one.theme != "a" for one in back)
