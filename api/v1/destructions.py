"""Destroying what is past its term: a selection, and what two people decide of it together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.inputs import In, Name
from api.v1.models import Items, Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.responses import READ, READ_ONE, WRITE_ONE
from api.v1.retention import WhatCode, keeper
from kdt import words
from kdt.errors import NotFound
from kdt.ledger.service import PRODUCT
from kdt.retention import service
from kdt.retention.queries import Selection, What, items, selections
from kdt.store.transaction import reading

router = APIRouter(tags=["retention"])


class DestructionStep(Out):
    """Something that was decided or done: by whom (none: KDT itself, or gone)."""

    fact: str
    person: str | None
    at: datetime
    reason: str | None


class Destruction(Out):
    """A selection for destruction, and what became of it. `digest` is that of its list: whoever
    confirms sends it back."""

    id: str
    what: What
    stage: str
    due_on: date
    escalations: int
    cases: int
    digest: str
    steps: list[DestructionStep]


class DestructionItem(Out):
    """A line of the list: what goes together has one `unit`. `result` is what became of it."""

    escalation: str
    unit: int
    seq: int
    ending: str
    since: date
    result: str | None


class NewDestruction(In):
    """What is to be destroyed of what is past its term today."""

    what: WhatCode


class Confirmation(In):
    """The digest of the list as it was seen."""

    digest: str


class Refusal(In):
    """Why a selection is let go."""

    reason: str


@router.get("/destructions", summary="Selecties", response_model=Items[Destruction], responses=READ)
def list_destructions(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Wat voor vernietiging is geselecteerd, de laatste eerst, en wat ervan kwam."""
    keeper(actors)
    with reading(context(request).store) as connection:
        return {"items": [_destruction(one) for one in selections(connection)]}


@router.post(
    "/destructions",
    status_code=201,
    summary="Maak een selectie",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def prepare_destruction(
    request: Request, response: Response, actors: Acting, key: Key, new: NewDestruction
) -> Mapping[str, Any]:
    """Leg vast wat er vernietigd gaat worden. Een andere functioneel beheerder bevestigt het."""
    made = service.prepare(context(request).store, keeper(actors), new.what, key=key)
    response.headers["Location"] = href(request, "destructions", made)
    return _found(request, made)


@router.get(
    "/destructions/{selection}",
    summary="Een selectie",
    response_model=Destruction,
    responses=READ_ONE,
)
def get_destruction(request: Request, actors: Acting, selection: Name) -> Mapping[str, Any]:
    """Een selectie, en wat er met haar gebeurde."""
    keeper(actors)
    return _found(request, selection)


@router.get(
    "/destructions/{selection}/items",
    summary="De lijst van een selectie",
    response_model=Items[DestructionItem],
    responses=READ_ONE,
)
def list_destruction_items(
    request: Request,
    response: Response,
    actors: Acting,
    selection: Name,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Wat er op de lijst staat, in de volgorde van haar digest."""
    keeper(actors)
    with reading(context(request).store) as connection:
        _one(connection, selection)
        listed = items(connection, selection)
    at = ("destructions", selection, "items")
    return {"items": page(request, response, listed, after, limit, *at)}


@router.post(
    "/destructions/{selection}/confirmations",
    status_code=201,
    summary="Bevestig een vernietiging",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def confirm_destruction(
    request: Request, actors: Acting, key: Key, selection: Name, confirmation: Confirmation
) -> Mapping[str, Any]:
    """Laat een selectie van iemand anders vernietigen. Dat kan niet ongedaan worden gemaakt."""
    actor, store = keeper(actors), context(request).store
    service.confirm(store, actor, selection, confirmation.digest, key=key)
    return _found(request, selection)


@router.post(
    "/destructions/{selection}/refusals",
    status_code=201,
    summary="Laat een selectie los",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def refuse_destruction(
    request: Request, actors: Acting, key: Key, selection: Name, refusal: Refusal
) -> Mapping[str, Any]:
    """Laat een selectie los: er wordt niets van vernietigd."""
    actor, store = keeper(actors), context(request).store
    service.refuse(store, actor, selection, refusal.reason, key=key)
    return _found(request, selection)


def _destruction(one: Selection) -> Mapping[str, Any]:
    said = one.prepared.values
    return {
        "id": one.id,
        "what": one.what,
        "stage": one.stage,
        **{name: said[name] for name in ("due_on", "escalations", "cases", "digest")},
        "steps": [
            {
                "fact": step.fact,
                "person": None if step.person == PRODUCT else step.person,
                "at": step.at,
                "reason": step.reason,
            }
            for step in one.steps
        ],
    }


def _found(request: Request, selection: str) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        return _destruction(_one(connection, selection))


def _one(connection: Connection, selection: str) -> Selection:
    for one in selections(connection, selection):
        return one
    raise NotFound(words.say("refusal.not_found"))
