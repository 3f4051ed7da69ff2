"""Escalations that belong together, though they are about several cases."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Response
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Key, href
from api.v1.escalations import read_by
from api.v1.inputs import In, Name
from api.v1.models import Items, Out
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import families, view
from kdt.cases import queries as cases
from kdt.errors import NotFound
from kdt.store.transaction import reading

router = APIRouter(prefix="/escalations/{escalation}/family", tags=["escalations"])


class NewRelation(In):
    """The other escalation, which may be in a family already, and why they belong together."""

    escalation: Name
    reason: str


class Departure(In):
    """That it does not belong with the others after all, and why."""

    left: Literal[True]
    reason: str


class FamilyReceipt(Out):
    """The family an escalation is in; `family` is a random id, null when it is in none."""

    escalation: str
    family: str | None


@router.get(
    "",
    summary="Wat bij een voorlegging hoort",
    response_model=Items[models.EscalationRow],
    responses=READ_ONE,
)
def list_family(request: Request, actors: Acting, escalation: Name) -> Mapping[str, Any]:
    """De andere voorleggingen die hier volgens officer, secretaris of voorzitter bij horen, voor
    zover u ze mag zien. Wat over dezelfde zaak gaat, staat er niet bij: dat hoort vanzelf bij
    elkaar."""
    with reading(context(request).store) as connection:
        read_by(connection, actors, escalation)
        return {"items": cases.family(connection, actors, escalation)}


@router.post(
    "",
    status_code=201,
    summary="Leg vast dat twee voorleggingen bij elkaar horen",
    response_model=FamilyReceipt,
    responses=WRITE_ONE,
)
def join_family(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    idempotency_key: Key,
    new: NewRelation,
) -> FamilyReceipt:
    """Voor wie met de zaak verdergaat, en voor secretaris en voorzitter van het KDT waar zij ligt.
    Zij worden samen besproken en krijgen elk een uitkomst."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, actors, escalation)
    family = families.join(
        store, actor, escalation, new.escalation, new.reason, key=idempotency_key
    )
    response.headers["Location"] = href(request, "escalations", escalation, "family")
    return FamilyReceipt(escalation=escalation, family=family)


@router.patch(
    "",
    summary="Leg vast dat een voorlegging toch niet bij de andere hoort",
    response_model=FamilyReceipt,
    responses=WRITE_ONE,
)
def leave_family(
    request: Request, actors: Acting, escalation: Name, change: Departure
) -> FamilyReceipt:
    """Dat zij erbij hoorde en eruit ging, blijft in het register te zien."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, actors, escalation)
    families.leave(store, actor, escalation, change.reason)
    return FamilyReceipt(escalation=escalation, family=None)


def _actor(connection: Connection, actors: Sequence[Actor], escalation: str) -> Actor:
    matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    able = permissions.relating(actors, matter)
    return able or permissions.holding(actors, Right.RELATE)
