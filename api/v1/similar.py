"""Similar cases: what a panel said of escalations that are like the one described."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter
from pydantic import BeforeValidator, Field, StringConstraints
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting
from api.v1.inputs import In, Name
from api.v1.models import Out
from api.v1.responses import WRITE
from kdt.similar import queries
from kdt.similar.queries import Described, Found
from kdt.similar.since import Kind
from kdt.store.transaction import reading
from kdt.vocabulary import Ground, Question

MOST = 20
_LONGEST = 100_000

# Written as their codes.
QuestionCode = Annotated[Question, BeforeValidator(Question)]
GroundCode = Annotated[Ground, BeforeValidator(Ground)]

router = APIRouter(prefix="/escalations", tags=["escalations"])


class DescribedCase(In):
    """A case as it is described. `themes`: those it shows, as far as that is known; `answered`:
    whether only what a panel has answered is wanted."""

    summary: Annotated[str, StringConstraints(max_length=_LONGEST)]
    question: QuestionCode | None = None
    ground: GroundCode | None = None
    themes: list[Name] = Field(default_factory=list, max_length=MOST)
    answered: bool = False
    limit: int = Field(default=5, ge=1, le=MOST)


class SinceThen(Out):
    """Something that came of a theme on a day: it was answered, or an adjustment for it was decided
    on or came into force."""

    theme: str
    kind: Kind
    on: date


class SimilarEscalation(Out):
    """An escalation that is like it, and why: the fields that are the same, words both have (only
    where you may read its text, and only words that several texts have), and whether the texts are
    strongly alike. `followed`: whether the answer was carried out, null as long as that is not
    known; `since`: what came of its themes after it was last considered."""

    escalation: models.EscalationRow
    themes: list[str]
    same: list[str]
    shared_words: list[str]
    strongly: bool
    followed: str | None
    since: list[SinceThen]


class SimilarEscalations(Out):
    """What was found, the most similar first; `ready`: whether there was anything to search by."""

    ready: bool
    items: list[SimilarEscalation]


@router.post(
    "/_similar",
    summary="Zoek gelijkende zaken",
    response_model=SimilarEscalations,
    responses=WRITE,
)
def search_similar(request: Request, actors: Acting, described: DescribedCase) -> Found:
    """De voorleggingen die het meest lijken op wat u beschrijft, van die waar u van mag weten, met
    waarom en met wat erop is gezegd. Zonder teksten: die leest u per voorlegging, en dat wordt
    vastgelegd. Een omschrijving hoort niet in een adres, daarom een POST; ze wordt niet bewaard."""
    asked = Described(
        described.summary,
        described.question,
        described.ground,
        tuple(described.themes),
        answered=described.answered,
    )
    with reading(context(request).store) as connection:
        return queries.similar(connection, actors, asked, described.limit)
