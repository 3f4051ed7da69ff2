"""Suspending the legal term of a case: the forms, and how its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, forms
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import day, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import suspending, view
from kdt.cases.suspending import Suspension
from kdt.cases.view import EscalationView
from kdt.errors import InvalidInput, NotFound
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import SuspensionGround

router = APIRouter()


class Change(StrEnum):
    """What can be said later of a suspension."""

    END = "end"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Line:
    """A suspension as the page of its case shows it; `tools`: words and addresses."""

    first_on: date
    last_on: date | None
    ground: str
    tools: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What suspends a term, the day that was recorded where that is another than the one that
    counts, and the address to suspend it (None: not for this person, or not now)."""

    lines: tuple[Line, ...]
    recorded: date | None
    suspend: str | None


def shown(request: Request, person: Person, found: EscalationView) -> Shown:
    """How the page of an escalation shows it."""
    able = permissions.suspending(person.actors, found.matter) is not None
    here = f"/escalations/{found.id}"
    recorded = found.state.decide_by

    def tools(one: Suspension) -> tuple[tuple[str, str], ...]:
        wanted = [Change.WITHDRAW] if one.last_on else [Change.END, Change.WITHDRAW]
        this = url(request, f"{here}/suspensions/{one.number}")
        return tuple((words.say(f"suspend.{to}"), f"{this}/{to}") for to in wanted if able)

    return Shown(
        tuple(
            Line(one.first_on, one.last_on, words.say(f"suspension.{one.ground}"), tools(one))
            for one in found.suspensions
        ),
        recorded if recorded != found.deadline else None,
        url(request, f"{here}/suspend") if able and recorded is not None else None,
    )


@router.get("/escalations/{escalation}/suspend")
def ask(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to suspend its term."""
    with reading(context(request).store) as connection:
        _actor(connection, person.actors, escalation)
    return changes.asked(request, _form(escalation))


@router.post("/escalations/{escalation}/suspend")
def suspend(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """Record it."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, person.actors, escalation)

    def record(given: Given) -> Response:
        if given["ground"] not in set(SuspensionGround):
            raise InvalidInput([Problem("not_one_of", "ground")], words.say("api.status.400"))
        first_on = changes.day(given, "firstOn")
        assert first_on is not None, "a required field was filled in"
        ground, last_on = SuspensionGround(given["ground"]), changes.day(given, "lastOn")
        suspending.suspend(store, actor, escalation, first_on, last_on, ground)
        return see_other(request, f"/escalations/{escalation}", "suspended")

    return changes.answered(request, _form(escalation), posted, record)


@router.get("/escalations/{escalation}/suspensions/{number}/{change}")
def ask_change(
    request: Request, person: SignedIn, escalation: str, number: str, change: Change
) -> Response:
    """The form for its last day, or that it should not have been recorded."""
    with reading(context(request).store) as connection:
        _actor(connection, person.actors, escalation)
        form = _change_form(connection, escalation, number, change)
    return changes.asked(request, form)


@router.post("/escalations/{escalation}/suspensions/{number}/{change}")
def alter(
    request: Request,
    person: SignedIn,
    escalation: str,
    number: str,
    change: Change,
    posted: Posted,
) -> Response:
    """Record that."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, person.actors, escalation)
        form = _change_form(connection, escalation, number, change)
        found = _found(connection, escalation, number)

    def record(given: Given) -> Response:
        if change is Change.WITHDRAW:
            suspending.withdraw(store, actor, escalation, found.number)
        else:
            last_on = changes.day(given, "lastOn")
            assert last_on is not None, "a required field was filled in"
            suspending.end(store, actor, escalation, found.number, last_on)
        return see_other(request, f"/escalations/{escalation}", f"suspension_{change}")

    return changes.answered(request, form, posted, record)


def _actor(connection: Connection, actors: Sequence[Actor], escalation: str) -> Actor:
    """In which capacity a person does this; where they may not, the service says why."""
    # Nothing that was written of it is read for this.
    matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    able = permissions.suspending(actors, matter)
    if able is None:
        able = permissions.holding(actors, Right.SUSPEND)
        suspending.require(able, matter)
    return able


def _form(escalation: str) -> Form:
    fields = (
        Field(
            "ground",
            words.say("suspend.ground"),
            "radio",
            required=True,
            options=forms.choices("suspension", SuspensionGround),
        ),
        Field("firstOn", words.say("suspend.first_on"), "date", required=True),
        Field(
            "lastOn", words.say("suspend.last_on"), "date", hint=words.say("suspend.last_on_hint")
        ),
    )
    here = f"/escalations/{escalation}"
    return Form("suspend", f"{here}/suspend", _back(escalation), fields)


def _change_form(connection: Connection, escalation: str, number: str, change: Change) -> Form:
    one = _found(connection, escalation, number)
    path = f"/escalations/{escalation}/suspensions/{one.number}/{change}"
    fields = (
        (Field("lastOn", words.say("suspend.last_on"), "date", required=True),)
        if change is Change.END
        else ()
    )
    about = words.say(f"suspension.{one.ground}")
    since = words.say("suspend.about", ground=about, day=day(one.first_on))
    danger = change is Change.WITHDRAW
    return Form(f"suspension_{change}", path, _back(escalation), fields, since, danger)


def _found(connection: Connection, escalation: str, number: str) -> Suspension:
    every = suspending.suspensions_of(connection, escalation)
    found = next((one for one in every if str(one.number) == number), None)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _back(escalation: str) -> tuple[str, str]:
    return f"/escalations/{escalation}", f"Zaak {escalation}"
