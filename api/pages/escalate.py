"""Bringing a case: three things to fill in, one press that opens and submits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble, trouble
from api.pages import forms, requests
from api.pages.forms import Field, Option
from api.pages.places import NotYet, Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.cases import inputs
from kdt.cases.inputs import Inputs, key
from kdt.cases.service import Command, perform
from kdt.errors import Conflict, Forbidden, Refused
from kdt.meetings.agendas import Expected, expected_meeting
from kdt.procedure import CURRENT
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Action, Ground, Role

router = APIRouter()

_ORDER = ("case", "question", "summary", "ground", key("decide_by"))
# Whoever says nothing of the ground has not called it heavy or complex.
_SILENT: Mapping[str, str] = {"ground": Ground.OTHER}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person may bring cases from, and what is expected there."""

    locations: tuple[str, ...]
    location: str
    panel: str
    expected: Expected | None
    fields: list[Field]


@router.get("/escalations/new")
def ask(request: Request, person: SignedIn) -> Response:
    """The form; with `decideBy` in the query, whether that day comes before the meeting."""
    given = {**_SILENT, **_asked(request)}
    with reading(context(request).store) as connection:
        desk = _desk(connection, person, given)
    return _form(request, desk)


@router.post("/escalations/new")
def bring(request: Request, person: SignedIn, form: Posted) -> Response:
    """Open and submit at once, and show when it will be discussed."""
    given = forms.typed(form, [*_ORDER, "location"])
    with reading(context(request).store) as connection:
        desk = _desk(connection, person, given)
    given["location"] = desk.location
    read = inputs.read(Action.OPEN, given)
    problems = [] if isinstance(read, Inputs) else read
    if "summary" not in given:
        # The procedure takes a case without one, from a history file; a panel cannot work so.
        problems = [*problems, Problem("missing", "summary")]
    if problems or not isinstance(read, Inputs):
        desk = replace(desk, fields=forms.with_problems(desk.fields, problems))
        return _form(request, desk, status=HTTPStatus.BAD_REQUEST)
    if (warned := forms.with_warnings(desk.fields, form)) is not None:
        return _form(request, replace(desk, fields=warned))
    commands = [Command(Action.OPEN, read), Command(Action.SUBMIT, Inputs({}, {}))]
    actor = next(one for one in person.actors if permissions.may_open(one, desk.location) is None)
    try:
        done = perform(context(request).store, actor, None, commands, key=text(form, "key"))
    except (Refused, Conflict) as error:
        return _refused(request, desk, trouble(error))
    return see_other(request, f"/escalations/{done.escalation}", "submitted")


def _asked(request: Request) -> dict[str, str]:
    name = key("decide_by")
    asked = request.query_params.get(name, "").strip()
    return {name: asked} if asked else {}


def _desk(connection: Connection, person: Person, given: Mapping[str, str]) -> Desk:
    now = today(connection)
    known = places(connection, now)
    open_now = [one.id for one in known.locations.values() if one.open]
    mine = tuple(
        location
        for location in open_now
        if any(permissions.may_open(actor, location) is None for actor in person.actors)
    )
    if not mine:
        if any(actor.role is Role.OFFICER for actor in person.actors):
            raise NotYet(words.say("page.location_to_come"))
        raise Forbidden(words.say("api.no_role"))
    wanted = given.get("location", mine[0])
    location = wanted if wanted in mine else mine[0]
    level = CURRENT.ladder.first
    panel = known.panel_at(level, location)
    return Desk(
        mine,
        location,
        panel.name if panel else words.say(f"level.{level}"),
        expected_meeting(
            connection, level, location, now, deadline=requests.day(given.get(key("decide_by")))
        ),
        _fields(known, mine, given),
    )


def _fields(known: Places, mine: tuple[str, ...], given: Mapping[str, str]) -> list[Field]:
    names = _ORDER if len(mine) == 1 else ("location", *_ORDER)
    options = {"location": [Option(one, known.location_name(one)) for one in mine]}
    shown = forms.fields(Action.OPEN, options=options, given=given, only=names)
    # The dilemma must be told, the ground is filled in beforehand.
    return [
        replace(one, required=one.name != "ground" and (one.required or one.name == "summary"))
        for one in shown
    ]


def _refused(request: Request, desk: Desk, found: Trouble) -> Response:
    shown, problem = forms.with_trouble(desk.fields, found)
    return _form(request, replace(desk, fields=shown), problem=problem, status=found.status)


def _form(
    request: Request, desk: Desk, *, problem: str | None = None, status: int = HTTPStatus.OK
) -> Response:
    return page(
        request,
        "escalate.html",
        status,
        title="Zaak voorleggen",
        fields=desk.fields,
        problem=problem,
        panel=desk.panel,
        action=url(request, "/escalations/new"),
        key=forms.new_key(),
        expected=desk.expected,
    )
