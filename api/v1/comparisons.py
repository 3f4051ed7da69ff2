"""Locations compared with what chance alone does to them, on one share."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Asker
from api.v1.models import Out
from api.v1.periods import AsOf, First, Until
from api.v1.responses import READ
from kdt.register import comparing, figures
from kdt.register.comparing import Basis
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Ground, Question

router = APIRouter(tags=["figures"])


class FunnelLimits(Out):
    """Between which shares a location of this size lies by chance: in 95% of the times (near), and
    in 99.8% (far)."""

    low_far: float
    low_near: float
    high_near: float
    high_far: float


class ComparedLocation(Out):
    """A location: how many of how many, and where that lies. `outside`: 1 or -1 above or below the
    near limits, 2 or -2 the far ones, 0 within all."""

    location: str
    amount: int
    of: int
    share: float
    limits: FunnelLimits
    outside: int


class LocationComparison(Out):
    """Locations in their order, which is no rank. `spread`: how much wider than chance they spread,
    by which the limits are widened; 1 when no wider. None where fewer than two can be compared."""

    first: date = Field(alias="from")
    until: date
    as_of: date | None
    basis: Basis
    question: Question | None
    ground: Ground | None
    share: float | None
    spread: float | None
    locations: list[ComparedLocation]
    provisional: bool = False


@router.get(
    "/location-comparison",
    summary="Locaties vergeleken",
    response_model=LocationComparison,
    responses=READ,
)
def get_location_comparison(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    as_of: AsOf = None,
    basis: Annotated[
        Basis,
        Query(
            description="Waarop: een aandeel van de behandelingen van het lokale KDT, of "
            "wat binnen twintig werkdagen beantwoord is van wat zo lang te volgen was."
        ),
    ] = Basis.HELD_OVER,
    question: Annotated[Question | None, Query(description="Alleen deze vraagstelling.")] = None,
    ground: Annotated[Ground | None, Query(description="Alleen deze aanleiding.")] = None,
) -> dict[str, Any]:
    """Welke locaties verder van het geheel liggen dan toeval verklaart. Dat is een reden om te
    kijken, en geen oordeel."""
    query = figures.Query(first, until, as_of)
    named = {"question": question, "ground": ground}
    where = {name: value.value for name, value in named.items() if value is not None}
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        found = comparing.comparison(connection, query, basis, where, now)
    return comparing.as_json(found, today=now)
