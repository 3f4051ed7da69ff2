"""Figures by outcome, ruling, theme or piece of time, or of some escalations alone; what stands
behind a number; and how numbers were revised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker
from api.v1.figures import AS_OF, Dimension
from api.v1.inputs import Day, Name
from api.v1.models import Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.responses import READ, json_answer
from kdt.access.permissions import Actor
from kdt.register import breakdown, figures, revisions
from kdt.register.behind import Behind, amount, behind, lines
from kdt.register.breakdown import EVERY, PIECE, Breakdown, broken_down
from kdt.register.catalogue import table as catalogue
from kdt.register.grain import Grain
from kdt.register.revisions import Cause, Change, statement
from kdt.register.seeing import known
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Measure

router = APIRouter(tags=["figures"])

Divided = Literal["level", "location", "question", "ground", "outcome", "ruling", "theme"]

_DATE = {"type": "string", "format": "date"}
_AMOUNTS = {
    one.value: {"type": "integer", "description": catalogue.of(one).meaning} for one in Measure
}
_SHAPE = {
    "type": "object",
    "properties": {
        "from": _DATE,
        "until": _DATE,
        "asOf": {**_DATE, "type": ["string", "null"]},
        "by": {"type": "array", "items": {"type": "string", "enum": list(EVERY)}},
        "per": {"type": ["string", "null"], "enum": [*Grain, None]},
        "only": {"type": "object", "additionalProperties": {"type": "string"}},
        "provisional": {"type": "boolean"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{one: {"type": ["string", "null"]} for one in (PIECE, *EVERY)},
                    **_AMOUNTS,
                },
                "required": [one.value for one in breakdown.DIVIDED],
                "additionalProperties": False,
            },
        },
        "total": {"type": "object", "properties": _AMOUNTS, "additionalProperties": False},
    },
    "required": ["from", "until", "asOf", "by", "per", "only", "rows", "total"],
    "additionalProperties": False,
}
_EXAMPLE = {
    "from": "2022-01-01",
    "until": "2022-12-31",
    "asOf": "2022-11-08",
    "by": ["theme"],
    "per": "quarter",
    "only": {"question": "decision"},
    "rows": [
        {"period": "2022-Q1", "theme": None, "considered": 30, "casesHandled": 27},
        {"period": "2022-Q1", "theme": "wachttijd", "considered": 12, "casesHandled": 9},
    ],
    "total": {"considered": 40, "casesHandled": 33},
}


class CountedEntry(Out):
    """One thing a number counts: the entry by which it counts, of which escalation and where. Of a
    case it is the first consideration you may know of, `times` how many there are of those."""

    escalation: str
    ref: str
    action: Action
    level: str
    location: str
    question: str
    ground: str
    outcome: str | None
    ruling: str | None
    occurred_on: date
    recorded_on: date
    times: int


class CountedEntries(Out):
    """What stands behind a number: how many, and those you may know of."""

    measure: str
    amount: int
    items: list[CountedEntry]


class RevisionAmount(Out):
    """How much came to a number, and how much went."""

    came: int
    went: int


class RevisedNumber(Out):
    """A number on both reference dates, and what came and went between them: recorded since,
    voided since, and counted elsewhere since (`reclassified`)."""

    level: str | None = None
    location: str | None = None
    question: str | None = None
    ground: str | None = None
    measure: str
    old: int
    recorded: RevisionAmount
    voided: RevisionAmount
    reclassified: RevisionAmount
    new: int
    closes: bool


class RevisionStatement(Out):
    """How the figures of a period were revised from one reference date to another."""

    first: date = Field(alias="from")
    until: date
    since: date
    as_of: date | None
    by: list[str]
    provisional: bool
    closes: bool
    numbers: list[RevisedNumber]


class RevisionChange(Out):
    """One thing that came (1) to a number or went (-1), and why."""

    amount: int
    cause: Cause
    about: CountedEntry


class RevisionChanges(Out):
    """What stands behind the revision of a measure: how many, and those you may know of."""

    measure: str
    changes: int
    items: list[RevisionChange]


@dataclass(frozen=True, slots=True)
class _Only:
    """The escalations asked for alone, as they stand in the address."""

    location: Annotated[Name | None, Query(alias="onlyLocation")] = None
    question: Annotated[Name | None, Query(alias="onlyQuestion")] = None
    ground: Annotated[Name | None, Query(alias="onlyGround")] = None
    theme: Annotated[Name | None, Query(alias="onlyTheme")] = None


@dataclass(frozen=True, slots=True)
class _At:
    """The row a number stands in; empty is what is no part of any."""

    level: Name | None = None
    location: Name | None = None
    question: Name | None = None
    ground: Name | None = None
    outcome: str | None = None
    ruling: str | None = None
    theme: str | None = None


Only = Annotated[_Only, Depends()]
At = Annotated[_At, Depends()]
First = Annotated[Day, Query(alias="from", description="De eerste dag.")]
Until = Annotated[Day, Query(description="De laatste dag; die telt mee.")]
Per = Annotated[Grain | None, Query(description="Per stuk van de periode.")]
Since = Annotated[Day, Query(description="De peildatum waarmee wordt vergeleken.")]


@router.get(
    "/breakdowns",
    summary="Cijfers, verder uitgesplitst",
    response_model=None,
    responses={200: json_answer(_SHAPE, _EXAMPLE), **READ},
)
def get_breakdown(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    only: Only,
    as_of: Annotated[Day | None, AS_OF] = None,
    by: Annotated[list[Divided] | None, Query(description="De uitsplitsing.")] = None,
    per: Per = None,
) -> dict[str, Any]:
    """De maten per dag, week, maand, kwartaal of jaar, of van een deel van de voorleggingen;
    behandelingen en zaken ook naar uitkomst, strekking en rode draad. Bij rode draden is `total`
    niet de som: een voorlegging kan er meer hebben."""
    asked = Breakdown(figures.Query(first, until, as_of), tuple(by or ()), per, _given(only))
    with reading(context(request).store) as connection:
        now = today(connection)
        asked.query.check(now)
        return breakdown.as_json(asked, broken_down(connection, asked), today=now)


@router.get(
    "/breakdowns/{measure}",
    summary="Wat achter een cijfer staat",
    response_model=CountedEntries,
    responses=READ,
)
def get_counted(
    request: Request,
    response: Response,
    measure: Measure,
    actors: Acting,
    first: First,
    until: Until,
    only: Only,
    at: At,
    as_of: Annotated[Day | None, AS_OF] = None,
    per: Per = None,
    period: Name | None = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Precies wat een cijfer telt, zonder tekst en zonder zaaknummer; daarvan die waar u van mag
    weten."""
    row = _given(at)
    query = figures.Query(first, until, as_of)
    asked = Breakdown(query, tuple(row), per, _given(only))
    place = row | ({PIECE: period} if period is not None else {})
    with reading(context(request).store) as connection:
        query.check(today(connection))
        these = behind(connection, asked, place, measure)
        mine = lines(measure, _known(connection, actors, these))
    shown = page(request, response, mine, after, limit, "breakdowns", measure)
    return {"measure": measure, "amount": amount(measure, these), "items": shown}


@router.get(
    "/revisions",
    summary="Herzieningen",
    response_model=RevisionStatement,
    responses=READ,
)
def get_revisions(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    since: Since,
    as_of: Annotated[Day | None, AS_OF] = None,
    by: Annotated[list[Dimension] | None, Query(description="De uitsplitsing.")] = None,
) -> dict[str, Any]:
    """Hoe de cijfers van een periode veranderden tussen twee peildata, en waardoor: wat het was,
    met wat is vastgelegd, ongedaan gemaakt of anders ingedeeld, is wat het is."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        return revisions.as_json(statement(connection, query, since), today=now)


@router.get(
    "/revisions/{measure}",
    summary="Wat achter een herziening staat",
    response_model=RevisionChanges,
    responses=READ,
)
def get_changes(
    request: Request,
    response: Response,
    measure: Measure,
    actors: Acting,
    first: First,
    until: Until,
    since: Since,
    as_of: Annotated[Day | None, AS_OF] = None,
    by: Annotated[list[Dimension] | None, Query(description="De uitsplitsing.")] = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Elke registratie waardoor een maat veranderde; daarvan die waar u van mag weten."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        query.check(today(connection))
        found = statement(connection, query, since)
        changes = [one for one in found.changes if one.measure is measure]
        mine = _mine(connection, actors, changes)
    shown = page(request, response, mine, after, limit, "revisions", measure)
    return {"measure": measure, "changes": len(changes), "items": shown}


def _given(these: _Only | _At) -> dict[str, str]:
    values = {name: getattr(these, name) for name in these.__dataclass_fields__}
    return {name: value for name, value in values.items() if value is not None}


def _known(
    connection: Connection, actors: Sequence[Actor], these: Sequence[Behind]
) -> list[Behind]:
    mine = known(connection, actors, {one.escalation for one in these})
    return [one for one in these if one.escalation in mine]


def _mine(
    connection: Connection, actors: Sequence[Actor], changes: Sequence[Change]
) -> list[Change]:
    mine = known(connection, actors, {one.about.escalation for one in changes})
    return [one for one in changes if one.about.escalation in mine]
