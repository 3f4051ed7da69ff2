"""Closing meetings, which attests that all of it is recorded; and which nobody closed."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker, Key
from api.v1.inputs import Day, In, Name
from api.v1.meetings import found_meeting
from api.v1.models import Out
from api.v1.responses import READ, WRITE_ONE
from kdt.meetings import closing
from kdt.panels.coverage import gaps
from kdt.panels.slots import Meeting
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Attested, Reopening

router = APIRouter(tags=["meetings"])


class Attestation(In):
    """What is attested, and how much the person saw that was considered."""

    attested: Literal["everything", "nothing"]
    considered: Annotated[int, Field(ge=0, le=32767)]


class ReopeningReason(In):
    """Why a meeting that was closed is opened again."""

    reason: Literal["forgotten", "mistaken", "other"]


class UnattestedMeeting(Out):
    """A meeting that was planned and that nobody closed."""

    panel: str
    held_on: date


@router.get(
    "/unattested-meetings",
    summary="Overleggen die niemand heeft gesloten",
    response_model=models.Items[UnattestedMeeting],
    responses=READ,
)
def list_unattested(request: Request, _person: Asker) -> Mapping[str, Any]:
    """Geplande overleggen van voor vandaag, van locaties die meedoen, het laatste eerst."""
    with reading(context(request).store) as connection:
        return {"items": gaps(connection, today(connection))}


@router.put(
    "/panels/{panel}/meetings/{heldOn}/attestation",
    summary="Sluit een overleg",
    response_model=models.Meeting,
    responses=WRITE_ONE,
)
def attest(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    said: Attestation,
) -> Meeting:
    """Verklaar dat alles wat is besproken, is vastgelegd, of dat er niets is besproken. Wat niet
    aan de beurt kwam, gaat terug naar de wachtrij."""
    attested = Attested(said.attested)
    closing.close(context(request).store, actors, panel, held_on, attested, said.considered)
    return found_meeting(request, panel, held_on)


@router.post(
    "/panels/{panel}/meetings/{heldOn}/reopenings",
    status_code=201,
    summary="Heropen een overleg",
    response_model=models.Meeting,
    responses=WRITE_ONE,
)
def reopen(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    key: Key,
    why: ReopeningReason,
) -> Meeting:
    """Omdat er nog iets bij moet. Dat het heropend is, blijft zichtbaar; sluit het daarna weer."""
    store = context(request).store
    closing.reopen(store, actors, panel, held_on, Reopening(why.reason), key=key)
    return found_meeting(request, panel, held_on)
