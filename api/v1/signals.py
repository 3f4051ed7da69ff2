"""Signals: how each stands is open; replies of staff and what each adviser finds are for who
assesses them."""

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
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import signalling, signals
from kdt.themes.replies import replies
from kdt.themes.signalling import Found, Told
from kdt.themes.signals import Signal, Wanted
from kdt.values import FIRST_DAY, LAST_DAY
from kdt.vocabulary import Assessment, FromLawyers, SignalSource, SignalStanding

router = APIRouter(tags=["themes"])


class SignalIn(In):
    """What is told of a signal."""

    source: str = Field(json_schema_extra={"enum": [*SignalSource]})
    received_on: Day
    at_latest: bool = False
    lawyers: str = Field(FromLawyers.UNKNOWN, json_schema_extra={"enum": [*FromLawyers]})
    title: Name
    concerns: str = Field(min_length=1)
    origin: str = ""
    reference: str = ""
    followed: str = ""
    themes: list[Name] = Field(default_factory=list)

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


class AssessmentIn(In):
    """What somebody finds of a signal; `publishedBy` for what another made public."""

    assessment: str = Field(json_schema_extra={"enum": [*Assessment]})
    reasons: str = Field(min_length=1)
    published_by: str = ""


@router.get(
    "/signals",
    summary="Signalen van hardvochtigheid",
    response_model=models.Items[theme_models.Signal],
    responses=READ,
)
def list_signals(
    request: Request,
    person: Asker,
    source: SignalSource | None = None,
    standing: SignalStanding | None = None,
    theme: Name | None = None,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    until: Day = LAST_DAY,
    as_of: AsOf = None,
) -> Mapping[str, Any]:
    """De signalen die in een periode zijn ontvangen, het laatste eerst. Reacties van medewerkers
    staan er alleen bij voor wie signalen beoordeelt."""
    closed = signals.may_read_all(person.actors)
    wanted = Wanted(source, standing, theme, first, until)
    with reading(context(request).store) as connection:
        check_reference_date(connection, as_of)
        found = signals.signals(connection, closed=closed, as_of=as_of, wanted=wanted)
    return {"items": [_shown(one, person) for one in found]}


@router.get(
    "/signal-replies",
    summary="Hoeveel reacties van medewerkers",
    response_model=models.Items[theme_models.SignalReplies],
    responses=READ,
)
def count_replies(request: Request, _person: Asker, as_of: AsOf = None) -> Mapping[str, Any]:
    """Hoeveel reacties elke organisatie gaf sinds het begin van het register, afgerond op vijf. Wie
    er niet bij staat, gaf er geen of minder dan vijf."""
    with reading(context(request).store) as connection:
        check_reference_date(connection, as_of)
        found = replies(connection, as_of)
    return {"items": [{"source": one, "about": count} for one, count in found.items()]}


@router.post(
    "/signals",
    status_code=201,
    summary="Leg een signaal vast",
    response_model=theme_models.Signal,
    responses=WRITE,
)
def create_signal(
    request: Request, response: Response, person: Asker, actors: Acting, key: Key, new: SignalIn
) -> theme_models.Signal:
    """Leg vast wat hard uitpakt en waar dat vandaan komt. Voor een beleidsadviseur."""
    made = signalling.enter(context(request).store, _assessor(actors), new.told(), key=key)
    response.headers["Location"] = href(request, "signals", made)
    return _found(request, person, made)


@router.get(
    "/signals/{signal}",
    summary="Een signaal",
    response_model=theme_models.Signal,
    responses=READ_ONE,
)
def get_signal(request: Request, person: Asker, signal: Name) -> theme_models.Signal:
    """Een signaal, en hoe het staat. Wat een beleidsadviseur ervan vindt, is voor hen alleen."""
    return _found(request, person, signal)


@router.put(
    "/signals/{signal}",
    summary="Herstel wat van een signaal is vastgelegd",
    response_model=theme_models.Signal,
    responses=WRITE_ONE,
)
def change_signal(
    request: Request, person: Asker, actors: Acting, signal: Name, told: SignalIn
) -> theme_models.Signal:
    """Vertel opnieuw wat het is. Wat er stond, blijft in het register."""
    signalling.change(context(request).store, _assessor(actors), signal, told.told())
    return _found(request, person, signal)


@router.delete(
    "/signals/{signal}",
    status_code=204,
    summary="Trek een signaal in",
    responses=WRITE_ONE,
)
def withdraw_signal(request: Request, actors: Acting, signal: Name) -> None:
    """Het was toch geen signaal. Het blijft in het register staan en telt niet mee."""
    signalling.withdraw(context(request).store, _assessor(actors), signal)


@router.post(
    "/signals/{signal}/assessments",
    status_code=201,
    summary="Geef een oordeel over een signaal",
    response_model=theme_models.Signal,
    responses=WRITE_ONE,
)
def assess_signal(
    request: Request,
    response: Response,
    person: Asker,
    actors: Acting,
    key: Key,
    signal: Name,
    found: AssessmentIn,
) -> theme_models.Signal:
    """Zeg wat u ervan vindt, met redenen. Uw laatste oordeel telt; eerdere blijven staan."""
    view = Found(found.assessment, found.reasons, found.published_by)
    signalling.assess(context(request).store, _assessor(actors), signal, view, key=key)
    response.headers["Location"] = href(request, "signals", signal)
    return _found(request, person, signal)


def _assessor(actors: Sequence[Actor]) -> Actor:
    return permissions.holder(actors, Right.ASSESS_SIGNALS) or actors[0]


def _found(request: Request, person: Person, wanted: str) -> theme_models.Signal:
    closed = signals.may_read_all(person.actors)
    with reading(context(request).store) as connection:
        found = signals.signal(connection, wanted, closed=closed)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return _shown(found, person)


def _shown(one: Signal, person: Person) -> theme_models.Signal:
    every = signals.may_read_all(person.actors)
    return theme_models.Signal(
        id=one.id,
        source=one.source,
        received_on=one.received_on,
        at_latest=one.at_latest,
        lawyers=one.lawyers,
        title=one.title,
        concerns=one.concerns,
        origin=one.origin,
        reference=one.reference,
        followed=one.followed,
        themes=list(one.themes),
        stands=one.stands,
        standing=one.standing,
        assessments=[
            theme_models.SignalAssessment(
                assessor=view.assessor,
                published=view.published,
                assessment=view.assessment,
                reasons=view.reasons,
                recorded_at=view.recorded_at,
            )
            for view in one.views
            if every or view.published
        ],
    )
