"""People who may come in, and the mappings from claims to roles: for whoever manages them."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BeforeValidator
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Key, href
from api.v1.inputs import In, Name
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import mappings, permissions, queries
from kdt.access.mapping import RoleMapping
from kdt.access.permissions import Actor
from kdt.access.queries import OnTheRoll
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.people import service
from kdt.store.transaction import reading
from kdt.vocabulary import Role

router = APIRouter(tags=["people"])

# Written as its code.
RoleCode = Annotated[Role, BeforeValidator(Role)]
MappingId = Annotated[int, Path(ge=1, le=2**31 - 1)]


class PersonChange(In):
    """Shut somebody out, or let them in again."""

    disabled: bool


class NewMapping(In):
    """A value of a claim, and the role it gives; without a location nationally, or everywhere."""

    claim: Name
    value: Name
    role: RoleCode
    location: str | None = None


@router.get("/people", summary="Mensen", response_model=models.Items[models.Person], responses=READ)
def list_people(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Iedereen die zich heeft aangemeld, met de rollen van dat moment."""
    _manager(actors)
    with reading(context(request).store) as connection:
        return {"items": [_person(one) for one in queries.on_the_roll(connection)]}


@router.get("/people/{person}", summary="Iemand", response_model=models.Person, responses=READ_ONE)
def get_person(request: Request, actors: Acting, person: Name) -> Mapping[str, Any]:
    """Iemand die zich heeft aangemeld."""
    _manager(actors)
    return _found(request, person)


@router.patch(
    "/people/{person}", summary="Wijzig iemand", response_model=models.Person, responses=WRITE_ONE
)
def change_person(
    request: Request, actors: Acting, person: Name, change: PersonChange
) -> Mapping[str, Any]:
    """Sluit iemand uit, vanaf het eerstvolgende verzoek, of laat iemand weer toe."""
    store = context(request).store
    service.set_disabled(store, _manager(actors), person, disabled=change.disabled)
    return _found(request, person)


@router.get(
    "/mappings", summary="Koppelingen", response_model=models.Items[models.Mapping], responses=READ
)
def list_mappings(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Welke waarde van welk gegeven van de aanmelddienst welke rol geeft."""
    _manager(actors)
    with reading(context(request).store) as connection:
        return {"items": mappings.all_mappings(connection)}


@router.post(
    "/mappings",
    status_code=201,
    summary="Voeg een koppeling toe",
    response_model=models.Mapping,
    responses=WRITE,
)
def create_mapping(
    request: Request, response: Response, actors: Acting, key: Key, new: NewMapping
) -> RoleMapping:
    """Laat een waarde een rol geven, vanaf de volgende aanmelding. Een * in de waarde staat voor
    elke tekst; met * als locatie is die tekst de naam van de locatie."""
    made = service.add_mapping(
        context(request).store,
        _manager(actors),
        RoleMapping(new.claim, new.value, new.role, new.location),
        key=key,
    )
    response.headers["Location"] = href(request, "mappings", str(made))
    return _mapping(request, made)


@router.get(
    "/mappings/{mapping}",
    summary="Een koppeling",
    response_model=models.Mapping,
    responses=READ_ONE,
)
def get_mapping(request: Request, actors: Acting, mapping: MappingId) -> RoleMapping:
    """Een koppeling."""
    _manager(actors)
    return _mapping(request, mapping)


@router.delete(
    "/mappings/{mapping}",
    summary="Verwijder een koppeling",
    response_model=models.Mapping,
    responses=WRITE_ONE,
)
def delete_mapping(request: Request, actors: Acting, mapping: MappingId) -> RoleMapping:
    """Verwijder een koppeling, en geef terug wat zij was. Wie er een rol door had, verliest die bij
    de volgende aanmelding."""
    return service.remove_mapping(context(request).store, _manager(actors), mapping)


def _manager(actors: tuple[Actor, ...]) -> Actor:
    return permissions.holding(actors, Right.MANAGE_PEOPLE)


def _mapping(request: Request, wanted: int) -> RoleMapping:
    with reading(context(request).store) as connection:
        for one in mappings.all_mappings(connection):
            if one.id == wanted:
                return one
    raise NotFound(words.say("refusal.not_found"))


def _found(request: Request, wanted: str) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        for one in queries.on_the_roll(connection):
            if one.person.id == wanted:
                return _person(one)
    raise NotFound(words.say("refusal.not_found"))


def _person(one: OnTheRoll) -> Mapping[str, Any]:
    return {
        "id": one.person.id,
        "label": one.person.label,
        "disabled": one.disabled,
        "signed_in_at": one.signed_in_at,
        "roles": [{"role": role, "location": location} for role, location in one.person.grants],
    }
