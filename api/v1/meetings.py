"""Meetings of a panel: when it sits, what is listed, and what was considered."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker
from api.v1.inputs import Day, Hour, In, Name
from api.v1.panels import panel_for
from api.v1.responses import READ_ONE, WRITE_ONE
from kdt import words
from kdt.cases import before_panel, ordering
from kdt.errors import NotFound
from kdt.meetings import arranging
from kdt.panels import agendas, queries, slots
from kdt.panels.slots import Meeting
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import MeetingKind, Placing

router = APIRouter(prefix="/panels/{panel}/meetings", tags=["meetings"])

_AHEAD = timedelta(weeks=4)


class NewMeeting(In):
    """One more meeting of a panel; the hour and the place are those of its pattern when left
    out."""

    kind: Literal["extraordinary", "written"]
    reason: Name
    starts_at: Hour | None = None
    place: str | None = None


class MeetingChange(In):
    """When and where a meeting is instead; what is left out stays."""

    held_on: Day | None = None
    starts_at: Hour | None = None
    place: str | None = None
    reason: Name


class Cancellation(In):
    """Why a meeting does not go through."""

    reason: Name


class ItemPlace(In):
    """The place of an item, the first is 1, and why."""

    position: Annotated[int, Field(ge=1, le=999)]
    reason: Literal["together", "who_is_there", "urgent", "other"]


@router.get(
    "",
    summary="De overleggen van een KDT",
    response_model=models.Items[models.Meeting],
    responses=READ_ONE,
)
def list_meetings(
    request: Request,
    _person: Asker,
    panel: Name,
    first: Annotated[Day | None, Query(alias="from")] = None,
    until: Day | None = None,
) -> Mapping[str, Any]:
    """De overleggen van de eerste tot en met de laatste dag; zonder dagen van vandaag en de vier
    weken daarna."""
    with reading(context(request).store) as connection:
        if panel not in {one.id for one in queries.all_panels(connection)}:
            raise NotFound(words.say("refusal.not_found"))
        begin = first or today(connection)
        return {"items": slots.meetings_of(connection, panel, begin, until or begin + _AHEAD)}


@router.get(
    "/{heldOn}",
    summary="Een overleg met zijn agenda",
    response_model=models.Agenda,
    responses=READ_ONE,
)
def get_meeting(
    request: Request, actors: Acting, panel: Name, held_on: Annotated[Day, Path(alias="heldOn")]
) -> models.Agenda:
    """Wat op de agenda staat, in volgorde, en wat er behandeld is. Voor wie in dat KDT zit."""
    with reading(context(request).store) as connection:
        panel_for(connection, actors, panel)
        found = slots.meeting(connection, panel, held_on)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        return models.Agenda.model_validate(
            {
                **asdict(found),
                "listed": before_panel.agenda(
                    connection,
                    panel,
                    held_on,
                    order=ordering.in_force(connection, today(connection)),
                ),
                "considered": before_panel.considered_at(connection, panel, held_on),
            }
        )


@router.get(
    "/{heldOn}/versions",
    summary="De versies van een agenda",
    response_model=models.Items[models.AgendaVersion],
    responses=READ_ONE,
)
def list_versions(
    request: Request, actors: Acting, panel: Name, held_on: Annotated[Day, Path(alias="heldOn")]
) -> Mapping[str, Any]:
    """Versie 1 is de agenda zoals die is opgesteld; elke wijziging daarna maakt een nieuwe."""
    with reading(context(request).store) as connection:
        panel_for(connection, actors, panel)
        found = slots.meeting(connection, panel, held_on)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        return {"items": agendas.versions(connection, found.id)}


@router.put(
    "/{heldOn}",
    summary="Voeg een overleg toe",
    response_model=models.Meeting,
    responses=WRITE_ONE,
)
def add_meeting(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    new: NewMeeting,
) -> Meeting:
    """Voeg op een dag zonder overleg een extra overleg of een schriftelijke ronde toe."""
    kind = MeetingKind(new.kind)
    arranging.add(
        context(request).store,
        actors,
        panel,
        held_on,
        kind,
        new.reason,
        starts_at=new.starts_at,
        place=new.place,
    )
    return found_meeting(request, panel, held_on)


@router.patch(
    "/{heldOn}",
    summary="Verplaats een overleg",
    response_model=models.Meeting,
    responses=WRITE_ONE,
)
def move_meeting(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    change: MeetingChange,
) -> Meeting:
    """Naar een andere dag, tijd of plaats; de agenda gaat in dezelfde volgorde mee."""
    to = change.held_on or held_on
    arranging.move(
        context(request).store,
        actors,
        panel,
        held_on,
        to,
        change.reason,
        starts_at=change.starts_at,
        place=change.place,
    )
    return found_meeting(request, panel, to)


@router.put(
    "/{heldOn}/cancellation",
    summary="Zeg een overleg af",
    response_model=models.Meeting,
    responses=WRITE_ONE,
)
def cancel_meeting(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    cancelled: Cancellation,
) -> Meeting:
    """Wat op de agenda staat, gaat terug naar de wachtrij. Het overleg blijft staan, afgezegd."""
    arranging.cancel(context(request).store, actors, panel, held_on, cancelled.reason)
    return found_meeting(request, panel, held_on)


@router.put(
    "/{heldOn}/items/{escalation}",
    summary="Zet een zaak op een andere plaats",
    response_model=models.Items[models.AgendaVersion],
    responses=WRITE_ONE,
)
def place_item(
    request: Request,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    escalation: Name,
    wish: ItemPlace,
) -> Mapping[str, Any]:
    """Op een agenda die is opgesteld; dat maakt een nieuwe versie. Voor de voorzitter."""
    why = Placing(wish.reason)
    arranging.place_item(
        context(request).store, actors, panel, held_on, escalation, wish.position, why
    )
    found = found_meeting(request, panel, held_on)
    with reading(context(request).store) as connection:
        return {"items": agendas.versions(connection, found.id)}


def found_meeting(request: Request, panel: str, held_on: date) -> Meeting:
    """The slot of a panel on a day, to answer with what was changed. Raises NotFound."""
    with reading(context(request).store) as connection:
        found = slots.meeting(connection, panel, held_on)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found
