"""When panels meet, as an administrator chooses it: the calendar, patterns and go-live dates."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker
from api.v1.inputs import Day, Hour, In, Name
from api.v1.panels import administrator
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.errors import NotFound
from kdt.meetings import settings
from kdt.meetings.settings import RANGES
from kdt.panels import calendar, queries
from kdt.panels.calendar import Chosen
from kdt.panels.patterns import Pattern
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(tags=["calendar"])

_FIRST_YEAR, _LAST_YEAR = 1900, 2999


class DayChoice(In):
    """Whether a day is a day off, and what it is called."""

    off: bool
    name: str


class NewPattern(In):
    """When and how a panel meets, from a day on (today)."""

    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    starts_at: Hour
    place: str = ""
    cut_off_days: Annotated[int, Field(ge=RANGES["cut_off_days"][0], le=RANGES["cut_off_days"][1])]
    cut_off_hours: Annotated[
        int, Field(ge=RANGES["cut_off_hours"][0], le=RANGES["cut_off_hours"][1])
    ]
    capacity: Annotated[int, Field(ge=RANGES["capacity"][0], le=RANGES["capacity"][1])]
    item_minutes: Annotated[int, Field(ge=RANGES["item_minutes"][0], le=RANGES["item_minutes"][1])]
    attendance: Annotated[int, Field(ge=RANGES["attendance"][0], le=RANGES["attendance"][1])]
    on: Day | None = None


class GoLiveChoice(In):
    """From which day a location takes part."""

    live_on: Day


@router.get(
    "/calendar-days",
    summary="De kalender van een jaar",
    response_model=models.Items[models.CalendarDay],
    responses=READ,
)
def list_days(
    request: Request,
    _person: Asker,
    year: Annotated[int | None, Query(ge=_FIRST_YEAR, le=_LAST_YEAR)] = None,
) -> Mapping[str, Any]:
    """De feestdagen en de dagen die de organisatie zelf koos; zonder jaar die van dit jaar."""
    with reading(context(request).store) as connection:
        return {"items": calendar.days_of(connection, year or today(connection).year)}


@router.put(
    "/calendar-days/{day}",
    summary="Kies wat een dag is",
    response_model=models.CalendarDay,
    responses=WRITE,
)
def choose_day(
    request: Request, actors: Acting, day: Annotated[Day, Path()], choice: DayChoice
) -> Chosen:
    """Maak van een dag een vrije dag of een werkdag. Wat gepland is, past zich aan."""
    actor = administrator(actors)
    settings.set_day(context(request).store, actor, day, choice.name, off=choice.off)
    with reading(context(request).store) as connection:
        return next(one for one in calendar.days_of(connection, day.year) if one.day == day)


@router.get(
    "/panels/{panel}/pattern",
    summary="Wanneer een KDT overlegt",
    response_model=models.Pattern,
    responses=READ_ONE,
)
def get_pattern(request: Request, _person: Asker, panel: Name, on: Day | None = None) -> Pattern:
    """Het patroon dat op een dag geldt; zonder dag dat van vandaag."""
    with reading(context(request).store) as connection:
        every = queries.named_panels(connection, on or today(connection))
    found = next((one for one in every if one.id == panel), None)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found.pattern


@router.put(
    "/panels/{panel}/pattern",
    summary="Kies wanneer een KDT overlegt",
    response_model=models.Pattern,
    responses=WRITE_ONE,
)
def choose_pattern(request: Request, actors: Acting, panel: Name, new: NewPattern) -> Pattern:
    """Kies dagen, tijd, plaats en duur, vanaf een dag. Wat gepland is, past zich aan."""
    given = new.model_dump(exclude={"on", "weekdays"})
    pattern = Pattern(tuple(sorted(set(new.weekdays))), **given)
    settings.set_pattern(context(request).store, administrator(actors), panel, pattern, on=new.on)
    return pattern


@router.put(
    "/locations/{location}/go-live",
    summary="Kies vanaf wanneer een locatie meedoet",
    response_model=models.GoLive,
    responses=WRITE_ONE,
)
def choose_go_live(
    request: Request, actors: Acting, location: Name, chosen: GoLiveChoice
) -> Mapping[str, Any]:
    """Vanaf die dag plant KDT de overleggen en stelt het de agenda's op."""
    settings.go_live(context(request).store, administrator(actors), location, chosen.live_on)
    return {"live_on": chosen.live_on}
