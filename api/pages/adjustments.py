"""Adjustments: what was changed, how far it is, who decided it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import adjustment_forms
from api.pages.adjustment_forms import Known
from api.pages.filtering import choice_field, chosen, day_field
from api.pages.forms import Field
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from api.pages.telling import Screens
from kdt import clock, words
from kdt.access.queries import Person
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import adjusting, adjustments
from kdt.themes.adjustments import Adjustment, Told, Wanted
from kdt.themes.implementation import held
from kdt.themes.queries import themes
from kdt.themes.signals import signals
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus, DecidedBy

router = APIRouter()

_PATH = "/adjustments"
# How a status looks.
_LOOKS: Mapping[str, str] = {
    AdjustmentStatus.EXPLORED: "busy",
    AdjustmentStatus.PROPOSED: "provisional",
    AdjustmentStatus.DECIDED: "near",
    AdjustmentStatus.IN_FORCE: "done",
    AdjustmentStatus.DROPPED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One adjustment in a list, or as it was told once."""

    id: str
    href: str
    title: str
    kind: str
    status: str
    looks: str
    since: str
    decided_by: str
    recorded_on: date | None = None


@router.get(_PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """Every adjustment that was asked for."""
    with reading(context(request).store) as connection:
        named = {one.id: one.name for one in themes(connection)}
        wanted, fields = _asked(request, named)
        found = adjustments.adjustments(connection, wanted=wanted)
    return page(
        request,
        "adjustments.html",
        title=words.say("adjustments.title"),
        action=url(request, _PATH),
        fields=fields,
        lines=[_line(request, one) for one in found],
        add=url(request, f"{_PATH}/new") if _SCREENS.may(person) else None,
    )


def show(request: Request, person: SignedIn, adjustment: str) -> Response:
    """One adjustment, how it was told before, and what it answers."""
    with reading(context(request).store) as connection:
        told = _told(connection, adjustment)
        known = _known(connection)
    one = told[0].adjustment
    tools = ("edit", "withdraw") if one.stands and _SCREENS.may(person) else ()
    return page(
        request,
        "adjustment.html",
        title=one.title,
        one=one,
        line=_line(request, one),
        answers=[
            (words.say(f"kind_of_answer.{kind}"), _links(request, path, ids, names))
            for kind, path, ids, names in (
                ("themes", "/themes", one.themes, known.themes),
                ("signals", "/signals", one.signals, known.signals),
                ("tests", "/implementation-tests", one.tests, known.tests),
            )
            if ids
        ],
        tellings=[_line(request, each.adjustment, each) for each in told],
        tools=[
            (words.say(f"adjustments.{each}"), url(request, f"{_PATH}/{one.id}/{each}"))
            for each in tools
        ],
    )


def _asked(request: Request, named: Mapping[str, str]) -> tuple[Wanted, list[Field]]:
    """What the address asks, and the fields it is asked in."""
    first = day_field(request, "from", words.say("adjustments.filter_from"))
    until = day_field(request, "until", words.say("adjustments.filter_until"))
    kind = chosen(request, "kind", [*AdjustmentKind])
    status = chosen(request, "status", [*AdjustmentStatus])
    by = chosen(request, "decidedBy", [*DecidedBy])
    theme = chosen(request, "theme", named)
    wanted = Wanted(
        kind, status, by, theme, first=first.day or date.min, until=until.day or date.max
    )
    return wanted, [
        choice_field("kind", words.say("adjustments.filter_kind"), "adjustment_kind", kind),
        choice_field("status", words.say("adjustments.filter_status"), "adjustment_status", status),
        choice_field("decidedBy", words.say("adjustments.filter_decided_by"), "decided_by", by),
        choice_field("theme", words.say("adjustments.filter_theme"), named, theme),
        first.field,
        until.field,
    ]


def _fields(request: Request, _person: Person, one: Adjustment | None) -> tuple[Field, ...]:
    with reading(context(request).store) as connection:
        return adjustment_forms.fields(_known(connection), one)


def _known(connection: Connection) -> Known:
    """What an adjustment may answer, by what it is called."""
    return Known(
        {one.id: one.name for one in themes(connection)},
        {one.id: one.title for one in signals(connection, closed=False)},
        {one.id: one.title for one in held(connection)},
    )


def _links(
    request: Request, path: str, ids: tuple[str, ...], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    return [(names.get(one, one), url(request, f"{path}/{one}")) for one in ids]


def _line(request: Request, one: Adjustment, told: Told | None = None) -> Line:
    day = words.full_day(one.since)
    return Line(
        one.id,
        url(request, f"{_PATH}/{one.id}"),
        one.title,
        capital(words.say(f"adjustment_kind.{one.kind}")),
        capital(words.say(f"adjustment_status.{one.status}")),
        _LOOKS[one.status],
        words.say("signals.by_then", day=day) if one.at_latest else day,
        words.say(f"decided_by.{one.decided_by}"),
        clock.day(told.recorded_at) if told else None,
    )


def _read(request: Request, _person: Person, wanted: str) -> Adjustment:
    with reading(context(request).store) as connection:
        return _told(connection, wanted)[0].adjustment


def _told(connection: Connection, wanted: str) -> list[Told]:
    told = adjustments.tellings(connection, wanted)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    return told


_SCREENS = Screens(
    adjusting.ADJUSTMENTS,
    _PATH,
    "adjustment",
    "adjustments.title",
    "adjusted",
    _read,
    _fields,
    adjustment_forms.told,
    lambda one: (one.title, one.title),
)
_SCREENS.add_to(router)
# After the forms: `new` is nobody's id.
router.add_api_route(f"{_PATH}/{{adjustment}}", show, methods=["GET"])
