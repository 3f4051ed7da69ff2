"""What may be done with an escalation, as buttons; and the ladder as a line of steps. Both are read
from the procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from api.pages.rendering import capital, day, url
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.cases.view import Entry, EscalationView
from kdt.procedure import FIELDS, VERSIONS, Available, Leads, Refusal, State, To
from kdt.procedure.state import ENDED
from kdt.vocabulary import Action

# These are reached from the entry or from the meeting they are about.
_ELSEWHERE = frozenset({Action.CORRECT})


@dataclass(frozen=True, slots=True)
class Button:
    """An action on offer, or why it is not."""

    name: str
    label: str
    href: str
    enabled: bool
    reason_if_not: str | None
    fields: bool
    danger: bool
    # Whether it takes the escalation on; what does not is never the first thing to do.
    onward: bool


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One step of the ladder: done, current or todo."""

    label: str
    detail: str | None
    state: str


def buttons(request: Request, found: EscalationView) -> list[Button]:
    """The buttons of an escalation, in the order of the table."""
    return [_button(request, found, one) for one in found.actions if one.action not in _ELSEWHERE]


def is_final(action: Action, state: State) -> bool:
    """Whether an action ends the escalation for good."""
    rule = VERSIONS[state.version].by_place.get((action, state.phase))
    return rule is not None and isinstance(rule.to, To) and rule.to.phase in ENDED


def button_label(action: Action) -> str:
    """What the button of an action says."""
    return words.say(f"button.{action}")


def path(found: EscalationView, action: Action) -> str:
    """Where an action is done: a consideration at its meeting, everything else on its own."""
    state = found.state
    if action is Action.CONSIDER and state.panel and state.meeting_on:
        return f"/meetings/{state.panel}/{state.meeting_on.isoformat()}?item={found.id}"
    return f"/escalations/{found.id}/{action}"


def ladder(state: State, opened_on: date) -> list[LadderStep]:
    """From who brought it, by every level it was or may yet be at, to how it ended."""
    with_officer = state.question_open and state.waiting_at is None
    steps = [
        LadderStep(
            capital(words.say("role.officer")),
            _now(state) if with_officer else day(opened_on),
            "current" if with_officer else "done",
        )
    ]
    for level in VERSIONS[state.version].ladder.levels:
        here = state.waiting_at == level.code
        been = level.code in state.reached
        if been or state.question_open:
            steps.append(
                LadderStep(
                    capital(words.say(f"level.{level.code}")),
                    _now(state) if here else None,
                    "current" if here else "done" if been else "todo",
                )
            )
    ended = capital(_now(state)) if not state.question_open else words.say("page.answer")
    steps.append(LadderStep(ended, None, "todo" if state.question_open else "current"))
    return steps


def uncorrectable(found: EscalationView, person: Person, entry: Entry) -> Refusal | None:
    """Why this person may not correct this entry: what the service would say before it looks at
    what was filled in."""
    refusal = offered(found.actions, Action.CORRECT).refusal
    if refusal is not None:
        return refusal
    refusals = [
        permissions.may_correct(actor, entry.about, entry.considered_by, found.matter)
        for actor in person.actors
        if permissions.sees(actor, found.matter)
    ]
    return None if None in refusals else refusals[0]


def reason(offered: Available) -> str | None:
    """Why an action is not open now."""
    return words.sentence(offered.refusal) if offered.refusal else None


def offered(actions: Sequence[Available], action: Action) -> Available:
    """What is said of one action; KeyError when the procedure does not know it."""
    return {one.action: one for one in actions}[action]


def _button(request: Request, found: EscalationView, one: Available) -> Button:
    rule = VERSIONS[found.state.version].by_place.get((one.action, found.state.phase))
    return Button(
        one.action,
        button_label(one.action),
        url(request, path(found, one.action)),
        one.enabled,
        reason(one),
        bool(FIELDS[one.action]),
        is_final(one.action, found.state),
        rule is not None and rule.to is not Leads.NOWHERE,
    )


def _now(state: State) -> str:
    return words.say(f"phase.{state.phase}")
