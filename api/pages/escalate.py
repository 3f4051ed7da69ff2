"""Bringing a case: three things to fill in, one press that opens and submits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import trouble
from api.pages import forms, requests
from api.pages.forms import Field, Option
from api.pages.likeness import Likeness, likeness
from api.pages.places import NotYet, Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.cases import inputs
from kdt.cases.inputs import Inputs, key
from kdt.cases.service import Command, perform
from kdt.deadlines.rules import Timelines, in_force, timelines
from kdt.errors import Conflict, Forbidden, Refused
from kdt.meetings.agendas import Expected, expected_meeting
from kdt.procedure import CURRENT
from kdt.similar.queries import Described
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Action, Ground, Role

router = APIRouter()

# By what a deadline is proposed: asked on the form, and kept nowhere.
_TERM = ("rule", "appliedOn", "extended")
_ORDER = ("case", "question", "summary", "ground", key("decide_by"))
# Whoever says nothing of the ground has not called it heavy or complex.
_SILENT: Mapping[str, str] = {"ground": Ground.OTHER}


@dataclass(frozen=True, slots=True)
class Proposal:
    """By when a decision is due, for which kind of application, and where that stands."""

    decide_by: date
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person may bring cases from, and what is expected there."""

    locations: tuple[str, ...]
    location: str
    panel: str
    expected: Expected | None
    fields: list[Field]
    rules: Timelines
    # What follows from what was filled in, as far as it does.
    proposal: Proposal | None
    places: Places


@router.get("/escalations/new")
def ask(request: Request, person: SignedIn) -> Response:
    """The form; with `decideBy`, or by what it is proposed, in the query, whether that day comes
    before the meeting."""
    given = {**_SILENT, **_asked(request)}
    with reading(context(request).store) as connection:
        desk = _desk(connection, person, given)
    return _form(request, desk)


@router.post("/escalations/new")
def bring(request: Request, person: SignedIn, form: Posted) -> Response:
    """Open and submit at once, and show when it will be discussed."""
    given = forms.typed(form, [*_ORDER, *_TERM, "location"])
    with reading(context(request).store) as connection:
        desk = _desk(connection, person, given)
    given["location"] = desk.location
    term = {name: given.pop(name) for name in _TERM if name in given}
    problems = _proposing(desk, term, given)
    read = inputs.read(Action.OPEN, given)
    if not isinstance(read, Inputs):
        problems = [*problems, *read]
    if "summary" not in given:
        # The procedure takes a case without one, from a history file; a panel cannot work so.
        problems = [*problems, Problem("missing", "summary")]
    if problems or not isinstance(read, Inputs):
        desk = replace(desk, fields=forms.with_problems(desk.fields, problems))
        return _again(request, person, desk, given, status=HTTPStatus.BAD_REQUEST)
    if (warned := forms.with_warnings(desk.fields, form)) is not None:
        return _again(request, person, replace(desk, fields=warned), given)
    commands = [Command(Action.OPEN, read), Command(Action.SUBMIT, Inputs({}, {}))]
    actor = next(one for one in person.actors if permissions.may_open(one, desk.location) is None)
    try:
        done = perform(context(request).store, actor, None, commands, key=text(form, "key"))
    except (Refused, Conflict) as error:
        found = trouble(error)
        shown, problem = forms.with_trouble(desk.fields, found)
        desk = replace(desk, fields=shown)
        return _again(request, person, desk, given, problem=problem, status=found.status)
    return see_other(request, f"/escalations/{done.escalation}", "submitted")


@router.post("/escalations/new/similar")
def compare(request: Request, person: SignedIn, form: Posted) -> Response:
    """The form as it was filled in, and what cases like the one described got. Nothing of it is
    kept."""
    given = {**_SILENT, **forms.typed(form, [*_ORDER, *_TERM, "location"])}
    with reading(context(request).store) as connection:
        desk = _desk(connection, person, given)
    return _again(request, person, desk, given)


def _asked(request: Request) -> dict[str, str]:
    asked = {
        name: request.query_params.get(name, "").strip() for name in (key("decide_by"), *_TERM)
    }
    return {name: one for name, one in asked.items() if one}


def _proposing(desk: Desk, term: Mapping[str, str], given: dict[str, str]) -> list[Problem]:
    """Fill in the day that was left open, where a rule says it; what stands in the way of that."""
    name = key("decide_by")
    if name in given or not term.keys() & {"rule", "appliedOn"}:
        return []
    if desk.proposal is not None:
        given[name] = desk.proposal.decide_by.isoformat()
        return []
    missing = [Problem("missing", one) for one in ("rule", "appliedOn") if one not in term]
    if missing:
        return missing
    known = requests.day(term["appliedOn"]) is not None
    return [Problem("no_rule_then" if known else "not_a_date", "appliedOn")]


def _proposal(known: Timelines, given: Mapping[str, str]) -> Proposal | None:
    """By when a decision is due, by what was filled in; None as long as that is not known."""
    applied_on = requests.day(given.get("appliedOn"))
    rule = applied_on and in_force(known.get(given.get("rule", ""), ()), applied_on)
    if not rule or applied_on is None:
        return None
    return Proposal(rule.deadline(applied_on, extended="extended" in given), rule.name, rule.source)


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
    rules = timelines(connection)
    proposal = _proposal(rules, given)
    decide_by = requests.day(given.get(key("decide_by")))
    if decide_by is None and proposal is not None:
        decide_by = proposal.decide_by
    panel = known.panel_at(level, location)
    return Desk(
        mine,
        location,
        panel.name if panel else words.say(f"level.{level}"),
        expected_meeting(connection, level, location, now, deadline=decide_by),
        _fields(known, mine, given, rules),
        rules,
        proposal,
        known,
    )


def _fields(
    known: Places, mine: tuple[str, ...], given: Mapping[str, str], rules: Timelines
) -> list[Field]:
    names = _ORDER if len(mine) == 1 else ("location", *_ORDER)
    options = {"location": [Option(one, known.location_name(one)) for one in mine]}
    shown = forms.fields(Action.OPEN, options=options, given=given, only=names)
    # The dilemma must be told, the ground is filled in beforehand.
    asked = [
        replace(one, required=one.name != "ground" and (one.required or one.name == "summary"))
        for one in shown
    ]
    # By when follows from these; whoever knows better fills it in after them.
    return [*asked[:-1], *_term_fields(rules, given), asked[-1]]


def _term_fields(rules: Timelines, given: Mapping[str, str]) -> list[Field]:
    """The kind of application and its date; none where no rule was recorded."""
    latest = {rule: timeline[-1].rule for rule, timeline in rules.items()}
    kinds = tuple(Option(rule, one.name) for rule, one in latest.items())
    if not kinds:
        return []
    fields = [
        Field(
            "rule",
            words.say("rules.kind"),
            "select",
            hint=words.say("rules.kind_hint"),
            options=kinds,
            value=given.get("rule"),
        ),
        Field("appliedOn", words.say("rules.applied_on"), "date", value=given.get("appliedOn")),
    ]
    if any(one.extension for one in latest.values()):
        yes = (Option("yes", words.say("rules.extended_yes")),)
        ticked = ["yes"] if "extended" in given else []
        label = words.say("rules.extended")
        fields.append(Field("extended", label, "checkboxes", options=yes, value=ticked))
    return fields


def _again(
    request: Request,
    person: Person,
    desk: Desk,
    given: Mapping[str, str],
    *,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    """The form as it was filled in, and what cases like the one described got."""
    described = Described(
        given.get("summary", ""), given.get("question"), given.get("ground"), answered=True
    )
    with reading(context(request).store) as connection:
        alike = likeness(request, connection, person, desk.places, described)
    return _form(request, desk, alike, problem=problem, status=status)


def _form(
    request: Request,
    desk: Desk,
    alike: Likeness | None = None,
    *,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
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
        proposal=desk.proposal,
        likeness=alike or Likeness(said=words.say("similar.begin")),
        asked_again=[one.name for one in desk.fields if one.name in (*_TERM, key("decide_by"))],
    )
