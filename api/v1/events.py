"""Events: what was recorded, as CloudEvents by the NL GOV profile, for other systems to follow."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, cursor, href, next_link, place
from api.v1.responses import READ
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.cases import outgoing
from kdt.cases.outgoing import BEGINNING, Outgoing, Place
from kdt.errors import Forbidden
from kdt.store.transaction import reading

SOURCE = "urn:nld:systeem:kdt"
MEDIA_TYPE = "application/cloudevents-batch+json"
PAGE = 100
LARGEST_PAGE = 1000
_LARGEST_NUMBER = 2**63 - 1

router = APIRouter(prefix="/events", tags=["events"])


class Batch(Response):
    """A batch of CloudEvents."""

    media_type = MEDIA_TYPE


@router.get(
    "",
    summary="Gebeurtenissen",
    response_class=Batch,
    response_model=None,
    responses={
        200: {
            "description": "Een reeks CloudEvents.",
            "content": {
                MEDIA_TYPE: {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}
                }
            },
        },
        **READ,
    },
)
def list_events(
    request: Request,
    actors: Acting,
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
) -> Response:
    """Wat er is vastgelegd, in een volgorde die niet verandert. Ga verder bij de Link in de kop:
    ook na een lege reeks, en zo wordt niets gemist."""
    if permissions.holder(actors, Right.FOLLOW) is None:
        raise Forbidden(words.say("api.no_role"))
    seen = BEGINNING if after is None else place(after, _place)
    with reading(context(request).store) as connection:
        found = outgoing.events(connection, seen, limit)
    last = found[-1].place if found else seen
    return Batch(
        models.Events([_event(request, one) for one in found]).model_dump_json(by_alias=True),
        headers={"Link": next_link(request, cursor(*last), "events")},
    )


def _event(request: Request, one: Outgoing) -> models.Event:
    return models.Event(
        specversion="1.0",
        id=f"{one.escalation}/{one.seq}",
        source=SOURCE,
        type=f"nl.kdt.escalation.{one.action}",
        subject=one.escalation,
        time=one.at,
        datacontenttype="application/json",
        dataref=href(request, "escalations", one.escalation),
        data={"escalation": one.escalation, "seq": one.seq},
    )


def _place(parts: list[Any]) -> Place:
    transaction, number = parts
    for one in (transaction, number):
        if type(one) is not int or not 0 <= one <= _LARGEST_NUMBER:
            raise ValueError("no place in the outbox")
    return transaction, number
