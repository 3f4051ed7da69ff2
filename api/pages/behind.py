"""What stands behind a number, one by one, to each as far as they may know of it: codes, ids and
days alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.figure_questions import Known, asked_figures, parameters, row_asked
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from kdt import words
from kdt.errors import NotFound
from kdt.panels.queries import named_locations
from kdt.register.behind import Behind
from kdt.register.breakdown import PIECE, Breakdown
from kdt.register.catalogue.lasting import THEMED
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.figures import BadQuery
from kdt.register.opening import OPENED, opened
from kdt.register.seeing import known as known_of
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.vocabulary import Measure

router = APIRouter()

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: an escalation (`href` for whoever reads on), what happened when, and where."""

    escalation: str
    href: str | None
    what: str
    level: str
    location: str
    occurred_on: date
    recorded_on: date | None
    times: int
    # Of a revision: came or went, and why.
    came: bool | None = None
    cause: str | None = None


@router.get("/figures/{measure}")
def show(request: Request, measure: str, person: SignedIn) -> Response:
    """What a number counts: exactly so many lines, for whoever may know of them all."""
    if measure not in OPENED:
        raise NotFound(words.say("refusal.not_found"))
    at, one = row_asked(request), CATALOGUE[measure]
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = Known(named_locations(connection, today), themes(connection))
        asked = asked_figures(request, known, today=today).breakdown
        if asked is None:
            raise NotFound(words.say("refusal.not_found"))
        try:
            found = opened(connection, asked, at, measure, today=today)
        except BadQuery as error:
            raise NotFound(words.say("refusal.not_found")) from error
        mine = known_of(connection, person.actors, {each.escalation for each in found.these})
    lines = [entry(request, each, known, mine) for each in found.lines(mine)]
    place = [known.word("time" if each == PIECE else each, value) for each, value in at.items()]
    only = [known.word(each, value) for each, value in asked.only.items()]
    return page(
        request,
        "behind.html",
        HTTPStatus.OK,
        title=capital(one.name),
        back=_back(request, measure, asked),
        place=", ".join(each for each in (*place, *only) if each),
        period=(asked.query.first, asked.query.until),
        as_of=asked.query.as_of,
        number=found.amount,
        one=one,
        **paged(request, f"/figures/{measure}", lines),
    )


def _back(request: Request, measure: str, asked: Breakdown) -> tuple[str, str]:
    """The page the number stands on, and what that is called."""
    if measure == THEMED.id:
        return url(request, "/themes"), words.say("themes.title")
    lasting = measure not in tuple(Measure)
    path, title = ("/lead-times", "lead_times.title") if lasting else ("/figures", "figures.title")
    return url(request, f"{path}?{urlencode(parameters(asked))}"), words.say(title)


def entry(request: Request, one: Behind, known: Known, mine: Mapping[str, bool]) -> Entry:
    """Something counted, in words."""
    codes = ((one.outcome, "outcome"), (one.ruling, "ruling"))
    said = [words.say(f"{kind}.{code}") for code, kind in codes if code]
    return Entry(
        one.escalation,
        url(request, f"/escalations/{one.escalation}") if mine[one.escalation] else None,
        capital(", ".join(said or [words.say(f"action.{one.action}")])),
        words.say(f"level.{one.level}") if one.level else "",
        known.word("location", one.location),
        one.occurred_on,
        one.recorded_on if one.recorded_on != one.occurred_on else None,
        one.times,
    )


def paged(request: Request, path: str, lines: Sequence[Entry]) -> dict[str, object]:
    """The lines of the page that is asked for, how many there are, and where the rest is."""
    given = request.query_params.get("page", "1")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
    start = max(0, number - 1) * _PAGE
    return {
        "lines": lines[start : start + _PAGE],
        "shown": len(lines),
        "start": start,
        "earlier": _other(request, path, number - 1) if start else None,
        "later": _other(request, path, number + 1) if start + _PAGE < len(lines) else None,
    }


def _other(request: Request, path: str, number: int) -> str:
    kept: Iterable[tuple[str, str]] = (
        one for one in request.query_params.multi_items() if one[0] != "page"
    )
    return url(request, f"{path}?{urlencode([*kept, ('page', str(number))])}")
