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
from kdt.register.revisions import Cause, Revised, Statement, changes, statement
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
    """The question as it stood in the address, and the earlier reference date (None: it could not
    be read, or there is none)."""

    question: Asked
    fields: tuple[Field, ...]
    since: date | None
    known: Known


@router.get("/revisions")
def show(request: Request, person: SignedIn) -> Response:
    """The statement asked for in the address."""
    with reading(context(request).store) as connection:
        asked_for = _asked(request, connection)
        found, asked_for = _stated(connection, asked_for)
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
        lines=_lines(request, asked_for, found, links=links) if found else [],
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
        query, since, known = asked_for.question.query, asked_for.since, asked_for.known
        if query is None or since is None:
            raise NotFound(words.say("refusal.not_found"))
        given = request.query_params
        at = {one: given[one] for one in query.by if given.get(one)}
        try:
            every = changes(connection, query, since, wanted)
        except BadQuery as error:
            raise NotFound(words.say("refusal.not_found")) from error
        found = [one for one in every if placed(one.key, query.by, at)]
        ids = {about.escalation for one in found for about in one.about}
        mine = known_of(connection, person.actors, ids)
    lines = [
        replace(
            entry(request, about, known, mine),
            came=one.amount > 0,
            cause=words.say(f"cause.{one.cause}"),
        )
        for one in found
        if (about := one.shown(mine)) is not None
    ]
    return page(
        request,
        "behind.html",
        HTTPStatus.OK,
        title=capital(words.say("revisions.of", measure=catalogue.of(wanted).name)),
        back=(
            url(request, f"/revisions?{_address(asked_for.question, since)}"),
            words.say("revisions.title"),
        ),
        place=", ".join(known.word(one, value) for one, value in at.items()),
        period=(query.first, query.until),
        as_of=query.as_of,
        number=len(found),
        one=catalogue.of(wanted),
        **paged(request, f"/revisions/{measure}", lines),
    )


def _asked(request: Request, connection: Connection) -> _Found:
    today = today_in(connection)
    known = Known(named_locations(connection, today), themes(connection))
    question = asked(request, today=today)
    given = request.query_params.get(_SINCE, "").strip()
    since, problem = _since(question.query, given)
    label = capital(words.say(f"period.{_SINCE}"))
    value = given or (since.isoformat() if since else "")
    field = Field(_SINCE, label, "date", value=value, error=problem)
    *days, by = question.fields
    return _Found(question, (*days[:2], field, *days[2:], by), since, known)


def _stated(connection: Connection, asked_for: _Found) -> tuple[Statement | None, _Found]:
    """The statement that is asked for; or none, and at its field what is wrong."""
    query, since = asked_for.question.query, asked_for.since
    if query is None or since is None:
        return None, asked_for
    try:
        return statement(connection, query, since), asked_for
    except BadQuery as error:
        why = words.say(f"period.{error.code}")
        fields = (
            replace(one, error=why) if one.name == _SINCE else one for one in asked_for.fields
        )
        return None, replace(asked_for, fields=tuple(fields))


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


def _lines(request: Request, asked_for: _Found, found: Statement, *, links: bool) -> list[Line]:
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
