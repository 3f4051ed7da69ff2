"""Meetings that a secretary or chair adds, moves or cancels, and items the chair gives a place."""

from datetime import date, time
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, forms, requests
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.places import places
from api.pages.rendering import day as said_day
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn
from kdt import values, words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.meetings import arranging
from kdt.names import invalid
from kdt.panels.queries import NamedPanel
from kdt.panels.slots import Meeting, meeting
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem
from kdt.vocabulary import MeetingKind, Placing

router = APIRouter()

_ADDED = (MeetingKind.EXTRAORDINARY, MeetingKind.WRITTEN)
# An agenda holds no more.
_LAST_PLACE = 999


@router.get("/meetings/{panel}/new")
def ask_new(request: Request, person: SignedIn, panel: str) -> Response:
    """The form for one more meeting."""
    return changes.asked(request, _new_form(_panel(request, person, panel)))


@router.post("/meetings/{panel}/new")
def add(request: Request, person: SignedIn, panel: str, posted: Posted) -> Response:
    """Add a meeting."""
    named = _panel(request, person, panel)

    def make(given: Given) -> Response:
        held_on = _day(given, "heldOn")
        arranging.add(
            context(request).store,
            person.actors,
            panel,
            held_on,
            _kind(given),
            given["reason"],
            starts_at=_time(given),
            place=given.get("place"),
        )
        return see_other(request, _path(panel, held_on), "administered")

    return changes.answered(request, _new_form(named), posted, make)


@router.get("/meetings/{panel}/{held_on}/move")
def ask_move(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The form to move a meeting, filled in with when it is now."""
    return changes.asked(request, _move_form(found_meeting(request, person, panel, held_on)))


@router.post("/meetings/{panel}/{held_on}/move")
def move(request: Request, person: SignedIn, panel: str, held_on: str, posted: Posted) -> Response:
    """Move a meeting, with what is on its agenda."""
    now = found_meeting(request, person, panel, held_on)

    def make(given: Given) -> Response:
        to = _day(given, "to")
        arranging.move(
            context(request).store,
            person.actors,
            panel,
            now.held_on,
            to,
            given["reason"],
            starts_at=_time(given),
            place=given.get("place", ""),
        )
        return see_other(request, _path(panel, to), "administered")

    return changes.answered(request, _move_form(now), posted, make)


@router.get("/meetings/{panel}/{held_on}/cancel")
def ask_cancel(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The form to cancel a meeting."""
    return changes.asked(request, _cancel_form(found_meeting(request, person, panel, held_on)))


@router.post("/meetings/{panel}/{held_on}/cancel")
def cancel(
    request: Request, person: SignedIn, panel: str, held_on: str, posted: Posted
) -> Response:
    """Cancel a meeting."""
    now = found_meeting(request, person, panel, held_on)

    def make(given: Given) -> Response:
        store = context(request).store
        arranging.cancel(store, person.actors, panel, now.held_on, given["reason"])
        return see_other(request, _path(panel, now.held_on), "administered")

    return changes.answered(request, _cancel_form(now), posted, make)


@router.get("/meetings/{panel}/{held_on}/items/{escalation}/place")
def ask_place(
    request: Request, person: SignedIn, panel: str, held_on: str, escalation: str
) -> Response:
    """The form to give an item another place."""
    now = found_meeting(request, person, panel, held_on, Right.PLACE)
    return changes.asked(request, _place_form(now, escalation))


@router.post("/meetings/{panel}/{held_on}/items/{escalation}/place")
def place(
    request: Request,
    person: SignedIn,
    panel: str,
    held_on: str,
    escalation: str,
    posted: Posted,
) -> Response:
    """Give an item another place."""
    now = found_meeting(request, person, panel, held_on, Right.PLACE)

    def make(given: Given) -> Response:
        try:
            position = values.whole(given["position"], 1, _LAST_PLACE)
            why = Placing(values.code(given["reason"], tuple(Placing)))
        except Invalid as wrong:
            field = "position" if wrong.code == "not_in_range" else "reason"
            raise invalid(Problem(wrong.code, field, wrong.details)) from wrong
        store = context(request).store
        arranging.place_item(store, person.actors, panel, now.held_on, escalation, position, why)
        return see_other(request, _path(panel, now.held_on), "administered")

    return changes.answered(request, _place_form(now, escalation), posted, make)


def tools(base: str) -> list[tuple[str, str]]:
    """What is done with a meeting to come, in words and addresses under its own."""
    return [(words.say(f"arrange.{one}"), f"{base}/{one}") for one in ("move", "cancel")]


def adding(panel: NamedPanel, *, several: bool) -> str:
    """What adding a meeting is called; of which panel, where somebody serves several."""
    said = words.say("arrange.add")
    return f"{said}: {panel.name}" if several else said


def _new_form(panel: NamedPanel) -> Form:
    kinds = forms.choices("meeting_kind", _ADDED)
    fields = (
        Field("kind", _label("kind"), "radio", required=True, options=kinds),
        Field("heldOn", _label("held_on"), "date", required=True),
        _starts_at(panel.starts_at),
        Field("place", _label("place"), "text", value=panel.pattern.place),
        _reason(),
    )
    path, back = f"/meetings/{quote(panel.id)}/new", ("/meetings", words.say("nav.meetings"))
    return Form("new_meeting", path, back, fields, panel.name)


def _move_form(now: Meeting) -> Form:
    fields = (
        Field("to", _label("to"), "date", required=True, value=now.held_on.isoformat()),
        _starts_at(now.starts_at),
        Field("place", _label("place"), "text", value=now.place or ""),
        _reason(),
    )
    return _of_meeting("move", now, fields)


def _cancel_form(now: Meeting) -> Form:
    return _of_meeting("cancel", now, (_reason(),), danger=True)


def _of_meeting(
    change: str, now: Meeting, fields: tuple[Field, ...], *, danger: bool = False
) -> Form:
    path, about = _path(now.panel, now.held_on), said_day(now.held_on)
    key, address = f"{change}_meeting", f"{path}/{change}"
    return Form(key, address, (path, about), fields, about, danger)


def _place_form(now: Meeting, escalation: str) -> Form:
    path = _path(now.panel, now.held_on)
    reasons = forms.choices("placing", Placing)
    fields = (
        Field("position", _label("position"), "text", required=True),
        Field("reason", _label("reason"), "radio", required=True, options=reasons),
    )
    address = f"{path}/items/{quote(escalation)}/place"
    return Form("place_item", address, (path, said_day(now.held_on)), fields)


def _starts_at(now: time) -> Field:
    return Field(
        "startsAt", _label("starts_at"), "time", required=True, value=now.isoformat("minutes")
    )


def _reason() -> Field:
    hint = words.say("arrange.reason_hint")
    return Field("reason", _label("reason"), "textarea", required=True, hint=hint)


def _label(name: str) -> str:
    return words.say(f"arrange.label_{name}")


def _path(panel: str, held_on: date) -> str:
    return f"/meetings/{quote(panel)}/{held_on.isoformat()}"


def _day(given: Given, name: str) -> date:
    found = changes.day(given, name)
    assert found is not None, "a required field was filled in"
    return found


def _time(given: Given) -> time:
    try:
        return values.clock_time(given["startsAt"])
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, "startsAt")) from wrong


def _kind(given: Given) -> MeetingKind:
    try:
        return MeetingKind(values.code(given["kind"], _ADDED))
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, "kind", wrong.details)) from wrong


def _panel(
    request: Request, person: Person, panel: str, right: Right = Right.ARRANGE
) -> NamedPanel:
    """The panel whose meetings somebody arranges. Raises NotFound where they do not sit in it, and
    Forbidden where they do."""
    with reading(context(request).store) as connection:
        found = places(connection, today_in(connection)).served(person, panel)
    if permissions.of_panel(person.actors, right, found.location) is None:
        raise permissions.forbidden(right)
    return found


def found_meeting(
    request: Request, person: Person, panel: str, held_on: str, right: Right = Right.ARRANGE
) -> Meeting:
    """The slot of a panel of which somebody has this right. Raises NotFound and Forbidden."""
    _panel(request, person, panel, right)
    on = requests.day(held_on)
    with reading(context(request).store) as connection:
        found = meeting(connection, panel, on) if on else None
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found
