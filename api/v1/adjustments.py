"""Adjustments: what was changed for a theme, a signal or a test, how far it is, and who decided."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field
from starlette.requests import Request

from api.context import context
from api.v1 import models, theme_models
from api.v1.asking import Acting, Asker, Key, href
from api.v1.inputs import Day, In, Name
from api.v1.periods import AsOf, check_reference_date
from api.v1.responses import READ, READ_ONE, WRITE, WRITE_ONE
from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import adjusting, adjustments
from kdt.themes.adjusting import Told
from kdt.themes.adjustments import Adjustment, Wanted
from kdt.values import FIRST_DAY, LAST_DAY
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus, DecidedBy

router = APIRouter(prefix="/adjustments", tags=["themes"])


class AdjustmentIn(In):
    """What is told of an adjustment; it answers at least one theme, open signal or test."""

    kind: str = Field(json_schema_extra={"enum": [*AdjustmentKind]})
    status: str = Field(json_schema_extra={"enum": [*AdjustmentStatus]})
    since: Day
    at_latest: bool = False
    decided_by: str = Field(DecidedBy.NOT_SAID, json_schema_extra={"enum": [*DecidedBy]})
    title: Name
    content: str = ""
    reasons: str = ""
    reference: str = ""
    themes: list[Name] = Field(default_factory=list)
    signals: list[Name] = Field(default_factory=list)
    tests: list[Name] = Field(default_factory=list)

    def told(self) -> Told:
        """As the service takes it."""
        return Told(**{name: getattr(self, name) for name in type(self).model_fields})


@router.get(
    "",
    summary="Aanpassingen van wet, beleid of uitvoering",
    response_model=models.Items[theme_models.Adjustment],
    responses=READ,
)
def list_adjustments(
    request: Request,
    _person: Asker,
    kind: AdjustmentKind | None = None,
    status: AdjustmentStatus | None = None,
    decided_by: DecidedBy | None = None,
    theme: Name | None = None,
    signal: Name | None = None,
    test: Name | None = None,
    first: Annotated[Day, Query(alias="from")] = FIRST_DAY,
    until: Day = LAST_DAY,
    as_of: AsOf = None,
) -> Mapping[str, Any]:
    """De aanpassingen die in een periode zo werden als zij nu zijn, de laatste eerst."""
    wanted = Wanted(kind, status, decided_by, theme, signal, test, first, until)
    with reading(context(request).store) as connection:
        check_reference_date(connection, as_of)
        found = adjustments.adjustments(connection, as_of=as_of, wanted=wanted)
    return {"items": [_shown(one) for one in found]}


@router.post(
    "",
    status_code=201,
    summary="Leg een aanpassing vast",
    response_model=theme_models.Adjustment,
    responses=WRITE,
)
def create_adjustment(
    request: Request, response: Response, actors: Acting, key: Key, new: AdjustmentIn
) -> theme_models.Adjustment:
    """Leg vast wat er verandert, of waarom niets, en waarop dat antwoordt. Voor een
    beleidsadviseur."""
    made = adjusting.enter(context(request).store, _adviser(actors), new.told(), key=key)
    response.headers["Location"] = href(request, "adjustments", made)
    return _found(request, made)


@router.get(
    "/{adjustment}",
    summary="Een aanpassing",
    response_model=theme_models.Adjustment,
    responses=READ_ONE,
)
def get_adjustment(request: Request, _person: Asker, adjustment: Name) -> theme_models.Adjustment:
    """Een aanpassing, zoals zij nu is."""
    return _found(request, adjustment)


@router.put(
    "/{adjustment}",
    summary="Leg vast hoe een aanpassing nu is",
    response_model=theme_models.Adjustment,
    responses=WRITE_ONE,
)
def change_adjustment(
    request: Request, actors: Acting, adjustment: Name, told: AdjustmentIn
) -> theme_models.Adjustment:
    """Een nieuwe stand, of een herstel. Wat er stond, blijft in het register."""
    adjusting.change(context(request).store, _adviser(actors), adjustment, told.told())
    return _found(request, adjustment)


@router.delete(
    "/{adjustment}", status_code=204, summary="Trek een aanpassing in", responses=WRITE_ONE
)
def withdraw_adjustment(request: Request, actors: Acting, adjustment: Name) -> None:
    """Dit was toch geen aanpassing. Het blijft in het register staan en telt niet mee."""
    adjusting.withdraw(context(request).store, _adviser(actors), adjustment)


def _adviser(actors: Sequence[Actor]) -> Actor:
    return permissions.holder(actors, Right.FOLLOW_UP) or actors[0]


def _found(request: Request, wanted: str) -> theme_models.Adjustment:
    with reading(context(request).store) as connection:
        told = adjustments.tellings(connection, wanted)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    return _shown(told[0].adjustment)


def _shown(one: Adjustment) -> theme_models.Adjustment:
    return theme_models.Adjustment(
        id=one.id,
        kind=one.kind,
        status=one.status,
        since=one.since,
        at_latest=one.at_latest,
        decided_by=one.decided_by,
        title=one.title,
        content=one.content,
        reasons=one.reasons,
        reference=one.reference,
        themes=list(one.themes),
        signals=list(one.signals),
        tests=list(one.tests),
        stands=one.stands,
    )
