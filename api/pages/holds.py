"""Holds: keeping an escalation from destruction, and letting it go again."""

from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import clock, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.retention import service
from kdt.retention.queries import held

router = APIRouter()


@router.get("/holds/new")
def ask_hold(request: Request, person: SignedIn) -> Response:
    """The form to hold an escalation, the one in the address if there is one."""
    _required(person)
    return changes.asked(request, _hold_form(person, request.query_params.get("escalation")))


@router.post("/holds/new")
def hold(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Hold an escalation."""
    actor, store = _required(person), context(request).store

    def place(given: Given) -> Response:
        key = text(posted, "key")
        service.place(store, actor, given["escalation"], given["reason"], key=key)
        return see_other(request, _back(person, given["escalation"])[0], "held")

    return changes.answered(request, _hold_form(person, None), posted, place)


@router.get("/holds/{escalation}/lift")
def ask_lift(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to end a hold."""
    _required(person)
    return changes.asked(request, _lift_form(person, escalation))


@router.post("/holds/{escalation}/lift")
def lift(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """End a hold."""
    actor, store = _required(person), context(request).store

    def end(given: Given) -> Response:
        service.lift(store, actor, escalation, given["reason"], key=text(posted, "key"))
        return see_other(request, _back(person, escalation)[0], "lifted")

    return changes.answered(request, _lift_form(person, escalation), posted, end)


def shown(
    request: Request, connection: Connection, person: Person, escalation: str
) -> Mapping[str, object] | None:
    """What its page says of a hold: whether it is held, since when, and for who may hold why, and
    the way to place or lift it; None when there is nothing to say."""
    may = permissions.holder(person.actors, Right.HOLD) is not None
    found = held(connection, escalation).get(escalation)
    if found is None:
        path = f"/holds/new?escalation={quote(escalation)}"
        return {"since": None, "reason": None, "href": url(request, path)} if may else None
    return {
        "since": clock.day(found.since),
        "reason": found.reason if may else None,
        "href": url(request, f"/holds/{quote(escalation)}/lift") if may else None,
    }


def _hold_form(person: Person, escalation: str | None) -> Form:
    fields = (
        Field(
            "escalation", words.say("retention.label_escalation"), "text", True, value=escalation
        ),
        _reason(),
    )
    return Form("hold", "/holds/new", _back(person, escalation), fields)


def _lift_form(person: Person, escalation: str) -> Form:
    path = f"/holds/{quote(escalation)}/lift"
    return Form("lift", path, _back(person, escalation), (_reason(),), about=escalation)


def _reason() -> Field:
    hint = words.say("retention.label_reason_hint")
    return Field("reason", words.say("retention.label_reason"), "textarea", True, hint)


def _back(person: Person, escalation: str | None) -> tuple[str, str]:
    """Where one came from, and what that is called: who keeps the terms sees no escalations."""
    if permissions.holder(person.actors, Right.RETAIN):
        return "/retention", words.say("retention.title")
    if escalation is None:
        return "/escalations", words.say("nav.escalations")
    return f"/escalations/{quote(escalation)}", escalation


def _required(person: Person) -> Actor:
    return permissions.holding(person.actors, Right.HOLD)
