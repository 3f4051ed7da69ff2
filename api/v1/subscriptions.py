"""To which addresses it is told that figures were released, and what became of that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.inputs import In, Name
from api.v1.models import Items, Out
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.publications import subscribing
from kdt.publications.subscriptions import Subscription, subscription, subscriptions
from kdt.store.transaction import reading

router = APIRouter(prefix="/event-subscriptions", tags=["events"])


class EventDelivery(Out):
    """A release, told to one address: how often that was tried, what became of it (none: still to
    be told) and what went wrong at the last attempt."""

    publication: str
    attempts: int
    told: str | None
    problem: str | None
    told_at: datetime | None


class EventSubscription(Out):
    """An address that is told of releases, until it `stands` no more."""

    id: str
    address: str
    stands: bool
    since: datetime
    deliveries: list[EventDelivery]


class NewEventSubscription(In):
    """An address to be told: `https`, and not on a network of one's own."""

    address: Annotated[str, Field(json_schema_extra={"format": "uri"})]


@router.get(
    "",
    summary="Adressen die van vrijgaven horen",
    response_model=Items[EventSubscription],
    responses=READ,
)
def list_subscriptions(request: Request, actors: Acting) -> Mapping[str, Any]:
    """De adressen, het nieuwste eerst, met wat er aan elk is verteld. Voor een beheerder."""
    _subscribing(actors)
    with reading(context(request).store) as connection:
        found = subscriptions(connection)
    return {"items": [_shown(one) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Schrijf een adres in",
    response_model=EventSubscription,
    responses=WRITE,
)
def create_subscription(
    request: Request, response: Response, actors: Acting, key: Key, new: NewEventSubscription
) -> Mapping[str, Any]:
    """Daarheen gaat bij elke vrijgave een ondertekend CloudEvent, zonder getallen en zonder
    tekst."""
    here, actor = context(request), _subscribing(actors)
    local = here.settings.tells_local
    made = subscribing.begin(here.store, actor, new.address, local=local, key=key)
    response.headers["Location"] = href(request, "event-subscriptions", made)
    return _found(request, made)


@router.get(
    "/{subscription}",
    summary="Een adres dat van vrijgaven hoort",
    response_model=EventSubscription,
    responses=READ_ONE,
)
def get_subscription(request: Request, actors: Acting, subscription: Name) -> Mapping[str, Any]:
    """Een adres, met wat eraan is verteld."""
    _subscribing(actors)
    return _found(request, subscription)


@router.delete(
    "/{subscription}",
    status_code=204,
    summary="Beëindig een inschrijving",
    responses=WRITE_ONE,
)
def end_subscription(request: Request, actors: Acting, subscription: Name) -> None:
    """Daarheen gaat niets meer, ook niet wat nog wachtte."""
    subscribing.end(context(request).store, _subscribing(actors), subscription)


def _subscribing(actors: Sequence[Actor]) -> Actor:
    return permissions.holding(actors, Right.SUBSCRIBE)


def _found(request: Request, wanted: str) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        one = subscription(connection, wanted)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    return _shown(one)


def _shown(one: Subscription) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "address": one.address,
        "stands": one.stands,
        "since": one.since,
        "deliveries": [
            {name: getattr(each, name) for name in EventDelivery.model_fields}
            for each in one.deliveries
        ],
    }
