"""What leaves the record on request: to the person a case is about (AVG), and what there is for the
public (Woo)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BeforeValidator
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Key, href
from api.v1.inputs import Day, In
from api.v1.models import Items, Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.responses import READ, READ_ONE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.disclosure import publication, queries, service
from kdt.disclosure.service import Answer, Asked, RefusalGround
from kdt.errors import NotFound
from kdt.register.figures import Query as Period
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Outcome

router = APIRouter(tags=["disclosure"])

# Written as their codes.
AskedCode = Annotated[Asked, BeforeValidator(Asked)]
AnswerCode = Annotated[Answer, BeforeValidator(Answer)]
GroundCode = Annotated[RefusalGround, BeforeValidator(RefusalGround)]
OutcomeCode = Annotated[Outcome, BeforeValidator(Outcome)]


class DataRequest(Out):
    """What the person of a case asked last, when it came, and what was answered (none: nothing
    yet). The case by its id, never its number."""

    case: UUID
    asked: Asked
    received_on: date
    answer: Answer | None


class DataRequestFact(Out):
    """Something noted of what was asked about a case, in codes and days; what was worded is in the
    dossier."""

    fact: str
    at: datetime
    asked: Asked | None = None
    received_on: date | None = None
    answer: Answer | None = None
    ground: RefusalGround | None = None
    escalations: int | None = None
    digest: str | None = None


class DataRequestHistory(Out):
    """Everything noted of what was asked about a case."""

    case: UUID
    facts: list[DataRequestFact]


class Dossier(Out):
    """Everything held about a case as a text for the person it is about, with what is left out and
    why."""

    case: UUID
    text: str


class DossierHandOver(Dossier):
    """The same as it was handed over, with its SHA-256 as the ledger has it."""

    escalations: int
    digest: str


class PublicDocument(Out):
    """A document on the list for the Woo: what is proposed and on which grounds. An official
    decides; KDT publishes nothing."""

    id: str
    escalation: str
    on: date
    action: str
    kind: str
    decision: str
    grounds: list[str]
    why: str


class NewDataRequest(In):
    """What somebody asks about a case, by its number, and when that came (today)."""

    case_number: str
    asked: AskedCode
    received_on: Day | None = None


class NewAnswer(In):
    """What was answered and why; what is not granted in full has a ground."""

    answer: AnswerCode
    reason: str
    ground: GroundCode | None = None


class NewDossierHandOver(In):
    """Nothing more is needed to hand over."""


@router.get(
    "/data-requests",
    summary="Verzoeken onder de AVG",
    response_model=Items[DataRequest],
    responses=READ,
)
def list_data_requests(request: Request, actors: Acting) -> Mapping[str, Any]:
    """Over welke zaken iets is gevraagd, het laatste eerst. Zonder zaaknummer."""
    _discloser(actors)
    with reading(context(request).store) as connection:
        return {"items": queries.requests(connection)}


@router.post(
    "/data-requests",
    status_code=201,
    summary="Noteer een verzoek onder de AVG",
    response_model=DataRequestHistory,
    responses=WRITE_ONE,
)
def receive_data_request(
    request: Request, response: Response, actors: Acting, key: Key, new: NewDataRequest
) -> Mapping[str, Any]:
    """Noteer dat iemand over de eigen zaak iets vraagt."""
    case = service.receive(
        context(request).store,
        _discloser(actors),
        new.case_number,
        new.asked,
        received_on=new.received_on,
        key=key,
    )
    response.headers["Location"] = href(request, "data-requests", str(case))
    return _history(request, case)


@router.get(
    "/data-requests/{case}",
    summary="Wat er over een zaak is gevraagd",
    response_model=DataRequestHistory,
    responses=READ_ONE,
)
def get_data_request(request: Request, actors: Acting, case: UUID) -> Mapping[str, Any]:
    """Wat er over een zaak is gevraagd en geantwoord, in codes en dagen."""
    _discloser(actors)
    return _history(request, case)


@router.get(
    "/data-requests/{case}/dossier",
    summary="Wat er over een zaak vastligt",
    response_model=Dossier,
    responses=READ_ONE,
)
def get_dossier(request: Request, actors: Acting, case: UUID) -> Mapping[str, Any]:
    """Alles wat over een zaak vastligt, om te lezen voor het wordt overhandigd. Dat het gelezen is,
    wordt vooraf vastgelegd."""
    return {"case": case, "text": service.look_in(context(request).store, _discloser(actors), case)}


@router.post(
    "/data-requests/{case}/answers",
    status_code=201,
    summary="Noteer een antwoord",
    response_model=DataRequestHistory,
    responses=WRITE_ONE,
)
def answer_data_request(
    request: Request, actors: Acting, key: Key, case: UUID, new: NewAnswer
) -> Mapping[str, Any]:
    """Noteer wat er is geantwoord, en op welke grond iets is geweigerd."""
    actor, store = _discloser(actors), context(request).store
    service.answer(store, actor, case, new.answer, new.reason, new.ground, key=key)
    return _history(request, case)


@router.post(
    "/data-requests/{case}/hand-overs",
    status_code=201,
    summary="Overhandig wat er over een zaak vastligt",
    response_model=DossierHandOver,
    responses=WRITE_ONE,
)
def hand_over(
    request: Request, actors: Acting, key: Key, case: UUID, _new: NewDossierHandOver
) -> Mapping[str, Any]:
    """Maak de tekst die wordt overhandigd. Dat zij is gemaakt, wordt vooraf vastgelegd."""
    made = service.hand_over(context(request).store, _discloser(actors), case, key=key)
    return {
        "case": case,
        "text": made.text,
        "escalations": made.escalations,
        "digest": made.digest,
    }


@router.get(
    "/public-documents",
    summary="Inventarislijst voor de Woo",
    response_model=Items[PublicDocument],
    responses=READ,
)
def list_public_documents(
    request: Request,
    response: Response,
    actors: Acting,
    first: Annotated[Day, Query(alias="from")],
    until: Day,
    theme: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    outcome: OutcomeCode | None = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Elke registratie en elke tekst van een periode als stuk, met een voorgesteld besluit en de
    gronden daarvan. Er staat geen tekst in."""
    _discloser(actors)
    wanted = publication.Wanted(first, until, theme, outcome)
    with reading(context(request).store) as connection:
        Period(first, until).check(today(connection))
        found = publication.inventory(connection, wanted)
    shown = page(request, response, found, after, limit, "public-documents")
    return {"items": [_document(one) for one in shown]}


def _document(one: publication.Item) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "escalation": one.escalation,
        "on": one.on,
        "action": one.action,
        "kind": one.kind,
        "decision": one.decision,
        "grounds": list(one.grounds),
        "why": one.why,
    }


def _history(request: Request, case: UUID) -> Mapping[str, Any]:
    with reading(context(request).store) as connection:
        told = queries.told(connection, case)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    return {"case": case, "facts": [{"fact": one.fact, "at": one.at, **one.values} for one in told]}


def _discloser(actors: tuple[Actor, ...]) -> Actor:
    return permissions.holding(actors, Right.DISCLOSE)
