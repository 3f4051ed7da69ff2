"""The start page of whoever watches the whole: management, policy and administration.

Numbers alone, for not all of them may see a case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import figure_views as views
from api.pages.attention import attention
from api.pages.navigation import Audience, audience
from api.pages.questions import spelled
from api.pages.rendering import page, url
from api.pages.rows import waited
from api.pages.threads import threads_of
from kdt import words
from kdt.access.queries import Person
from kdt.cases.overview import Waiting, waiting
from kdt.panels.calendar import calendar
from kdt.procedure import CURRENT
from kdt.register.figures import Query, Row, figures, monthly, provisional
from kdt.register.top import OFTEN
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.vocabulary import Measure
from kdt.workdays import Calendar

# Four whole weeks say how it goes now; the charts show the year around them.
_DAYS, _YEAR = 28, 365
_TALLIES = (
    Measure.REFERRED,
    Measure.CONSIDERED,
    Measure.DECISIONS,
    Measure.HELD_OVER,
    Measure.STOCK_END,
    Measure.UNRESOLVED,
)
# What each audience comes to do first, and where.
_FIRST: Mapping[Audience, str] = {
    Audience.MANAGEMENT: "answers",
    Audience.ADMINISTRATION: "panels",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What waited, came and went at the local panel of a location, and its oldest now."""

    location: str
    stock_start: int
    entered: int
    left: int
    stock_end: int
    held_over: int
    oldest: int | None


def start(request: Request, person: Person) -> Response:
    """How it stands, over the last four weeks, and what asks for attention now."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        query = Query(today - timedelta(days=_DAYS - 1), today)
        total = figures(connection, query)
        rows = figures(connection, replace(query, by=("level", "location")))
        year = Query((today - timedelta(days=_YEAR)).replace(day=1), today, by=("location",))
        months = monthly(connection, year, Measure.CONSIDERED)
        waits = waiting(connection, today, often=OFTEN)
        asks = attention(connection, waits, today)
        days_off = calendar(connection)
        threads = threads_of(request, connection, today)
    chart = views.by_month(year, months, words.say("start.by_month"))
    first = next(path for group, path in _FIRST.items() if group is audience(person))
    return page(
        request,
        "start_management.html",
        HTTPStatus.OK,
        title=words.say("start.title"),
        first=(words.say(f"start.{first}"), url(request, f"/{first}")),
        period=spelled(query),
        provisional=provisional(query, today),
        tallies=[(one, total[0].amounts[one] if total else 0) for one in _TALLIES],
        attention=asks,
        places=_places(rows, waits, today, days_off),
        charts=[chart] if chart else [],
        threads=threads,
    )


def _places(
    rows: Sequence[Row], waits: Sequence[Waiting], today: date, days_off: Calendar
) -> list[Place]:
    """The panels per location, those whose oldest waits longest on top."""
    oldest = {(one.level, one.location): one.oldest for one in waits}
    places = [
        Place(
            row.key[1],
            row.amounts[Measure.STOCK_START],
            row.amounts[Measure.ENTERED],
            row.amounts[Measure.LEFT],
            row.amounts[Measure.STOCK_END],
            row.amounts[Measure.HELD_OVER],
            waited(oldest.get((row.key[0], row.key[1])), today, days_off),
        )
        for row in rows
        if CURRENT.ladder.level(row.key[0]).per_location
    ]
    return sorted(places, key=lambda one: (-(one.oldest or 0), one.location))
