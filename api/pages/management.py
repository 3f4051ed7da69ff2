"""The start page of whoever watches the whole: management, policy, administration and audit.

Numbers alone, for not all of them may see a case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import figure_views as views
from api.pages.navigation import Audience, audience
from api.pages.questions import provisional
from api.pages.rendering import page, url
from api.pages.rows import waited
from kdt import words
from kdt.access.queries import Person
from kdt.cases.overview import Waiting, waiting
from kdt.procedure import CURRENT
from kdt.register.answers import OFTEN
from kdt.register.figures import Query, Row, figures, monthly
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.vocabulary import Measure

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
    Audience.AUDIT: "escalations",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What waited, came and went at the local panel of a location, and its oldest now."""

    location: str
    href: str
    stock_start: int
    entered: int
    left: int
    stock_end: int
    held_over: int
    oldest: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to look at: a sentence, and where it can be seen."""

    sentence: str
    href: str


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
    chart = views.by_month(year, months, words.say("start.by_month"))
    first = next(path for group, path in _FIRST.items() if group is audience(person))
    return page(
        request,
        "start_management.html",
        HTTPStatus.OK,
        title=words.say("start.title"),
        first=(words.say(f"start.{first}"), url(request, f"/{first}")),
        period={"from": query.first, "until": query.until},
        provisional=provisional(query, today),
        tallies=[(one, total[0].amounts[one] if total else 0) for one in _TALLIES],
        attention=_attention(request, waits),
        places=_places(request, rows, waits, query),
        charts=[chart] if chart else [],
    )


def _attention(request: Request, waits: Sequence[Waiting]) -> list[Notice]:
    """What waits and should not: for each kind one sentence, by level."""
    notices = []
    for level in CURRENT.ladder.levels:
        here = [one for one in waits if one.level == level.code]
        counts = {
            "overdue": sum(one.overdue for one in here),
            "unresolved": sum(one.unresolved for one in here),
            "held_often": sum(one.held_often for one in here),
        }
        for kind, count in counts.items():
            if count:
                key = f"start.{kind}_{'one' if count == 1 else 'more'}"
                said = words.say(
                    key, count=words.number(count), level=words.say(f"level.{level.code}")
                )
                notices.append(Notice(said, url(request, "/figures?by=level&by=location")))
    return notices


def _places(
    request: Request, rows: Sequence[Row], waits: Sequence[Waiting], query: Query
) -> list[Place]:
    """The panels per location, those whose oldest waits longest on top."""
    oldest = {(one.level, one.location): one.oldest for one in waits}
    address = f"from={query.first.isoformat()}&until={query.until.isoformat()}"
    places = [
        Place(
            row.key[1],
            url(request, f"/figures?{address}&by=level&by=location"),
            row.amounts[Measure.STOCK_START],
            row.amounts[Measure.ENTERED],
            row.amounts[Measure.LEFT],
            row.amounts[Measure.STOCK_END],
            row.amounts[Measure.HELD_OVER],
            waited(oldest.get((row.key[0], row.key[1])), query.until),
        )
        for row in rows
        if CURRENT.ladder.level(row.key[0]).per_location
    ]
    return sorted(places, key=lambda one: (-(one.oldest or 0), one.location))
