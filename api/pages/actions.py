"""The form of every action on an escalation, drawn from the procedure's fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble
from api.pages import forms
from api.pages.doing import do, offered, overtaken
from api.pages.dossier import Dossier, about, open_themes, seen
from api.pages.forms import Field, Option
from api.pages.rendering import day, page, see_other, url
from api.pages.requests import Posted, SignedIn
from api.pages.steps import button_label, is_final, path
from kdt import values, words
from kdt.access.queries import Person
from kdt.cases import inputs, view
from kdt.cases.inputs import Inputs, key
from kdt.cases.service import Command
from kdt.errors import NotFound, Stale
from kdt.panels.agendas import WHY_LATE
from kdt.panels.slots import Meeting, meetings_of
from kdt.procedure import says_why
from kdt.procedure.rows import Field as Input
from kdt.procedure.rows import Kind
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Action, Late

router = APIRouter()

# Consideration and correction have pages of their own, and an escalation is opened on its own.
_HERE = frozenset(Action) - {Action.OPEN, Action.CONSIDER, Action.CORRECT}
_WHEN = Input("occurred_on", Kind.DAY, required=False)
# A listing may be registered after the day it was made.
_BACK, _AHEAD = timedelta(weeks=2), timedelta(weeks=4)

Named = Annotated[str, Path(alias="action")]


@router.get("/escalations/{escalation}/{action}")
def ask(request: Request, person: SignedIn, escalation: str, action: Named) -> Response:
    """The form of an action, when it is open to this person now."""
    chosen = _known(action)
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
        offered(dossier, chosen)
        shown = _fields(connection, person, dossier, chosen, _begun(dossier, chosen))
    return _form(request, dossier, chosen, shown)


@router.post("/escalations/{escalation}/{action}")
def act(
    request: Request, person: SignedIn, form: Posted, escalation: str, action: Named
) -> Response:
    """Do it, and go back to the escalation."""
    chosen = _known(action)
    given = forms.typed(form, [*forms.names(chosen), key(_WHEN.name), "late"])
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
        shown = _fields(connection, person, dossier, chosen, given)
        fixed = _fixed(connection, dossier, given) if chosen is Action.LIST else False
    read = _read(dossier, chosen, given, late=fixed)
    # What this person must fill in may be more than what everybody must.
    lacking = [
        Problem("missing", one.name) for one in shown if one.required and one.name not in given
    ]
    if lacking:
        read = [*(() if isinstance(read, Command) else read), *lacking]
    if not isinstance(read, Command):
        shown = forms.with_problems(shown, read)
        return _form(request, dossier, chosen, shown, form=form, status=HTTPStatus.BAD_REQUEST)
    if (warned := forms.with_warnings(shown, form)) is not None:
        return _form(request, dossier, chosen, warned, form=form)
    try:
        done = do(request, person, dossier, [read], form)
    except Stale:
        return overtaken(request, person, escalation, form, shown)
    if isinstance(done, Trouble):
        shown, problem = forms.with_trouble(shown, done)
        return _form(
            request, dossier, chosen, shown, form=form, problem=problem, status=done.status
        )
    return see_other(request, f"/escalations/{escalation}", "recorded")


def _known(action: str) -> Action:
    if action not in _HERE:
        raise NotFound(words.say("refusal.not_found"))
    return Action(action)


def _begun(dossier: Dossier, action: Action) -> dict[str, str]:
    """What a form begins with: what a case shows, it showed when a panel considered it."""
    answer = dossier.found.answer
    if action is not Action.TAG or answer is None:
        return {}
    return {key(_WHEN.name): answer.on.isoformat()}


def _fields(
    connection: Connection,
    person: Person,
    dossier: Dossier,
    action: Action,
    given: Mapping[str, str],
) -> list[Field]:
    planned = _meetings(connection, dossier) if action is Action.LIST else []
    if action is Action.LIST:
        only: Sequence[str] = [key("meeting_on")]
        options = {key("meeting_on"): [_option(one) for one in planned]}
    else:
        only = forms.names(action)
        options = {"theme": open_themes(dossier)} if action is Action.TAG else {}
    shown = forms.fields(action, options=options, given=given, only=only)
    afterwards = action is Action.TAG and _says_why(person, dossier)
    if afterwards:
        shown = [replace(one, required=True) for one in shown]
    if any(one.version for one in planned):
        shown.append(forms.why_late(given.get("late")))
    # Who was there tags when it is discussed; who was not says when it showed.
    if shown and (afterwards or action is not Action.TAG):
        shown.append(forms.described(action, _WHEN, given.get(key(_WHEN.name))))
    return shown


def _says_why(person: Person, dossier: Dossier) -> bool:
    """Whether this person tags in a role that says why."""
    actor = view.acting(person.actors, Action.TAG, dossier.found.matter)
    return actor is not None and says_why(actor.role)


def _read(
    dossier: Dossier, action: Action, given: Mapping[str, str], *, late: bool
) -> Command | list[Problem]:
    """`late`: whether it comes on an agenda that is drawn up, so that a reason is asked."""
    filled: dict[str, object] = dict(given)
    when, why = filled.pop(key(_WHEN.name), None), filled.pop("late", None)
    if action is Action.LIST:
        state = dossier.found.state
        panel = dossier.known.panel_at(state.waiting_at, state.location)
        if panel is not None:
            filled["panel"] = panel.id
    read = inputs.read(action, filled)
    problems = [] if isinstance(read, Inputs) else read
    on = None
    if when is not None:
        try:
            on = values.day(when)
        except values.Invalid as problem:
            problems = [*problems, Problem(problem.code, key(_WHEN.name))]
    if late and why not in WHY_LATE:
        problems = [*problems, Problem("missing", "late")]
    reason = Late(str(why)) if late and why in WHY_LATE else Late.UNSTATED
    return problems or Command(action, read, on, reason)  # type: ignore[arg-type]


def _meetings(connection: Connection, dossier: Dossier) -> Sequence[Meeting]:
    """For which it can be listed."""
    state = dossier.found.state
    panel = dossier.known.panel_at(state.waiting_at, state.location)
    if panel is None:
        return []
    first = max(dossier.today - _BACK, state.last_on)
    return meetings_of(connection, panel.id, first, dossier.today + _AHEAD)


def _option(one: Meeting) -> Option:
    said = words.say("agenda.fixed", day=day(one.held_on)) if one.version else day(one.held_on)
    return Option(one.held_on.isoformat(), said)


def _fixed(connection: Connection, dossier: Dossier, given: Mapping[str, str]) -> bool:
    """Whether the agenda of the meeting that was chosen is drawn up already."""
    chosen = given.get(key("meeting_on"))
    return any(
        one.version and one.held_on.isoformat() == chosen for one in _meetings(connection, dossier)
    )


def _form(
    request: Request,
    dossier: Dossier,
    action: Action,
    shown: list[Field],
    *,
    form: FormData | None = None,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    label, final = button_label(action), is_final(action, dossier.found.state)
    return page(
        request,
        "action_form.html",
        status,
        title=label,
        heading=label,
        about=about(request, dossier),
        action=url(request, path(dossier.found, action)),
        submit=label,
        danger=final,
        consequence=words.say(f"consequence.{action}") if final else None,
        fields=shown,
        problem=problem,
        # A form that failed did nothing, so it may be sent again under a key of its own.
        key=forms.new_key(),
        version=dossier.found.version if form is None else form.get("version"),
    )
