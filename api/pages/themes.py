"""Rode draden: the board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.figure_lists import linked, unlinked
from api.pages.forms import Field, Option, choices
from api.pages.questions import asked
from api.pages.rendering import page, url
from api.pages.requests import SignedIn
from api.pages.theme_forms import PATH
from api.pages.theme_words import rising_line
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.register.breakdown import Breakdown
from kdt.register.catalogue.lasting import THEMED
from kdt.register.figures import Query
from kdt.register.seeing import knows_any
from kdt.rising.queries import rising as rises
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import counting, queries, service
from kdt.themes.circuit import OVER, Owed
from kdt.themes.queries import Profile
from kdt.vocabulary import Stream, ThemeState

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Card:
    """A theme on the board: escalations in the period (`opened`: where they are shown), in the last
    four weeks, and in the four before those; what is owed, whether that is past its day, and where
    it rises."""

    id: str
    name: str
    href: str
    escalations: int
    opened: str | None
    recent: int
    before: int
    owed: Owed | None
    overdue: bool
    rises: str | None

    @property
    def order(self) -> tuple[bool, bool, int, str]:
        """What rises first, then what is overdue, then what was seen more than before."""
        return (not self.rises, not self.overdue, self.before - self.recent, self.name)


@router.get(PATH)
def board(request: Request, person: SignedIn) -> Response:
    """Every theme by where it is in its circuit; what rises and what is overdue on top."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today, dimensions=())
        profiles = queries.profiles(connection)
        filters = _filters(request, service.owners(connection))
        chosen = {one.name: one.value for one in filters if one.value}
        listed = [
            one
            for one in queries.themes(connection)
            if _wanted(profiles.get(one.id, Profile()), chosen)
        ]
        counted = _counted(connection, question.query, today)
        rising = rises(connection)
    asked_for = question.query if knows_any(person.actors) else None
    link = linked(request, Breakdown(asked_for)) if asked_for else unlinked
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
                link(THEMED.id, {"theme": one.id}) if seen else None,
                recent,
                before,
                owed,
                owed is not None and owed.overdue(today),
                rising_line(rising[one.id]) if one.id in rising else None,
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
        fields=[*filters, *question.fields],
        columns=[(state, cards[state]) for state in ThemeState if state not in OVER],
        over=[(state, cards[state]) for state in ThemeState if state in OVER],
        may_compare=permissions.holder(person.actors, Right.COMPARE) is not None,
        may_consult=permissions.holder(person.actors, Right.CONSULT) is not None,
        may_add=permissions.holder(person.actors, Right.PROPOSE_THEMES) is not None,
    )


def _filters(request: Request, owners: Sequence[Person]) -> list[Field]:
    """What the board can be narrowed to, as it stood in the address."""
    offered = {
        "stream": choices("stream", Stream),
        "owner": tuple(Option(one.id, one.label) for one in owners),
    }
    return [
        Field(
            name,
            words.say(f"themes.{name}"),
            "select",
            options=options,
            value=request.query_params.get(name, "").strip() or None,
        )
        for name, options in offered.items()
    ]


def _wanted(profile: Profile, chosen: Mapping[str, object]) -> bool:
    """Whether a theme is among those asked for; one about both is about either."""
    if "owner" in chosen and profile.owner != chosen["owner"]:
        return False
    either = Stream.BOTH if chosen.get("stream") in (Stream.ASYLUM, Stream.REGULAR) else None
    return "stream" not in chosen or profile.stream in (chosen["stream"], either)


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
