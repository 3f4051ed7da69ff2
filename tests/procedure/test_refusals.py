"""Every refusal there is, each beside the success that resembles it most."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from kdt import words
from kdt.cases.recording import Batch, Dossier, record
from kdt.procedure import Act, Code, Refusal, Step, Walk, decide, judge
from kdt.vocabulary import Action, Outcome, Question, Role

from .moves import PANELS, VERSION_1, Story

Result = Step | Walk | Refusal
# What is refused, and what is not.
Pair = tuple[Result, Result]
PAIRS: dict[Code, Callable[[], Pair]] = {}


def beside(refused: Code) -> Callable[[Callable[[], Pair]], Callable[[], Pair]]:
    def register(pair: Callable[[], Pair]) -> Callable[[], Pair]:
        PAIRS[refused] = pair
        return pair

    return register


def said(story: Story, action: Action, role: Role = Role.OFFICER, **inputs: object) -> Result:
    return decide(VERSION_1, story.state, story.attempt(action, role, **inputs))


def test_every_refusal_has_its_pair() -> None:
    assert set(PAIRS) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_it_is_refused_and_what_resembles_it_is_not(code: Code) -> None:
    refused, accepted = PAIRS[code]()
    assert isinstance(refused, Refusal)
    assert refused.code is code
    assert not isinstance(accepted, Refusal)
    sentence = words.sentence(refused)
    assert sentence.endswith(".")
    assert "{" not in sentence


@beside(Code.ALREADY_OPEN)
def _() -> Pair:
    return said(Story().does(Action.OPEN), Action.OPEN), said(Story(), Action.OPEN)


@beside(Code.NOT_OPENED)
def _() -> Pair:
    return said(Story(), Action.SUBMIT), said(Story().does(Action.OPEN), Action.SUBMIT)


@beside(Code.NOT_IN_PHASE)
def _() -> Pair:
    decided = Story().submitted().decided()
    return said(decided, Action.WITHDRAW), said(Story().submitted(), Action.WITHDRAW)


@beside(Code.NOT_IN_ROLE)
def _() -> Pair:
    settled = Story().submitted().decided()
    return said(settled, Action.REOPEN, Role.SECRETARY), said(settled, Action.REOPEN, Role.CHAIR)


@beside(Code.BROUGHT_IT)
def _() -> Pair:
    """Also when it is the same person in another role."""
    listed = Story().submitted().listed()
    held = {"outcome": Outcome.HELD_OVER}
    return (
        said(listed, Action.CONSIDER, Role.CHAIR, actor="officer", **held),
        said(listed, Action.CONSIDER, Role.CHAIR, actor="another", **held),
    )


@beside(Code.QUESTION_NOT_SETTLED)
def _() -> Pair:
    """An interview ordered on the way to a decision is no answer; one asked for is."""
    ordered = {"outcome": Outcome.INQUIRY_ORDERED, "inquiry": "interview"}
    interim = Story().submitted().heard(**ordered)
    asked = Story().submitted(question=Question.ADDITIONAL_INTERVIEW).heard(**ordered)
    return said(interim, Action.FOLLOW_THROUGH), said(asked, Action.FOLLOW_THROUGH)


@beside(Code.IN_THE_FUTURE)
def _() -> Pair:
    draft = Story().does(Action.OPEN)
    tomorrow = draft.today + timedelta(days=1)
    return (
        said(draft, Action.SUBMIT, day=tomorrow, recorded_on=draft.today),
        said(draft, Action.SUBMIT, day=draft.today, recorded_on=tomorrow),
    )


@beside(Code.BEFORE_PREVIOUS)
def _() -> Pair:
    queued = Story().submitted()
    last = queued.now.last_on
    return (
        said(queued, Action.WITHDRAW, day=last - timedelta(days=1)),
        said(queued, Action.WITHDRAW, day=last),
    )


@beside(Code.RECORDED_BEFORE_PREVIOUS)
def _() -> Pair:
    """The record never runs back along an escalation, also when what happened does not."""

    def recorded(later: int) -> Result:
        dossier, story = Dossier("V-1"), Story()
        opening = story.attempt(Action.OPEN, Role.OFFICER, case=str(UUID(int=1)))
        _recorded(dossier, opening)
        day = opening.occurred_on
        submission = story.attempt(
            Action.SUBMIT, Role.OFFICER, day=day, recorded_on=day + timedelta(days=later)
        )
        return _recorded(dossier, submission)

    return recorded(-1), recorded(0)


def _recorded(dossier: Dossier, act: Act) -> Result:
    return record(
        dossier,
        act,
        {},
        Batch(),
        case_book=lambda _: [],
        act_book=lambda: (),
        opening_version=1,
    )


@beside(Code.PANEL_OF_OTHER_LEVEL)
def _() -> Pair:
    queued = Story().submitted()
    return (
        said(queued, Action.LIST, Role.SECRETARY, panel=PANELS["national"]),
        said(queued, Action.LIST, Role.SECRETARY, panel=PANELS["local"]),
    )


@beside(Code.PANEL_OF_OTHER_LOCATION)
def _() -> Pair:
    elsewhere = Story().submitted(location="Ter Apel")
    return (
        said(elsewhere, Action.LIST, Role.SECRETARY, panel=PANELS["local"]),
        said(Story().submitted(), Action.LIST, Role.SECRETARY, panel=PANELS["local"]),
    )


@beside(Code.MEETING_BEFORE_LISTING)
def _() -> Pair:
    queued = Story().submitted()
    yesterday = queued.today - timedelta(days=1)
    return (
        said(queued, Action.LIST, Role.SECRETARY, meeting_on=yesterday),
        said(queued, Action.LIST, Role.SECRETARY, meeting_on=queued.today),
    )


@beside(Code.NOT_THE_MEETING_DAY)
def _() -> Pair:
    listed = Story().submitted().listed()
    held = {"outcome": Outcome.HELD_OVER}
    later = listed.today + timedelta(days=1)
    return (
        said(listed, Action.CONSIDER, Role.CHAIR, day=later, **held),
        said(listed, Action.CONSIDER, Role.CHAIR, **held),
    )


@beside(Code.OUTCOME_UNKNOWN)
def _() -> Pair:
    listed = Story().submitted().listed()
    return (
        said(listed, Action.CONSIDER, Role.CHAIR, outcome="drawn_by_lot"),
        said(listed, Action.CONSIDER, Role.CHAIR, outcome=Outcome.HELD_OVER),
    )


@beside(Code.OUTCOME_NOT_AT_LEVEL)
def _() -> Pair:
    """Only where nobody stands above can a case remain unresolved."""
    local = Story().submitted().listed()
    national = Story().submitted().referred_up().listed()
    return (
        said(local, Action.CONSIDER, Role.CHAIR, outcome=Outcome.UNRESOLVED),
        said(national, Action.CONSIDER, Role.CHAIR, outcome=Outcome.UNRESOLVED),
    )


@beside(Code.OUTCOME_NOT_FOR_QUESTION)
def _() -> Pair:
    decision = Story().submitted().listed()
    interview = Story().submitted(question=Question.ADDITIONAL_INTERVIEW).listed()
    return (
        said(decision, Action.CONSIDER, Role.CHAIR, outcome=Outcome.INQUIRY_NOT_NEEDED),
        said(interview, Action.CONSIDER, Role.CHAIR, outcome=Outcome.INQUIRY_NOT_NEEDED),
    )


@beside(Code.FIELD_REQUIRED)
def _() -> Pair:
    listed = Story().submitted().listed()
    decided = {"outcome": Outcome.DECIDED}
    return (
        said(listed, Action.CONSIDER, Role.CHAIR, **decided),
        said(listed, Action.CONSIDER, Role.CHAIR, **decided, ruling="against"),
    )


@beside(Code.FIELD_NOT_ALLOWED)
def _() -> Pair:
    listed = Story().submitted().listed()
    return (
        said(listed, Action.CONSIDER, Role.CHAIR, outcome=Outcome.HELD_OVER, ruling="against"),
        said(listed, Action.CONSIDER, Role.CHAIR, outcome=Outcome.HELD_OVER),
    )


@beside(Code.CORRECTS_UNKNOWN)
def _() -> Pair:
    """The next number is the correction's own: it cannot correct itself."""
    submitted = Story().submitted()
    return submitted.judged(3, ground="other"), submitted.judged(1, ground="other")


@beside(Code.CORRECTS_NOTHING)
def _() -> Pair:
    submitted = Story().submitted()
    empty = submitted.attempt(Action.CORRECT, Role.OFFICER, replaces="1", **{"with": {}})
    return judge(VERSION_1, submitted.acts, empty), submitted.judged(1, ground="other")


@beside(Code.VOID_OR_WITH)
def _() -> Pair:
    submitted = Story().submitted()
    return submitted.judged(2, void=True, occurred_on=submitted.today), submitted.judged(
        2, void=True
    )


@beside(Code.OPEN_STILL_NEEDED)
def _() -> Pair:
    submitted = Story().submitted()
    undone = Story().submitted().corrected(2, void=True)
    return submitted.judged(1, void=True), undone.judged(1, void=True)


@beside(Code.LATER_ACTION_IN_THE_WAY)
def _() -> Pair:
    """What was carried out cannot turn out never to have been decided."""
    settled = Story().submitted().decided()
    carried_out = Story().submitted().decided().does(Action.FOLLOW_THROUGH)
    held = Outcome.HELD_OVER
    return carried_out.judged(4, outcome=held), settled.judged(4, outcome=held)


@pytest.mark.parametrize(
    ("action", "role", "field"),
    [
        (Action.SUBMIT, Role.OFFICER, None),
        (Action.WITHDRAW, Role.OFFICER, "reason"),
        (Action.LAPSE, Role.CHAIR, "reason"),
    ],
)
def test_what_the_table_asks_for_is_asked_for(
    action: Action, role: Role, field: str | None
) -> None:
    draft = Story().does(Action.OPEN)
    assert isinstance(said(draft, action, role), Step)
    if field:
        empty = said(draft, action, role, **{field: None})
        assert empty == Refusal(Code.FIELD_REQUIRED, {"field": field})


def test_whoever_deviates_says_why_and_nobody_else() -> None:
    settled = Story().submitted().decided()
    for result, reasons in (("deviated", "Verzonnen."), ("carried_out", None)):
        assert isinstance(
            said(settled, Action.FOLLOW_THROUGH, result=result, reasons=reasons), Step
        )
    silent = said(settled, Action.FOLLOW_THROUGH, result="deviated")
    assert silent == Refusal(Code.FIELD_REQUIRED, {"field": "reasons"})
    talkative = said(settled, Action.FOLLOW_THROUGH, reasons="Verzonnen.")
    assert talkative == Refusal(Code.FIELD_NOT_ALLOWED, {"field": "reasons"})


def test_a_correction_is_never_decided_from_a_state() -> None:
    submitted = Story().submitted()
    with pytest.raises(ValueError, match="whole history"):
        said(submitted, Action.CORRECT, replaces="1", void=True)


@beside(Code.TAGGED_BY_POLICY)
def _() -> Pair:
    story = Story().submitted().does(Action.TAG, Role.POLICY_ADVISER, reason="Verzonnen.")
    return story.judged(3, Role.CHAIR, void=True), story.judged(3, Role.POLICY_ADVISER, void=True)


@beside(Code.NOT_TAGGED_BY_POLICY)
def _() -> Pair:
    story = Story().submitted().does(Action.TAG, Role.CHAIR)
    return story.judged(3, Role.POLICY_ADVISER, void=True), story.judged(3, Role.CHAIR, void=True)


def test_policy_says_why_a_case_shows_a_theme_and_who_was_there_may() -> None:
    closed = Story().submitted().decided().does(Action.FOLLOW_THROUGH)
    for role, reason in ((Role.POLICY_ADVISER, "Verzonnen."), (Role.CHAIR, None)):
        assert isinstance(said(closed, Action.TAG, role, reason=reason), Step)
    silent = said(closed, Action.TAG, Role.POLICY_ADVISER)
    assert silent == Refusal(Code.FIELD_REQUIRED, {"field": "reason"})
