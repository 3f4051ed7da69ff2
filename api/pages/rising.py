"""What rises: the rode draden that the weekly scan found more of than chance brings, with the cases
behind each for who may know of them."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.places import places
from api.pages.rendering import page, url
from api.pages.requests import SignedIn
from api.pages.rows import Row, row
from api.pages.theme_words import chance_line, seen_line
from kdt import words
from kdt.rising.chances import LEAST, WINDOWS
from kdt.rising.queries import Rise, behind, last_scan
from kdt.rising.scan import LEAST_USUAL, ONE_OF, YEARS
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import themes

router = APIRouter()

PATH: Final = "/rising"


@dataclass(frozen=True, slots=True)
class Look:
    """A theme that rises somewhere: in words, how likely that is by chance, and its cases."""

    rise: Rise
    seen: str
    chance: str
    rows: list[Row]


@router.get(PATH)
def show(request: Request, person: SignedIn) -> Response:
    """What rose in the last week that was looked at."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = places(connection, today)
        scan = last_scan(connection)
        named = {one.id: one.name for one in themes(connection)}
        looks: dict[str, list[Look]] = {}
        for one, cases in behind(connection, person.actors, scan) if scan else ():
            looks.setdefault(one.theme, []).append(
                Look(
                    one,
                    seen_line(one, one.location and known.location_name(one.location)),
                    chance_line(one),
                    [row(request, case, known, today) for case in cases],
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
