"""Who of a panel is at its meeting."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, Strict
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.panels import panel_for
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.access.permissions import Actor
from kdt.errors import NotFound
from kdt.meetings.attendance import attend, presences
from kdt.panels.patterns import LARGEST_ATTENDANCE
from kdt.panels.slots import meeting
from kdt.store.transaction import reading

router = APIRouter(prefix="/panels/{panel}/meetings/{heldOn}/attendance", tags=["meetings"])

# As many as a panel ever asks to be there.
People = Annotated[tuple[Name, ...], Strict(False), Field(max_length=LARGEST_ATTENDANCE)]
HeldOn = Annotated[Day, Path(alias="heldOn")]


class Presence(Out):
    """Somebody of the panel, whose seat they take, and from when until when they were there;
    `present`: whether they are now."""

    person: str
    stands_for: str
    present: bool
    arrived_at: datetime | None
    left_at: datetime | None


class AttendanceChange(In):
    """Who came in, and who went, by their ids."""

    arrived: People = ()
    left: People = ()


@router.get(
    "",
    summary="Wie er bij een overleg zijn",
    response_model=Items[Presence],
    responses=READ_ONE,
)
def list_attendance(
    request: Request, actors: Acting, panel: Name, held_on: HeldOn
) -> Mapping[str, Any]:
    """Iedereen die in dit KDT zit, met wie er is. Voor wie er ook in zit."""
    with reading(context(request).store) as connection:
        return _attendance(connection, actors, panel, held_on)


@router.patch(
    "",
    summary="Leg vast wie er is, en wie weg is",
    response_model=Items[Presence],
    responses=WRITE_ONE,
)
def enter_attendance(
    request: Request, actors: Acting, panel: Name, held_on: HeldOn, change: AttendanceChange
) -> Mapping[str, Any]:
    """Voor secretaris en voorzitter. Zodra er iemand is vastgelegd, kan er alleen een uitkomst
    worden vastgelegd als er genoeg mensen zijn. Dat iemand er was, blijft staan."""
    store = context(request).store
    attend(store, actors, panel, held_on, arrived=change.arrived, left=change.left)
    with reading(store) as connection:
        return _attendance(connection, actors, panel, held_on)


def _attendance(
    connection: Connection, actors: tuple[Actor, ...], panel: str, held_on: Day
) -> Mapping[str, Any]:
    named = panel_for(connection, actors, panel)
    found = meeting(connection, panel, held_on)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return {"items": presences(connection, named.location, found.id)}
