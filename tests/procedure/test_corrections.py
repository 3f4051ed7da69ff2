"""Corrections: what was recorded wrongly is put right by a new entry, and both stay."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kdt.procedure import Act, Code, History, Refusal, Walk, judge
from kdt.vocabulary import Action, Outcome, Phase, Question, Role

from .moves import VERSION_1, Story, code

# The number of the consideration in a story that was submitted, listed and heard once.
HEARD = 4


def standing(story: Story, number: int) -> Act | None:
    """The move with this number as it stands, or None when it was voided."""
    found = [one.act for one in History(story.acts).standing() if one.original.ref == str(number)]
    return found[0] if found else None


def outcome(story: Story) -> object:
    act = standing(story, HEARD)
    return act and act.values["outcome"]


def test_the_original_stays_and_the_correction_holds() -> None:
    story = Story().submitted().decided("against").corrected(HEARD, ruling="in_favour")
    assert story.acts[HEARD - 1].values["ruling"] == "against"
    assert [step.act.values.get("ruling") for step in story.steps][-1] == "in_favour"


def test_the_latest_correction_holds_alone_and_is_read_against_the_original() -> None:
    story = Story().submitted().corrected(1, ground="buikpijn").corrected(1, case="case-2")
    assert (story.now.case, story.now.ground) == ("case-2", "complex")


def test_when_the_later_correction_is_voided_the_earlier_returns() -> None:
    story = Story().submitted().corrected(1, ground="buikpijn").corrected(1, ground="other")
    assert story.now.ground == "other"
    assert story.corrected(4, void=True).now.ground == "buikpijn"


def test_a_correction_of_a_correction_stands_in_its_place() -> None:
    story = Story().submitted().corrected(1, ground="buikpijn").corrected(1, ground="other")
    story.corrected(3, ground="complex", case="case-2")
    assert story.now.ground == "other", "what was replaced was no longer in force"
    story.corrected(4, void=True)
    assert (story.now.ground, story.now.case) == ("complex", "case-2")


def test_a_voided_correction_is_as_if_never_made_also_when_it_was_corrected() -> None:
    story = Story().submitted().corrected(1, ground="buikpijn").corrected(3, ground="other")
    assert story.now.ground == "other"
    assert story.corrected(3, void=True).now.ground == "complex"


def test_a_void_that_is_voided_brings_back_what_it_took_away() -> None:
    story = Story().submitted().heard(Outcome.HELD_OVER).corrected(HEARD, void=True)
    assert story.now.phase is Phase.LISTED
    assert story.corrected(5, void=True).now.phase is Phase.QUEUED


def test_thousands_of_corrections_on_top_of_each_other_are_still_read() -> None:
    story = Story().submitted()
    void = story.attempt(Action.CORRECT, Role.OFFICER, replaces="", void=True)
    pile = [
        replace(void, ref=str(number), values={"replaces": str(number - 1), "void": True})
        for number in range(3, 5000)
    ]
    assert len(pile) % 2 == 1
    submission = story.acts[1]
    assert History([*story.acts, *pile]).corrected("4999") == submission
    assert submission not in [one.act for one in History([*story.acts, *pile]).standing()]
    assert submission in [one.act for one in History([*story.acts, *pile[:-1]]).standing()]


def test_a_ruling_does_not_outlive_its_outcome() -> None:
    story = Story().submitted().decided("against").corrected(HEARD, outcome=Outcome.HELD_OVER)
    held = standing(story, HEARD)
    assert held is not None
    assert "ruling" not in held.values
    assert "reasons" in held.prose, "the reasons belong to the consideration, not to its outcome"


def test_an_outcome_corrected_to_one_that_carries_something_brings_it() -> None:
    story = Story().submitted().heard(Outcome.HELD_OVER)
    assert code(story.judged(HEARD, outcome=Outcome.DECIDED)) is Code.FIELD_REQUIRED
    assert story.corrected(HEARD, outcome=Outcome.DECIDED, ruling="other").now.settled


def test_a_result_corrected_to_deviated_brings_its_reasons_and_back_drops_them() -> None:
    story = Story().submitted().decided().does(Action.FOLLOW_THROUGH)
    assert code(story.judged(5, Role.OFFICER, result="deviated")) is Code.FIELD_REQUIRED
    story.corrected(5, Role.OFFICER, result="deviated", reasons="Verzonnen.")
    followed = standing(story, 5)
    assert followed is not None
    assert "reasons" in followed.prose
    story.corrected(5, Role.OFFICER, result="carried_out")
    followed = standing(story, 5)
    assert followed is not None
    assert "reasons" not in followed.prose


def test_a_corrected_day_of_a_consideration_takes_the_meeting_along() -> None:
    story = Story().submitted().heard(Outcome.HELD_OVER)
    later = story.now.last_on + timedelta(days=1)
    story.corrected(HEARD, occurred_on=later)
    listed = standing(story, HEARD - 1)
    assert listed is not None
    assert listed.values["meeting_on"] == later
    assert story.now.last_on == later
    # And so the listing may turn out to have been on that day as well.
    assert story.corrected(HEARD - 1, occurred_on=later).now.phase is Phase.QUEUED


def test_a_corrected_day_is_not_after_the_day_the_correction_was_recorded() -> None:
    story = Story().submitted().heard(Outcome.HELD_OVER)
    assert isinstance(story.judged(HEARD, occurred_on=story.today), Walk)
    tomorrow = story.today + timedelta(days=1)
    assert code(story.judged(HEARD, occurred_on=tomorrow)) is Code.IN_THE_FUTURE


def test_an_action_that_stands_in_the_way_is_named() -> None:
    story = Story().submitted().decided().does(Action.FOLLOW_THROUGH)
    refusal = story.judged(HEARD, outcome=Outcome.HELD_OVER)
    assert isinstance(refusal, Refusal)
    assert (refusal.details["ref"], refusal.details["action"]) == ("5", Action.FOLLOW_THROUGH)
    cause = refusal.details["cause"]
    assert isinstance(cause, Refusal)
    assert cause.code is Code.NOT_IN_PHASE


def test_a_correction_that_is_wrong_in_itself_is_told_so_directly() -> None:
    story = Story().submitted().decided().does(Action.FOLLOW_THROUGH)
    unresolved = story.judged(HEARD, outcome=Outcome.UNRESOLVED)
    assert code(unresolved) is Code.OUTCOME_NOT_AT_LEVEL


def test_an_opening_is_voided_only_when_nothing_else_stands() -> None:
    story = Story().submitted()
    assert code(story.judged(1, void=True)) is Code.OPEN_STILL_NEEDED
    story.corrected(2, void=True).corrected(1, void=True)
    assert story.state is None
    assert story.corrected(4, void=True).now.phase is Phase.DRAFT


def test_who_brought_it_corrects_no_consideration_not_even_through_a_correction() -> None:
    story = Story().submitted().decided().corrected(HEARD, ruling="other")
    for number in (HEARD, 5):
        assert code(story.judged(number, Role.OFFICER, ruling="against")) is Code.BROUGHT_IT
        colleague = story.judged(number, Role.OFFICER, actor="colleague", ruling="against")
        assert isinstance(colleague, Walk)
    assert isinstance(story.judged(1, Role.OFFICER, ground="other"), Walk)


def test_whose_identity_was_destroyed_is_taken_for_nobody() -> None:
    story = Story().does(Action.OPEN, actor=None).does(Action.SUBMIT).decided()
    assert isinstance(story.judged(HEARD, Role.OFFICER, ruling="against"), Walk)
    assert isinstance(story.judged(HEARD, Role.SECRETARY, actor=None, ruling="against"), Walk)


@pytest.mark.parametrize("role", Role)
def test_only_who_acts_in_the_procedure_corrects(role: Role) -> None:
    judgement = Story().submitted().judged(1, role, ground="other")
    if role is Role.POLICY_ADVISER:
        assert code(judgement) is Code.NOT_TAGGED_BY_POLICY
    elif role in VERSION_1.roles(Action.CORRECT):
        assert isinstance(judgement, Walk)
    else:
        assert code(judgement) is Code.NOT_IN_ROLE


def test_a_correction_says_why() -> None:
    story = Story().submitted()
    silent = story.attempt(Action.CORRECT, Role.OFFICER, replaces="1", reason=None, void=True)
    assert code(judge(VERSION_1, story.acts, silent)) is Code.FIELD_REQUIRED


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (1, {"location": "Ter Apel"}),
        (1, {"outcome": "held_over"}),
        (2, {"ground": "other"}),
        (3, {"panel": "kdt-ter-apel"}),
        (3, {"meeting_on": "2022-03-09"}),
        (4, {"question": "decision"}),
    ],
)
def test_only_what_the_action_carries_and_may_be_corrected_is(
    number: int, change: dict[str, object]
) -> None:
    story = Story().submitted().decided()
    assert code(story.judged(number, Role.SECRETARY, **change)) is Code.FIELD_NOT_ALLOWED


def test_a_question_put_wrongly_changes_what_was_an_answer() -> None:
    story = Story().submitted().heard(Outcome.INQUIRY_ORDERED, inquiry="interview")
    assert not story.now.settled
    assert story.corrected(1, question=Question.ADDITIONAL_INTERVIEW).now.settled


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SECRETARY, Role.CHAIR])
def test_a_tag_is_taken_back_by_whose_word_it_is(role: Role) -> None:
    story = Story().submitted().decided().does(Action.TAG, role)
    story.does(Action.TAG, Role.POLICY_ADVISER, theme="theme-2", reason="Verzonnen.")
    theirs, of_policy = len(story.acts) - 1, len(story.acts)
    assert code(story.judged(theirs, Role.POLICY_ADVISER, void=True)) is Code.NOT_TAGGED_BY_POLICY
    assert code(story.judged(of_policy, role, void=True)) is Code.TAGGED_BY_POLICY
    story.corrected(theirs, role, void=True).corrected(of_policy, Role.POLICY_ADVISER, void=True)
    # And so is what takes it back.
    assert code(story.judged(len(story.acts), role, void=True)) is Code.TAGGED_BY_POLICY
    story.corrected(len(story.acts), Role.POLICY_ADVISER, void=True)
    tagged = [one.act for one in story.steps if one.act.action is Action.TAG]
    assert [one.values["theme"] for one in tagged] == ["theme-2"]
