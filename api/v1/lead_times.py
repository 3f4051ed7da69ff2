"""Lead times: how long what came in a period took, followed up to the reference date."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Asker
from api.v1.models import Out
from api.v1.periods import AsOf, By, First, Until
from api.v1.responses import READ
from kdt.register import figures, lead_times
from kdt.register.stays import TimeUnit
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(tags=["figures"])


class EstimatedShare(Out):
    """A share between 0 and 1, and the interval of 95% it lies in."""

    value: float
    low: float
    high: float


class EstimatedTime(Out):
    """After how long a share was settled, with its interval of 95%; none is not reached yet."""

    value: int | None
    low: int | None
    high: int | None


class LeadTimeMark(Out):
    """After so long: the share settled within it, and the share without any end after it."""

    after: int
    settled: EstimatedShare
    open: EstimatedShare


class LeadTimeRow(Out):
    """Of what came in the period, in one place: how it ended, and how long a settlement took."""

    level: str | None = None
    location: str | None = None
    question: str | None = None
    ground: str | None = None
    came: int
    settled: int
    referred_up: int
    withdrawn: int
    lapsed: int
    open: int
    median: EstimatedTime
    nine_in_ten: EstimatedTime
    marks: list[LeadTimeMark]
    age_median: int | None
    age_oldest: int | None
    clearance: float = Field(description="Besluiten per voorlegging, in de periode.")
    disposition: float | None = Field(
        description="In hoeveel kalenderdagen de voorraad op is bij de besluiten van de periode."
    )


class LeadTimes(Out):
    """The lead times asked for, in days or working days."""

    first: date = Field(alias="from")
    until: date
    as_of: date | None
    followed_until: date
    by: list[str]
    unit: TimeUnit
    provisional: bool = False
    rows: list[LeadTimeRow]


@router.get("/lead-times", summary="Doorlooptijden", response_model=LeadTimes, responses=READ)
def get_lead_times(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    as_of: AsOf = None,
    by: By = None,
    unit: Annotated[TimeUnit, Query(description="Dagen, of werkdagen.")] = TimeUnit.DAYS,
) -> dict[str, Any]:
    """Hoe lang het duurt van de eerste wachtrij (of die van een niveau) tot een antwoord, geschat
    over alles wat in de periode binnenkwam, ook als het nog open is."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        rows = lead_times.lead_times(connection, query, unit, today=now)
        return lead_times.as_json(query, unit, rows, today=now)
