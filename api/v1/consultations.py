"""Talks about themes: that they were held is open; what was agreed is for who was there."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models, theme_models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.periods import AsOf, check_reference_date
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import consultations, consulting
from kdt.themes.consulting import Told
from kdt.values import LAST_DAY
from kdt.vocabulary import ConsultationForm, Partner

router = APIRouter(prefix="/consultations", tags=["themes"])


class ConsultationIn(In):
    """What is told of a talk; whoever tells it was there too."""

    held_on: Day
    form: str = Field(json_schema_extra={"enum": [*ConsultationForm]})
    partners: Annotated[
        list[str], Field(min_length=1, json_schema_extra={"items": {"enum": [*Partner]}})
    ]
    themes: list[Name] = Field(default_factory=list)
    participants: list[Name] = Field(default_factory=list)
    agreements: str = ""

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


@router.get(
    "",
    summary="Gesprekken over rode draden",
    response_model=models.Items[theme_models.Consultation],
    responses=READ,
)
def list_consultations(
    request: Request,
    person: Asker,
    until: Day = LAST_DAY,
    as_of: AsOf = None,
) -> Mapping[str, Any]:
    """De gesprekken tot en met een dag, het laatste eerst, zonder wat er is afgesproken."""
    with reading(context(request).store) as connection:
        check_reference_date(connection, as_of)
        found = consultations.consultations(connection, until, as_of)
    return {"items": [_shown(one, None, person) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Leg een gesprek vast",
    response_model=theme_models.Consultation,
    responses=WRITE,
)
def create_consultation(
    request: Request,
    response: Response,
    person: Asker,
    actors: Acting,
    key: Key,
    new: ConsultationIn,
) -> theme_models.Consultation:
    """Leg vast dat er is gesproken, met wie en waarover. Voor een beleidsadviseur."""
    made = consulting.enter(context(request).store, _adviser(actors), new.told(), key=key)
    response.headers["Location"] = href(request, "consultations", made)
    return _found(request, person, made)


@router.get(
    "/{consultation}",
    summary="Een gesprek",
    response_model=theme_models.Consultation,
    responses=READ_ONE,
)
def get_consultation(
    request: Request, person: Asker, consultation: Name
) -> theme_models.Consultation:
    """Een gesprek; de afspraken alleen voor wie erbij was."""
    return _found(request, person, consultation)


@router.put(
    "/{consultation}",
    summary="Herstel wat van een gesprek is vastgelegd",
    response_model=theme_models.Consultation,
    responses=WRITE_ONE,
)
def change_consultation(
    request: Request, person: Asker, actors: Acting, consultation: Name, told: ConsultationIn
) -> theme_models.Consultation:
    """Vertel opnieuw wat het was. Voor wie erbij was."""
    consulting.change(context(request).store, _adviser(actors), consultation, told.told())
    return _found(request, person, consultation)


@router.delete(
    "/{consultation}",
    status_code=204,
    summary="Trek een gesprek in",
    responses=WRITE_ONE,
)
def withdraw_consultation(request: Request, actors: Acting, consultation: Name) -> None:
    """Het is toch niet gehouden. Wat ervan was vastgelegd, blijft in het register staan en telt
    niet mee."""
    consulting.withdraw(context(request).store, _adviser(actors), consultation)


def _adviser(actors: Sequence[Actor]) -> Actor:
    return permissions.holder(actors, Right.CONSULT) or actors[0]


def _found(request: Request, person: Person, wanted: str) -> theme_models.Consultation:
    with reading(context(request).store) as connection:
        found = consultations.consultation(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    known, inside = found
    return _shown(known, inside, person)


def _shown(
    one: consultations.Consultation, inside: consultations.Inside | None, person: Person
) -> theme_models.Consultation:
    mine = inside if inside is not None and consulting.may_read(person.id, inside) else None
    return theme_models.Consultation(
        id=one.id,
        held_on=one.held_on,
        form=one.form,
        partners=list(one.partners),
        themes=list(one.themes),
        stands=one.stands,
        participants=list(mine.participants) if mine else None,
        agreements=mine.agreements if mine else None,
    )
