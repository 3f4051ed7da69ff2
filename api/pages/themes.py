"""Rode draden: the board."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.questions import asked
from api.pages.rendering import page, url
from api.pages.requests import SignedIn
from api.pages.theme_forms import PATH
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.register.figures import Query
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import counting, queries
from kdt.themes.circuit import Owed
from kdt.vocabulary import ThemeState

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Card:
    """A theme on the board: escalations in the period, in the last four weeks, and in the four
    before those; what is owed, and whether that is past its day."""

    id: str
    name: str
    href: str
    escalations: int
    recent: int
    before: int
    owed: Owed | None
    overdue: bool

    @property
    def rises(self) -> bool:
        """Whether it was seen more often lately than before; a few more is chance."""
        return self.recent >= 3 and self.recent >= 2 * self.before

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """What is overdue first, then what rises most."""
        return (not self.overdue, not self.rises, self.before - self.recent, self.name)


@router.get(PATH)
def board(request: Request, person: SignedIn) -> Response:
    """Every theme by where it is in its circuit; what is overdue and what rises on top."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today, dimensions=())
        listed = queries.themes(connection)
        counted = _counted(connection, question.query, today)
    cards: dict[str, list[Card]] = {state: [] for state in ThemeState}
    for one in listed:
        seen, recent, before = counted.get(one.id, (0, 0, 0))
        owed = one.standing.owed
        cards[one.state].append(
            Card(
                one.id,
                one.name,
                url(request, f"{PATH}/{one.id}"),
                seen,
                recent,
                before,
                owed,
                owed is not None and owed.overdue(today),
            )
        )
    for column in cards.values():
        column.sort(key=lambda one: one.order)
    return page(
        request,
        "themes.html",
        HTTPStatus.OK,
        title=words.say("themes.title"),
        action=url(request, PATH),
        fields=question.fields,
        columns=list(cards.items()),
        may_add=permissions.holder(person.actors, Right.PROPOSE_THEMES) is not None,
    )


def _counted(
    connection: Connection, query: Query | None, today: date
) -> dict[str, tuple[int, ...]]:
    """Of each theme the escalations in the period asked for, in the last four weeks, and in the
    four before those."""
    lately = counting.lately(today)
    if query is None or query.as_of is not None:
        recent = counting.counted(connection, lately)
        asked_for = (
            counting.counts(connection, query.first, query.until, query.as_of) if query else {}
        )
        return {
            one: (asked_for.get(one, 0), *recent.get(one, (0, 0)))
            for one in asked_for.keys() | recent.keys()
        }
    return counting.counted(connection, [(query.first, query.until), *lately])
