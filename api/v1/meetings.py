"""Meetings of a panel: when it sits, what is listed, and what was considered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker
from api.v1.inputs import Day, Name
from api.v1.panels import panel_for
from api.v1.responses import READ_ONE
from kdt import words
from kdt.cases import queries as cases
from kdt.errors import NotFound
from kdt.panels import queries
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(prefix="/panels/{panel}/meetings", tags=["meetings"])

_AHEAD = timedelta(weeks=4)


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
        return {"items": queries.meetings_of(connection, panel, begin, until or begin + _AHEAD)}


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
        found = queries.meeting(connection, panel, held_on)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        return models.Agenda.model_validate(
            {
                "panel": panel,
                "held_on": held_on,
                "starts_at": found.starts_at,
                "listed": cases.agenda(connection, panel, held_on),
                "considered": cases.considered_at(connection, panel, held_on),
            }
        )
