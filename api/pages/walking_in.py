"""The form for a case that an officer brings while the panel meets, filled in by who takes the
meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import trouble
from api.pages import forms, requests
from api.pages.forms import Field, Option
from api.pages.places import places
from api.pages.rendering import day as said_day
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import inputs
from kdt.cases.inputs import Inputs, key
from kdt.errors import Conflict, NotFound, Refused
from kdt.meetings.walking_in import officers, walk_in
from kdt.panels.queries import NamedPanel
from kdt.procedure import CURRENT
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Action

router = APIRouter()

_BROUGHT_BY = "broughtBy"
_ASKED = ("case", "question", "ground", key("decide_by"), "summary")


@dataclass(frozen=True, slots=True)
class _Desk:
    """The meeting for which it is filled in."""

    panel: str
    location: str
    on: date
    officers: tuple[Option, ...]

    @property
    def path(self) -> str:
        return f"/meetings/{quote(self.panel)}/{self.on.isoformat()}"


def tool(person: Person, panel: NamedPanel, base: str) -> tuple[str, str] | None:
    """The link to the form, for who takes meetings of a panel where cases begin."""
    taking = permissions.of_panel(person.actors, Right.TAKE, panel.location)
    if taking is None or panel.level != CURRENT.ladder.first:
        return None
    return words.say("walk_in.tool"), f"{base}/walk-in"


@router.get("/meetings/{panel}/{held_on}/walk-in")
def ask(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The form."""
    desk = _desk(request, person, panel, held_on)
    return _page(request, desk, _fields(desk, {}))


@router.post("/meetings/{panel}/{held_on}/walk-in")
def bring(request: Request, person: SignedIn, form: Posted, panel: str, held_on: str) -> Response:
    """Open, submit and list it, and take it at once."""
    desk = _desk(request, person, panel, held_on)
    given = forms.typed(form, [_BROUGHT_BY, *_ASKED])
    shown = _fields(desk, given)
    read = inputs.read(Action.OPEN, {**_without(given), "location": desk.location})
    problems = [Problem("missing", one) for one in (_BROUGHT_BY, "summary") if one not in given] + (
        [] if isinstance(read, Inputs) else read
    )
    if problems or not isinstance(read, Inputs):
        shown = forms.with_problems(shown, problems)
        return _page(request, desk, shown, status=HTTPStatus.BAD_REQUEST)
    if (warned := forms.with_warnings(shown, form)) is not None:
        return _page(request, desk, warned, form=form)
    store, by = context(request).store, given[_BROUGHT_BY]
    try:
        made = walk_in(store, person.actors, panel, desk.on, by, read, key=text(form, "key"))
    except (Refused, Conflict) as error:
        wrong = trouble(error)
        shown, problem = forms.with_trouble(shown, wrong)
        return _page(request, desk, shown, problem=problem, status=wrong.status)
    return see_other(request, f"{desk.path}?item={made.escalation}", "submitted")


def _without(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name != _BROUGHT_BY}


def _fields(desk: _Desk, given: Mapping[str, str]) -> list[Field]:
    brought_by = Field(
        _BROUGHT_BY,
        words.say("walk_in.brought_by"),
        "select",
        required=True,
        options=desk.officers,
        value=given.get(_BROUGHT_BY),
    )
    return [brought_by, *forms.fields(Action.OPEN, given=given, only=_ASKED)]


def _desk(request: Request, person: Person, panel: str, held_on: str) -> _Desk:
    """The desk of a panel. Raises NotFound where somebody does not sit in it, and Forbidden where
    they do without taking its meetings."""
    on = requests.day(held_on)
    with reading(context(request).store) as connection:
        known = places(connection, today(connection))
        found = known.served(person, panel)
        if on is None or found.location is None:
            raise NotFound(words.say("refusal.not_found"))
        if permissions.of_panel(person.actors, Right.TAKE, found.location) is None:
            raise permissions.forbidden(Right.TAKE)
        bringing = officers(connection, found.location)
    options = tuple(Option(one.id, one.label) for one in bringing)
    return _Desk(panel, found.location, on, options)


def _page(
    request: Request,
    desk: _Desk,
    fields: Sequence[Field],
    *,
    form: FormData | None = None,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    title = words.say("walk_in.title")
    return page(
        request,
        "action_form.html",
        status,
        title=title,
        heading=title,
        about={"case": None, "href": url(request, desk.path), "line": said_day(desk.on)},
        action=url(request, f"{desk.path}/walk-in"),
        submit=words.say("walk_in.submit"),
        danger=False,
        consequence=None,
        fields=fields,
        problem=problem,
        # What was warned of is the same request still.
        key=forms.new_key() if form is None else text(form, "key"),
        version=None,
    )
