"""Suspending the legal term of a case: days on which it does not run."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BeforeValidator
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.escalations import read_by
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import suspending, view
from kdt.errors import NotFound
from kdt.names import invalid
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import SuspensionGround

router = APIRouter(prefix="/escalations/{escalation}/suspensions", tags=["escalations"])

# Written as its code.
GroundCode = Annotated[SuspensionGround, BeforeValidator(SuspensionGround)]
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]


class Suspension(Out):
    """The legal term does not run from `firstOn` to `lastOn`, both included; `lastOn` is null as
    long as nobody knows."""

    number: int
    first_on: date
    last_on: date | None
    ground: SuspensionGround


class NewSuspension(In):
    """From which day, until which where that is known, and on which ground."""

    first_on: Day
    last_on: Day | None = None
    ground: GroundCode


class SuspensionChange(In):
    """Its last day; or that it should not have been recorded, and counts no more."""

    last_on: Day | None = None
    withdrawn: bool = False


@router.get(
    "",
    summary="Opschortingen van de termijn",
    response_model=Items[Suspension],
    responses=READ_ONE,
)
def list_suspensions(request: Request, actors: Acting, escalation: Name) -> Mapping[str, Any]:
    """Wanneer de termijn niet liep, of niet loopt. De dag waarvoor moet worden beslist staat als
    `deadline` bij de voorlegging."""
    with reading(context(request).store) as connection:
        read_by(connection, actors, escalation)
        return {"items": suspending.suspensions_of(connection, escalation)}


@router.post(
    "",
    status_code=201,
    summary="Schort de termijn op",
    response_model=Suspension,
    responses=WRITE_ONE,
)
def suspend(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    key: Key,
    new: NewSuspension,
) -> suspending.Suspension:
    """Leg vast dat de termijn niet loopt. `decideBy` in het register blijft zoals het is."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, actors, escalation)
    response.headers["Location"] = href(request, "escalations", escalation)
    return suspending.suspend(
        store, actor, escalation, new.first_on, new.last_on, new.ground, key=key
    )


@router.patch(
    "/{number}",
    summary="Beëindig een opschorting, of trek haar in",
    response_model=Items[Suspension],
    responses=WRITE_ONE,
)
def change_suspension(
    request: Request, actors: Acting, escalation: Name, number: Number, change: SuspensionChange
) -> Mapping[str, Any]:
    """Noem de laatste dag, of zeg dat zij niet had moeten worden vastgelegd; u krijgt wat er dan
    staat."""
    store = context(request).store
    if (change.last_on is None) != change.withdrawn:
        raise invalid(Problem("unknown_field" if change.withdrawn else "missing", "lastOn"))
    with reading(store) as connection:
        actor = _actor(connection, actors, escalation)
    if change.last_on is None:
        suspending.withdraw(store, actor, escalation, number)
    else:
        suspending.end(store, actor, escalation, number, change.last_on)
    with reading(store) as connection:
        return {"items": suspending.suspensions_of(connection, escalation)}


def _actor(connection: Connection, actors: Sequence[Actor], escalation: str) -> Actor:
    matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    able = permissions.suspending(actors, matter)
    return able or permissions.holding(actors, Right.SUSPEND)
