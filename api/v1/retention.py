"""Keeping: terms, what is past them, and holds against destruction."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BeforeValidator
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.responses import READ, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.retention import queries, service
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import What, held, timelines
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


@router.get(
    "/retention-terms",
    summary="Bewaartermijnen",
    response_model=Items[RetentionTerm],
    responses=READ,
)
def list_terms(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Hoe lang wat bewaard wordt, vandaag, en wat er is aangekondigd."""
    keeper(actors)
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
    actor, store = keeper(actors), context(request).store
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
    keeper(actors)
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
    keeper(actors)
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


def keeper(actors: tuple[Actor, ...]) -> Actor:
    """The capacity in which terms are kept. Raises Forbidden."""
    return permissions.holding(actors, Right.RETAIN)


def _holder(actors: tuple[Actor, ...]) -> Actor:
    return permissions.holding(actors, Right.HOLD)
