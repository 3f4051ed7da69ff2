"""Legal deadlines: the rules of law, what they propose, and how far ahead KDT warns."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker
from api.v1.inputs import Day, In, Name
from api.v1.models import Items, Out
from api.v1.panels import administrator
from api.v1.responses import READ, READ_ONE, WRITE
from kdt import words
from kdt.deadlines import rules, service
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Dated, Rule
from kdt.errors import NotFound
from kdt.names import invalid
from kdt.panels.queries import named_places
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Problem

router = APIRouter(tags=["calendar"])

# Written as its code.
UnitCode = Annotated[Unit, BeforeValidator(Unit)]
Length = Annotated[int, Field(ge=1, le=service.LONGEST_TERM)]
Extension = Annotated[int, Field(ge=0, le=service.LONGEST_TERM)]
Ahead = Annotated[int, Field(ge=0, le=service.FURTHEST_AHEAD)]


class DeadlineRule(Out):
    """Within how long the law wants a decision on a kind of application, for applications of
    `effectiveOn` and later; `extension`: by how much it can be extended at most, in the same unit.
    Not `open`: no longer."""

    id: str
    effective_on: date
    name: str
    source: str
    count: int
    unit: Unit
    extension: int
    open: bool


class DeadlineRuleChoice(In):
    """What the law says, for applications of a day and later."""

    name: Name
    source: Name
    count: Length
    unit: UnitCode
    extension: Extension = 0
    open: bool = True
    effective_on: Day


class DeadlineProposal(Out):
    """By when a decision is due by a rule, and where that stands."""

    decide_by: date
    name: str
    source: str


class DeadlineWarning(Out):
    """From how many working days ahead a deadline is near."""

    days: int


class DeadlineWarningChoice(In):
    """The same, from a day on (today)."""

    days: Ahead
    on: Day | None = None


@router.get(
    "/deadline-rules",
    summary="Beslistermijnen",
    response_model=Items[DeadlineRule],
    responses=READ,
)
def list_rules(request: Request, _person: Asker) -> Mapping[str, Any]:
    """Binnen welke termijn op een soort aanvraag moet zijn beslist, en waar dat staat."""
    with reading(context(request).store) as connection:
        timelines = rules.timelines(connection)
    return {"items": [_rule(rule, one) for rule, timeline in timelines.items() for one in timeline]}


@router.put(
    "/deadline-rules/{rule}",
    summary="Leg een beslistermijn vast",
    response_model=DeadlineRule,
    responses=WRITE,
)
def choose_rule(
    request: Request, actors: Acting, rule: Name, new: DeadlineRuleChoice
) -> DeadlineRule:
    """Kies de termijn voor aanvragen vanaf een dag. Wat al is voorgelegd, verandert niet."""
    term = Term(new.count, new.unit)
    given = Rule(new.name, new.source, term, new.extension, new.open)
    actor, store = administrator(actors), context(request).store
    service.set_rule(store, actor, given, new.effective_on, rule)
    with reading(store) as connection:
        timeline = rules.timelines(connection)[rule]
    return _rule(rule, next(one for one in timeline if one.effective_on == new.effective_on))


@router.get(
    "/deadline-proposals/{rule}",
    summary="Voor welke dag moet worden beslist?",
    response_model=DeadlineProposal,
    responses=READ_ONE,
)
def propose(
    request: Request,
    _person: Asker,
    rule: Name,
    applied_on: Annotated[Day, Query(alias="appliedOn")],
    extended: bool = False,
) -> DeadlineProposal:
    """De dag volgens de termijn die gold voor een aanvraag van die dag; `extended`: met de
    verlenging die de wet hoogstens toestaat."""
    with reading(context(request).store) as connection:
        timeline = rules.timelines(connection).get(rule)
    if timeline is None:
        raise NotFound(words.say("refusal.not_found"))
    found = rules.in_force(timeline, applied_on)
    if found is None:
        raise invalid(Problem("no_rule_then", "appliedOn"))
    return DeadlineProposal(
        decide_by=found.deadline(applied_on, extended=extended),
        name=found.name,
        source=found.source,
    )


@router.get(
    "/deadline-warning",
    summary="Hoe lang vooraf KDT waarschuwt",
    response_model=DeadlineWarning,
    responses=READ,
)
def get_warning(request: Request, _person: Asker) -> DeadlineWarning:
    """Vanaf hoeveel werkdagen vooraf een termijn opvalt, vandaag."""
    with reading(context(request).store) as connection:
        return DeadlineWarning(days=named_places(connection, today(connection)).ahead)


@router.put(
    "/deadline-warning",
    summary="Kies hoe lang vooraf KDT waarschuwt",
    response_model=DeadlineWarning,
    responses=WRITE,
)
def choose_warning(request: Request, actors: Acting, new: DeadlineWarningChoice) -> DeadlineWarning:
    """Kies vanaf hoeveel werkdagen vooraf een termijn opvalt; u krijgt wat er vandaag geldt."""
    service.warn_ahead(context(request).store, administrator(actors), new.days, new.on)
    with reading(context(request).store) as connection:
        return DeadlineWarning(days=named_places(connection, today(connection)).ahead)


def _rule(rule: str, one: Dated) -> DeadlineRule:
    term = one.rule.term
    return DeadlineRule(
        id=rule,
        effective_on=one.effective_on,
        name=one.rule.name,
        source=one.rule.source,
        count=term.count,
        unit=term.unit,
        extension=one.rule.extension,
        open=one.rule.open,
    )
