"""For the auditor's programs: who read what, what was unusual, samples, changes, processings.

That these are read is logged before they go out.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from api.context import context
from api.errors import BadRequest
from api.v1.asking import Acting, cursor, next_link, place
from api.v1.inputs import Day, Name
from api.v1.models import Items, Out
from api.v1.responses import READ, READ_ONE
from kdt.audit import changes as ledger
from kdt.audit import processing, sampling, unusual
from kdt.audit import reading as log
from kdt.audit.looking import auditors
from kdt.audit.sampling import Question, Strata
from kdt.ledger.table import Subject
from kdt.vocabulary import Phase, Role

router = APIRouter(tags=["audit"])

_After = Annotated[str | None, Query(max_length=400)]
_Seed = Annotated[str, Query(pattern=f"^{sampling.SEED.pattern}$")]


class Read(Out):
    """A row of the read log. What was destroyed of who it was is null."""

    id: int
    at: datetime
    trace: str
    look: str
    result: str
    door: str
    escalation: str | None
    location: str | None
    role: Role | None
    own: bool
    purpose: str | None
    person: str | None
    origin: str | None
    about: str | None


class UnusualRead(Out):
    """An event worth a question, by a fixed rule: how many escalations or attempts it is about, and
    the numbers of the rows of the read log."""

    rule: str
    first: datetime
    until: datetime
    person: str | None
    count: int
    escalations: list[str]
    lines: list[int]


class Stratum(Out):
    """A part of what is drawn from: how many there are, and how many were drawn."""

    stratum: str
    population: int
    drawn: int


class Drawn(Out):
    """An escalation in a sample; `outcome` is that of its latest consideration."""

    id: str
    location: str
    question: str
    phase: Phase
    outcome: str | None
    stratum: str


class Sample(Out):
    """A random sample, with all that draws it again."""

    seed: str
    size: int
    by: str
    as_of: date
    population: int
    strata: list[Stratum]
    escalations: list[Drawn]


class RecordedChange(Out):
    """A fact of the ledger. `details`: its values and texts in Dutch, by name."""

    ref: str
    subject: str
    subject_id: str
    fact: str
    about: str
    by: str | None
    role: Role
    occurred_on: date
    recorded_at: datetime
    details: dict[str, str]


class ForeignOperation(Out):
    """The operation of another system that asked for it."""

    trace_id: str
    span_id: str


class Processing(Out):
    """A line of the log of processings, after the standard Logboek Dataverwerkingen."""

    trace_id: str
    span_id: str
    parent_span_id: str | None
    foreign_operation: ForeignOperation | None
    status_code: str
    name: str
    start_time: datetime
    end_time: datetime
    resource: dict[str, str]
    attributes: dict[str, str]


@router.get(
    "/reads",
    summary="Wie las wat",
    response_model=Items[Read],
    responses=READ_ONE,
)
def list_reads(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name | None = None,
    person: Name | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    until: Day | None = None,
    after: _After = None,
) -> Mapping[str, Any]:
    """Het leeslogboek van een voorlegging of van een persoon, de laatste inzage eerst. Ook wat werd
    geweigerd staat erin. Dit opvragen wordt zelf vastgelegd."""
    auditors(actors)
    if (escalation is None) == (person is None):
        raise BadRequest("query", "one_subject")
    before = None if after is None else place(after, lambda parts: int(parts[0]))
    wanted = log.Wanted(escalation, person, first, until)
    found = log.lines(context(request).store, actors, wanted, before=before, limit=log.PAGE + 1)
    if len(found) > log.PAGE:
        response.headers["Link"] = next_link(request, cursor(found[log.PAGE - 1].id), "reads")
    return {"items": found[: log.PAGE]}


@router.get(
    "/unusual-reads",
    summary="Opvallende inzagen",
    response_model=Items[UnusualRead],
    responses=READ,
)
def list_unusual(
    request: Request,
    actors: Acting,
    first: Annotated[Day, Query(alias="from")],
    until: Day,
) -> Mapping[str, Any]:
    """Gebeurtenissen die een vraag waard zijn, volgens vaste regels, de laatste eerst. Wie een zaak
    zelf bracht, telt daarbij niet mee."""
    auditors(actors)
    if first > until or until - first > unusual.LONGEST:
        raise BadRequest("until", "bad_period", days=unusual.LONGEST.days)
    return {"items": unusual.events(context(request).store, actors, first, until)}


@router.get(
    "/samples",
    summary="Een aselecte steekproef",
    response_model=Sample,
    responses=READ,
)
def draw_sample(
    request: Request,
    actors: Acting,
    seed: _Seed,
    as_of: Annotated[Day, Query(alias="asOf")],
    size: Annotated[int, Query(ge=1, le=sampling.LARGEST)] = sampling.USUAL,
    by: Literal["none", "location", "outcome"] = "none",
) -> Sample:
    """De voorleggingen met de laagste SHA-256 van `seed`, een dubbele punt en hun id. Hetzelfde
    register geeft met hetzelfde startgetal dezelfde steekproef."""
    auditors(actors)
    question = Question(seed, size, Strata(by), as_of)
    found = sampling.sample(context(request).store, actors, question)
    return Sample(
        seed=seed,
        size=size,
        by=by,
        as_of=as_of,
        population=found.population,
        strata=[
            Stratum(stratum=name, population=of, drawn=taken)
            for name, (of, taken) in found.strata.items()
        ],
        escalations=[Drawn.model_validate(one) for one in found.drawn],
    )


@router.get(
    "/changes",
    summary="Wijzigingen rond de zaken",
    response_model=Items[RecordedChange],
    responses=READ,
)
def list_changes(
    request: Request,
    response: Response,
    actors: Acting,
    subject: Subject | None = None,
    after: _After = None,
) -> Mapping[str, Any]:
    """Wie welke rol, naam, koppeling, locatie of rode draad wijzigde, het laatste eerst."""
    before = None if after is None else place(after, lambda parts: int(parts[0]))
    found = ledger.changes(
        context(request).store, actors, subject=subject, before=before, limit=ledger.PAGE + 1
    )
    if len(found) > ledger.PAGE:
        last = found[ledger.PAGE - 1].position
        response.headers["Link"] = next_link(request, cursor(last), "changes")
    return {"items": found[: ledger.PAGE]}


@router.get(
    "/processings",
    summary="Verwerkingen van een zaak",
    response_model=Items[Processing],
    responses=READ_ONE,
)
def list_processings(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
    after: _After = None,
) -> Mapping[str, Any]:
    """Wat met de gegevens in deze zaak is gedaan en waarvoor, zonder wie het deed, met de velden
    van het Logboek Dataverwerkingen."""
    seen = 0 if after is None else place(after, lambda parts: int(parts[0]))
    found = processing.of_case(
        context(request).store, actors, escalation, after=seen, limit=processing.PAGE + 1
    )
    if len(found) > processing.PAGE:
        last = found[processing.PAGE - 1].id
        response.headers["Link"] = next_link(request, cursor(last), "processings")
    return {"items": [_processing(one) for one in found[: processing.PAGE]]}


def _processing(one: processing.Processing) -> Processing:
    foreign = None
    if one.foreign_span is not None:
        foreign = ForeignOperation(trace_id=one.trace, span_id=one.foreign_span)
    return Processing(
        trace_id=one.trace,
        span_id=one.span,
        parent_span_id=one.parent_span,
        foreign_operation=foreign,
        status_code="STATUS_CODE_UNSET",
        name=one.name,
        start_time=one.start,
        end_time=one.end,
        resource={"name": "kdt", "version": one.version},
        attributes={
            "dpl.core.processing_activity_id": one.activity.uri,
            "dpl.core.data_subject_id": str(one.data_subject),
            "dpl.core.data_subject_id_type": processing.SUBJECT_TYPE,
        },
    )
