"""People and what makes them what they are: who may come in, and which claim gives which role."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import words
from kdt.access import mappings, permissions, queries
from kdt.access.mapping import STAR, RoleMapping
from kdt.access.permissions import Actor
from kdt.access.queries import OnTheRoll, Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.names import invalid
from kdt.panels.queries import location_terms_by_id
from kdt.people import service
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem, code
from kdt.vocabulary import Role

router = APIRouter()

_PEOPLE, _MAPPINGS = "/people", "/mappings"


@dataclass(frozen=True, slots=True)
class Row:
    """A person on the roll; `change` is the address to shut them out or let them in, if any."""

    id: str
    label: str
    capacities: Sequence[str]
    signed_in_at: datetime | None
    disabled: bool
    change: str | None


@router.get(_PEOPLE)
def show_people(request: Request, person: SignedIn) -> Response:
    """Everybody who is known here."""
    actor = _required(person)
    with reading(context(request).store) as connection:
        everybody = queries.on_the_roll(connection)
    rows = [_row(request, actor, one) for one in everybody]
    return page(request, "people.html", title=words.say("people.title"), people=rows)


@router.get("/people/{owner}/{change}")
def ask_person(request: Request, person: SignedIn, owner: str, change: str) -> Response:
    """The form that shuts somebody out, or lets them in again."""
    _required(person)
    return changes.asked(request, _person_form(request, owner, change))


@router.post("/people/{owner}/{change}")
def change_person(
    request: Request, person: SignedIn, owner: str, change: str, posted: Posted
) -> Response:
    """Shut somebody out, or let them in again."""
    actor, store = _required(person), context(request).store
    form = _person_form(request, owner, change)

    def alter(_given: Given) -> Response:
        service.set_disabled(store, actor, owner, disabled=change == "disable")
        return see_other(request, _PEOPLE, "administered")

    return changes.answered(request, form, posted, alter)


@router.get(_MAPPINGS)
def show_mappings(request: Request, person: SignedIn) -> Response:
    """Every mapping from a claim to a role."""
    _required(person)
    with reading(context(request).store) as connection:
        kept = mappings.all_mappings(connection)
    rows = [(one, capacity(one.role, one.location)) for one in kept]
    return page(request, "mappings.html", title=words.say("mappings.title"), mappings=rows)


@router.get("/mappings/new")
def new_mapping(request: Request, person: SignedIn) -> Response:
    """The form for a new mapping."""
    _required(person)
    return changes.asked(request, _mapping_form(request))


@router.post("/mappings/new")
def add_mapping(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Let a value of a claim give a role."""
    actor, store = _required(person), context(request).store
    form = _mapping_form(request)

    def add(given: Given) -> Response:
        role, location = _role(given["role"]), given.get("location")
        new = RoleMapping(given["claim"], given["value"], role, location)
        service.add_mapping(store, actor, new)
        return see_other(request, _MAPPINGS, "administered")

    return changes.answered(request, form, posted, add)


@router.get("/mappings/{mapping}/remove")
def ask_mapping(request: Request, person: SignedIn, mapping: int) -> Response:
    """The form that takes a mapping away."""
    _required(person)
    return changes.asked(request, _removal(request, mapping))


@router.post("/mappings/{mapping}/remove")
def remove_mapping(request: Request, person: SignedIn, mapping: int, posted: Posted) -> Response:
    """Take a mapping away."""
    actor, store = _required(person), context(request).store

    def remove(_given: Given) -> Response:
        service.remove_mapping(store, actor, mapping)
        return see_other(request, _MAPPINGS, "administered")

    return changes.answered(request, _removal(request, mapping), posted, remove)


def capacity(role: Role, location: str | None) -> str:
    """A role and where: `Secretaris, Den Bosch`."""
    place = words.say("people.by_the_star") if location == STAR else location
    said = capital(words.say(f"role.{role}"))
    return said if place is None else f"{said}, {place}"


def _row(request: Request, actor: Actor, one: OnTheRoll) -> Row:
    change = "enable" if one.disabled else "disable"
    oneself = one.person.id == actor.person
    return Row(
        one.person.id,
        one.person.label,
        [capacity(*grant) for grant in one.person.grants],
        one.signed_in_at,
        one.disabled,
        None if oneself else url(request, f"{_PEOPLE}/{one.person.id}/{change}"),
    )


def _person_form(request: Request, owner: str, change: str) -> Form:
    with reading(context(request).store) as connection:
        label = queries.labels(connection, [owner]).get(owner)
    if label is None or change not in ("disable", "enable"):
        raise NotFound(words.say("refusal.not_found"))
    return Form(
        f"{change}_person",
        f"{_PEOPLE}/{owner}/{change}",
        (_PEOPLE, words.say("people.title")),
        about=label,
        danger=change == "disable",
    )


def _mapping_form(request: Request) -> Form:
    with reading(context(request).store) as connection:
        locations = location_terms_by_id(connection)
    roles = tuple(
        Option(one, capital(words.say(f"role.{one}")), words.say(f"role_note.{one}"))
        for one in Role
    )
    places = (
        Option(STAR, capital(words.say("people.by_the_star"))),
        *(Option(one, terms[-1].name) for one, terms in locations.items()),
    )
    fields = (
        _field("claim", "text", hint=True),
        _field("value", "text", hint=True),
        _field("role", "radio", options=roles),
        _field("location", "select", required=False, hint=True, options=places),
    )
    back = (_MAPPINGS, words.say("mappings.title"))
    return Form("new_mapping", "/mappings/new", back, fields)


def _field(
    name: str,
    kind: str,
    *,
    required: bool = True,
    hint: bool = False,
    options: tuple[Option, ...] = (),
) -> Field:
    said = words.say(f"new_mapping.{name}_hint") if hint else None
    return Field(name, words.say(f"new_mapping.{name}"), kind, required, said, options)


def _role(given: str) -> Role:
    try:
        return Role(code(given, list(Role)))
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, "role", wrong.details)) from wrong


def _removal(request: Request, mapping: int) -> Form:
    with reading(context(request).store) as connection:
        found = [one for one in mappings.all_mappings(connection) if one.id == mapping]
    if not found:
        raise NotFound(words.say("refusal.not_found"))
    [one] = found
    return Form(
        "remove_mapping",
        f"{_MAPPINGS}/{mapping}/remove",
        (_MAPPINGS, words.say("mappings.title")),
        about=f"{one.value}: {capacity(one.role, one.location)}",
        danger=True,
    )


def _required(person: Person) -> Actor:
    return permissions.holding(person.actors, Right.MANAGE_PEOPLE)
