"""Cases alike that were answered otherwise at one location than at another: for the national KDT
and for policy, and no list of who does better."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.places import Places, places
from api.pages.rendering import capital, day_long, number, page, url
from api.pages.requests import SignedIn
from api.pages.rows import Row, row
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.differences.chance import LEAST, interval
from kdt.differences.queries import Comparison, Difference, behind, last_comparison
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.vocabulary import Outcome, Ruling

router = APIRouter()

PATH = "/differences"
# In what order answers are shown; of the first that there is, the share is told.
_ORDER = {
    str(answer): place
    for place, answer in enumerate((*Ruling, Outcome.INQUIRY_ORDERED, Outcome.INQUIRY_NOT_NEEDED))
}


@dataclass(frozen=True, slots=True)
class Line:
    """A location: the cases of each answer, and between which shares the first of them lies."""

    location: str
    amounts: tuple[int, ...]
    share: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as it is shown: locations in the order of the alphabet."""

    theme: str
    href: str
    question: str
    amount: int
    answers: tuple[str, ...]
    lines: tuple[Line, ...]
    chance: str
    rows: list[Row]


@router.get(PATH)
def show(request: Request, person: SignedIn) -> Response:
    """What the last comparison found, with the cases behind it for who may know of them."""
    permissions.holding(person.actors, Right.COMPARE)
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = places(connection, today)
        found = last_comparison(connection)
        named = {one.id: one.name for one in themes(connection)}
        profiles = []
        for one, cases in behind(connection, person.actors, found) if found else ():
            rows = [row(request, case, known, today) for case in cases]
            theme = (named[one.theme], url(request, f"/themes/{one.theme}"))
            profiles.append(_profile(one, theme, known, rows))
    return page(
        request,
        "differences.html",
        title=words.say("differences.title"),
        found=found,
        profiles=profiles,
        compared=_compared(found),
        least=LEAST,
    )


def _compared(found: Comparison | None) -> str | None:
    if found is None:
        return None
    until = day_long(found.until)
    return words.say("differences.compared", profiles=number(found.profiles), day=until)


def _profile(one: Difference, theme: tuple[str, str], known: Places, rows: list[Row]) -> Profile:
    given = {answer for answers in one.cases.values() for answer in answers}
    answers = sorted(given, key=lambda one: (_ORDER.get(one, len(_ORDER)), one))
    lines = (
        Line(
            known.location_name(location),
            tuple(cases.get(answer, 0) for answer in answers),
            _share(cases.get(answers[0], 0), sum(cases.values())),
        )
        for location, cases in one.cases.items()
    )
    return Profile(
        *theme,
        one.question,
        one.amount,
        tuple(_word(answer) for answer in answers),
        tuple(sorted(lines, key=lambda line: line.location)),
        _chance(one.chance),
        rows,
    )


def _word(answer: str) -> str:
    kind = "ruling" if answer in set(Ruling) else "outcome"
    return capital(words.say(f"{kind}.{answer}"))


def _share(part: int, whole: int) -> str:
    low, high = (round(100 * one) for one in interval(part, whole))
    return words.say("differences.share", low=low, high=high)


def _chance(chance: float) -> str:
    thousand = round(1000 * chance)
    if thousand < 1:
        return words.say("differences.seldom")
    return words.say("differences.chance", thousand=number(thousand))
