"""Keeping and destroying: terms, what is past them, holds, and what two people decide together."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BeforeValidator
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.responses import READ, READ_ONE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import Forbidden, NotFound
from kdt.ledger.service import PRODUCT
from kdt.retention import queries, service
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import Selection, What, held, items, selections, timelines
from kdt.retention.terms import KEPT, Counted, in_force
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(tags=["retention"])

# Written as their codes.
WhatCode = Annotated[What, BeforeValidator(What)]
CountedCode = Annotated[Counted, BeforeValidator(Counted)]


class RetentionTerm(Out):
    """How long what ended so is kept: months, counted from the answer or from the end; none when
    nothing is set, and then it is kept. `announced` is what becomes different, and when."""

    kept: str
    months: int | None
    counted_from: Counted | None
    announced: list["AnnouncedTerm"]


class AnnouncedTerm(Out):
    """A term that begins later, or none from then on."""

    effective_on: date
    months: int | None
    counted_from: Counted


class DueItem(Out):
    """An escalation that goes or stays with others; of the read log a day (`escalation` is then
    that day)."""

    escalation: str
    ending: str | None
    since: date | None
    due_on: date | None
    held: bool


class DueUnit(Out):
    """What goes together or stays together: to go, held, or waiting for the rest."""

    standing: Standing
    cases: int
    items: list[DueItem]


class Hold(Out):
    """A hold that stands; who and why are gone when they were destroyed."""

    escalation: str
    reason: str | None
    placed_by: str | None
    since: datetime


class Lifted(Out):
    """What is held no more."""

    escalation: str


class DestructionStep(Out):
    """Something that was decided or done: by whom (none: KDT itself, or gone)."""

    fact: str
    person: str | None
    at: datetime
    reason: str | None


class Destruction(Out):
    """A selection for destruction, and what became of it. `digest` is that of its list: whoever
    confirms sends it back."""

    id: str
    what: What
    stage: str
    due_on: date
    escalations: int
    cases: int
    digest: str
    steps: list[DestructionStep]


class DestructionItem(Out):
    """A line of the list: what goes together has one `unit`. `result` is what became of it."""

    escalation: str
    unit: int
    seq: int
    ending: str
    since: date
    result: str | None


class TermChange(In):
    """Another term from a day on (today), or with `months` null none any more."""

    months: int | None
    counted_from: CountedCode = Counted.CLOSED
    on: Day | None = None


class NewHold(In):
    """An escalation to keep from destruction, and why."""

    escalation: str
    reason: str


class Lifting(In):
    """Why a hold ends."""

    reason: str


class NewDestruction(In):
    """What is to be destroyed of what is past its term today."""

    what: WhatCode


class Confirmation(In):
    """The digest of the list as it was seen."""

    digest: str


class Refusal(In):
    """Why a selection is let go."""

    reason: str


@router.get(
    "/retention-terms",
    summary="Bewaartermijnen",
    response_model=Items[RetentionTerm],
    responses=READ,
)
def list_terms(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Hoe lang wat bewaard wordt, vandaag, en wat er is aangekondigd."""
    _keeper(actors)
    with reading(context(request).store) as connection:
        return {"items": [_term(connection, kept) for kept in KEPT]}


@router.patch(
    "/retention-terms/{kept}",
    summary="Stel een bewaartermijn in",
    response_model=RetentionTerm,
    responses=WRITE_ONE,
)
def change_term(
    request: Request, actors: Acting, kept: Name, change: TermChange
) -> Mapping[str, Any]:
    """Stel een termijn in vanaf een dag, of beëindig hem."""
    actor, store = _keeper(actors), context(request).store
    if kept not in KEPT:
        raise NotFound(words.say("refusal.not_found"))
    service.set_term(
        store, actor, kept, months=change.months, counted=change.counted_from, on=change.on
    )
    with reading(store) as connection:
        return _term(connection, kept)


@router.get("/due-units", summary="Over de termijn", response_model=Items[DueUnit], responses=READ)
def list_due(
    request: Request,
    response: Response,
    actors: Acting,
    what: WhatCode,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Wat kan worden vernietigd, wat wordt vastgehouden en wat op de rest van zijn zaak wacht.
    Verandert niets."""
    _keeper(actors)
    with reading(context(request).store) as connection:
        day = today(connection)
        every = [
            (one.standing(day), one)
            for one in units(connection, what)
            if one.standing(day) is not Standing.NOT_DUE
        ]
    shown = page(request, response, every, after, limit, "due-units")
    return {"items": [_unit(standing, one) for standing, one in shown]}


@router.get(
    "/holds", summary="Vastgehouden voorleggingen", response_model=Items[Hold], responses=READ
)
def list_holds(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Wat tegen vernietiging wordt vastgehouden."""
    _keeper(actors)
    with reading(context(request).store) as connection:
        return {"items": [_hold(one) for one in held(connection).values()]}


@router.post(
    "/holds",
    status_code=201,
    summary="Houd een voorlegging vast",
    response_model=Hold,
    responses=WRITE_ONE,
)
def place_hold(request: Request, actors: Acting, key: Key, new: NewHold) -> Mapping[str, Any]:
    """Houd een voorlegging tegen vernietiging vast, tot dat wordt beëindigd."""
    actor, store = _holder(actors), context(request).store
    service.place(store, actor, new.escalation, new.reason, key=key)
    with reading(store) as connection:
        found = held(connection, new.escalation).get(new.escalation)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return _hold(found)


@router.post(
    "/holds/{escalation}/liftings",
    status_code=201,
    summary="Laat een voorlegging los",
    response_model=Lifted,
    responses=WRITE_ONE,
)
def lift_hold(
    request: Request, actors: Acting, key: Key, escalation: Name, lifting: Lifting
) -> Mapping[str, Any]:
    """Beëindig het vasthouden van een voorlegging."""
    service.lift(context(request).store, _holder(actors), escalation, lifting.reason, key=key)
    return {"escalation": escalation}


@router.get("/destructions", summary="Selecties", response_model=Items[Destruction], responses=READ)
def list_destructions(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Wat voor vernietiging is geselecteerd, de laatste eerst, en wat ervan kwam."""
    _keeper(actors)
    with reading(context(request).store) as connection:
        return {"items": [_destruction(one) for one in selections(connection)]}


@router.post(
    "/destructions",
    status_code=201,
    summary="Maak een selectie",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def prepare_destruction(
    request: Request, response: Response, actors: Acting, key: Key, new: NewDestruction
) -> Mapping[str, Any]:
    """Leg vast wat er vernietigd gaat worden. Een andere functioneel beheerder bevestigt het."""
    made = service.prepare(context(request).store, _keeper(actors), new.what, key=key)
    response.headers["Location"] = href(request, "destructions", made)
    return _found(request, made)


@router.get(
    "/destructions/{selection}",
    summary="Een selectie",
    response_model=Destruction,
    responses=READ_ONE,
)
def get_destruction(request: Request, actors: Acting, selection: Name) -> Mapping[str, Any]:
    """Een selectie, en wat er met haar gebeurde."""
    _keeper(actors)
    return _found(request, selection)


@router.get(
    "/destructions/{selection}/items",
    summary="De lijst van een selectie",
    response_model=Items[DestructionItem],
    responses=READ_ONE,
)
def list_destruction_items(
    request: Request,
    response: Response,
    actors: Acting,
    selection: Name,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Wat er op de lijst staat, in de volgorde van haar digest."""
    _keeper(actors)
    with reading(context(request).store) as connection:
        _one(connection, selection)
        listed = items(connection, selection)
    at = ("destructions", selection, "items")
    return {"items": page(request, response, listed, after, limit, *at)}


@router.post(
    "/destructions/{selection}/confirmations",
    status_code=201,
    summary="Bevestig een vernietiging",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def confirm_destruction(
    request: Request, actors: Acting, key: Key, selection: Name, confirmation: Confirmation
) -> Mapping[str, Any]:
    """Laat een selectie van iemand anders vernietigen. Dat kan niet ongedaan worden gemaakt."""
    actor, store = _keeper(actors), context(request).store
    service.confirm(store, actor, selection, confirmation.digest, key=key)
    return _found(request, selection)


@router.post(
    "/destructions/{selection}/refusals",
    status_code=201,
    summary="Laat een selectie los",
    response_model=Destruction,
    responses=WRITE_ONE,
)
def refuse_destruction(
    request: Request, actors: Acting, key: Key, selection: Name, refusal: Refusal
) -> Mapping[str, Any]:
    """Laat een selectie los: er wordt niets van vernietigd."""
    actor, store = _keeper(actors), context(request).store
    service.refuse(store, actor, selection, refusal.reason, key=key)
    return _found(request, selection)


def _term(connection: Connection, kept: str) -> Mapping[str, Any]:
    day, timeline = today(connection), timelines(connection)[kept]
    now = in_force(timeline, day)
    return {
        "kept": kept,
        "months": now.months if now else None,
        "counted_from": now.counted if now else None,
        "announced": [
            {"effective_on": one.effective_on, "months": one.months, "counted_from": one.counted}
            for one in timeline
            if one.effective_on > day
        ],
    }


def _unit(standing: Standing, unit: Unit) -> Mapping[str, Any]:
    return {"standing": standing, "cases": unit.cases, "items": unit.items}


def _hold(one: queries.Hold) -> Mapping[str, Any]:
    return {
        "escalation": one.escalation,
        "reason": one.reason,
        "placed_by": one.person,
        "since": one.since,
    }


def _destruction(one: Selection) -> Mapping[str, Any]:
    said = one.prepared.values
    return {
        "id": one.id,
        "what": one.what,
        "stage": one.stage,
        **{name: said[name] for name in ("due_on", "escalations", "cases", "digest")},
        "steps": [
            {
                "fact": step.fact,
                "person": None if step.person == PRODUCT else step.person,
                "at": step.at,
                "reason": step.reason,
            }
            for step in one.steps
        ],
    }


def _found(request: Request, selection: str) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        return _destruction(_one(connection, selection))


def _one(connection: Connection, selection: str) -> Selection:
    for one in selections(connection, selection):
        return one
    raise NotFound(words.say("refusal.not_found"))


def _keeper(actors: tuple[Actor, ...]) -> Actor:
    actor = permissions.holder(actors, Right.RETAIN)
    if actor is None:
        raise Forbidden(words.say("forbidden.retains"))
    return actor


def _holder(actors: tuple[Actor, ...]) -> Actor:
    actor = permissions.holder(actors, Right.HOLD)
    if actor is None:
        raise Forbidden(words.say("forbidden.holds"))
    return actor
