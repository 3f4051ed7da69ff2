"""Cases of colleagues: read one with a purpose, hand them over, take no part in one."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, forms
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access import permissions, queries
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import around, view
from kdt.errors import Forbidden, InvalidInput, NotFound, refused
from kdt.names import given as named
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Purpose

router = APIRouter()

_LIST = "/escalations"
_INSPECT = "/escalations/inspect"
_HAND_OVER = "/hand-over"


@router.get(_INSPECT)
def ask_inspect(request: Request, person: SignedIn) -> Response:
    """The form that asks what one reads a colleague's case for."""
    return changes.asked(request, _inspect_form(person))


@router.post(_INSPECT)
def inspect(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Keep the purpose, and show the case."""
    store = context(request).store

    def state(given: Given) -> Response:
        if given["purpose"] not in set(Purpose):
            raise InvalidInput([Problem("not_one_of", "purpose")], words.say("api.status.400"))
        try:
            found = around.state_purpose(
                store, person.actors, named("case", given["case"]), Purpose(given["purpose"])
            )
        except NotFound as nothing:
            raise InvalidInput([Problem("no_case_here", "case")], str(nothing)) from nothing
        return see_other(request, f"{_LIST}/{found.escalations[-1]}", "inspecting")

    return changes.answered(request, _inspect_form(person), posted, state)


@router.get(_HAND_OVER)
def ask_hand_over(request: Request, person: SignedIn) -> Response:
    """The form to hand over what somebody has in hand."""
    with reading(context(request).store) as connection:
        form = _hand_over_form(connection, person)
    return changes.asked(request, form)


@router.post(_HAND_OVER)
def hand_over(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Hand it over to a colleague."""
    store = context(request).store
    with reading(store) as connection:
        form = _hand_over_form(connection, person)

    def move(given: Given) -> Response:
        done = around.hand_over(store, person.actors, given["giver"], given["taker"])
        if done.stayed:
            # There one chooses somebody else for those.
            amounts = {"went": done.went, "stayed": done.stayed}
            return see_other(request, _HAND_OVER, "handed_over_in_part", **amounts)
        return see_other(request, "/", "handed_over", went=done.went)

    return changes.answered(request, form, posted, move)


@router.get("/escalations/{escalation}/recuse")
def ask_recuse(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to say that somebody takes no part."""
    with reading(context(request).store) as connection:
        form, _ = _recusal_form(connection, person, escalation)
    return changes.asked(request, form)


@router.post("/escalations/{escalation}/recuse")
def recuse(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """Record it."""
    store = context(request).store
    with reading(store) as connection:
        form, actor = _recusal_form(connection, person, escalation)

    def record(given: Given) -> Response:
        around.recuse(store, actor, escalation, given["person"])
        return see_other(request, f"{_LIST}/{escalation}", "recused")

    return changes.answered(request, form, posted, record)


def _inspect_form(person: Person) -> Form:
    if not around.may_state_purpose(person.actors):
        raise permissions.forbidden(Right.STATE_PURPOSE)
    fields = (
        Field("case", words.say("inspect.case"), "text", required=True),
        Field(
            "purpose",
            words.say("inspect.purpose"),
            "radio",
            required=True,
            options=forms.choices("purpose", Purpose),
        ),
    )
    return Form("inspect", _INSPECT, (_LIST, words.say("nav.escalations")), fields)


def _hand_over_form(connection: Connection, person: Person) -> Form:
    if not around.may_hand_over(person.actors):
        raise Forbidden(words.say("forbidden.hands_over"))
    held = around.holders(connection, person.actors)
    labels = queries.labels(connection, held)
    givers = tuple(
        Option(
            one,
            words.say(
                "hand_over.choice",
                person=labels.get(one, one),
                cases=words.amount("escalation", count),
            ),
        )
        for one, count in held.items()
    )
    takers = tuple(Option(one.id, one.label) for one in around.takers(connection))
    fields = (
        Field("giver", words.say("hand_over.giver"), "select", required=True, options=givers),
        Field("taker", words.say("hand_over.taker"), "select", required=True, options=takers),
    )
    return Form("hand_over", _HAND_OVER, ("/", words.say("nav.start")), fields)


def _recusal_form(connection: Connection, person: Person, escalation: str) -> tuple[Form, Actor]:
    # Nothing that was written of it is read for this.
    matter = view.matter(connection, person.actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    actor = permissions.recusing(person.actors, matter)
    if actor is None and permissions.holder(person.actors, Right.RECUSE_SELF) is not None:
        raise refused(around.Code.NOT_BEFORE_PANEL)
    if actor is None:
        raise Forbidden(words.say("forbidden.recuses"))
    choices = tuple(
        Option(one.id, f"{one.label} ({words.say(f'role.{capacity.role}')})")
        for one, capacity in around.panel_members(connection, actor)
    )
    field = Field("person", words.say("recusal.person"), "radio", required=True, options=choices)
    here = f"{_LIST}/{escalation}"
    back = (here, f"Zaak {escalation}")
    return Form("recusal", f"{here}/recuse", back, (field,)), actor
