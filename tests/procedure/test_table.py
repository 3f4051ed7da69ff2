"""The table: every row can be reached, and what is not in it is refused."""

from dataclasses import replace
from itertools import product

import pytest

from kdt import words
from kdt.procedure import FIELDS, Code, Leads, Procedure, Refusal, Rule, To, Where, decide
from kdt.procedure.rows import INQUIRY_OF, OutcomeRow, Settles
from kdt.procedure.table import NOT_OPENED, OFFICER
from kdt.vocabulary import Action, Outcome, Phase, Question, Role
from tests.oracle.generator import MOVES
from tests.oracle.lines import OUTCOMES, SHAPES

from .moves import FIRST_DAY, VERSION_1, code, moves, reachable

STEPS = reachable(VERSION_1)
STATES = [step.after for step in STEPS]


def test_every_phase_is_reached_by_legal_moves() -> None:
    assert {step.after.phase for step in STEPS} == set(Phase)


def test_every_row_of_the_table_leads_where_it_says() -> None:
    taken = {(step.act.action, step.before and step.before.phase) for step in STEPS}
    wanted = set(VERSION_1.by_place) - {(Action.CORRECT, phase) for phase in Phase}
    assert taken == wanted
    for step in STEPS:
        rule = VERSION_1.by_place[step.act.action, step.before.phase if step.before else None]
        if isinstance(rule.to, To):
            assert step.after.phase is rule.to.phase
        elif rule.to is Leads.NOWHERE:
            assert step.after == step.before
        else:
            row = VERSION_1.outcome[step.act.word("outcome")]
            assert step.after.phase is row.to.phase


def test_every_outcome_is_given_at_every_level_and_to_every_question_it_is_open_to() -> None:
    given = {
        (step.act.word("outcome"), step.before.level, step.before.question)
        for step in STEPS
        if step.act.action is Action.CONSIDER and step.before
    }
    everywhere = set(product(Outcome, ("local", "national"), Question))
    not_open = {
        *product([Outcome.DECIDED], ("local", "national"), INQUIRY_OF),
        *product([Outcome.INQUIRY_NOT_NEEDED], ("local", "national"), [Question.DECISION]),
        *product([Outcome.REFERRED_UP], ["national"], Question),
        *product([Outcome.UNRESOLVED], ["local"], Question),
    }
    assert given == everywhere - not_open


@pytest.mark.parametrize("phase", Phase)
def test_what_is_not_in_the_table_is_refused(phase: Phase) -> None:
    states = [state for state in STATES if state.phase is phase]
    for state, role in product(states, Role):
        for move in moves(VERSION_1, state, role, FIRST_DAY):
            result = decide(VERSION_1, state, move)
            rule = VERSION_1.by_place.get((move.action, phase))
            if move.action is Action.OPEN:
                assert code(result) is Code.ALREADY_OPEN
            elif rule is None:
                assert code(result) is Code.NOT_IN_PHASE
            elif role not in rule.roles:
                assert code(result) is Code.NOT_IN_ROLE
            elif isinstance(result, Refusal):
                assert code(result) not in (Code.NOT_IN_PHASE, Code.NOT_IN_ROLE)


@pytest.mark.parametrize("role", Role)
def test_what_is_not_opened_can_only_be_opened_and_only_by_an_officer(role: Role) -> None:
    for move in moves(VERSION_1, None, role, FIRST_DAY):
        result = decide(VERSION_1, None, move)
        if move.action is not Action.OPEN:
            assert code(result) is Code.NOT_OPENED
        elif role is not Role.OFFICER:
            assert code(result) is Code.NOT_IN_ROLE
        else:
            assert not isinstance(result, Refusal)


def test_the_table_agrees_with_a_model_written_from_the_text_alone() -> None:
    assert {row.code for row in VERSION_1.outcomes} == set(OUTCOMES)
    assert {action.value for action in VERSION_1.actions} - {"tag"} == set(SHAPES)
    for action, shape in SHAPES.items():
        # What policy says afterwards came with a later version of the format.
        later = {"policy_adviser"} if action == "correct" else set()
        assert {role.value for role in VERSION_1.roles(Action(action))} == {*shape.roles, *later}
    for phase, allowed in MOVES.items():
        if phase != "-":
            ours = {action.value for action, at in VERSION_1.by_place if at == phase}
            # The model leaves it out here, for it hangs on the answer whether it may be done.
            extra = {"follow_through"} if phase == "in_inquiry" else set()
            assert ours - {"tag", "correct"} == (set(allowed) - {"stop"}) | extra


def test_the_fields_of_an_outcome_are_the_details_its_rows_carry() -> None:
    fields = {one.name for one in FIELDS[Action.CONSIDER] if one.detail_of == "outcome"}
    # And what an inquiry that is ordered is for, which is counted nowhere.
    assert fields == {*VERSION_1.details, "sought", "consequences", "due_on"}


def test_every_code_of_the_procedure_has_a_word() -> None:
    wanted = [f"refusal.{one}" for one in Code]
    wanted += [f"action.{one}" for one in VERSION_1.actions]
    wanted += [f"outcome.{one.code}" for one in VERSION_1.outcomes]
    wanted += [f"phase.{one}" for one in Phase]
    wanted += [f"level.{one.code}" for one in VERSION_1.ladder.levels]
    wanted += [f"field.{one.name}" for fields in FIELDS.values() for one in fields]
    assert [key for key in wanted if not words.known(key)] == []


def test_a_procedure_that_contradicts_itself_is_no_procedure() -> None:
    again = Rule(Action.OPEN, NOT_OPENED, OFFICER, To(Phase.QUEUED, Where.FIRST))
    with pytest.raises(ValueError, match="two rules"):
        replace(VERSION_1, rules=(*VERSION_1.rules, again))
    with pytest.raises(ValueError, match="two rows"):
        replace(VERSION_1, outcomes=(*VERSION_1.outcomes, VERSION_1.outcomes[0]))
    upward = OutcomeRow("sent_up", To(Phase.QUEUED, Where.NEXT), Settles.NO)
    with pytest.raises(ValueError, match="above the top"):
        Procedure(2, VERSION_1.ladder, VERSION_1.rules, (upward,))
