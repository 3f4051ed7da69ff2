"""Questions of Parliament: what was asked and answered, and what the answer would be today."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.parliament import queries, service
from kdt.parliament.queries import ParliamentaryQuestion as Known
from kdt.parliament.service import Told
from kdt.store.transaction import reading
from kdt.vocabulary import Chamber, Measure

# What of a question is worked out.
_MORE = {"numbers"}

router = APIRouter(prefix="/parliamentary-questions", tags=["figures"])


class ComparedNumber(Out):
    """A number of a question at a level (none: all): as it was known at the reference date of the
    answer (none: there is no answer), and as it is now."""

    measure: str
    level: str | None
    then: int | None
    now: int


class ParliamentaryQuestion(Out):
    """A question of Parliament, the answer that was sent, and its numbers then and now; those of
    one question alone."""

    id: str
    chamber: str
    asked_on: date
    asked: str
    measures: list[str]
    first: date = Field(alias="from")
    until: date
    answer: str
    answered_on: date | None
    as_of: date | None
    reference: str
    stands: bool
    numbers: list[ComparedNumber] | None


class ParliamentaryQuestionIn(In):
    """What is told of a question. Once it was answered: what was sent, when, and as the record was
    known at the end of which day."""

    chamber: str = Field(json_schema_extra={"enum": [*Chamber]})
    asked_on: Day
    asked: str
    measures: Annotated[
        list[str], Field(min_length=1, json_schema_extra={"items": {"enum": [*Measure]}})
    ]
    first: Annotated[Day, Field(alias="from")]
    until: Day
    answer: str = ""
    answered_on: Day | None = None
    as_of: Day | None = None
    reference: str = ""

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


@router.get(
    "",
    summary="Vragen van het parlement",
    response_model=Items[ParliamentaryQuestion],
    responses=READ,
)
def list_questions(request: Request, _person: Asker) -> Mapping[str, Any]:
    """De vragen, de laatste eerst, zonder hun getallen."""
    with reading(context(request).store) as connection:
        found = queries.questions(connection)
    return {"items": [_shown(one) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Leg een vraag van het parlement vast",
    response_model=ParliamentaryQuestion,
    responses=WRITE,
)
def create_question(
    request: Request,
    response: Response,
    actors: Acting,
    key: Key,
    new: ParliamentaryQuestionIn,
) -> Mapping[str, Any]:
    """Voor een landelijke beleidsadviseur of manager."""
    made = service.enter(context(request).store, _answering(actors), new.told(), key=key)
    response.headers["Location"] = href(request, "parliamentary-questions", made)
    return _found(request, made)


@router.get(
    "/{question}",
    summary="Een vraag van het parlement",
    response_model=ParliamentaryQuestion,
    responses=READ_ONE,
)
def get_question(request: Request, _person: Asker, question: Name) -> Mapping[str, Any]:
    """De vraag, het antwoord, en de getallen van toen en nu."""
    return _found(request, question)


@router.put(
    "/{question}",
    summary="Leg een vraag van het parlement opnieuw vast",
    response_model=ParliamentaryQuestion,
    responses=WRITE_ONE,
)
def change_question(
    request: Request, actors: Acting, question: Name, told: ParliamentaryQuestionIn
) -> Mapping[str, Any]:
    """Vertel opnieuw wat het was, of wat er is geantwoord."""
    service.change(context(request).store, _answering(actors), question, told.told())
    return _found(request, question)


@router.delete(
    "/{question}",
    status_code=204,
    summary="Trek een vraag van het parlement in",
    responses=WRITE_ONE,
)
def withdraw_question(request: Request, actors: Acting, question: Name) -> None:
    """Zij is toch niet gesteld. Wat ervan was vastgelegd, blijft in het register."""
    service.withdraw(context(request).store, _answering(actors), question)


def _answering(actors: Sequence[Actor]) -> Actor:
    return permissions.holding(actors, Right.ANSWER_PARLIAMENT)


def _found(request: Request, wanted: str) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        one = queries.question(connection, wanted)
        if one is None:
            raise NotFound(words.say("refusal.not_found"))
        return _shown(one, connection)


def _shown(one: Known, connection: Connection | None = None) -> Mapping[str, Any]:
    """A question; with its numbers where they can be asked for."""
    numbers = None if connection is None else queries.compared(connection, one)
    return {
        **{name: getattr(one, name) for name in ParliamentaryQuestion.model_fields.keys() - _MORE},
        "measures": [*one.measures],
        "numbers": None
        if numbers is None
        else [
            {"measure": each.measure, "level": each.level, "then": each.then, "now": each.now}
            for each in numbers
        ],
    }
