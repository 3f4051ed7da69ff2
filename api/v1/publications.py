"""Publications: figures that leave the house, asked for by one and released by another."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field
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
from kdt.ledger.service import PRODUCT
from kdt.publications import document, queries, service
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import Asked, Made, Publication, Stage
from kdt.publications.tables import TOPICS, summed
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS

router = APIRouter(prefix="/publications", tags=["figures"])


class PublicationStep(Out):
    """Something that was decided or done: by whom (none: KDT itself, or gone)."""

    fact: str
    person: str | None
    at: datetime
    reason: str | None


class FigurePublication(Out):
    """A publication: what it is about, how far it is (`stage`), and once it is made whether an
    attack found nothing (`passed`), the SHA-256 of the document, which whoever releases sends back,
    and the document itself: its cells are a category, a value for each of level, location,
    question and ground (`*`: all), a month or months, and a number. `steps` are for who decides."""

    id: str
    topic: str
    period: PeriodKind
    first: date = Field(alias="from")
    until: date
    as_of: date
    by: list[str]
    by_month: bool
    stage: str
    passed: bool | None
    digest: str | None
    document: dict[str, Any] | None
    steps: list[PublicationStep]


class PreviewCell(Out):
    """A cell as it is printed, how far at most that lies from what it is, and what it is."""

    cell: list[str]
    number: int
    bound: int
    exact: int


class NewPublication(In):
    """What is to be published: over the period of a kind that ends with the month of `until`, or
    from one day until another, when that is such a period."""

    topic: str = Field(json_schema_extra={"enum": [*TOPICS]})
    period: str | None = Field(default=None, json_schema_extra={"enum": [*PeriodKind]})
    first: Annotated[Day | None, Field(alias="from")] = None
    until: Day
    as_of: Day
    by: list[str] = Field(
        default_factory=list, json_schema_extra={"items": {"enum": [*DIMENSIONS]}}
    )
    by_month: bool = True

    def asked(self) -> Asked:
        """As the service takes it. Raises InvalidInput."""
        if self.first is not None and self.period is None:
            period = service.period_between(self.first, self.until)
        else:
            period = service.period(self.period or PeriodKind.MONTH, self.until)
        return Asked(self.topic, period, self.as_of, tuple(self.by), self.by_month)


class Release(In):
    """The digest of the document as it was seen."""

    digest: str


class Discard(In):
    """Why a publication is let go."""

    reason: str


@router.get("", summary="Publicaties", response_model=Items[FigurePublication], responses=READ)
def list_publications(request: Request, person: Asker) -> Mapping[str, Any]:
    """De vrijgegeven publicaties, de laatste eerst, zonder hun cijfers; wie erover beslist, ziet ze
    alle."""
    deciding = permissions.holder(person.actors, Right.PUBLISH) is not None
    with reading(context(request).store) as connection:
        found = queries.all_publications(connection)
    shown = [one for one in found if deciding or one.stage is Stage.RELEASED]
    return {"items": [_publication(one, None, deciding=deciding) for one in shown]}


@router.post(
    "",
    status_code=201,
    summary="Vraag een publicatie aan",
    response_model=FigurePublication,
    responses=WRITE,
)
def ask_publication(
    request: Request, response: Response, actors: Acting, key: Key, new: NewPublication
) -> Mapping[str, Any]:
    """KDT maakt haar daarna: kijk of `stage` `prepare` is. Een ander geeft haar vrij."""
    made = service.ask(context(request).store, _publisher(actors), new.asked(), key=key)
    response.headers["Location"] = href(request, "publications", made)
    return _found(request, actors, made)


@router.get(
    "/{publication}",
    summary="Een publicatie",
    response_model=FigurePublication,
    responses=READ_ONE,
)
def get_publication(request: Request, person: Asker, publication: Name) -> Mapping[str, Any]:
    """Een publicatie met haar cijfers, afgerond."""
    return _found(request, person.actors, publication)


@router.get(
    "/{publication}/preview",
    summary="De precieze cijfers ernaast",
    response_model=Items[PreviewCell],
    responses=READ_ONE,
)
def preview_publication(request: Request, actors: Acting, publication: Name) -> Mapping[str, Any]:
    """Elk cijfer zoals het wordt afgedrukt, met het precieze, dat binnen blijft."""
    _publisher(actors)
    with reading(context(request).store) as connection:
        content = queries.made(connection, publication)
    if content is None:
        raise NotFound(words.say("refusal.not_found"))
    read = document.read(content.document)
    exact = summed(read.table, document.kept_read(content.inside).leaves)
    return {
        "items": [
            {"cell": [*cell], "number": number, "bound": read.bound(cell), "exact": exact[cell]}
            for cell, number in read.cells.items()
        ]
    }


@router.post(
    "/{publication}/releases",
    status_code=201,
    summary="Geef een publicatie vrij",
    response_model=FigurePublication,
    responses=WRITE_ONE,
)
def release_publication(
    request: Request, actors: Acting, key: Key, publication: Name, release: Release
) -> Mapping[str, Any]:
    """Geef de publicatie van iemand anders vrij. Dat kan niet ongedaan worden gemaakt."""
    actor, store = _publisher(actors), context(request).store
    service.release(store, actor, publication, release.digest, key=key)
    return _found(request, actors, publication)


@router.post(
    "/{publication}/discards",
    status_code=201,
    summary="Laat een publicatie los",
    response_model=FigurePublication,
    responses=WRITE_ONE,
)
def discard_publication(
    request: Request, actors: Acting, key: Key, publication: Name, discard: Discard
) -> Mapping[str, Any]:
    """Laat een publicatie los die niet is vrijgegeven."""
    actor, store = _publisher(actors), context(request).store
    service.discard(store, actor, publication, discard.reason, key=key)
    return _found(request, actors, publication)


def _publisher(actors: tuple[Actor, ...]) -> Actor:
    return permissions.holding(actors, Right.PUBLISH)


def _found(request: Request, actors: Iterable[Actor], wanted: str) -> Mapping[str, Any]:
    deciding = permissions.holder(actors, Right.PUBLISH) is not None
    with reading(context(request).store) as connection:
        one, content = queries.publication(connection, wanted), queries.made(connection, wanted)
    if one is None or not (deciding or one.stage is Stage.RELEASED):
        raise NotFound(words.say("refusal.not_found"))
    return _publication(one, content, deciding=deciding)


def _publication(one: Publication, content: Made | None, *, deciding: bool) -> Mapping[str, Any]:
    prepared = one.step(Stage.PREPARED)
    return {
        "id": one.id,
        "topic": one.asked.topic,
        "period": one.asked.period.kind,
        "from": one.asked.period.first,
        "until": one.asked.period.until,
        "as_of": one.asked.as_of,
        "by": [*one.asked.by],
        "by_month": one.asked.by_month,
        "stage": one.stage,
        "passed": one.passed if prepared else None,
        "digest": prepared.values["document"] if prepared else None,
        "document": json.loads(content.document) if content else None,
        "steps": [
            {
                "fact": step.fact,
                "person": None if step.person == PRODUCT else step.person,
                "at": step.at,
                "reason": step.reason,
            }
            for step in one.steps
            if deciding
        ],
    }
