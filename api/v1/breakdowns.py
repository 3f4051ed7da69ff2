"""Figures by outcome, ruling, theme or piece of time, or of some escalations alone; and what stands
behind a number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker
from api.v1.inputs import Name
from api.v1.models import Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.periods import AsOf, First, Until
from api.v1.responses import READ, READ_ONE, json_answer
from kdt import words
from kdt.errors import NotFound
from kdt.register import breakdown, figures
from kdt.register.breakdown import EVERY, PIECE, Breakdown, broken_down
from kdt.register.catalogue import table as catalogue
from kdt.register.grain import Grain
from kdt.register.opening import OPENED, opened
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
    level: str | None
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
Per = Annotated[Grain | None, Query(description="Per stuk van de periode.")]


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
    as_of: AsOf = None,
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
    responses=READ_ONE,
)
def get_counted(
    request: Request,
    response: Response,
    measure: Annotated[str, Path(json_schema_extra={"enum": [*OPENED]})],
    actors: Acting,
    first: First,
    until: Until,
    only: Only,
    at: At,
    as_of: AsOf = None,
    per: Per = None,
    period: Name | None = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Precies wat een cijfer telt, zonder tekst en zonder zaaknummer; daarvan die waar u van mag
    weten. Ook van doorlooptijden en rode draden (`/v1/lead-times`, `/v1/themes`)."""
    if measure not in OPENED:
        raise NotFound(words.say("refusal.not_found"))
    row = _given(at)
    query = figures.Query(first, until, as_of)
    asked = Breakdown(query, tuple(row), per, _given(only))
    place = row | ({PIECE: period} if period is not None else {})
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        found = opened(connection, asked, place, measure, today=now)
        mine = known(connection, actors, {one.escalation for one in found.these})
    shown = page(request, response, found.lines(mine), after, limit, "breakdowns", measure)
    return {"measure": measure, "amount": found.amount, "items": shown}


def _given(these: _Only | _At) -> dict[str, str]:
    values = {name: getattr(these, name) for name in these.__dataclass_fields__}
    return {name: value for name, value in values.items() if value is not None}
