"""How the figures of a period were revised between two reference dates, and what is behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.behind import entry, paged
from api.pages.figure_questions import Known
from api.pages.forms import Field
from api.pages.questions import Asked, asked
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.errors import NotFound
from kdt.panels.queries import named_locations
from kdt.register.catalogue import table as catalogue
from kdt.register.figures import BadQuery, Query, placed
from kdt.register.revisions import Cause, Revised, Statement, statement
from kdt.register.seeing import known as known_of
from kdt.register.seeing import knows_any
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.values import Invalid, day
from kdt.vocabulary import Measure

router = APIRouter()

_SINCE = "since"


@dataclass(frozen=True, slots=True)
class Line:
    """A number that was revised; `moved`: what came and went by cause; `href`: what is behind."""

    place: str
    measure: Measure
    old: int
    moved: tuple[tuple[int, int], ...]
    new: int
    closes: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """The question as it stood in the address, and its statement (None: it could not be read)."""

    question: Asked
    fields: tuple[Field, ...]
    found: Statement | None
    known: Known


@router.get("/revisions")
def show(request: Request, person: SignedIn) -> Response:
    """The statement asked for in the address."""
    with reading(context(request).store) as connection:
        asked_for = _asked(request, connection)
    found = asked_for.found
    links = knows_any(person.actors)
    return page(
        request,
        "revisions.html",
        HTTPStatus.OK,
        title=words.say("revisions.title"),
        action=url(request, "/revisions"),
        figures=url(request, f"/figures?{asked_for.question.address}"),
        fields=asked_for.fields,
        causes=[capital(words.say(f"cause.{one}")) for one in Cause],
        since=found.since if found else None,
        as_of=found.query.as_of if found else None,
        lines=_lines(request, asked_for, links=links),
        closes=found.closes if found else True,
    )


@router.get("/revisions/{measure}")
def behind(request: Request, measure: str, person: SignedIn) -> Response:
    """What came to a measure and went from it, one by one."""
    if measure not in tuple(Measure):
        raise NotFound(words.say("refusal.not_found"))
    wanted = Measure(measure)
    with reading(context(request).store) as connection:
        asked_for = _asked(request, connection)
        found, known = asked_for.found, asked_for.known
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        given = request.query_params
        at = {one: given[one] for one in found.query.by if given.get(one)}
        changes = [
            one
            for one in found.changes
            if one.measure is wanted and placed(one.key, found.query.by, at)
        ]
        mine = known_of(connection, person.actors, {one.about.escalation for one in changes})
    lines = [
        replace(
            entry(request, one.about, known, mine),
            came=one.amount > 0,
            cause=words.say(f"cause.{one.cause}"),
        )
        for one in changes
        if one.about.escalation in mine
    ]
    return page(
        request,
        "behind.html",
        HTTPStatus.OK,
        title=capital(words.say("revisions.of", measure=catalogue.of(wanted).name)),
        back=url(request, f"/revisions?{_address(asked_for.question, found.since)}"),
        place=", ".join(known.word(one, value) for one, value in at.items()),
        period=(found.query.first, found.query.until),
        as_of=found.query.as_of,
        number=len(changes),
        one=catalogue.of(wanted),
        **paged(request, f"/revisions/{measure}", lines),
    )


def _asked(request: Request, connection: Connection) -> _Found:
    today = today_in(connection)
    known = Known(named_locations(connection, today), themes(connection))
    question = asked(request, today=today)
    given = request.query_params.get(_SINCE, "").strip()
    since, problem = _since(question.query, given)
    found = None
    if question.query is not None and since is not None:
        try:
            found = statement(connection, question.query, since)
        except BadQuery as error:
            problem = words.say(f"period.{error.code}")
    label = capital(words.say(f"period.{_SINCE}"))
    value = given or (since.isoformat() if since else "")
    field = Field(_SINCE, label, "date", value=value, error=problem)
    *days, by = question.fields
    return _Found(question, (*days[:2], field, *days[2:], by), found, known)


def _since(query: Query | None, given: str) -> tuple[date | None, str | None]:
    """The earlier reference date, and what is wrong with it; if not said the end of the period."""
    if query is None:
        return None, None
    if not given:
        before = query.as_of is None or query.until < query.as_of
        return (query.until, None) if before else (None, None)
    try:
        return day(given), None
    except Invalid:
        field = words.say(f"period.{_SINCE}")
        return None, words.say("period.not_a_date", field=field)


def _lines(request: Request, asked_for: _Found, *, links: bool) -> list[Line]:
    found = asked_for.found
    if found is None:
        return []
    address = _address(asked_for.question, found.since)

    def line(one: Revised) -> Line:
        at = dict(zip(found.query.by, one.key, strict=True))
        place = ", ".join(asked_for.known.word(name, value) for name, value in at.items())
        href = url(request, f"/revisions/{one.measure}?{address}&{urlencode(at)}")
        return Line(
            capital(place or words.say("figures.all")),
            one.measure,
            one.old,
            tuple((one.came.get(cause, 0), one.went.get(cause, 0)) for cause in Cause),
            one.new,
            one.closes,
            href if links else None,
        )

    return [line(one) for one in found.numbers]


def _address(question: Asked, since: date) -> str:
    said: Mapping[str, str] = {_SINCE: since.isoformat()}
    return f"{question.address}&{urlencode(said)}"
