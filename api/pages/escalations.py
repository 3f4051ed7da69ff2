"""Lists of escalations: newest action first, narrowed by what stands in the address."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import forms, paging, sorting
from api.pages.forms import Field, Option
from api.pages.places import Places, places
from api.pages.rendering import capital, page, url
from api.pages.requests import Posted, SignedIn, text
from api.pages.rows import Row, row
from api.pages.sorting import SORT, Heading
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Knows, Right, Shown
from kdt.cases import around, queries
from kdt.cases.list_order import Order
from kdt.cases.queries import Filter
from kdt.errors import Forbidden
from kdt.panels.queries import NamedPanel
from kdt.procedure import CURRENT
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes.queries import Theme, themes
from kdt.values import LONGEST_NAME
from kdt.vocabulary import Ground, Phase, Question

router = APIRouter()

_PAGE = 50
# Which way each order runs, as its column shows it: the first day, the longest wait.
_DIRECTIONS: Mapping[Order, str] = {
    Order.CHANGED: "descending",
    Order.WAITING: "descending",
    Order.DEADLINE: "ascending",
}
_PATH = "/escalations"


def address(request: Request, panel: NamedPanel, phase: Phase) -> str:
    """The list of all of a panel that is in a phase."""
    asked = {"level": panel.level, "location": panel.location, "phase": phase.value}
    return _link(request, {name: value for name, value in asked.items() if value})


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """The escalations a person may know of, fifty at a time."""
    actors = _actors(person)
    asked = {name: value for name, value in request.query_params.items() if value}
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        listed = themes(connection)
        order = sorting.order(Order, asked.get(SORT), Order.CHANGED)
        found = queries.escalations_of(
            connection,
            actors,
            _filter(asked),
            after=paging.after(asked),
            limit=_PAGE + 1,
            order=order,
        )
        rows = [row(request, one, known, now) for one in found[:_PAGE]]
    following = paging.onward(found[:_PAGE], order) if len(found) > _PAGE else None
    return _list(
        request,
        person,
        rows,
        filters=_filters(actors, known, listed, asked),
        headings=_headings(request, asked, order),
        order=order,
        following=_link(request, {**asked, **following}) if following else None,
        restart=_link(request, _without(asked, *paging.CURSOR)) if "after" in asked else None,
    )


@router.post(f"{_PATH}/search")
def search(request: Request, person: SignedIn, form: Posted) -> Response:
    """What was brought of one case. Its number goes in the form, never in an address."""
    wanted = text(form, "case") or ""
    actors = _actors(person)
    error = None
    if not wanted or "\0" in wanted or len(wanted) > LONGEST_NAME:
        error = words.say("form.missing", field=words.say("field.case"))
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        found = [] if error else queries.search(connection, actors, wanted)
        rows = [row(request, one, known, now) for one in found]
        filters = _filters(actors, known, themes(connection), {})
    return _list(
        request,
        person,
        rows,
        filters=filters,
        headings=_headings(request, {}, Order.CHANGED),
        searched=wanted,
        error=error,
        status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
    )


def _actors(person: Person) -> Sequence[Actor]:
    """The person's capacities. Raises Forbidden for whoever has none."""
    if not person.actors:
        raise Forbidden(words.say("api.no_role"))
    return person.actors


def _several_locations(actors: Iterable[Actor]) -> bool:
    """Whether what these know of may come from more than one location."""
    return len({actor.location for actor in actors}) > 1 or any(
        actor.location is None and actor.row.knows is not Knows.OWN for actor in actors
    )


def _searches(actors: Iterable[Actor]) -> bool:
    """Whether case numbers are shown to these, so that they can look for one."""
    return any(Shown.CASE_NUMBER in actor.row.shows for actor in actors)


def _filter(asked: dict[str, str]) -> Filter:
    phase = asked.get("phase")
    return Filter(
        phases=(Phase(phase),) if phase in set(Phase) else (),
        level=asked.get("level"),
        location=asked.get("location"),
        question=asked.get("question"),
        ground=asked.get("ground"),
        theme=asked.get("theme"),
    )


def _filters(
    actors: Sequence[Actor], known: Places, listed: Sequence[Theme], asked: dict[str, str]
) -> list[Field]:
    found = [
        _choice("phase", words.say("page.where_it_stands"), forms.choices("phase", Phase), asked),
        _choice(
            "level",
            capital(words.say("dimension.level")),
            forms.choices("level", [one.code for one in CURRENT.ladder.levels]),
            asked,
        ),
        _choice("question", None, forms.choices("question", Question), asked),
        _choice("ground", None, forms.choices("ground", Ground), asked),
        _choice("theme", None, [Option(one.id, one.name) for one in listed], asked),
    ]
    if _several_locations(actors):
        locations = [Option(one.id, one.name) for one in known.locations.values()]
        found.insert(1, _choice("location", None, locations, asked))
    return found


def _choice(
    name: str, label: str | None, options: Sequence[Option], asked: dict[str, str]
) -> Field:
    return Field(
        name,
        label or capital(words.say(f"field.{name}")),
        "select",
        options=tuple(options),
        value=asked.get(name),
    )


def _headings(request: Request, asked: dict[str, str], now: Order) -> list[tuple[str, Heading]]:
    kept = _without(asked, SORT, *paging.CURSOR)
    found = sorting.headings(request, _PATH, kept, _DIRECTIONS, now)
    return [(words.say(f"page.head_{one}"), heading) for one, heading in found.items()]


def _without(asked: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in asked.items() if name not in names}


def _link(request: Request, asked: dict[str, str]) -> str:
    return url(request, f"{_PATH}?{urlencode(asked)}" if asked else _PATH)


def _list(
    request: Request,
    person: Person,
    rows: list[Row],
    *,
    filters: list[Field],
    headings: list[tuple[str, Heading]],
    order: Order = Order.CHANGED,
    searched: str | None = None,
    error: str | None = None,
    following: str | None = None,
    restart: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    actors = person.actors
    only_own = all(actor.row.knows in (Knows.OWN, Knows.NONE) for actor in actors)
    heading = words.say("page.mine" if only_own else "nav.escalations")
    return page(
        request,
        "escalations.html",
        status,
        title=heading,
        heading=heading,
        action=url(request, _PATH),
        filters=filters,
        headings=headings,
        order=capital(words.say(f"page.order_{order}")),
        sort=None if order is Order.CHANGED else order,
        rows=rows,
        search=Field("case", words.say("page.search_case"), "text", value=searched, error=error),
        searched=searched is not None,
        following=following,
        restart=restart,
        may_search=_searches(actors),
        inspect=url(request, f"{_PATH}/inspect") if around.may_state_purpose(actors) else None,
        several_locations=_several_locations(actors),
        may_open=permissions.holder(actors, Right.OPEN) is not None,
    )
