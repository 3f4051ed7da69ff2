"""What rises: the rode draden that the weekly scan found more of than chance brings, with the cases
behind each for who may know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import paging
from api.pages.places import Places, places
from api.pages.rendering import page, url
from api.pages.requests import SignedIn
from api.pages.rows import Row, row
from api.pages.theme_words import chance_line, seen_line
from kdt import words
from kdt.access.queries import Person
from kdt.cases.list_order import Order
from kdt.errors import NotFound
from kdt.rising.chances import LEAST, WINDOWS
from kdt.rising.queries import Rise, behind, cases_behind, last_scan
from kdt.rising.scan import LEAST_USUAL, ONE_OF, YEARS
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import called

router = APIRouter()

PATH: Final = "/rising"
# So many cases stand with a rise; all of them on a page of their own, fifty at a time.
_SHOWN, _PAGE = 10, 50


@dataclass(frozen=True, slots=True)
class Look:
    """A theme that rises somewhere: in words, how likely that is by chance, how many of its cases
    somebody may know of, the first of those, and where all are."""

    seen: str
    chance: str
    amount: int
    rows: list[Row]
    href: str


@router.get(PATH)
def show(request: Request, person: SignedIn) -> Response:
    """What rose in the last week that was looked at; or all cases behind one of these."""
    asked = {name: value for name, value in request.query_params.items() if value}
    with reading(context(request).store) as connection:
        known = places(connection, today_in(connection))
        if "theme" in asked:
            return _cases(request, connection, person, known, asked)
        return _rises(request, connection, person, known)


def _rises(request: Request, connection: Connection, person: Person, known: Places) -> Response:
    today, scan, named = today_in(connection), last_scan(connection), called(connection)
    looks: dict[str, list[Look]] = {}
    for one in behind(connection, person.actors, scan, _SHOWN) if scan else ():
        rise = one.rise
        looks.setdefault(rise.theme, []).append(
            Look(
                _seen(rise, known),
                chance_line(rise),
                one.amount,
                [row(request, case, known, today) for case in one.rows],
                _link(request, rise),
            )
        )
    return page(
        request,
        "rising.html",
        title=words.say("rising.title"),
        scan=scan,
        themes=[
            (one, named[one], url(request, f"/themes/{one}"), found) for one, found in looks.items()
        ],
        windows=WINDOWS,
        least=LEAST,
        least_weeks=LEAST_USUAL + max(WINDOWS),
        one_of=ONE_OF,
        years=YEARS,
    )


def _cases(
    request: Request,
    connection: Connection,
    person: Person,
    known: Places,
    asked: Mapping[str, str],
) -> Response:
    """Raises NotFound where that does not rise there."""
    scan = last_scan(connection)
    place = (asked["theme"], asked.get("location"))
    rise = (
        next((one for one in scan.rises if (one.theme, one.location) == place), None)
        if scan
        else None
    )
    if rise is None:
        raise NotFound(words.say("refusal.not_found"))
    found = cases_behind(
        connection, person.actors, rise, after=paging.after(asked), limit=_PAGE + 1
    )
    shown, today = found[:_PAGE], today_in(connection)
    onward = paging.onward(shown, Order.CHANGED) if len(found) > _PAGE else None
    return page(
        request,
        "rising_cases.html",
        title=called(connection)[rise.theme],
        theme=url(request, f"/themes/{rise.theme}"),
        seen=_seen(rise, known),
        chance=chance_line(rise),
        rows=[row(request, case, known, today) for case in shown],
        following=_link(request, rise, onward) if onward else None,
        restart=_link(request, rise) if "after" in asked else None,
    )


def _seen(rise: Rise, known: Places) -> str:
    return seen_line(rise, rise.location and known.location_name(rise.location))


def _link(request: Request, rise: Rise, onward: Mapping[str, str] | None = None) -> str:
    where = {"location": rise.location} if rise.location else {}
    return url(request, f"{PATH}?{urlencode({'theme': rise.theme, **where, **(onward or {})})}")
