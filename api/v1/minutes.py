"""The minutes of a meeting, and the chair's approval of them."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting
from api.v1.escalations import answer_out
from api.v1.inputs import Day, In, Name
from api.v1.meetings import found_meeting
from api.v1.models import Meeting as MeetingOut
from api.v1.models import Out, PanelAnswer
from api.v1.panels import panel_for
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.errors import NotFound
from kdt.meetings import minutes
from kdt.meetings.minutes import Item
from kdt.panels.slots import Meeting
from kdt.store.transaction import reading

router = APIRouter(prefix="/panels/{panel}/meetings/{heldOn}/minutes", tags=["meetings"])


class MinutesItem(Out):
    """A case that was discussed and what it came to; `corrected` is what stands since it was
    corrected after approval, and `voided` tells that nothing does; `consented` that it was recorded
    without discussion. `answer` is none where the case
    is not for who asks."""

    escalation: str
    late: str | None
    answer: PanelAnswer | None
    corrected: PanelAnswer | None
    voided: bool
    consented: bool


class Minutes(Out):
    """The minutes of a meeting; `present` is who was there. `digest` is of which entries they are:
    who approves sends it back. `approvedAt` is none as long as they are a draft."""

    panel: str
    held_on: date
    approved_at: datetime | None
    digest: str
    present: list[str]
    items: list[MinutesItem]
    not_reached: list[str]


class MinutesApproval(In):
    """The digest of the minutes that were read."""

    digest: str


@router.get("", summary="Het verslag van een overleg", response_model=Minutes, responses=READ_ONE)
def get_minutes(
    request: Request, actors: Acting, panel: Name, held_on: Annotated[Day, Path(alias="heldOn")]
) -> Minutes:
    """Wat is besproken en waar dat op uitkwam. Voor wie in dat KDT zit; de inzage van elke zaak
    wordt vastgelegd."""
    with reading(context(request).store) as connection:
        panel_for(connection, actors, panel)
        found = minutes.read(connection, actors, panel, held_on)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return Minutes(
        panel=panel,
        held_on=held_on,
        approved_at=found.approval.at if found.approval else None,
        digest=found.digest,
        present=list(found.present),
        items=[_item(one) for one in found.items],
        not_reached=[one.id for one in found.not_reached],
    )


@router.put(
    "/approval",
    summary="Stel het verslag vast",
    response_model=MeetingOut,
    responses=WRITE_ONE,
)
def approve_minutes(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    read: MinutesApproval,
) -> Meeting:
    """Voor de voorzitter, als het overleg is gesloten. Wat later wordt gecorrigeerd, komt erbij te
    staan."""
    minutes.approve(context(request).store, actors, panel, held_on, read.digest)
    return found_meeting(request, panel, held_on)


def _item(one: Item) -> MinutesItem:
    return MinutesItem(
        escalation=one.escalation,
        late=one.late,
        answer=answer_out(one.answer) if one.answer else None,
        corrected=answer_out(one.now) if one.now else None,
        voided=one.voided,
        consented=one.consented,
    )
