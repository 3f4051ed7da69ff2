"""Cases that are brought while a panel meets."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Key
from api.v1.bodies import read_command
from api.v1.escalations import recorded
from api.v1.inputs import Day, In, Name
from api.v1.panels import panel_for
from api.v1.responses import WRITE_ONE
from kdt import words
from kdt.errors import NotFound
from kdt.meetings.walking_in import walk_in
from kdt.store.transaction import reading
from kdt.vocabulary import Action

router = APIRouter(prefix="/panels/{panel}/meetings/{heldOn}/walk-ins", tags=["meetings"])


class NewWalkIn(In):
    """A case as its officer brings it; `broughtBy` is the officer. The location is the panel's."""

    brought_by: Name
    case: Name
    question: str
    ground: str
    decide_by: str | None = None
    summary: str | None = None


@router.post(
    "",
    status_code=201,
    summary="Breng een zaak in voor een collega",
    response_model=models.Receipt,
    responses=WRITE_ONE,
)
def bring(
    request: Request,
    response: Response,
    actors: Acting,
    panel: Name,
    held_on: Annotated[Day, Path(alias="heldOn")],
    key: Key,
    new: NewWalkIn,
) -> models.Receipt:
    """Voor wie het overleg leidt: opent de zaak op naam van de beslismedewerker, legt haar voor en
    zet haar op de agenda. Wie haar inbracht en wie haar typte, blijven allebei staan."""
    store = context(request).store
    with reading(store) as connection:
        location = panel_for(connection, actors, panel).location
    if location is None:
        raise NotFound(words.say("refusal.not_found"))
    given: dict[str, Any] = new.model_dump(by_alias=True, exclude_none=True)
    brought_by = given.pop("broughtBy")
    opening = read_command(Action.OPEN, {**given, "location": location})
    made = walk_in(store, actors, panel, held_on, brought_by, opening.inputs, key=key)
    return recorded(request, response, made, [opening])
