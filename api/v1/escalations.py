"""Escalations: bring one, find them, see one with its history and what may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1 import examples, models, schemas
from api.v1.asking import Acting, Key, cursor, etag, href, next_link, place
from api.v1.bodies import Body, invalid, read_command
from api.v1.inputs import Name
from api.v1.nouns import NOUNS
from api.v1.responses import READ, READ_ONE, WRITE
from kdt import personal, words
from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.cases import queries, service, view
from kdt.cases.answers import Answer
from kdt.cases.inputs import Inputs, key
from kdt.cases.list_order import Cursor
from kdt.cases.queries import Filter
from kdt.cases.service import Command, Receipt
from kdt.cases.view import EscalationView
from kdt.errors import Forbidden, NotFound
from kdt.procedure import Available
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem, name
from kdt.vocabulary import Action, Ground, Phase, Question

PAGE = 50
LARGEST_PAGE = 200

router = APIRouter(prefix="/escalations", tags=["escalations"])

_SUBMIT = {
    "type": "boolean",
    "description": "Ook meteen voorleggen; zonder dit blijft het concept.",
}
_SEARCH = {
    "type": "object",
    "properties": {"caseNumber": schemas.NAME},
    "required": ["caseNumber"],
    "additionalProperties": False,
}


@router.post(
    "",
    status_code=201,
    summary="Breng een zaak",
    response_model=models.Receipt,
    responses=WRITE,
    openapi_extra=schemas.body(
        schemas.inputs(Action.OPEN, {"submit": _SUBMIT}), examples.ACTIONS[Action.OPEN]
    ),
)
def open_escalation(
    request: Request, response: Response, actors: Acting, key: Key, body: Body
) -> models.Receipt:
    """Open een voorlegging, en leg haar met `submit` in dezelfde handeling ook voor."""
    given = dict(body)
    submit = given.pop("submit", False)
    if not isinstance(submit, bool):
        raise invalid([Problem("not_true", "submit")])
    commands = [read_command(Action.OPEN, given)]
    if submit:
        commands.append(read_command(Action.SUBMIT, {}))
    location = str(commands[0].inputs.values["location"])
    actor = next((one for one in actors if not permissions.may_open(one, location)), actors[0])
    receipt = service.perform(context(request).store, actor, None, commands, key=key)
    return recorded(request, response, receipt, commands)


def recorded(
    request: Request, response: Response, receipt: Receipt, commands: Sequence[Command]
) -> models.Receipt:
    """The receipt, with where the escalation stands and which version it now is in the head, and
    warnings of what the texts seem to hold."""
    response.headers["Location"] = href(request, "escalations", receipt.escalation)
    response.headers["ETag"] = etag(receipt.version)
    warned = [one for command in commands for one in warnings(command.inputs)]
    return models.Receipt(**asdict(receipt), warnings=warned)


def warnings(told: Inputs) -> list[models.TextWarning]:
    """Of what the texts seem to hold."""
    return [
        models.TextWarning(field=key(name), code=kind, detail=words.personal([kind]))
        for name, text in told.texts.items()
        for kind in (personal.seems_to_hold(text) if isinstance(text, str) else ())
    ]


@router.get(
    "",
    summary="Voorleggingen",
    response_model=models.Items[models.EscalationRow],
    responses=READ,
)
def list_escalations(
    request: Request,
    response: Response,
    actors: Acting,
    phase: Annotated[list[Phase] | None, Query()] = None,
    level: Name | None = None,
    location: Name | None = None,
    question: Question | None = None,
    ground: Ground | None = None,
    brought_by: Annotated[Name | None, Query(alias="broughtBy")] = None,
    theme: Name | None = None,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = PAGE,
    after: Annotated[str | None, Query(max_length=400)] = None,
) -> Mapping[str, Any]:
    """De voorleggingen waar u van mag weten, zonder hun teksten; de laatst gewijzigde eerst."""
    wanted = Filter(tuple(phase or ()), level, location, question, ground, brought_by, theme)
    seen = None if after is None else place(after, _place)
    with reading(context(request).store) as connection:
        found = queries.escalations_of(connection, actors, wanted, after=seen, limit=limit + 1)
    if len(found) > limit:
        last = found[limit - 1]
        response.headers["Link"] = next_link(
            request, cursor(last.last_on.isoformat(), last.id), "escalations"
        )
    return {"items": found[:limit]}


@router.post(
    "/_search",
    summary="Zoek op zaaknummer",
    response_model=models.Items[models.EscalationRow],
    responses=WRITE,
    openapi_extra=schemas.body(_SEARCH, {"caseNumber": examples.CASE}),
)
def search_escalations(request: Request, actors: Acting, body: Body) -> Mapping[str, Any]:
    """De voorleggingen van een zaak. Een zaaknummer hoort niet in een adres, daarom een POST."""
    try:
        number = name(body.get("caseNumber"))
    except Invalid as problem:
        raise invalid([Problem(problem.code, "caseNumber", problem.details)]) from None
    if set(body) != {"caseNumber"}:
        raise invalid([Problem("unknown_field", "")])
    with reading(context(request).store) as connection:
        return {"items": queries.search(connection, actors, number)}


@router.get(
    "/{escalation}",
    summary="Een voorlegging",
    response_model=models.Escalation,
    responses=READ_ONE,
)
def get_escalation(
    request: Request,
    response: Response,
    actors: Acting,
    escalation: Name,
) -> models.Escalation:
    """Een voorlegging met haar verloop, haar teksten, en wat ermee kan: per handeling of die nu
    open staat, en anders waarom niet."""
    with reading(context(request).store) as connection:
        found = seen(connection, actors, escalation)
        shows = queries.themes_of(connection, escalation) if found.themes else []
    response.headers["ETag"] = etag(found.version)
    return _escalation(request, found, shows)


def seen(connection: Connection, actors: tuple[Actor, ...], escalation: str) -> EscalationView:
    """The escalation as these actors see it. Raises NotFound."""
    found = view.escalation(connection, actors, escalation)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def read_by(connection: Connection, actors: Sequence[Actor], escalation: str) -> Matter:
    """How access looks at an escalation, for who reads what is written of it, though none of that
    is asked. Raises NotFound and Forbidden."""
    matter = view.matter(connection, actors, escalation)
    if matter is None:
        raise NotFound(words.say("refusal.not_found"))
    if permissions.reader(actors, matter) is None:
        raise Forbidden(words.say("forbidden.reads_text"))
    return matter


def entry(one: view.Entry) -> models.Entry:
    """An entry as it goes out."""
    return models.Entry(
        seq=one.seq,
        ref=one.ref,
        action=one.action,
        role=one.role,
        person=one.person,
        on_behalf_of=one.on_behalf_of,
        typed_by=one.typed_by,
        occurred_on=one.occurred_on,
        recorded_at=one.recorded_at,
        imported=one.imported,
        values=_outside(one.values),
        texts={key(field): prose(text) for field, text in one.texts.items()},
        stands=_standing(one),
        corrected_by=one.corrected_by,
        correctable=[key(field) for field in one.correctable],
    )


def _standing(one: view.Entry) -> dict[str, Any] | None:
    if one.stands is None:
        return None
    return {"occurredOn": one.stands.occurred_on, **_outside(one.stands.values)}


def _outside(values: Mapping[str, object]) -> dict[str, Any]:
    """Recorded values by the keys of the API. Of a case the record holds an opaque id alone."""
    return {
        "caseId" if field == "case" else key(field): _outside(value)
        if isinstance(value, Mapping)
        else value
        for field, value in values.items()
    }


def prose(text: str | date) -> models.Prose:
    """A text as it goes out."""
    return text if isinstance(text, str) else models.Destroyed(destroyed=text)


def _told(text: str | date | None) -> models.Prose | None:
    return None if text is None else prose(text)


def _escalation(request: Request, found: EscalationView, shows: list[str]) -> models.Escalation:
    state = found.state
    return models.Escalation(
        id=found.id,
        version=found.version,
        procedure_version=state.version,
        case_number=found.case_number,
        phase=state.phase,
        level=state.level,
        location=state.location,
        question=state.question,
        ground=state.ground,
        brought_by=state.brought_by,
        holder=found.holder,
        recused=list(found.recused),
        opened_on=found.opened_on,
        decide_by=state.decide_by,
        deadline=found.deadline,
        suspended=found.suspended,
        settled=state.settled,
        panel=state.panel,
        meeting_on=state.meeting_on,
        waiting_since=state.waiting_since,
        held_over=state.held_over,
        unresolved_at=state.unresolved_at,
        summary=_told(found.summary),
        themes=shows,
        answers=[answer_out(one) for one in found.answers],
        entries=[entry(one) for one in found.entries],
        outcomes=list(found.outcomes),
        actions=[
            _affordance(request, found.id, one) for one in found.actions if one.action in NOUNS
        ],
    )


def answer_out(one: Answer) -> models.PanelAnswer:
    """What a panel said, as programs get it."""
    return models.PanelAnswer(
        ref=one.ref,
        level=one.level,
        panel=one.panel,
        on=one.on,
        outcome=one.outcome,
        ruling=one.ruling,
        inquiry=one.inquiry,
        referral=one.referral,
        reasons=_told(one.reasons),
        settles=one.settles,
        sought=_told(one.sought),
        consequences=_told(one.consequences),
        due_on=one.due_on,
    )


def _affordance(request: Request, escalation: str, one: Available) -> models.Affordance:
    reason = None
    if one.refusal is not None:
        reason = models.Reason(code=one.refusal.code, detail=words.sentence(one.refusal))
    return models.Affordance(
        action=one.action,
        href=href(request, "escalations", escalation, NOUNS[one.action]),
        enabled=one.enabled,
        reason=reason,
    )


def _place(parts: list[Any]) -> Cursor:
    last_on, last_id = parts
    return date.fromisoformat(last_on), name(last_id)
