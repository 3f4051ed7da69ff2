"""What the table asks besides phase and role, each a question with one answer: a refusal, or None.

Conditions hang on who asks and where the escalation stands; checks look at what was filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import EXPLAINS, At, OutcomeRow, Procedure
from kdt.procedure.state import Act, State
from kdt.vocabulary import Result, Role

# `actor` is None where retention detached it: what was once accepted is then not judged anew.
Condition = Callable[[State, str | None], Refusal | None]
Check = Callable[[Procedure, State, Act], Refusal | None]


def not_who_brought_it(state: State, actor: str | None) -> Refusal | None:
    """Four eyes: who brought an escalation never records its outcome."""
    if actor is not None and actor == state.brought_by:
        return Refusal(Code.BROUGHT_IT)
    return None


def question_is_settled(state: State, _actor: str | None) -> Refusal | None:
    """Follow-through waits for the answer; an interim inquiry is none."""
    return None if state.settled else Refusal(Code.QUESTION_NOT_SETTLED)


def panel_fits(procedure: Procedure, state: State, act: Act) -> Refusal | None:
    """A panel takes what waits at its level; a local one, what was brought from its location."""
    panel = act.panel
    if panel is None:
        return Refusal(Code.FIELD_REQUIRED, {"field": "panel"})
    if panel.level != state.level:
        return Refusal(Code.PANEL_OF_OTHER_LEVEL, {"panel": panel.id, "level": state.level})
    if procedure.ladder.level(panel.level).per_location and panel.location != state.location:
        return Refusal(
            Code.PANEL_OF_OTHER_LOCATION, {"panel": panel.id, "location": state.location}
        )
    return None


def meeting_not_before_listing(_procedure: Procedure, _state: State, act: Act) -> Refusal | None:
    """Nothing is put on the agenda of a day gone by."""
    meeting_on = act.day("meeting_on")
    if meeting_on < act.occurred_on:
        return Refusal(
            Code.MEETING_BEFORE_LISTING, {"meeting_on": meeting_on, "occurred_on": act.occurred_on}
        )
    return None


def on_the_meeting_day(_procedure: Procedure, state: State, act: Act) -> Refusal | None:
    """A consideration happens on the day of its meeting."""
    if act.occurred_on != state.meeting_on:
        return Refusal(
            Code.NOT_THE_MEETING_DAY,
            {"meeting_on": state.meeting_on, "occurred_on": act.occurred_on},
        )
    return None


def outcome_open(procedure: Procedure, state: State, row: OutcomeRow) -> Refusal | None:
    """Whether an outcome is open at this level and for this question."""
    is_top = state.level == procedure.ladder.top
    if (row.at is At.TOP and not is_top) or (row.at is At.BELOW_TOP and is_top):
        return Refusal(Code.OUTCOME_NOT_AT_LEVEL, {"outcome": row.code, "level": state.level})
    if state.question not in row.questions:
        return Refusal(
            Code.OUTCOME_NOT_FOR_QUESTION, {"outcome": row.code, "question": state.question}
        )
    return None


def outcome_fits(procedure: Procedure, state: State, act: Act) -> Refusal | None:
    """The outcome is open here, and carries its own detail and no other; only an ordered inquiry is
    explained."""
    code = act.word("outcome")
    if refusal := outcome_with(procedure, state, code, act.values):
        return refusal
    if procedure.outcome[code].detail != "inquiry":
        for name in EXPLAINS:
            if name in act.values or name in act.prose:
                return Refusal(Code.FIELD_NOT_ALLOWED, {"field": name, "outcome": code})
    return None


def outcome_with(
    procedure: Procedure, state: State, code: str, values: Mapping[str, object]
) -> Refusal | None:
    """The same of an outcome that is not given yet."""
    row = procedure.outcome.get(code)
    if row is None:
        return Refusal(Code.OUTCOME_UNKNOWN, {"outcome": code})
    if refusal := outcome_open(procedure, state, row):
        return refusal
    for name in procedure.details:
        given = name in values
        if given and name != row.detail:
            return Refusal(Code.FIELD_NOT_ALLOWED, {"field": name, "outcome": code})
        if not given and name == row.detail and row.detail_required:
            return Refusal(Code.FIELD_REQUIRED, {"field": name})
    return None


def deviation_has_reasons(_procedure: Procedure, _state: State, act: Act) -> Refusal | None:
    """Whoever deviates says why; whoever carries out has nothing to explain."""
    deviated = act.word("result") == Result.DEVIATED
    if deviated and "reasons" not in act.prose:
        return Refusal(Code.FIELD_REQUIRED, {"field": "reasons"})
    if not deviated and "reasons" in act.prose:
        return Refusal(Code.FIELD_NOT_ALLOWED, {"field": "reasons"})
    return None


def says_why(role: Role) -> bool:
    """Whether whoever tags in this role says why: who was there has the reasons of the outcome."""
    return role is Role.POLICY_ADVISER


def policy_says_why(_procedure: Procedure, _state: State, act: Act) -> Refusal | None:
    """Policy, which was not there when it was discussed, says why a case shows a theme."""
    if says_why(act.role) and "reason" not in act.prose:
        return Refusal(Code.FIELD_REQUIRED, {"field": "reason"})
    return None


def theirs(role: Role, about: Act) -> Refusal | None:
    """Whether a role corrects this act: what policy tagged is corrected by policy, and nothing else
    is; what officers and panels saw in a case stays their word."""
    by_policy = about.role is Role.POLICY_ADVISER
    if by_policy is (role is Role.POLICY_ADVISER):
        return None
    return Refusal(Code.TAGGED_BY_POLICY if by_policy else Code.NOT_TAGGED_BY_POLICY)
