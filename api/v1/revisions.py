"""How figures were revised from one reference date to another, and by what."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1.asking import Acting, Asker
from api.v1.breakdowns import CountedEntry
from api.v1.inputs import Day
from api.v1.models import Out
from api.v1.paging import PAGE, After, Limit, page
from api.v1.periods import AsOf, By, First, Until
from api.v1.responses import READ
from kdt.register import figures, revisions
from kdt.register.revisions import Cause, changes, statement
from kdt.register.seeing import known
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Measure

router = APIRouter(prefix="/revisions", tags=["figures"])

Since = Annotated[Day, Query(description="De peildatum waarmee wordt vergeleken.")]


class RevisionAmount(Out):
    """How much came to a number, and how much went."""

    came: int
    went: int


class RevisedNumber(Out):
    """A number on both reference dates, and what came and went between them: recorded since,
    voided since, and counted elsewhere since (`reclassified`)."""

    level: str | None = None
    location: str | None = None
    question: str | None = None
    ground: str | None = None
    measure: str
    old: int
    recorded: RevisionAmount
    voided: RevisionAmount
    reclassified: RevisionAmount
    new: int
    closes: bool


class RevisionStatement(Out):
    """How the figures of a period were revised from one reference date to another."""

    first: date = Field(alias="from")
    until: date
    since: date
    as_of: date | None
    by: list[str]
    provisional: bool
    closes: bool
    numbers: list[RevisedNumber]


class RevisionChange(Out):
    """One thing that came (1) to a number or went (-1), and why."""

    amount: int
    cause: Cause
    about: CountedEntry


class RevisionChanges(Out):
    """What stands behind the revision of a measure: how many, and those you may know of."""

    measure: str
    changes: int
    items: list[RevisionChange]


@router.get(
    "",
    summary="Herzieningen",
    response_model=RevisionStatement,
    responses=READ,
)
def get_revisions(
    request: Request,
    _person: Asker,
    first: First,
    until: Until,
    since: Since,
    as_of: AsOf = None,
    by: By = None,
) -> dict[str, Any]:
    """Hoe de cijfers van een periode veranderden tussen twee peildata, en waardoor: wat het was,
    met wat is vastgelegd, ongedaan gemaakt of anders ingedeeld, is wat het is."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        now = today(connection)
        query.check(now)
        return revisions.as_json(statement(connection, query, since), today=now)


@router.get(
    "/{measure}",
    summary="Wat achter een herziening staat",
    response_model=RevisionChanges,
    responses=READ,
)
def get_changes(
    request: Request,
    response: Response,
    measure: Measure,
    actors: Acting,
    first: First,
    until: Until,
    since: Since,
    as_of: AsOf = None,
    by: By = None,
    after: After = None,
    limit: Limit = PAGE,
) -> Mapping[str, Any]:
    """Elke registratie waardoor een maat veranderde; daarvan die waar u van mag weten."""
    query = figures.Query(first, until, as_of, tuple(by or ()))
    with reading(context(request).store) as connection:
        query.check(today(connection))
        found = changes(connection, query, since, measure)
        ids = {about.escalation for one in found for about in one.about}
        mine = known(connection, actors, ids)
    seen = [
        {"amount": one.amount, "cause": one.cause, "about": about}
        for one in found
        if (about := one.shown(mine)) is not None
    ]
    shown = page(request, response, seen, after, limit, "revisions", measure)
    return {"measure": measure, "changes": len(found), "items": shown}
