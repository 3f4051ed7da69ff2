"""Themes (rode draden): the list, and how many escalations show each."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.figures import AS_OF
from api.v1.inputs import Day, In, Name
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.register.figures import Query as Period
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes import queries, service
from kdt.values import FIRST_DAY, LAST_DAY
from kdt.vocabulary import ThemeStatus

router = APIRouter(prefix="/themes", tags=["themes"])


class NewTheme(In):
    """A theme to enter."""

    name: str
    description: str = ""


class ThemeChange(In):
    """What becomes different about a theme."""

    name: str | None = None
    description: str | None = None
    status: str | None = Field(None, json_schema_extra={"enum": [*ThemeStatus]})


@router.get(
    "",
    summary="Rode draden",
    response_model=models.Items[models.Theme],
    responses=READ,
)
def list_themes(
    request: Request,
    _person: Asker,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    until: Day = LAST_DAY,
    as_of: Annotated[Day | None, AS_OF] = None,
) -> Mapping[str, Any]:
    """De rode draden, en hoeveel voorleggingen elk tonen in een periode. Een voorlegging met meer
    rode draden telt bij elk mee, dus de aantallen tellen niet op."""
    period = Period(first, until, as_of)
    with reading(context(request).store) as connection:
        period.check(today(connection))
        counts = queries.counts(connection, first, until, as_of)
        return {"items": [_theme(one, counts.get(one.id, 0)) for one in queries.themes(connection)]}


@router.post(
    "",
    status_code=201,
    summary="Stel een rode draad voor",
    response_model=models.Theme,
    responses=WRITE,
)
def create_theme(
    request: Request, response: Response, actors: Acting, key: Key, new: NewTheme
) -> models.Theme:
    """Zet een rode draad op de lijst: als voorstel, van een beleidsadviseur meteen bevestigd."""
    actor = permissions.holder(actors, Right.PROPOSE_THEMES) or actors[0]
    made = service.add(context(request).store, actor, new.name, new.description, key=key)
    response.headers["Location"] = href(request, "themes", made.id)
    return _theme(made, 0)


@router.patch(
    "/{theme}", summary="Wijzig een rode draad", response_model=models.Theme, responses=WRITE_ONE
)
def change_theme(
    request: Request, actors: Acting, theme: Name, change: ThemeChange
) -> models.Theme:
    """Geef een rode draad een andere naam of omschrijving, bevestig of sluit haar. Voor een
    beleidsadviseur; wat is weggelaten, blijft."""
    actor = permissions.holder(actors, Right.MANAGE_THEMES) or actors[0]
    service.change(
        context(request).store,
        actor,
        theme,
        name=change.name,
        description=change.description,
        status=change.status,
    )
    return _found(request, theme)


@router.get("/{theme}", summary="Een rode draad", response_model=models.Theme, responses=READ_ONE)
def get_theme(request: Request, _person: Asker, theme: Name) -> models.Theme:
    """Een rode draad zoals zij nu heet, en hoeveel voorleggingen haar tonen."""
    return _found(request, theme)


def _found(request: Request, wanted: str) -> models.Theme:
    with reading(context(request).store) as connection:
        counts = queries.counts(connection, FIRST_DAY, LAST_DAY)
        found = queries.theme(connection, wanted)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        return _theme(found, counts.get(found.id, 0))


def _theme(one: queries.Theme, escalations: int) -> models.Theme:
    return models.Theme(
        id=one.id,
        name=one.name,
        description=one.description,
        status=one.status,
        escalations=escalations,
    )
