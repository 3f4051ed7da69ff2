"""Panels and locations, and who waits for what: as they are called and stand on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection
from starlette.requests import Request

from api.context import context
from api.v1 import models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.cases import before_panel, ordering
from kdt.errors import Forbidden, NotFound
from kdt.meetings import service
from kdt.panels import queries
from kdt.panels.queries import NamedLocation, NamedPanel
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter(tags=["panels"])

_ON = Query(description="De dag waarop naam en openstelling gelden; vandaag als dit ontbreekt.")


class NewPanel(In):
    """A panel to open, from a day on (today)."""

    level: str
    location: str | None = None
    name: str | None = None
    on: Day | None = None


class NewLocation(In):
    """A location to open with its panels, from a day on (today)."""

    name: str
    on: Day | None = None


class Change(In):
    """Another name, closed or open again, from a day on (today)."""

    name: str | None = None
    open: bool | None = None
    on: Day | None = None


@router.get("/panels", summary="KDT's", response_model=models.Items[models.Panel], responses=READ)
def list_panels(
    request: Request, _person: Asker, on: Annotated[Day | None, _ON] = None
) -> Mapping[str, Any]:
    """Alle KDT's, open of gesloten, zoals zij op een dag heten."""
    with reading(context(request).store) as connection:
        return {"items": queries.named_panels(connection, on or today(connection))}


@router.post(
    "/panels",
    status_code=201,
    summary="Open een KDT",
    response_model=models.Panel,
    responses=WRITE_ONE,
)
def create_panel(
    request: Request, response: Response, actors: Acting, key: Key, new: NewPanel
) -> NamedPanel:
    """Open een KDT op een niveau, en waar dat niveau per locatie werkt, voor een locatie."""
    made = service.create_panel(
        context(request).store,
        administrator(actors),
        new.level,
        new.location,
        name=new.name,
        on=new.on,
        key=key,
    )
    response.headers["Location"] = href(request, "panels", made)
    return _panel(request, made, new.on)


@router.get("/panels/{panel}", summary="Een KDT", response_model=models.Panel, responses=READ_ONE)
def get_panel(
    request: Request,
    _person: Asker,
    panel: Name,
    on: Annotated[Day | None, _ON] = None,
) -> NamedPanel:
    """Een KDT zoals het op een dag heet."""
    return _panel(request, panel, on)


@router.patch(
    "/panels/{panel}", summary="Wijzig een KDT", response_model=models.Panel, responses=WRITE_ONE
)
def change_panel(request: Request, actors: Acting, panel: Name, change: Change) -> NamedPanel:
    """Geef een KDT vanaf een dag een andere naam, sluit het of open het weer."""
    service.change_panel(
        context(request).store,
        administrator(actors),
        panel,
        name=change.name,
        is_open=change.open,
        on=change.on,
    )
    return _panel(request, panel, change.on)


@router.get(
    "/panels/{panel}/queue",
    summary="De wachtrij van een KDT",
    response_model=models.Items[models.EscalationRow],
    responses=READ_ONE,
)
def get_queue(request: Request, actors: Acting, panel: Name) -> Mapping[str, Any]:
    """Wat bij een KDT wacht, in de volgorde van de agenda. Voor wie in dat KDT zit."""
    with reading(context(request).store) as connection:
        found = panel_for(connection, actors, panel)
        order = ordering.in_force(connection, today(connection))
        waiting = before_panel.queue(connection, found.level, found.location, order=order)
    return {"items": waiting}


@router.get(
    "/locations",
    summary="Locaties",
    response_model=models.Items[models.Location],
    responses=READ,
)
def list_locations(
    request: Request, _person: Asker, on: Annotated[Day | None, _ON] = None
) -> Mapping[str, Any]:
    """Alle locaties, open of gesloten, zoals zij op een dag heten."""
    with reading(context(request).store) as connection:
        return {"items": queries.named_locations(connection, on or today(connection))}


@router.post(
    "/locations",
    status_code=201,
    summary="Open een locatie",
    response_model=models.Location,
    responses=WRITE,
)
def create_location(
    request: Request, response: Response, actors: Acting, key: Key, new: NewLocation
) -> NamedLocation:
    """Open een locatie met haar KDT. Een herhaling verandert niets."""
    made = service.create_location(
        context(request).store, administrator(actors), new.name, on=new.on, key=key
    )
    found = _location(request, made, new.on)
    response.headers["Location"] = href(request, "locations", made)
    return found


@router.get(
    "/locations/{location}",
    summary="Een locatie",
    response_model=models.Location,
    responses=READ_ONE,
)
def get_location(
    request: Request,
    _person: Asker,
    location: Name,
    on: Annotated[Day | None, _ON] = None,
) -> NamedLocation:
    """Een locatie zoals zij op een dag heet."""
    return _location(request, location, on)


@router.patch(
    "/locations/{location}",
    summary="Wijzig een locatie",
    response_model=models.Location,
    responses=WRITE_ONE,
)
def change_location(
    request: Request, actors: Acting, location: Name, change: Change
) -> NamedLocation:
    """Geef een locatie vanaf een dag een andere naam, sluit haar of open haar weer."""
    service.change_location(
        context(request).store,
        administrator(actors),
        location,
        name=change.name,
        is_open=change.open,
        on=change.on,
    )
    return _location(request, location, change.on)


def administrator(actors: tuple[Actor, ...]) -> Actor:
    """The capacity in which somebody manages panels; the first one, when there is none."""
    return permissions.holder(actors, Right.ADMINISTER) or actors[0]


def panel_for(connection: Connection, actors: tuple[Actor, ...], panel: str) -> NamedPanel:
    """The panel, for somebody who serves it. Raises NotFound, and Forbidden for others."""
    found = _found(queries.named_panels(connection, today(connection)), panel)
    if not any(permissions.serves(one, found.location) for one in actors):
        raise Forbidden(words.say("refusal.not_here"))
    return found


def _panel(request: Request, panel: str, on: date | None) -> NamedPanel:
    with reading(context(request).store) as connection:
        return _found(queries.named_panels(connection, on or today(connection)), panel)


def _location(request: Request, location: str, on: date | None) -> NamedLocation:
    with reading(context(request).store) as connection:
        return _found(queries.named_locations(connection, on or today(connection)), location)


_Named = TypeVar("_Named", NamedPanel, NamedLocation)


def _found(every: list[_Named], wanted: str) -> _Named:
    for one in every:
        if one.id == wanted:
            return one
    raise NotFound(words.say("refusal.not_found"))
