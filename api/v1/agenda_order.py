"""What agendas are ordered by: how much each thing weighs, from a day on."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker
from api.v1.inputs import Day, In
from api.v1.models import Out
from api.v1.panels import administrator
from api.v1.responses import READ, WRITE
from kdt.meetings import settings
from kdt.panels import weights
from kdt.panels.weights import LEAST, LEAST_OF_WAITING, MOST, Weights
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(tags=["meetings"])

Weight = Annotated[int, Field(ge=LEAST, le=MOST)]


class AgendaOrder(Out):
    """How much each weighs in the order of an agenda: unresolved last time, the legal deadline, how
    often it was held over, how long it waits. The heaviest decides first; what weighs 0 does not
    count."""

    unresolved: int
    deadline: int
    held_over: int
    waiting: int


class NewAgendaOrder(In):
    """The same, from a day on (today). How long something waits always counts."""

    unresolved: Weight
    deadline: Weight
    held_over: Weight
    waiting: Annotated[int, Field(ge=LEAST_OF_WAITING, le=MOST)]
    on: Day | None = None


@router.get(
    "/agenda-order",
    summary="Waarop agenda's worden geordend",
    response_model=AgendaOrder,
    responses=READ,
)
def get_order(request: Request, _person: Asker, on: Day | None = None) -> Weights:
    """De gewichten die op een dag gelden; zonder dag die van vandaag."""
    with reading(context(request).store) as connection:
        return weights.in_force(connection, on or today(connection))


@router.put(
    "/agenda-order",
    summary="Kies waarop agenda's worden geordend",
    response_model=AgendaOrder,
    responses=WRITE,
)
def choose_order(request: Request, actors: Acting, new: NewAgendaOrder) -> Weights:
    """Voor agenda's die vanaf een dag worden opgesteld; wat al een agenda heeft, blijft zo."""
    chosen = Weights(**new.model_dump(exclude={"on"}))
    settings.set_weights(context(request).store, administrator(actors), chosen, on=new.on)
    return chosen
