"""The catalogue of measures: what every number counts, with a small history that shows it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from api.v1.asking import Asker
from api.v1.models import Items, Out
from api.v1.responses import READ, READ_ONE
from kdt import words
from kdt.errors import NotFound
from kdt.register.catalogue.model import (
    Disclosure,
    Division,
    Known,
    MeasureUnit,
    Opens,
    PeriodRule,
    Revision,
)
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.catalogue.writing import as_json, worked

router = APIRouter(tags=["figures"])


class MeasureBalance(Out):
    """What must hold in every row: all of `plus`, less all of `minus`, is `equals`."""

    code: str
    plus: list[str]
    minus: list[str]
    equals: str


class MeasureAsk(Out):
    """A question to the example, and its answer; none is not reached."""

    first: date = Field(alias="from")
    until: date
    as_of: date | None
    at: dict[str, str]
    answer: float | None


class MeasureExample(Out):
    """A history file of a few lines, and what the measure says of it."""

    history: list[dict[str, Any]]
    asks: list[MeasureAsk]


class MeasureDefinition(Out):
    """What a measure counts. `actions`: the entries it is counted from, narrowed to an `outcome`
    and its ruling, inquiry or referral (`detail`); `addsUp`: over which divisions the whole is the
    sum of its parts."""

    id: str
    version: int
    name: str
    question: str
    meaning: str
    unit: MeasureUnit
    actions: list[str]
    outcome: str | None
    detail: str | None
    period: PeriodRule
    known: Known
    divisions: list[Division]
    adds_up: list[Division]
    balances: list[MeasureBalance]
    revision: Revision
    disclosure: Disclosure
    opens: Opens
    within: int | None = Field(description="In hoeveel werkdagen, van wat op tijd is gedaan.")


class WorkedMeasure(MeasureDefinition):
    """A measure with its worked example."""

    example: MeasureExample


@router.get(
    "/measures", summary="De maten", response_model=Items[MeasureDefinition], responses=READ
)
def list_measures(_person: Asker) -> Mapping[str, Any]:
    """Elke maat: wat zij telt en volgens welke regels."""
    return {"items": [as_json(one) for one in CATALOGUE.values()]}


@router.get(
    "/measures/{measure}", summary="Een maat", response_model=WorkedMeasure, responses=READ_ONE
)
def get_measure(measure: str, _person: Asker) -> Mapping[str, Any]:
    """Een maat met een kleine geschiedenis en het antwoord daarop."""
    one = CATALOGUE.get(measure)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    return worked(one)
