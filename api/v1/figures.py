"""Figures, and the Senate's questions answered from them: for a period, at a reference date."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Asker
from api.v1.inputs import Day
from api.v1.models import Out
from api.v1.periods import AsOf, By, First, Until
from api.v1.responses import READ, json_answer
from kdt.register import answering, answers, figures
from kdt.register.catalogue import table as catalogue
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure

router = APIRouter(tags=["figures"])

_DATE = {"type": "string", "format": "date"}
_SHAPE = {
    "type": "object",
    "properties": {
        "from": _DATE,
        "until": _DATE,
        "asOf": {**_DATE, "type": ["string", "null"]},
        "by": {"type": "array", "items": {"type": "string", "enum": list(DIMENSIONS)}},
        "provisional": {"type": "boolean"},
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **{one: {"type": "string"} for one in DIMENSIONS},
                    **{
                        one.value: {
                            "type": "integer",
                            "description": catalogue.of(one).meaning,
                        }
                        for one in Measure
                    },
                },
                "required": [one.value for one in Measure],
                "additionalProperties": False,
            },
        },
    },
    "required": ["from", "until", "asOf", "by", "rows"],
    "additionalProperties": False,
}
_EXAMPLE = {
    "from": "2022-01-01",
    "until": "2022-12-31",
    "asOf": "2022-11-08",
    "by": ["level"],
    "rows": [
        {"level": "national", **{one.value: 0 for one in Measure}, "considered": 3, "decisions": 2},
    ],
}


class AnswerNumber(Out):
    """A number behind an answer: what is counted, at which level (none: all), and how many (none:
    not registered)."""

    measure: str
    level: str | None
    amount: int | None


class SenateAnswer(Out):
    """A numbered answer: what was asked, what was said then, whether and since when it is
    registered, and what the record says now."""

    number: int
    question: str
    then: str
    registered: bool
    since: date | None
    now: list[str]
    remarks: list[str]
    numbers: list[AnswerNumber]
    definitions: dict[str, str]


class MeetingsAttested(Out):
    """Of a panel, since when it is live (none: it is not), how many meetings were planned, of those
    attested to be whole, of those with nothing discussed, and how many were cancelled."""

    panel: str
    level: str
    location: str | None
    live_on: date | None
    planned: int
    attested: int
    nothing: int
    cancelled: int


class Answers(Out):
    """The answers over a period at a reference date, and what they rest on: the considerations,
    how many of them were imported, since when the record is kept in KDT itself, and of each panel
    how many of its meetings were attested to be whole."""

    first: date = Field(alias="from")
    until: date
    as_of: date | None
    source: str
    demo: bool
    considered: int
    considered_imported: int
    kept_since: date | None
    meetings: list[MeetingsAttested]
    answers: list[SenateAnswer]


@router.get(
    "/figures",
    summary="Cijfers",
    response_model=None,
    responses={200: json_answer(_SHAPE, _EXAMPLE), **READ},
)
def get_figures(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    as_of: AsOf = None,
    by: By = None,
) -> dict[str, Any]:
    """Alle maten over een periode, zoals het register op een peildatum bekend was."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        return figures.as_json(query, figures.figures(connection, query), today=now)


@router.get(
    "/answers",
    summary="De vragen van de Eerste Kamer",
    response_model=Answers,
    responses=READ,
)
def get_answers(
    request: Request,
    _person: Asker,
    first: Annotated[Day | None, Query(alias="from")] = None,
    until: Day | None = None,
    as_of: AsOf = None,
) -> dict[str, Any]:
    """De vraag, wat op 8 november 2022 werd geantwoord, en wat het register nu zegt; zonder dagen
    over het laatste jaar."""
    with reading(context(request).store) as connection:
        now = today(connection)
        query = answers.question(first, until, as_of, today=now)
        return answering.as_json(answers.answers(connection, query, today=now))
