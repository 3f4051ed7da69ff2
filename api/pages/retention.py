"""Keeping and destroying: terms, what is past them, holds, and what two people decide together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import capital, day_long, page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import clock, words
from kdt.access import permissions
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.retention import service
from kdt.retention.due import Standing, units
from kdt.retention.queries import (
    Selection,
    What,
    held,
    selections,
    timelines,
)
from kdt.retention.terms import (
    ANSWERED,
    KEPT,
    PEOPLE,
    UNITS,
    Counted,
    Term,
    in_force,
    months_of,
    worded,
)
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()

PATH = "/retention"


@dataclass(frozen=True, slots=True)
class TermRow:
    """What is kept how long, and what was announced for later."""

    name: str
    term: str | None
    counted: str
    later: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is due of what a destruction takes, and where to look at it."""

    what: str
    due: int
    held: int
    waiting: int
    href: str


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A selection in a few words."""

    id: str
    href: str
    what: str
    escalations: int
    prepared_on: date
    by: str
    stage: str


@router.get(PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Terms, what is past them, holds, and what was selected."""
    required(person)
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = timelines(connection)
        amounts = [_amount(request, connection, what, today) for what in What]
        holds = list(held(connection).values())
        chosen = selections(connection)
        names = names_of(connection, [*(one.person for one in holds), *map(_by, chosen)])
    return page(
        request,
        "retention.html",
        HTTPStatus.OK,
        title=words.say("retention.title"),
        terms=[_term_row(request, kept, known[kept], today) for kept in KEPT],
        amounts=amounts,
        holds=[
            {
                "escalation": one.escalation,
                "reason": one.reason,
                "since": one.since,
                "by": names.get(one.person or "", one.person),
                "href": url(request, f"/holds/{one.escalation}/lift"),
            }
            for one in holds
        ],
        selections=[_selection_row(request, one, names) for one in chosen],
    )


@router.get(f"{PATH}/terms/{{kept}}")
def ask_term(request: Request, person: SignedIn, kept: str) -> Response:
    """The form for a term."""
    required(person)
    return changes.asked(request, _term_form(request, kept))


@router.post(f"{PATH}/terms/{{kept}}")
def set_term(request: Request, person: SignedIn, kept: str, posted: Posted) -> Response:
    """Set a term from a day on, or end it."""
    actor, store = required(person), context(request).store

    def alter(given: Given) -> Response:
        amount = given.get("amount")
        months = None if amount is None else months_of(amount, given.get("unit", "years"))
        counted = Counted(given.get("counted", Counted.CLOSED))
        on = changes.day(given, "on")
        service.set_term(store, actor, kept, months=months, counted=counted, on=on)
        return see_other(request, PATH, "term_set")

    return changes.answered(request, _term_form(request, kept), posted, alter)


def _term_form(request: Request, kept: str) -> Form:
    if kept not in KEPT:
        raise NotFound(words.say("refusal.not_found"))
    with reading(context(request).store) as connection:
        now = in_force(timelines(connection)[kept], today_in(connection))
    months = now.months if now is not None and now.months is not None else None
    years = months is None or months % 12 == 0
    amount = None if months is None else str(months // 12 if years else months)
    fields = [
        Field("amount", label("amount"), "text", hint=label("amount_hint"), value=amount),
        Field(
            "unit",
            label("unit"),
            "radio",
            options=tuple(Option(one, words.say(f"retention.unit.{one}")) for one in UNITS),
            value="years" if years else "months",
        ),
    ]
    if kept in (*ANSWERED, PEOPLE):
        options = tuple(
            Option(one, capital(words.say(f"retention.counted.{one}"))) for one in Counted
        )
        value = now.counted if now is not None else None
        fields.append(Field("counted", label("counted"), "radio", True, None, options, value))
    fields.append(Field("on", label("on"), "date", hint=words.say("administration.on_hint")))
    about = words.say(f"retention.kept.{kept}")
    path = f"{PATH}/terms/{kept}"
    return Form("retention_term", path, _back(), tuple(fields), about=about)


def _amount(request: Request, connection: Connection, what: What, today: date) -> Amount:
    stands = [one.standing(today) for one in units(connection, what)]
    return Amount(
        capital(words.say(f"retention.what.{what}")),
        stands.count(Standing.DUE),
        stands.count(Standing.HELD),
        stands.count(Standing.WAITING),
        url(request, f"{PATH}/due/{what}"),
    )


def _term_row(request: Request, kept: str, timeline: Sequence[Term], today: date) -> TermRow:
    now = in_force(timeline, today)
    return TermRow(
        capital(words.say(f"retention.kept.{kept}")),
        worded(now) if now is not None else None,
        counted(kept, now) if now is not None else "",
        tuple(
            words.say(
                "retention.announced",
                day=day_long(one.effective_on),
                term=words.say("retention.no_term") if one.months is None else worded(one),
            )
            for one in timeline
            if one.effective_on > today
        ),
        url(request, f"{PATH}/terms/{kept}"),
    )


def counted(kept: str, term: Term) -> str:
    """From which day a term is counted, in words."""
    own = f"retention.counted_of.{kept}"
    return words.say(own if words.known(own) else f"retention.counted.{term.counted}")


def _selection_row(request: Request, one: Selection, names: dict[str, str]) -> SelectionRow:
    return SelectionRow(
        one.id,
        url(request, f"{PATH}/selections/{one.id}"),
        capital(words.say(f"retention.what.{one.what}")),
        one.prepared.values["escalations"],
        clock.day(one.prepared.at),
        names.get(one.prepared.person or "", one.prepared.person or ""),
        words.say(f"retention.stage.{one.stage}"),
    )


def names_of(connection: Connection, people: Sequence[str | None]) -> dict[str, str]:
    """What people are called, by id."""
    return access.labels(connection, {one for one in people if one is not None})


def _by(one: Selection) -> str | None:
    return one.prepared.person


def label(name: str) -> str:
    """What a field is called."""
    return words.say(f"retention.label_{name}")


def _back() -> tuple[str, str]:
    return PATH, words.say("retention.title")


def required(person: Person) -> Actor:
    """The capacity in which somebody keeps the terms. Raises Forbidden."""
    return permissions.holding(person.actors, Right.RETAIN)
