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
from kdt.errors import Forbidden, NotFound
from kdt.ledger.service import PRODUCT
from kdt.retention import service, statements
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import (
    Selection,
    Stage,
    What,
    digest,
    held,
    items,
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

_PATH = "/retention"
# A list of what goes can be long; all of it stands in the statement.
_SHOWN = 200


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


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Terms, what is past them, holds, and what was selected."""
    _required(person)
    with reading(context(request).store) as connection:
        today = today_in(connection)
        known = timelines(connection)
        amounts = [_amount(request, connection, what, today) for what in What]
        holds = list(held(connection).values())
        chosen = selections(connection)
        names = _names(connection, [*(one.person for one in holds), *map(_by, chosen)])
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


@router.get(f"{_PATH}/terms/{{kept}}")
def ask_term(request: Request, person: SignedIn, kept: str) -> Response:
    """The form for a term."""
    _required(person)
    return changes.asked(request, _term_form(request, kept))


@router.post(f"{_PATH}/terms/{{kept}}")
def set_term(request: Request, person: SignedIn, kept: str, posted: Posted) -> Response:
    """Set a term from a day on, or end it."""
    actor, store = _required(person), context(request).store

    def alter(given: Given) -> Response:
        amount = given.get("amount")
        months = None if amount is None else months_of(amount, given.get("unit", "years"))
        counted = Counted(given.get("counted", Counted.CLOSED))
        on = changes.day(given, "on")
        service.set_term(store, actor, kept, months=months, counted=counted, on=on)
        return see_other(request, _PATH, "term_set")

    return changes.answered(request, _term_form(request, kept), posted, alter)


@router.get(f"{_PATH}/due/{{what}}")
def due(request: Request, person: SignedIn, what: What) -> Response:
    """What would go, what is held, and what waits for another; nothing is changed."""
    _required(person)
    with reading(context(request).store) as connection:
        today = today_in(connection)
        found = units(connection, what)
    groups = {
        standing: [one for one in found if one.standing(today) is standing]
        for standing in (Standing.DUE, Standing.HELD, Standing.WAITING)
    }
    return page(
        request,
        "retention_due.html",
        HTTPStatus.OK,
        title=words.say(f"retention.due_title.{what}"),
        listed=_listed(what),
        groups=[(standing, len(its), _rows(its[:_SHOWN])) for standing, its in groups.items()],
        shown=_SHOWN,
        prepare=url(request, f"{_PATH}/due/{what}/prepare") if groups[Standing.DUE] else None,
    )


@router.get(f"{_PATH}/due/{{what}}/prepare")
def ask_prepare(request: Request, person: SignedIn, what: What) -> Response:
    """Say what preparing means, before it is done."""
    _required(person)
    return changes.asked(request, _prepare_form(what))


@router.post(f"{_PATH}/due/{{what}}/prepare")
def prepare(request: Request, person: SignedIn, what: What, posted: Posted) -> Response:
    """Freeze what is due as a selection."""
    actor, store = _required(person), context(request).store

    def freeze(_: Given) -> Response:
        chosen = service.prepare(store, actor, what)
        return see_other(request, f"{_PATH}/selections/{chosen}", "selection_prepared")

    return changes.answered(request, _prepare_form(what), posted, freeze)


@router.get(f"{_PATH}/selections/{{selection}}")
def statement(request: Request, person: SignedIn, selection: str) -> Response:
    """A selection: its list, who decided what, and what became of it; to be printed too."""
    actor = _required(person)
    with reading(context(request).store) as connection:
        found = _found(connection, selection)
        listed = items(connection, selection)
        names = _names(connection, [one.person for one in found.steps])
    waits = found.stage is Stage.PREPARED
    mine = found.prepared.person == actor.person
    here = f"{_PATH}/selections/{selection}"
    return page(
        request,
        "selection.html",
        HTTPStatus.OK,
        title=words.say("retention.selection_title", selection=selection),
        selection=found,
        listed_as=_listed(found.what),
        terms=[_applied(one) for one in found.prepared.values["terms"]],
        due_on=date.fromisoformat(found.prepared.values["due_on"]),
        steps=[
            {
                "what": words.say(f"fact.destruction.{one.fact}"),
                "by": words.say("retention.product")
                if one.person == PRODUCT
                else names.get(one.person or "", one.person),
                "at": one.at,
                "reason": one.reason,
            }
            for one in found.steps
        ],
        listed=listed[:_SHOWN],
        more=max(0, len(listed) - _SHOWN),
        confirm=url(request, f"{here}/confirm") if waits and not mine else None,
        refuse=url(request, f"{here}/refuse") if waits else None,
        mine=waits and mine,
        file=url(request, f"{here}/statement.json"),
    )


@router.get(f"{_PATH}/selections/{{selection}}/statement.json")
def statement_file(request: Request, person: SignedIn, selection: str) -> Response:
    """The statement as a file, to be kept outside the database."""
    _required(person)
    with reading(context(request).store) as connection:
        written = statements.statement(connection, selection).written()
    disposition = f'attachment; filename="{selection}.json"'
    return Response(
        written, media_type="application/json", headers={"Content-Disposition": disposition}
    )


@router.get(f"{_PATH}/selections/{{selection}}/confirm")
def ask_confirm(request: Request, person: SignedIn, selection: str) -> Response:
    """Say what will happen, and that it cannot be undone."""
    _required(person)
    return changes.asked(request, _confirm_form(request, selection))


@router.post(f"{_PATH}/selections/{{selection}}/confirm")
def confirm(request: Request, person: SignedIn, selection: str, posted: Posted) -> Response:
    """Have a selection destroyed."""
    actor, store = _required(person), context(request).store

    def decide(_: Given) -> Response:
        seen = request.query_params.get("list", "")
        service.confirm(store, actor, selection, seen)
        return see_other(request, f"{_PATH}/selections/{selection}", "destruction_confirmed")

    return changes.answered(request, _confirm_form(request, selection), posted, decide)


@router.get(f"{_PATH}/selections/{{selection}}/refuse")
def ask_refuse(request: Request, person: SignedIn, selection: str) -> Response:
    """The form to let a selection go."""
    _required(person)
    return changes.asked(request, _refuse_form(request, selection))


@router.post(f"{_PATH}/selections/{{selection}}/refuse")
def refuse(request: Request, person: SignedIn, selection: str, posted: Posted) -> Response:
    """Let a selection go: nothing is destroyed."""
    actor, store = _required(person), context(request).store

    def decide(given: Given) -> Response:
        service.refuse(store, actor, selection, given["reason"])
        return see_other(request, f"{_PATH}/selections/{selection}", "selection_refused")

    return changes.answered(request, _refuse_form(request, selection), posted, decide)


def _term_form(request: Request, kept: str) -> Form:
    if kept not in KEPT:
        raise NotFound(words.say("refusal.not_found"))
    with reading(context(request).store) as connection:
        now = in_force(timelines(connection)[kept], today_in(connection))
    months = now.months if now is not None and now.months is not None else None
    years = months is None or months % 12 == 0
    amount = None if months is None else str(months // 12 if years else months)
    fields = [
        Field("amount", _label("amount"), "text", hint=_label("amount_hint"), value=amount),
        Field(
            "unit",
            _label("unit"),
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
        fields.append(Field("counted", _label("counted"), "radio", True, None, options, value))
    fields.append(Field("on", _label("on"), "date", hint=words.say("administration.on_hint")))
    about = words.say(f"retention.kept.{kept}")
    path = f"{_PATH}/terms/{kept}"
    return Form("retention_term", path, _back(), tuple(fields), about=about)


def _prepare_form(what: What) -> Form:
    path = f"{_PATH}/due/{what}"
    back = (path, words.say(f"retention.due_title.{what}"))
    return Form(f"prepare_{what}", f"{path}/prepare", back)


def _confirm_form(request: Request, selection: str) -> Form:
    with reading(context(request).store) as connection:
        found = _found(connection, selection)
        listed = digest(items(connection, selection))
    unit = "day" if found.what is What.READS else "escalation"
    amount = words.amount(unit, found.prepared.values["escalations"])
    sure = Option("yes", words.say("retention.sure_yes"))
    return Form(
        f"confirm_{found.what}",
        f"{_PATH}/selections/{selection}/confirm?list={listed}",
        (f"{_PATH}/selections/{selection}", selection),
        (Field("sure", _label("sure"), "checkboxes", True, options=(sure,)),),
        about=amount,
        danger=True,
    )


def _refuse_form(request: Request, selection: str) -> Form:
    with reading(context(request).store) as connection:
        _found(connection, selection)
    path = f"{_PATH}/selections/{selection}"
    reason = Field("reason", _label("reason"), "textarea", True)
    return Form("refuse_selection", f"{path}/refuse", (path, selection), (reason,), about=selection)


def _found(connection: Connection, selection: str) -> Selection:
    found = selections(connection, selection)
    if not found:
        raise NotFound(words.say("refusal.not_found"))
    return found[0]


def _amount(request: Request, connection: Connection, what: What, today: date) -> Amount:
    stands = [one.standing(today) for one in units(connection, what)]
    return Amount(
        capital(words.say(f"retention.what.{what}")),
        stands.count(Standing.DUE),
        stands.count(Standing.HELD),
        stands.count(Standing.WAITING),
        url(request, f"{_PATH}/due/{what}"),
    )


def _term_row(request: Request, kept: str, timeline: Sequence[Term], today: date) -> TermRow:
    now = in_force(timeline, today)
    return TermRow(
        capital(words.say(f"retention.kept.{kept}")),
        worded(now) if now is not None else None,
        _counted(kept, now) if now is not None else "",
        tuple(
            words.say(
                "retention.announced",
                day=day_long(one.effective_on),
                term=words.say("retention.no_term") if one.months is None else worded(one),
            )
            for one in timeline
            if one.effective_on > today
        ),
        url(request, f"{_PATH}/terms/{kept}"),
    )


def _counted(kept: str, term: Term) -> str:
    own = f"retention.counted_of.{kept}"
    return words.say(own if words.known(own) else f"retention.counted.{term.counted}")


def _applied(said: str) -> str:
    """A term a selection was made under, in words."""
    kept, months, counted = said.split()
    term = Term(date.min, int(months), Counted(counted))
    name = capital(words.say(f"retention.kept.{kept}"))
    return words.say("retention.applied", name=name, term=worded(term), day=_counted(kept, term))


def _rows(found: Sequence[Unit]) -> list[list[dict[str, object]]]:
    """Units with their escalations: what each ended in, since when, and why it stays if it does."""
    return [
        [
            {
                "escalation": one.escalation,
                "ending": capital(words.say(f"retention.kept.{one.ending}"))
                if one.ending
                else capital(words.say("retention.not_ended")),
                "since": one.since,
                "due_on": one.due_on,
                "held": one.held,
            }
            for one in unit.items
        ]
        for unit in found
    ]


def _selection_row(request: Request, one: Selection, names: dict[str, str]) -> SelectionRow:
    return SelectionRow(
        one.id,
        url(request, f"{_PATH}/selections/{one.id}"),
        capital(words.say(f"retention.what.{one.what}")),
        one.prepared.values["escalations"],
        clock.day(one.prepared.at),
        names.get(one.prepared.person or "", one.prepared.person or ""),
        words.say(f"retention.stage.{one.stage}"),
    )


def _names(connection: Connection, people: Sequence[str | None]) -> dict[str, str]:
    return access.labels(connection, {one for one in people if one is not None})


def _by(one: Selection) -> str | None:
    return one.prepared.person


def _listed(what: What) -> str:
    """What a list of it is of: escalations, or days."""
    return words.say(f"retention.listed.{'reads' if what is What.READS else 'escalations'}")


def _label(name: str) -> str:
    return words.say(f"retention.label_{name}")


def _back() -> tuple[str, str]:
    return _PATH, words.say("retention.title")


def _required(person: Person) -> Actor:
    actor = permissions.holder(person.actors, Right.RETAIN)
    if actor is None:
        raise Forbidden(words.say("forbidden.retains"))
    return actor
