"""What is done with an escalation. Each action is a collection under it: posting one does it, and
reading gives those recorded. The operations, their inputs and their order come from the procedure's
table."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from starlette.requests import Request

from api.context import context
from api.v1 import examples, models, schemas
from api.v1.asking import Acting, Key, SeenVersion
from api.v1.bodies import command
from api.v1.escalations import entry, recorded, seen
from api.v1.inputs import Name
from api.v1.nouns import NOUNS
from api.v1.responses import ACT, READ_ONE
from kdt import words
from kdt.cases import service, view
from kdt.cases.service import Command
from kdt.errors import NotFound
from kdt.panels.agendas import WHY_LATE
from kdt.procedure import CURRENT
from kdt.store.transaction import reading
from kdt.vocabulary import Action

router = APIRouter(prefix="/escalations/{escalation}", tags=["actions"])


_LATE: Mapping[str, schemas.Schema] = {
    "late": {
        "type": "string",
        "enum": list(WHY_LATE),
        "description": "Waarom de zaak nog op een agenda komt die al is opgesteld.",
    }
}


def _add(action: Action) -> None:
    """Add the two operations of one action."""
    noun = NOUNS[action]
    word = words.say(f"action.{action}")

    def act(
        request: Request,
        response: Response,
        actors: Acting,
        escalation: Name,
        version: SeenVersion,
        key: Key,
        given: Annotated[Command, Depends(command(action))],
    ) -> models.Receipt:
        store = context(request).store
        with reading(store) as connection:
            matter = view.matter(connection, actors, escalation)
        if matter is None:
            raise NotFound(words.say("refusal.not_found"))
        actor = view.acting(actors, action, matter) or actors[0]
        receipt = service.perform(store, actor, escalation, [given], version=version, key=key)
        return recorded(request, response, receipt, [given])

    def recorded_before(
        request: Request,
        actors: Acting,
        escalation: Name,
    ) -> Mapping[str, Any]:
        with reading(context(request).store) as connection:
            entries = seen(connection, actors, escalation).entries
        return {"items": [entry(one) for one in entries if one.action is action]}

    router.add_api_route(
        f"/{noun}",
        act,
        methods=["POST"],
        status_code=201,
        operation_id=f"{action}_escalation",
        summary=word.capitalize(),
        description=f"Handeling `{action}` van de procedure.",
        response_model=models.Receipt,
        responses=ACT,
        openapi_extra=schemas.body(
            schemas.inputs(action, _LATE if action is Action.LIST else None),
            examples.ACTIONS[action],
        ),
    )
    router.add_api_route(
        f"/{noun}",
        recorded_before,
        methods=["GET"],
        operation_id=f"{action}_entries",
        summary=f"{word.capitalize()}: wat daarvan is vastgelegd",
        description=f"De vastgelegde handelingen `{action}`, met wat er nu van geldt.",
        response_model=models.Items[models.Entry],
        responses=READ_ONE,
    )


for _action in CURRENT.actions:
    if _action is not Action.OPEN:
        _add(_action)
