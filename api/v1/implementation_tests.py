"""Implementation tests, and how satisfied who took part is with what followed."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
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
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import implementation, testing
from kdt.themes.implementation import ImplementationTest, Wanted
from kdt.themes.testing import Heard, Told
from kdt.values import FIRST_DAY, LAST_DAY
from kdt.vocabulary import ImplementationKind, LookedAt, Organisation, Satisfaction

router = APIRouter(prefix="/implementation-tests", tags=["themes"])


class ImplementationTestIn(In):
    """What is told of a test; `title` says which proposal it was about."""

    kind: str = Field(json_schema_extra={"enum": [*ImplementationKind]})
    held_on: Day
    title: Name
    organisations: Annotated[
        list[str], Field(min_length=1, json_schema_extra={"items": {"enum": [*Organisation]}})
    ]
    person: str = Field(LookedAt.UNKNOWN, json_schema_extra={"enum": [*LookedAt]})
    capability: str = Field(LookedAt.UNKNOWN, json_schema_extra={"enum": [*LookedAt]})
    findings: str = ""
    reference: str = ""

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


class OpinionIn(In):
    """How satisfied an organisation that took part said to be."""

    organisation: str = Field(json_schema_extra={"enum": [*Organisation]})
    satisfaction: str = Field(json_schema_extra={"enum": [*Satisfaction]})
    said_on: Day
    said: str = ""
    reference: str = ""

    def heard(self) -> Heard:
        """As the service takes it."""
        return Heard(**{name: getattr(self, name) for name in type(self).model_fields})


@router.get(
    "",
    summary="Uitvoerings- en invoeringstoetsen",
    response_model=models.Items[theme_models.ImplementationTest],
    responses=READ,
)
def list_tests(
    request: Request,
    _person: Asker,
    kind: ImplementationKind | None = None,
    organisation: Organisation | None = None,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    until: Day = LAST_DAY,
    as_of: AsOf = None,
) -> Mapping[str, Any]:
    """De toetsen die in een periode zijn afgerond, de laatste eerst."""
    wanted = Wanted(kind, organisation, first, until)
    with reading(context(request).store) as connection:
        check_reference_date(connection, as_of)
        found = implementation.held(connection, as_of=as_of, wanted=wanted)
    return {"items": [_shown(one) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Leg een toets vast",
    response_model=theme_models.ImplementationTest,
    responses=WRITE,
)
def create_test(
    request: Request, response: Response, actors: Acting, key: Key, new: ImplementationTestIn
) -> theme_models.ImplementationTest:
    """Leg vast over welk voorstel, waarnaar is gekeken en wie erbij was. Voor een
    beleidsadviseur."""
    made = testing.enter(context(request).store, _adviser(actors), new.told(), key=key)
    response.headers["Location"] = href(request, "implementation-tests", made)
    return _found(request, made)


@router.get(
    "/{test}",
    summary="Een toets",
    response_model=theme_models.ImplementationTest,
    responses=READ_ONE,
)
def get_test(request: Request, _person: Asker, test: Name) -> theme_models.ImplementationTest:
    """Een toets, met hoe tevreden elke organisatie het laatst zei te zijn."""
    return _found(request, test)


@router.put(
    "/{test}",
    summary="Herstel wat van een toets is vastgelegd",
    response_model=theme_models.ImplementationTest,
    responses=WRITE_ONE,
)
def change_test(
    request: Request, actors: Acting, test: Name, told: ImplementationTestIn
) -> theme_models.ImplementationTest:
    """Vertel opnieuw wat het was. Wat er stond, blijft in het register."""
    testing.change(context(request).store, _adviser(actors), test, told.told())
    return _found(request, test)


@router.delete("/{test}", status_code=204, summary="Trek een toets in", responses=WRITE_ONE)
def withdraw_test(request: Request, actors: Acting, test: Name) -> None:
    """De toets is toch niet gehouden. Hij blijft in het register staan en telt niet mee."""
    testing.withdraw(context(request).store, _adviser(actors), test)


@router.post(
    "/{test}/opinions",
    status_code=201,
    summary="Leg vast hoe tevreden een organisatie is",
    response_model=theme_models.ImplementationTest,
    responses=WRITE_ONE,
)
def hear_opinion(
    request: Request, response: Response, actors: Acting, key: Key, test: Name, said: OpinionIn
) -> theme_models.ImplementationTest:
    """Hoe tevreden een betrokken organisatie is met wat op de toets volgde. De laatste telt."""
    testing.hear(context(request).store, _adviser(actors), test, said.heard(), key=key)
    response.headers["Location"] = href(request, "implementation-tests", test)
    return _found(request, test)


def _adviser(actors: Sequence[Actor]) -> Actor:
    return permissions.holder(actors, Right.FOLLOW_UP) or actors[0]


def _found(request: Request, wanted: str) -> theme_models.ImplementationTest:
    with reading(context(request).store) as connection:
        found = implementation.one(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return _shown(found)


def _shown(one: ImplementationTest) -> theme_models.ImplementationTest:
    return theme_models.ImplementationTest(
        id=one.id,
        kind=one.kind,
        held_on=one.held_on,
        title=one.title,
        organisations=list(one.organisations),
        person=one.person,
        capability=one.capability,
        findings=one.findings,
        reference=one.reference,
        stands=one.stands,
        opinions=[
            theme_models.Opinion(
                organisation=said.organisation,
                satisfaction=said.satisfaction,
                said_on=said.said_on,
                said=said.said,
                reference=said.reference,
            )
            for said in one.last.values()
        ],
    )
