"""Standing in: who acts for you while you are away, and for whom you act."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.people import RoleCode
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import delegating
from kdt.access.delegating import Delegation
from kdt.access.permissions import Actor
from kdt.errors import Forbidden, NotFound
from kdt.store.transaction import reading

router = APIRouter(prefix="/delegations", tags=["colleagues"])

DelegationId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NewDelegation(In):
    """A colleague, and one of your own roles; without a location the national one, or the one that
    counts everywhere. Both days are included."""

    taker: Name
    role: RoleCode
    location: Name | None = None
    first_on: Day
    last_on: Day


@router.get(
    "", summary="Vervangingen", response_model=models.Items[models.Delegation], responses=READ
)
def list_delegations(request: Request, person: Asker) -> Mapping[str, Any]:
    """Uw vervangers, en de collega's die u vervangt: wat nog niet voorbij is, het eerste eerst."""
    with reading(context(request).store) as connection:
        return {"items": delegating.of_person(connection, person.id)}


@router.post(
    "",
    status_code=201,
    summary="Laat u vervangen",
    response_model=models.Delegation,
    responses=WRITE,
)
def delegate(
    request: Request, response: Response, actors: Acting, key: Key, new: NewDelegation
) -> Delegation:
    """Een collega die hier ook aan zaken werkt, handelt zolang ook in een rol van u, op eigen naam
    en namens u."""
    actor = Actor(actors[0].person, new.role, new.location)
    if actor not in actors:
        raise Forbidden(words.say("api.no_such_role"))
    store = context(request).store
    made = delegating.delegate(store, actor, new.taker, new.first_on, new.last_on, key=key)
    response.headers["Location"] = href(request, "delegations", str(made.id))
    return made


@router.get(
    "/{delegation}",
    summary="Een vervanging",
    response_model=models.Delegation,
    responses=READ_ONE,
)
def get_delegation(request: Request, person: Asker, delegation: DelegationId) -> Delegation:
    """Een vervanging van of door uzelf, die nog niet voorbij is."""
    with reading(context(request).store) as connection:
        return _found(connection, person.id, delegation)


@router.delete(
    "/{delegation}",
    summary="Beëindig een vervanging",
    response_model=models.Delegation,
    responses=WRITE_ONE,
)
def end_delegation(request: Request, person: Asker, delegation: DelegationId) -> Delegation:
    """U bent terug: de vervanging houdt nu op. Wat gedaan is, blijft gedaan."""
    return delegating.end(context(request).store, person.id, delegation)


def _found(connection: Connection, person: str, wanted: int) -> Delegation:
    for one in delegating.of_person(connection, person):
        if one.id == wanted:
            return one
    raise NotFound(words.say("refusal.not_found"))
