"""Locations and panels: what there is, and how an administrator opens, renames and closes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.places import in_words as in_words_of
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn
from api.pages.standing import Standing, standing
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import ordering
from kdt.cases.overview import Waiting, waiting
from kdt.errors import NotFound
from kdt.meetings import service
from kdt.panels import weights
from kdt.panels.patterns import Pattern
from kdt.panels.queries import (
    Term,
    all_panels,
    go_lives,
    location_terms_by_id,
    named_panels,
    panel_terms_by_id,
)
from kdt.procedure import CURRENT, Panel
from kdt.register.top import OFTEN
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()

_PATH = "/panels"


class Kind(StrEnum):
    """What is administered, as it stands in an address."""

    LOCATION = "locations"
    PANEL = "panels"


class Change(StrEnum):
    """What can be done with it."""

    RENAME = "rename"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Row:
    """A panel, with how many escalations wait there, or a location, with what may be done. `note`:
    when it meets, or from when it takes part."""

    id: str
    stands: Standing
    actions: tuple[tuple[str, str], ...]
    note: str
    panel: Panel | None = None
    waiting: int = 0


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Every panel and every location."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        panels = all_panels(connection)
        panel_terms = panel_terms_by_id(connection)
        location_terms = location_terms_by_id(connection)
        patterns = {one.id: one.pattern for one in named_panels(connection, today)}
        live = go_lives(connection)
        waits = waiting(connection, today, often=OFTEN)
        order = ordering.in_force(connection, today)
        later = weights.announced(connection, today)
    may_change = administrator(person) is not None

    def row(kind: Kind, owner: str, terms: Sequence[Term], more: tuple[str, str], note: str) -> Row:
        stands = standing(terms, today)
        offered = (Change.RENAME, Change.CLOSE if stands.open else Change.REOPEN)
        tools = tuple(
            (words.say(f"administration.{one}"), url(request, _address(kind, owner, one)))
            for one in offered
            if may_change
        )
        if may_change:
            tools = (*tools, (words.say(f"administration.{more[0]}"), url(request, more[1])))
        return Row(owner, stands, tools, note)

    rows = [
        replace(
            row(
                Kind.PANEL,
                one.id,
                panel_terms[one.id],
                ("pattern", f"/patterns/{quote(one.id)}"),
                in_words(patterns[one.id]),
            ),
            panel=one,
            waiting=_waiting(one, waits),
        )
        # The top of the ladder first.
        for one in sorted(panels, key=lambda one: (one.location is not None, one.id))
    ]
    return page(
        request,
        "panels.html",
        HTTPStatus.OK,
        title=words.say("administration.title"),
        panels=rows,
        locations=[
            row(Kind.LOCATION, one, terms, ("live", f"/live/{quote(one)}"), _live(live.get(one)))
            for one, terms in location_terms.items()
        ],
        may_add=may_change,
        order=(
            in_words_of(order),
            [
                words.say(
                    "order.announced",
                    day=words.full_day(on),
                    sentence=in_words_of(ordering.order_by(chosen)),
                )
                for on, chosen in later
            ],
        ),
    )


@router.get("/locations/new")
def new_location(request: Request, person: SignedIn) -> Response:
    """The form for a new location."""
    required(person)
    return changes.asked(request, _location_form())


@router.post("/locations/new")
def add_location(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Open a location, with its panels."""
    actor, store = required(person), context(request).store

    def add(given: Given) -> Response:
        service.create_location(store, actor, given["name"], on=changes.day(given, "on"))
        return see_other(request, _PATH, "administered")

    return changes.answered(request, _location_form(), posted, add)


@router.get("/panels/new")
def new_panel(request: Request, person: SignedIn) -> Response:
    """The form for a new panel."""
    required(person)
    return changes.asked(request, _panel_form(request))


@router.post("/panels/new")
def add_panel(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Open a panel at a level."""
    actor, store = required(person), context(request).store

    def add(given: Given) -> Response:
        service.create_panel(
            store,
            actor,
            given["level"],
            given.get("location"),
            name=given.get("name"),
            on=changes.day(given, "on"),
        )
        return see_other(request, _PATH, "administered")

    return changes.answered(request, _panel_form(request), posted, add)


@router.get("/locations/{owner:path}/{change}")
def ask_location(request: Request, person: SignedIn, owner: str, change: Change) -> Response:
    """The form for a change of a location."""
    required(person)
    return changes.asked(request, _change_form(request, Kind.LOCATION, owner, change))


@router.post("/locations/{owner:path}/{change}")
def change_location(
    request: Request, person: SignedIn, owner: str, change: Change, posted: Posted
) -> Response:
    """Rename, close or open a location again, from a day on."""
    form = _change_form(request, Kind.LOCATION, owner, change)
    return _changed(request, person, form, posted, change, service.change_location, owner)


@router.get("/panels/{owner}/{change}")
def ask_panel(request: Request, person: SignedIn, owner: str, change: Change) -> Response:
    """The form for a change of a panel."""
    required(person)
    return changes.asked(request, _change_form(request, Kind.PANEL, owner, change))


@router.post("/panels/{owner}/{change}")
def change_panel(
    request: Request, person: SignedIn, owner: str, change: Change, posted: Posted
) -> Response:
    """Rename, close or open a panel again, from a day on."""
    form = _change_form(request, Kind.PANEL, owner, change)
    return _changed(request, person, form, posted, change, service.change_panel, owner)


def _changed(
    request: Request,
    person: Person,
    form: Form,
    posted: FormData,
    change: Change,
    serve: Callable[..., None],
    owner: str,
) -> Response:
    actor, store = required(person), context(request).store
    is_open = None if change is Change.RENAME else change is Change.REOPEN

    def alter(given: Given) -> Response:
        on = changes.day(given, "on")
        serve(store, actor, owner, name=given.get("name"), is_open=is_open, on=on)
        return see_other(request, _PATH, "administered")

    return changes.answered(request, form, posted, alter)


def in_words(pattern: Pattern) -> str:
    """When a panel meets: maandag tot en met vrijdag, 9.00 uur."""
    days = [words.say(f"weekday.{one}") for one in pattern.weekdays]
    run = pattern.weekdays == tuple(range(pattern.weekdays[0], pattern.weekdays[-1] + 1))
    if run and len(days) > 1:
        days = [words.say("pattern.run", first=days[0], last=days[-1])]
    time = f"{pattern.starts_at.hour}.{pattern.starts_at.minute:02}"
    return words.say("pattern.summary", weekdays=", ".join(days), time=time)


def _live(since: date | None) -> str:
    if since is None:
        return words.say("administration.by_hand")
    return words.say("administration.live_since", day=words.full_day(since))


def _waiting(panel: Panel, waits: Sequence[Waiting]) -> int:
    return sum(
        one.count
        for one in waits
        if one.level == panel.level and panel.location in (None, one.location)
    )


def _location_form() -> Form:
    return Form("new_location", "/locations/new", _back(), (_name(required=True), _on()))


def _panel_form(request: Request) -> Form:
    with reading(context(request).store) as connection:
        locations = location_terms_by_id(connection)
    levels = tuple(
        Option(one.code, capital(words.say(f"level.{one.code}"))) for one in CURRENT.ladder.levels
    )
    fields = (
        Field("level", _label("level"), "radio", required=True, options=levels),
        Field(
            "location",
            _label("location"),
            "select",
            hint=words.say("new_panel.location_hint"),
            options=tuple(Option(one, terms[-1].name) for one, terms in locations.items()),
        ),
        _name(hint=words.say("new_panel.name_hint")),
        _on(),
    )
    return Form("new_panel", "/panels/new", _back(), fields)


def _change_form(request: Request, kind: Kind, owner: str, change: Change) -> Form:
    with reading(context(request).store) as connection:
        terms = (
            location_terms_by_id(connection)
            if kind is Kind.LOCATION
            else panel_terms_by_id(connection)
        ).get(owner)
        today = today_in(connection)
    if terms is None:
        raise NotFound(words.say("refusal.not_found"))
    now = standing(terms, today).name
    renames = change is Change.RENAME
    return Form(
        f"{change}_{kind}",
        _address(kind, owner, change),
        _back(),
        (_name(value=now, required=True), _on()) if renames else (_on(),),
        about=now,
        danger=change is Change.CLOSE,
    )


def _name(*, value: str | None = None, hint: str | None = None, required: bool = False) -> Field:
    return Field("name", _label("name"), "text", required, hint, value=value)


def _on() -> Field:
    return Field("on", _label("on"), "date", hint=words.say("administration.on_hint"))


def _label(name: str) -> str:
    return words.say(f"administration.label_{name}")


def _back() -> tuple[str, str]:
    return _PATH, words.say("administration.title")


def _address(kind: Kind, owner: str, change: Change) -> str:
    return f"/{kind}/{quote(owner)}/{change}"


def administrator(person: Person) -> Actor | None:
    """The capacity in which a person administers, or None."""
    return permissions.holder(person.actors, Right.ADMINISTER)


def required(person: Person) -> Actor:
    """The same; raises Forbidden."""
    return permissions.holding(person.actors, Right.ADMINISTER)
