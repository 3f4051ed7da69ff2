"""Around an escalation: who takes no part in it, who goes on with it, and what one of a colleague
is read for."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BeforeValidator
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.inputs import In, Name
from api.v1.models import Items, Out
from api.v1.responses import READ, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.cases import around, view
from kdt.errors import Forbidden, NotFound
from kdt.store.transaction import reading
from kdt.vocabulary import Purpose, Role

router = APIRouter(tags=["colleagues"])

# Written as its code.
PurposeCode = Annotated[Purpose, BeforeValidator(Purpose)]


class Recusal(Out):
    """Somebody takes no part in what a panel decides of an escalation."""

    escalation: str
    person: str
    role: Role
    location: str | None


class Holder(Out):
    """Somebody, and how many escalations they go on with that you may hand over."""

    person: str
    escalations: int


class HandOver(Out):
    """How many escalations went to a colleague, and how many stayed, being of a location where the
    colleague brings no cases."""

    giver: str
    taker: str
    went: int
    stayed: int


class StatedPurpose(Out):
    """Which escalations you may read on a day, and what for."""

    escalations: list[str]
    purpose: Purpose
    stated_on: date


class NewRecusal(In):
    """Who takes no part: somebody of the panel, or oneself."""

    person: Name


class NewHandOver(In):
    """Everything `giver` has in hand, as far as it may be handed over, goes to `taker`."""

    giver: Name
    taker: Name


class NewPurpose(In):
    """What a case is read for; `case` is its number, or the id of one escalation."""

    case: Name
    purpose: PurposeCode


@router.post(
    "/escalations/{escalation}/recusals",
    status_code=201,
    summary="Leg vast wie niet meebeslist",
    response_model=Recusal,
    responses=WRITE_ONE,
)
def recuse(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    key: Key,
    new: NewRecusal,
) -> Recusal:
    """Wie een belang heeft, beslist niet mee. Het kan zolang de voorlegging bij uw KDT ligt, en het
    blijft staan."""
    store = context(request).store
    with reading(store) as connection:
        matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    sits = permissions.holder(actors, Right.RECUSE_SELF)
    if sits is None:
        raise Forbidden(words.say("forbidden.recuses"))
    actor = permissions.recusing(actors, matter) or sits
    out = around.recuse(store, actor, escalation, new.person, key=key)
    response.headers["Location"] = href(request, "escalations", escalation)
    return Recusal(escalation=escalation, person=out.person, role=out.role, location=out.location)


@router.get(
    "/holders",
    summary="Wie zaken in handen heeft",
    response_model=Items[Holder],
    responses=READ,
)
def list_holders(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Van wie u lopende voorleggingen mag overdragen, en hoeveel die er heeft."""
    if not around.may_hand_over(actors):
        raise Forbidden(words.say("forbidden.hands_over"))
    with reading(context(request).store) as connection:
        held = around.holders(connection, actors)
    return {"items": [{"person": one, "escalations": count} for one, count in held.items()]}


@router.post(
    "/hand-overs",
    status_code=201,
    summary="Draag zaken over",
    response_model=HandOver,
    responses=WRITE,
)
def hand_over(
    request: Request, response: Response, actors: Acting, key: Key, new: NewHandOver
) -> HandOver:
    """Een collega gaat verder met de lopende voorleggingen. Wie ze voorlegde blijft staan. Wat van
    een locatie is waarvan de collega geen zaken voorlegt, blijft waar het is."""
    done = around.hand_over(context(request).store, actors, new.giver, new.taker, key=key)
    response.headers["Location"] = href(request, "holders")
    return HandOver(giver=new.giver, taker=new.taker, **asdict(done))


@router.post(
    "/stated-purposes",
    status_code=201,
    summary="Zeg waarvoor u een zaak inziet",
    response_model=StatedPurpose,
    responses=WRITE_ONE,
)
def state_purpose(
    request: Request, response: Response, actors: Acting, key: Key, new: NewPurpose
) -> around.Stated:
    """Wat u opgeeft wordt vastgelegd; u kunt de zaak van een collega vandaag lezen, en er niets mee
    doen."""
    store = context(request).store
    stated = around.state_purpose(store, actors, new.case, new.purpose, key=key)
    response.headers["Location"] = href(request, "escalations", stated.escalations[-1])
    return stated
