"""What is proposed as the outcome of an escalation: shown with it, and the form to propose one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, outcomes
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import capital, see_other
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.cases import inputs, proposals, view
from kdt.cases.inputs import Inputs
from kdt.cases.proposals import Proposal
from kdt.errors import InvalidInput, NotFound
from kdt.procedure import VERSIONS, State, outcomes_at
from kdt.store.transaction import reading
from kdt.vocabulary import Action

router = APIRouter()

_PATH = "/escalations/{escalation}/propose"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as it is shown: who by name where that is known here, else by role."""

    outcome: str
    ruling: str | None
    inquiry: str | None
    reasons: str | None
    destroyed_on: date | None
    by: str
    at: datetime


def shown(one: Proposal, labels: Mapping[str, str]) -> Proposed:
    """A proposal as it is shown."""
    return Proposed(
        one.values["outcome"],
        one.values.get("ruling"),
        one.values.get("inquiry"),
        one.reasons if isinstance(one.reasons, str) else None,
        one.reasons if isinstance(one.reasons, date) else None,
        labels.get(one.person or "") or capital(words.say(f"role.{one.role}")),
        one.recorded_at,
    )


@router.get(_PATH)
def ask(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to propose an outcome, while it waits for a panel."""
    form, _, _ = _form(request, person, escalation)
    return changes.asked(request, form)


@router.post(_PATH)
def propose(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """Record the proposal, and go back to the escalation."""
    form, actor, state = _form(request, person, escalation)

    def record(given: Given) -> Response:
        read = inputs.read(Action.CONSIDER, outcomes.split(VERSIONS[state.version], given))
        if not isinstance(read, Inputs):
            raise InvalidInput(read, words.say("api.status.400"))
        proposals.propose(context(request).store, actor, escalation, read)
        return see_other(request, f"/escalations/{escalation}", "proposed")

    return changes.answered(request, form, posted, record)


def _form(request: Request, person: Person, escalation: str) -> tuple[Form, Actor, State]:
    # Nothing that was written of it is read for this.
    with reading(context(request).store) as connection:
        matter = view.matter(connection, person.actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    actor, state = proposals.proposer(person.actors, matter), matter.state
    procedure = VERSIONS[state.version]
    choice = outcomes.field(procedure, outcomes_at(procedure, state))
    hint = words.say("proposal.reasons_hint")
    reasons = Field("reasons", words.say("proposal.reasons"), "textarea", required=True, hint=hint)
    here = f"/escalations/{escalation}"
    back = (here, f"Zaak {escalation}")
    return Form("proposal", f"{here}/propose", back, (choice, reasons)), actor, state
