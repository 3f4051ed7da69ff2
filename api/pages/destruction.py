"""Destroying what is past its term: what would go, the frozen list, and the two who decide."""

from collections.abc import Sequence
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
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn
from api.pages.retention import PATH, counted, label, names_of, required
from kdt import words
from kdt.errors import NotFound
from kdt.ledger.service import PRODUCT
from kdt.retention import service, statements
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import Selection, Stage, What, digest, items, selections
from kdt.retention.terms import Counted, Term, worded
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading

router = APIRouter()

# A list of what goes can be long; all of it stands in the statement.
_SHOWN = 200


@router.get(f"{PATH}/due/{{what}}")
def due(request: Request, person: SignedIn, what: What) -> Response:
    """What would go, what is held, and what waits for another; nothing is changed."""
    required(person)
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
        prepare=url(request, f"{PATH}/due/{what}/prepare") if groups[Standing.DUE] else None,
    )


@router.get(f"{PATH}/due/{{what}}/prepare")
def ask_prepare(request: Request, person: SignedIn, what: What) -> Response:
    """Say what preparing means, before it is done."""
    required(person)
    return changes.asked(request, _prepare_form(what))


@router.post(f"{PATH}/due/{{what}}/prepare")
def prepare(request: Request, person: SignedIn, what: What, posted: Posted) -> Response:
    """Freeze what is due as a selection."""
    actor, store = required(person), context(request).store

    def freeze(_: Given) -> Response:
        chosen = service.prepare(store, actor, what)
        return see_other(request, f"{PATH}/selections/{chosen}", "selection_prepared")

    return changes.answered(request, _prepare_form(what), posted, freeze)


@router.get(f"{PATH}/selections/{{selection}}")
def statement(request: Request, person: SignedIn, selection: str) -> Response:
    """A selection: its list, who decided what, and what became of it; to be printed too."""
    actor = required(person)
    with reading(context(request).store) as connection:
        found = _found(connection, selection)
        listed = items(connection, selection)
        names = names_of(connection, [one.person for one in found.steps])
    waits = found.stage is Stage.PREPARED
    mine = found.prepared.person == actor.person
    here = f"{PATH}/selections/{selection}"
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


@router.get(f"{PATH}/selections/{{selection}}/statement.json")
def statement_file(request: Request, person: SignedIn, selection: str) -> Response:
    """The statement as a file, to be kept outside the database."""
    required(person)
    with reading(context(request).store) as connection:
        written = statements.statement(connection, selection).written()
    disposition = f'attachment; filename="{selection}.json"'
    return Response(
        written, media_type="application/json", headers={"Content-Disposition": disposition}
    )


@router.get(f"{PATH}/selections/{{selection}}/confirm")
def ask_confirm(request: Request, person: SignedIn, selection: str) -> Response:
    """Say what will happen, and that it cannot be undone."""
    required(person)
    return changes.asked(request, _confirm_form(request, selection))


@router.post(f"{PATH}/selections/{{selection}}/confirm")
def confirm(request: Request, person: SignedIn, selection: str, posted: Posted) -> Response:
    """Have a selection destroyed."""
    actor, store = required(person), context(request).store

    def decide(_: Given) -> Response:
        seen = request.query_params.get("list", "")
        service.confirm(store, actor, selection, seen)
        return see_other(request, f"{PATH}/selections/{selection}", "destruction_confirmed")

    return changes.answered(request, _confirm_form(request, selection), posted, decide)


@router.get(f"{PATH}/selections/{{selection}}/refuse")
def ask_refuse(request: Request, person: SignedIn, selection: str) -> Response:
    """The form to let a selection go."""
    required(person)
    return changes.asked(request, _refuse_form(request, selection))


@router.post(f"{PATH}/selections/{{selection}}/refuse")
def refuse(request: Request, person: SignedIn, selection: str, posted: Posted) -> Response:
    """Let a selection go: nothing is destroyed."""
    actor, store = required(person), context(request).store

    def decide(given: Given) -> Response:
        service.refuse(store, actor, selection, given["reason"])
        return see_other(request, f"{PATH}/selections/{selection}", "selection_refused")

    return changes.answered(request, _refuse_form(request, selection), posted, decide)


def _prepare_form(what: What) -> Form:
    path = f"{PATH}/due/{what}"
    back = (path, words.say(f"retention.due_title.{what}"))
    return Form(f"prepare_{what}", f"{path}/prepare", back)


def _confirm_form(request: Request, selection: str) -> Form:
    with reading(context(request).store) as connection:
        found = _found(connection, selection)
        listed = digest(items(connection, selection))
    amount = words.amount(found.what.counted_in, found.prepared.values["escalations"])
    sure = Option("yes", words.say("retention.sure_yes"))
    return Form(
        f"confirm_{found.what}",
        f"{PATH}/selections/{selection}/confirm?list={listed}",
        (f"{PATH}/selections/{selection}", selection),
        (Field("sure", label("sure"), "checkboxes", True, options=(sure,)),),
        about=amount,
        danger=True,
    )


def _refuse_form(request: Request, selection: str) -> Form:
    with reading(context(request).store) as connection:
        _found(connection, selection)
    path = f"{PATH}/selections/{selection}"
    reason = Field("reason", label("reason"), "textarea", True)
    return Form("refuse_selection", f"{path}/refuse", (path, selection), (reason,), about=selection)


def _found(connection: Connection, selection: str) -> Selection:
    found = selections(connection, selection)
    if not found:
        raise NotFound(words.say("refusal.not_found"))
    return found[0]


def _applied(said: str) -> str:
    """A term a selection was made under, in words."""
    kept, months, since = said.split()
    term = Term(date.min, int(months), Counted(since))
    name = capital(words.say(f"retention.kept.{kept}"))
    return words.say("retention.applied", name=name, term=worded(term), day=counted(kept, term))


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


def _listed(what: What) -> str:
    """What a list of it is of: escalations, days, meetings."""
    return words.say(f"retention.listed.{what.counted_in}")
