"""Escalations that belong together: the forms, and how the page of one shows the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
from api.pages.rows import case_name
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import families, view
from kdt.cases import queries as cases
from kdt.cases.queries import EscalationRow
from kdt.cases.view import EscalationView
from kdt.errors import NotFound
from kdt.names import invalid
from kdt.store.transaction import reading
from kdt.values import Problem

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Relative:
    """Another escalation: `text` says what is asked and where it stands."""

    case: str
    number: str
    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The others of a case, those of other cases that belong with it, why it is one of them, and
    the addresses to add one and to take this one out (None: not for this person, or not now)."""

    same_case: tuple[Relative, ...]
    family: tuple[Relative, ...]
    reason: str | None
    reason_destroyed_on: date | None
    join: str | None
    leave: str | None


def shown(request: Request, connection: Connection, person: Person, found: EscalationView) -> Shown:
    """How the page of an escalation shows it."""
    others = cases.related(connection, person.actors, found.id)
    able = permissions.relating(person.actors, found.matter) is not None
    here = f"/escalations/{found.id}/family"
    reason = found.family_reason
    return Shown(
        tuple(relative(request, one) for one in others if one.state.case == found.state.case),
        tuple(relative(request, one) for one in others if one.state.case != found.state.case),
        reason if isinstance(reason, str) else None,
        reason if isinstance(reason, date) else None,
        url(request, f"{here}/join") if able else None,
        url(request, f"{here}/leave") if able and found.family is not None else None,
    )


def relative(request: Request, one: EscalationRow) -> Relative:
    """One of the others."""
    what = words.say(f"question.{one.question}")
    return Relative(
        case_name(one),
        one.id,
        url(request, f"/escalations/{one.id}"),
        f"{what}, {words.say(f'phase.{one.phase}')}",
    )


@router.get("/escalations/{escalation}/family/join")
def ask_join(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to say what an escalation belongs with."""
    with reading(context(request).store) as connection:
        _actor(connection, person.actors, escalation)
    return changes.asked(request, _join_form(escalation))


@router.post("/escalations/{escalation}/family/join")
def join(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """Record it."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, person.actors, escalation)

    def record(given: Given) -> Response:
        with reading(store) as connection:
            other = _named(connection, actor, given["other"])
        key = text(posted, "key")
        families.join(store, actor, escalation, other, given["reason"], key=key)
        return see_other(request, f"/escalations/{escalation}", "family_joined")

    return changes.answered(request, _join_form(escalation), posted, record)


@router.get("/escalations/{escalation}/family/leave")
def ask_leave(request: Request, person: SignedIn, escalation: str) -> Response:
    """The form to take an escalation out of its family."""
    with reading(context(request).store) as connection:
        _actor(connection, person.actors, escalation)
    return changes.asked(request, _leave_form(escalation))


@router.post("/escalations/{escalation}/family/leave")
def leave(request: Request, person: SignedIn, escalation: str, posted: Posted) -> Response:
    """Record that."""
    store = context(request).store
    with reading(store) as connection:
        actor = _actor(connection, person.actors, escalation)

    def record(given: Given) -> Response:
        families.leave(store, actor, escalation, given["reason"])
        return see_other(request, f"/escalations/{escalation}", "family_left")

    return changes.answered(request, _leave_form(escalation), posted, record)


def _actor(connection: Connection, actors: Sequence[Actor], escalation: str) -> Actor:
    """In which capacity a person does this; where they may not, the service says why."""
    matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    able = permissions.relating(actors, matter)
    if able is None:
        able = permissions.holding(actors, Right.RELATE)
        families.require(able, matter)
    return able


def _named(connection: Connection, actor: Actor, given: str) -> str:
    """The escalation with a number, or the newest of the case with a number, as far as the actor
    may know of it. Raises InvalidInput."""
    if view.matter(connection, [actor], given) is not None:
        return given
    of_case = cases.search(connection, [actor], given)
    if not of_case:
        raise invalid(Problem("no_such_escalation", "other"))
    return of_case[0].id


def _join_form(escalation: str) -> Form:
    fields = (
        Field("other", words.say("family_join.other"), "text", True, words.say("family_join.hint")),
        _reason("family_join"),
    )
    return Form("family_join", f"/escalations/{escalation}/family/join", _back(escalation), fields)


def _leave_form(escalation: str) -> Form:
    path, fields = f"/escalations/{escalation}/family/leave", (_reason("family_leave"),)
    return Form("family_leave", path, _back(escalation), fields, danger=True)


def _reason(key: str) -> Field:
    return Field("reason", words.say(f"{key}.reason"), "textarea", True)


def _back(escalation: str) -> tuple[str, str]:
    return f"/escalations/{escalation}", f"Zaak {escalation}"
