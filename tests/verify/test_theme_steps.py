"""The verifier's own walk through the circuit of a theme says what the circuit says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from kdt.ledger.table import Subject
from kdt.procedure.refusal import Refusal
from kdt.themes import circuit
from kdt.themes.circuit import Standing, Step
from kdt.verify.ledger import Fact
from kdt.verify.theme_folds import THEME_FOLDS
from kdt.vocabulary import ThemeAction, ThemeState

DAY = date(2022, 3, 1)
AT = datetime(2022, 4, 1, 9, tzinfo=UTC)
FOLDS = THEME_FOLDS[Subject.THEME]
# An action, so many days on, due so many days on, and which step it takes back.
Tried = tuple[ThemeAction, int, int, int]
FIRST = (ThemeAction.CONFIRM, 0, 0, 0)


def fact(number: int, name: str, on: date, values: dict[str, Any]) -> Fact:
    written = {key: str(one) if isinstance(one, date) else one for key, one in values.items()}
    texts: dict[str, str | None] = {"reasons": "", "name": "", "description": ""}
    about = ("theme", "a", number, name, "policy_adviser", written, texts, "p", on)
    return Fact(*about, AT + timedelta(minutes=number), None)


def values(action: ThemeAction, due: int, replaces: int) -> dict[str, Any]:
    said: dict[ThemeAction, dict[str, Any]] = {
        ThemeAction.SEND_OUT: {"owed_by": "policy", "due_on": DAY + timedelta(days=due)},
        ThemeAction.CLOSE: {"closed_as": "solved"},
        ThemeAction.MERGE: {"target": "ander"},
        ThemeAction.SPLIT: {"target": "ander", "escalations": ["V-1"]},
        ThemeAction.CORRECT: {"replaces": replaces},
    }
    return said.get(action, {})


@given(
    st.sampled_from([ThemeState.PROPOSED, ThemeState.CONFIRMED]),
    st.lists(
        st.tuples(
            st.sampled_from(ThemeAction), st.integers(0, 3), st.integers(0, 3), st.integers(1, 9)
        ),
        max_size=9,
    ),
)
@example(
    ThemeState.PROPOSED, [FIRST, (ThemeAction.CONSULT, 0, 0, 0), (ThemeAction.CONSULT, 0, 0, 0)]
)
@example(ThemeState.PROPOSED, [FIRST, (ThemeAction.MERGE, 0, 0, 0), (ThemeAction.REOPEN, 0, 0, 0)])
@example(
    ThemeState.PROPOSED, [FIRST, (ThemeAction.CORRECT, 0, 0, 2), (ThemeAction.CORRECT, 0, 0, 2)]
)
@example(ThemeState.PROPOSED, [FIRST, (ThemeAction.CORRECT, 0, 0, 7)])
@example(ThemeState.PROPOSED, [(*FIRST[:1], 2, 0, 0), (ThemeAction.CONSULT, 1, 0, 0)])
@example(ThemeState.PROPOSED, [FIRST, (ThemeAction.SEND_OUT, 2, 1, 0)])
def test_every_step_is_found_that_the_circuit_refuses_and_no_other(
    begun: ThemeState, tried: list[Tried]
) -> None:
    taken: list[Step] = []
    rows: dict[str, list[Any]] = {}
    FOLDS["enter"](rows, fact(1, "enter", DAY, {"status": begun}))
    for number, (action, on, due, replaces) in enumerate(tried, 2):
        given_values = values(action, due, replaces)
        step = Step(number, action, DAY + timedelta(days=on), given_values)
        after: Standing | Refusal
        if action is ThemeAction.CORRECT:
            after = circuit.taken_back(Standing(begun), taken, step)
        else:
            before = circuit.walk(Standing(begun), taken)
            assert isinstance(before, Standing)
            after = circuit.decide(before, step)
        trial = {name: list(of) for name, of in rows.items()}
        try:
            FOLDS[action](trial, fact(number, action, step.occurred_on, given_values))
        except ValueError:
            assert isinstance(after, Refusal)
            continue
        assert isinstance(after, Standing), after
        taken.append(step)
        rows = trial
