"""Rode draden: the board, one theme over time, and how the list is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, charts
from api.pages.changes import Form, Given
from api.pages.charts import Point
from api.pages.figure_views import Chart
from api.pages.forms import Field
from api.pages.places import places
from api.pages.questions import asked
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn
from api.pages.rows import Row, row
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases.queries import Filter, escalations_of
from kdt.errors import NotFound
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import queries, service
from kdt.themes.queries import Theme
from kdt.vocabulary import ThemeStatus

router = APIRouter()

_PATH = "/themes"
_RECENT = timedelta(days=28)
_YEAR = timedelta(days=365)
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A theme on the board: escalations in the period, in the last four weeks, and in the four
    before those."""

    id: str
    name: str
    href: str
    escalations: int
    recent: int
    before: int


@router.get(_PATH)
def board(request: Request, person: SignedIn) -> Response:
    """Every theme by how it stands, those that rise most on top."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        question = asked(request, today=today, dimensions=())
        listed = queries.themes(connection)
        query = question.query
        counted = queries.counts(connection, query.first, query.until, query.as_of) if query else {}
        recent, before = _lately(connection, today)
    cards: dict[str, list[Card]] = {status: [] for status in ThemeStatus}
    for one in listed:
        href = url(request, f"{_PATH}/{one.id}")
        counts = (counted.get(one.id, 0), recent.get(one.id, 0), before.get(one.id, 0))
        cards[one.status].append(Card(one.id, one.name, href, *counts))
    for column in cards.values():
        column.sort(key=lambda one: (one.before - one.recent, one.name))
    return page(
        request,
        "themes.html",
        HTTPStatus.OK,
        title=words.say("themes.title"),
        action=url(request, _PATH),
        fields=question.fields,
        columns=list(cards.items()),
        may_add=_proposer(person) is not None,
    )


@router.get(f"{_PATH}/new")
def new(request: Request, person: SignedIn) -> Response:
    """The form for a new theme."""
    permissions.holding(person.actors, Right.PROPOSE_THEMES)
    return changes.asked(request, _new_form())


@router.post(f"{_PATH}/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Propose a theme; from whoever keeps the list it is confirmed at once."""
    actor = permissions.holding(person.actors, Right.PROPOSE_THEMES)
    store = context(request).store

    def enter(given: Given) -> Response:
        added = service.add(store, actor, given["name"], given.get("description", ""))
        return see_other(request, f"{_PATH}/{added.id}", "theme_added")

    return changes.answered(request, _new_form(), posted, enter)


@router.get(f"{_PATH}/{{theme}}")
def show(request: Request, person: SignedIn, theme: str) -> Response:
    """One theme: how often, since when, and its cases for who may see them."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        found = _found(connection, theme)
        months = queries.by_month(connection, theme, today - _YEAR, today)
        total = queries.counts(connection, date.min, today).get(theme, 0)
        recent, before = _lately(connection, today)
        rows = _rows(request, connection, person, theme, today)
    return page(
        request,
        "theme.html",
        HTTPStatus.OK,
        title=found.name,
        theme=found,
        total=total,
        recent=recent.get(theme, 0),
        before=before.get(theme, 0),
        charts=[_chart(months)] if any(count for _, count in months) else [],
        rows=rows[:_SHOWN],
        every=url(request, f"/escalations?theme={theme}") if len(rows) > _SHOWN else None,
        tools=_tools(request, found) if _manager(person) else [],
    )


@router.get(f"{_PATH}/{{theme}}/edit")
def ask_edit(request: Request, person: SignedIn, theme: str) -> Response:
    """The form to rename or describe a theme."""
    permissions.holding(person.actors, Right.MANAGE_THEMES)
    return changes.asked(request, _edit_form(_read(request, theme)))


@router.post(f"{_PATH}/{{theme}}/edit")
def edit(request: Request, person: SignedIn, theme: str, posted: Posted) -> Response:
    """Rename or describe a theme."""
    actor = permissions.holding(person.actors, Right.MANAGE_THEMES)
    store = context(request).store

    def alter(given: Given) -> Response:
        service.change(
            store, actor, theme, name=given["name"], description=given.get("description", "")
        )
        return see_other(request, f"{_PATH}/{theme}", "theme_changed")

    return changes.answered(request, _edit_form(_read(request, theme)), posted, alter)


@router.get(f"{_PATH}/{{theme}}/{{status}}")
def ask_status(request: Request, person: SignedIn, theme: str, status: ThemeStatus) -> Response:
    """Asks whether a theme should come to stand so."""
    permissions.holding(person.actors, Right.MANAGE_THEMES)
    return changes.asked(request, _status_form(_read(request, theme), status))


@router.post(f"{_PATH}/{{theme}}/{{status}}")
def give_status(
    request: Request, person: SignedIn, theme: str, status: ThemeStatus, posted: Posted
) -> Response:
    """Confirm, close or reopen a theme."""
    actor = permissions.holding(person.actors, Right.MANAGE_THEMES)
    store = context(request).store

    def alter(_given: Given) -> Response:
        service.change(store, actor, theme, status=status)
        return see_other(request, f"{_PATH}/{theme}", "theme_changed")

    return changes.answered(request, _status_form(_read(request, theme), status), posted, alter)


def _lately(connection: Connection, today: date) -> tuple[dict[str, int], dict[str, int]]:
    """Escalations by theme in the last four weeks, and in the four weeks before those."""
    since = today - _RECENT
    recent = queries.counts(connection, since + timedelta(days=1), today)
    return recent, queries.counts(connection, since - _RECENT + timedelta(days=1), since)


def _rows(
    request: Request, connection: Connection, person: Person, theme: str, today: date
) -> list[Row]:
    known = places(connection, today)
    found = escalations_of(
        connection, person.actors, Filter(theme=theme), after=None, limit=_SHOWN + 1
    )
    return [row(request, one, known, today) for one in found]


def _chart(months: Sequence[tuple[date, int]]) -> Chart:
    caption, unit = words.say("themes.by_month"), words.say("themes.unit")
    points = tuple(Point(unit, month, count) for month, count in months)
    return Chart(
        caption,
        charts.months(caption, unit, points),
        (capital(unit),),
        tuple((charts.month_name(month), (count,)) for month, count in months),
    )


def _tools(request: Request, theme: Theme) -> list[tuple[str, str]]:
    here = f"{_PATH}/{theme.id}"
    return [
        (words.say(f"themes.{one}"), url(request, f"{here}/{one}"))
        for one in (*service.may_become(theme), "edit")
    ]


def _new_form() -> Form:
    back = (_PATH, words.say("themes.title"))
    return Form("new_theme", f"{_PATH}/new", back, _fields("", ""))


def _edit_form(theme: Theme) -> Form:
    here = f"{_PATH}/{theme.id}"
    fields = _fields(theme.name, theme.description)
    return Form("edit_theme", f"{here}/edit", (here, theme.name), fields, theme.name)


def _status_form(theme: Theme, status: ThemeStatus) -> Form:
    here = f"{_PATH}/{theme.id}"
    return Form(f"{status}_theme", f"{here}/{status}", (here, theme.name), about=theme.name)


def _fields(name: str, description: str) -> tuple[Field, ...]:
    return (
        Field("name", words.say("themes.name"), "text", required=True, value=name),
        Field(
            "description",
            words.say("themes.description"),
            "textarea",
            hint=words.say("themes.description_hint"),
            value=description,
        ),
    )


def _read(request: Request, theme: str) -> Theme:
    with reading(context(request).store) as connection:
        return _found(connection, theme)


def _found(connection: Connection, theme: str) -> Theme:
    found = queries.theme(connection, theme)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _proposer(person: Person) -> Actor | None:
    return permissions.holder(person.actors, Right.PROPOSE_THEMES)


def _manager(person: Person) -> Actor | None:
    return permissions.holder(person.actors, Right.MANAGE_THEMES)
