"""What is said ahead of a meeting: what somebody proposes as the outcome of an escalation, and what
members of the panel think of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.bodies import invalid
from api.v1.escalations import prose, seen, warnings
from api.v1.inputs import In, Name
from api.v1.models import Items, Out, Prose, TextWarning
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.cases import inputs, positions, proposals, view
from kdt.cases.inputs import Inputs
from kdt.cases.proposals import Proposal
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Role, Stance

router = APIRouter(prefix="/escalations/{escalation}", tags=["ahead"])


class ProposedOutcome(Out):
    """An outcome that was proposed, by whom and why; `stands` of the one that counts now."""

    number: int
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    reasons: Prose | None
    role: Role
    person: str | None
    recorded_at: datetime
    stands: bool


class ProposalReceipt(Out):
    """A proposal that was recorded, by its number among what stands beside the escalation's log;
    with what its reasons seem to hold of a person."""

    escalation: str
    number: int
    warnings: list[TextWarning]


class NewProposal(In):
    """An outcome with what it carries, as a panel would record it, and why."""

    outcome: str
    ruling: str | None = None
    inquiry: str | None = None
    referral: str | None = None
    reasons: str


class GivenPosition(Out):
    """What was said in the seat of a member, why, and of which proposal, by its number."""

    person: str
    role: Role
    stance: Stance
    reasons: Prose | None
    proposal: int | None
    recorded_at: datetime


class PositionReceipt(Out):
    """A position that was recorded, with what its reasons seem to hold of a person."""

    escalation: str
    stance: Stance
    warnings: list[TextWarning]


class NewPosition(In):
    """What you think of what is proposed. Whoever agrees names the proposal that was read."""

    stance: Literal["agree", "discuss", "other", "recused"]
    reasons: str = ""
    proposal: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


@router.post(
    "/proposals",
    status_code=201,
    summary="Stel een uitkomst voor",
    response_model=ProposalReceipt,
    responses=WRITE_ONE,
)
def propose(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    idempotency_key: Key,
    new: NewProposal,
) -> ProposalReceipt:
    """Voor wie met de zaak verdergaat, en voor secretaris en voorzitter van het KDT waar zij ligt.
    Het nieuwste voorstel geldt, tot het KDT de zaak behandelt."""
    given = new.model_dump(by_alias=True, exclude_none=True)
    read = inputs.read(Action.CONSIDER, given)
    if not isinstance(read, Inputs):
        raise invalid(read)
    store = context(request).store
    with reading(store) as connection:
        matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    actor = proposals.proposer(actors, matter)
    number = proposals.propose(store, actor, escalation, read, key=idempotency_key)
    response.headers["Location"] = href(request, "escalations", escalation, "proposals")
    return ProposalReceipt(escalation=escalation, number=number, warnings=warnings(read))


@router.get(
    "/proposals",
    summary="Wat als uitkomst is voorgesteld",
    response_model=Items[ProposedOutcome],
    responses=READ_ONE,
)
def list_proposals(request: Request, actors: Acting, escalation: Name) -> Mapping[str, Any]:
    """Elk voorstel met zijn motivering, in volgorde."""
    with reading(context(request).store) as connection:
        found = seen(connection, actors, escalation)
    return {"items": [_proposed(one, stands=one is found.proposal) for one in found.proposals]}


@router.post(
    "/positions",
    status_code=201,
    summary="Geef vooraf een standpunt",
    response_model=PositionReceipt,
    responses=WRITE_ONE,
)
def take_position(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    idempotency_key: Key,
    new: NewPosition,
) -> PositionReceipt:
    """Voor wie in het KDT zit op welks agenda de zaak staat; te wijzigen tot zij aan de orde is.
    Bij een andere uitkomst hoort een motivering. Dat iemand niet meebeslist, blijft staan."""
    store, stance = context(request).store, Stance(new.stance)
    with reading(store) as connection:
        matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    actor = positions.seat(actors, matter)
    reasons = new.reasons
    positions.give(
        store, actor, escalation, stance, reasons, proposal=new.proposal, key=idempotency_key
    )
    response.headers["Location"] = href(request, "escalations", escalation, "positions")
    warned = warnings(Inputs({}, {"reasons": reasons}))
    return PositionReceipt(escalation=escalation, stance=stance, warnings=warned)


@router.get(
    "/positions",
    summary="Wat de leden er vooraf van vinden",
    response_model=Items[GivenPosition],
    responses=READ_ONE,
)
def list_positions(request: Request, actors: Acting, escalation: Name) -> Mapping[str, Any]:
    """Zolang de zaak bij een KDT ligt, en voor wie daarin zit; voor anderen is de lijst leeg."""
    with reading(context(request).store) as connection:
        found = seen(connection, actors, escalation)
    return {
        "items": [
            GivenPosition(
                person=one.person,
                role=one.role,
                stance=one.stance,
                reasons=None if one.reasons is None else prose(one.reasons),
                proposal=one.proposal,
                recorded_at=one.recorded_at,
            )
            for one in found.positions
        ]
    }


def _proposed(one: Proposal, *, stands: bool) -> ProposedOutcome:
    return ProposedOutcome(
        number=one.seq,
        outcome=one.values["outcome"],
        ruling=one.values.get("ruling"),
        inquiry=one.values.get("inquiry"),
        referral=one.values.get("referral"),
        reasons=None if one.reasons is None else prose(one.reasons),
        role=one.role,
        person=one.person,
        recorded_at=one.recorded_at,
        stands=stands,
    )
