"""Adjustments: what was changed, how far it is, who decided it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import adjustment_forms, changes
from api.pages.adjustment_forms import Known
from api.pages.changes import Form, Given
from api.pages.filtering import choice_field, chosen, day_field
from api.pages.forms import Field
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import clock, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
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
        add=url(request, f"{_PATH}/new") if _may(person) else None,
    )


@router.get(f"{_PATH}/new")
def ask_new(request: Request, person: SignedIn) -> Response:
    """The form for an adjustment."""
    _adviser(person)
    return changes.asked(request, _form(request, f"{_PATH}/new", "new", None))


@router.post(f"{_PATH}/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Record it."""
    actor, store = _adviser(person), context(request).store

    def enter(given: Given) -> Response:
        made = adjusting.enter(store, actor, adjustment_forms.told(given, posted))
        return see_other(request, f"{_PATH}/{made}", "adjusted")

    form = _form(request, f"{_PATH}/new", "new", None)
    return changes.answered(request, form, posted, enter)


@router.get(f"{_PATH}/{{adjustment}}")
def show(request: Request, person: SignedIn, adjustment: str) -> Response:
    """One adjustment, how it was told before, and what it answers."""
    with reading(context(request).store) as connection:
        told = _told(connection, adjustment)
        known = _known(connection)
    one = told[0].adjustment
    tools = ("edit", "withdraw") if one.stands and _may(person) else ()
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


@router.get(f"{_PATH}/{{adjustment}}/edit")
def ask_edit(request: Request, person: SignedIn, adjustment: str) -> Response:
    """The form to tell how it is now."""
    _adviser(person)
    one = _read(request, adjustment)
    return changes.asked(request, _form(request, f"{_PATH}/{adjustment}/edit", "edit", one))


@router.post(f"{_PATH}/{{adjustment}}/edit")
def edit(request: Request, person: SignedIn, adjustment: str, posted: Posted) -> Response:
    """Tell it."""
    actor, store = _adviser(person), context(request).store

    def alter(given: Given) -> Response:
        adjusting.change(store, actor, adjustment, adjustment_forms.told(given, posted))
        return see_other(request, f"{_PATH}/{adjustment}", "adjustment_changed")

    one = _read(request, adjustment)
    form = _form(request, f"{_PATH}/{adjustment}/edit", "edit", one)
    return changes.answered(request, form, posted, alter)


@router.get(f"{_PATH}/{{adjustment}}/withdraw")
def ask_withdraw(request: Request, person: SignedIn, adjustment: str) -> Response:
    """Asks whether it was none."""
    _adviser(person)
    return changes.asked(request, _withdrawing(_read(request, adjustment)))


@router.post(f"{_PATH}/{{adjustment}}/withdraw")
def withdraw(request: Request, person: SignedIn, adjustment: str, posted: Posted) -> Response:
    """Say so."""
    actor, store = _adviser(person), context(request).store

    def go(_given: Given) -> Response:
        adjusting.withdraw(store, actor, adjustment)
        return see_other(request, _PATH, "adjustment_withdrawn")

    return changes.answered(request, _withdrawing(_read(request, adjustment)), posted, go)


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


def _form(request: Request, path: str, what: str, one: Adjustment | None) -> Form:
    with reading(context(request).store) as connection:
        fields = adjustment_forms.fields(_known(connection), one)
    return Form(f"adjustment_{what}", path, (_PATH, words.say("adjustments.title")), fields)


def _withdrawing(one: Adjustment) -> Form:
    here = f"{_PATH}/{one.id}"
    back = (here, one.title)
    return Form("adjustment_withdraw", f"{here}/withdraw", back, about=one.title, danger=True)


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


def _read(request: Request, wanted: str) -> Adjustment:
    with reading(context(request).store) as connection:
        return _told(connection, wanted)[0].adjustment


def _told(connection: Connection, wanted: str) -> list[Told]:
    told = adjustments.tellings(connection, wanted)
    if not told:
        raise NotFound(words.say("refusal.not_found"))
    return told


def _adviser(person: Person) -> Actor:
    return permissions.holding(person.actors, Right.FOLLOW_UP)


def _may(person: Person) -> bool:
    return permissions.holder(person.actors, Right.FOLLOW_UP) is not None
