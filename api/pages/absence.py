"""Being away: who stands in, in which capacity and until when."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import capital, day, page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access import delegating, permissions, queries
from kdt.access.delegating import Delegation
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import around
from kdt.errors import InvalidInput, NotFound
from kdt.store.transaction import reading
from kdt.values import Problem

router = APIRouter()

_PATH = "/absence"


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation in words; `href` ends it."""

    text: str
    days: str
    href: str | None


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Who stands in for the person, and for whom they stand in."""
    with reading(context(request).store) as connection:
        found = delegating.of_person(connection, person.id)
        others = {one.taker for one in found} | {one.giver for one in found}
        labels = queries.labels(connection, others)
    return page(
        request,
        "absence.html",
        title=words.say("absence.page"),
        mine=[_line(request, one, labels, mine=True) for one in found if one.giver == person.id],
        theirs=[_line(request, one, labels, mine=False) for one in found if one.taker == person.id],
        new=url(request, f"{_PATH}/new") if delegating.lendable(person) else None,
        hand_over=url(request, "/hand-over") if around.may_hand_over(person.actors) else None,
    )


@router.get(f"{_PATH}/new")
def ask(request: Request, person: SignedIn) -> Response:
    """The form for being away."""
    with reading(context(request).store) as connection:
        form = _form(connection, person)
    return changes.asked(request, form)


@router.post(f"{_PATH}/new")
def delegate(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Let a colleague stand in."""
    store = context(request).store
    with reading(store) as connection:
        form = _form(connection, person)

    def enter(given: Given) -> Response:
        capacities = {_code(one): one for one in delegating.lendable(person)}
        first_on, last_on = changes.day(given, "firstOn"), changes.day(given, "lastOn")
        actor = capacities.get(given["capacity"])
        if actor is None:
            raise _wrong("not_one_of", "capacity")
        if first_on is None or last_on is None:
            raise _wrong("missing", "lastOn" if first_on else "firstOn")
        delegating.delegate(store, actor, given["taker"], first_on, last_on)
        return see_other(request, _PATH, "absence")

    return changes.answered(request, form, posted, enter)


@router.get(f"{_PATH}/{{delegation}}/end")
def ask_end(request: Request, person: SignedIn, delegation: int) -> Response:
    """Asks whether the person is back."""
    return changes.asked(request, _end_form(request, person, delegation))


@router.post(f"{_PATH}/{{delegation}}/end")
def end(request: Request, person: SignedIn, delegation: int, posted: Posted) -> Response:
    """End what was delegated."""
    store = context(request).store

    def finish(_given: Given) -> Response:
        delegating.end(store, person.id, delegation)
        return see_other(request, _PATH, "absence_ended")

    return changes.answered(request, _end_form(request, person, delegation), posted, finish)


def _form(connection: Connection, person: Person) -> Form:
    mine = delegating.lendable(person)
    if not mine:
        raise permissions.forbidden(Right.DELEGATE)
    colleagues = {
        one.id: one.label for actor in mine for one in delegating.colleagues(connection, actor)
    }
    fields = (
        Field(
            "capacity",
            words.say("absence.capacity"),
            "radio",
            required=True,
            options=tuple(Option(_code(one), capital(_said(one))) for one in mine),
            value=_code(mine[0]),
        ),
        Field(
            "taker",
            words.say("absence.taker"),
            "select",
            required=True,
            options=tuple(Option(one, label) for one, label in colleagues.items()),
        ),
        Field("firstOn", words.say("absence.first_on"), "date", required=True),
        Field("lastOn", words.say("absence.last_on"), "date", required=True),
    )
    return Form("new_absence", f"{_PATH}/new", (_PATH, words.say("absence.page")), fields)


def _end_form(request: Request, person: Person, delegation: int) -> Form:
    with reading(context(request).store) as connection:
        found = {one.id: one for one in delegating.of_person(connection, person.id)}
        one = found.get(delegation)
        if one is None or one.giver != person.id:
            raise NotFound(words.say("refusal.not_found"))
        labels = queries.labels(connection, [one.taker])
    line = _line(request, one, labels, mine=True)
    back = (_PATH, words.say("absence.page"))
    about = f"{line.text}, {line.days}."
    return Form("end_absence", f"{_PATH}/{delegation}/end", back, about=about)


def _line(request: Request, one: Delegation, labels: dict[str, str], *, mine: bool) -> Line:
    other = one.taker if mine else one.giver
    said = _said(Actor(one.giver, one.role, one.location))
    return Line(
        words.say(
            "absence.away" if mine else "absence.for", person=labels.get(other, other), role=said
        ),
        words.say("absence.days", first=day(one.first_on), last=day(one.last_on)),
        url(request, f"{_PATH}/{one.id}/end") if mine else None,
    )


def _wrong(code: str, field: str) -> InvalidInput:
    return InvalidInput([Problem(code, field)], words.say("api.status.400"))


def _code(actor: Actor) -> str:
    return f"{actor.role}.{actor.location or ''}"


def _said(actor: Actor) -> str:
    role = words.say(f"role.{actor.role}")
    return f"{role}, {actor.location}" if actor.location else role
