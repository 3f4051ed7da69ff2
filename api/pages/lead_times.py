"""Lead times over a period: how long until an answer, and how long what is open is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import groupby

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import charts
from api.pages.charts import Reached
from api.pages.figure_lists import Link, linked, unlinked
from api.pages.figure_views import Chart, places
from api.pages.forms import Field, Option
from api.pages.questions import asked
from api.pages.rendering import day_long, page, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.register import lead_time_lines
from kdt.register.breakdown import Breakdown
from kdt.register.figures import Query, provisional
from kdt.register.lead_times import LeadTimes, followed, lead_times
from kdt.register.seeing import knows_any
from kdt.register.stays import TimeUnit
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()

# More lines than this in one picture cannot be told apart.
_MOST_LINES = 7


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what it says, where that is explained, and in each column its value and
    where what that counts is shown."""

    definition: str
    label: str
    values: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What is said of each row, a column a row of the answer, under its headings."""

    caption: str
    columns: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


@router.get("/lead-times")
def show(request: Request, person: SignedIn) -> Response:
    """The lead times asked for in the address, with what they mean."""
    given = request.query_params.get("unit")
    unit = TimeUnit(given) if given in tuple(TimeUnit) else TimeUnit.WORKING_DAYS
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today)
        query = question.query
        rows = [] if query is None else lead_times(connection, query, unit, today=today)
    found: dict[str, object] = {"table": None}
    link = _linked(request, query) if query and knows_any(person.actors) else unlinked
    if query is not None and rows:
        found = {
            "table": _table(query, unit, rows, followed(query, today), link),
            "as_of": query.as_of,
            "provisional": provisional(query, today),
            "chart": _chart(query, unit, rows),
            "definitions": lead_time_lines.definitions(),
        }
    return page(
        request,
        "lead_times.html",
        HTTPStatus.OK,
        title=words.say("lead_times.title"),
        action=url(request, "/lead-times"),
        fields=(*question.fields, _units(unit)),
        figures=url(request, f"/figures?{question.address}"),
        **found,
    )


def _units(unit: TimeUnit) -> Field:
    options = tuple(Option(one.value, words.say(f"lead_times.units.{one}")) for one in TimeUnit)
    label = words.say("lead_times.unit")
    return Field("unit", label, "select", required=True, options=options, value=unit.value)


def _linked(request: Request, query: Query) -> Link:
    return linked(request, Breakdown(query, query.by))


def _table(
    query: Query, unit: TimeUnit, rows: Sequence[LeadTimes], last: date, link: Link
) -> Table:
    days = {"first": query.first, "until": query.until, "followed": last}
    said = zip(*(lead_time_lines.lines(row, unit) for row in rows), strict=True)
    groups = groupby(said, key=lambda these: these[0].heading)
    return Table(
        words.say("lead_times.caption", **{name: day_long(one) for name, one in days.items()}),
        tuple(places(query, row.key) for row in rows),
        tuple(
            (heading, tuple(_line(query, rows, each, link) for each in these))
            for heading, these in groups
        ),
    )


def _line(
    query: Query, rows: Sequence[LeadTimes], these: Sequence[lead_time_lines.Line], link: Link
) -> Line:
    """What is said of every row."""
    places_of = [dict(zip(query.by, row.key, strict=True)) for row in rows]
    values = tuple(
        (one.value, link(one.opens, at) if one.opens and one.value != "0" else None)
        for one, at in zip(these, places_of, strict=True)
    )
    return Line(these[0].definition, these[0].label, values)


def _chart(query: Query, unit: TimeUnit, rows: Sequence[LeadTimes]) -> Chart | None:
    """What was answered by when, a line a row; the table says it in numbers."""
    if len(rows) > _MOST_LINES or not any(row.settled.times for row in rows):
        return None
    longest = max(time for row in rows for time in row.settled.times)
    points = []
    for row in rows:
        label = ", ".join(places(query, row.key))
        shares = [round(100 * one.value, 1) for one in row.settled.ended]
        points.append(Reached(label, 0, 0.0))
        points += map(Reached, [label] * len(shares), row.settled.times, shares)
        points.append(Reached(label, longest, shares[-1] if shares else 0.0))
    axis = words.say(f"lead_times.units.{unit}")
    caption = words.say("lead_times.chart", unit=axis)
    percent = words.say("lead_times.chart_unit")
    return Chart(caption, charts.steps(caption, axis, percent, tuple(points)))
