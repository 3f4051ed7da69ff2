"""Legal deadlines as an administrator chooses them: the rules of law, and how far ahead to warn."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.administration import administrator, required
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option, choices
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import values, words
from kdt.deadlines import rules, service
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Dated, Rule
from kdt.errors import InvalidInput, NotFound
from kdt.panels.queries import named_places
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem

router = APIRouter()

_PATH = "/deadlines"


@dataclass(frozen=True, slots=True)
class Line:
    """What the law says from a day on (None: it is a proposal), and the address to change it or
    take it over (None: not for this person)."""

    name: str
    term: str
    source: str
    effective_on: date | None
    href: str | None


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """The rules that hold, those KDT proposes, and how far ahead it warns."""
    with reading(context(request).store) as connection:
        timelines = rules.timelines(connection)
        ahead = named_places(connection, today_in(connection)).ahead
    may_change = administrator(person) is not None
    known = {one.rule.name for timeline in timelines.values() for one in timeline}

    def line(rule: Rule, since: date | None, path: str) -> Line:
        href = url(request, path) if may_change else None
        return Line(rule.name, rules.worded(rule), rule.source, since, href)

    return page(
        request,
        "deadlines.html",
        title=words.say("rules.title"),
        lines=[
            line(one.rule, one.effective_on, f"{_PATH}/rules/{quote(rule)}")
            for rule, timeline in timelines.items()
            for one in timeline
        ],
        proposed=[
            line(one, None, f"{_PATH}/new?proposed={number}")
            for number, one in enumerate(rules.proposed())
            if one.name not in known
        ],
        ahead=ahead,
        add=url(request, f"{_PATH}/new") if may_change else None,
        warn=url(request, f"{_PATH}/warning") if may_change else None,
    )


@router.get("/deadlines/new")
def ask_new(request: Request, person: SignedIn, proposed: str | None = None) -> Response:
    """The form for a rule; filled in with one that KDT proposes."""
    required(person)
    every = {str(number): one for number, one in enumerate(rules.proposed())}
    return changes.asked(request, _rule_form(f"{_PATH}/new", every.get(proposed or "")))


@router.post("/deadlines/new")
def add(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Record it."""
    actor, store = required(person), context(request).store

    def enter(given: Given) -> Response:
        service.set_rule(store, actor, *_read(given))
        return see_other(request, _PATH, "administered")

    return changes.answered(request, _rule_form(f"{_PATH}/new", None), posted, enter)


@router.get("/deadlines/rules/{rule}")
def ask_rule(request: Request, person: SignedIn, rule: str) -> Response:
    """The form to change a rule from a day on."""
    required(person)
    return changes.asked(request, _rule_form(f"{_PATH}/rules/{quote(rule)}", _known(request, rule)))


@router.post("/deadlines/rules/{rule}")
def change(request: Request, person: SignedIn, rule: str, posted: Posted) -> Response:
    """Record that."""
    actor, store = required(person), context(request).store
    now = _known(request, rule)

    def enter(given: Given) -> Response:
        service.set_rule(store, actor, *_read(given), rule)
        return see_other(request, _PATH, "administered")

    form = _rule_form(f"{_PATH}/rules/{quote(rule)}", now)
    return changes.answered(request, form, posted, enter)


@router.get("/deadlines/warning")
def ask_warning(request: Request, person: SignedIn) -> Response:
    """The form for how far ahead KDT warns."""
    required(person)
    return changes.asked(request, _warning_form())


@router.post("/deadlines/warning")
def choose_warning(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Choose that."""
    actor, store = required(person), context(request).store

    def choose(given: Given) -> Response:
        days = _whole(given, "days", 0, service.FURTHEST_AHEAD)
        service.warn_ahead(store, actor, days, changes.day(given, "on"))
        return see_other(request, _PATH, "administered")

    return changes.answered(request, _warning_form(), posted, choose)


def _rule_form(path: str, now: Rule | None) -> Form:
    fields = (
        _field("name", now.name if now else None),
        _field("source", now.source if now else None, hint="source_hint"),
        _field("count", str(now.term.count) if now else None),
        Field(
            "unit",
            _label("unit"),
            "radio",
            required=True,
            options=choices("deadline_unit", reversed(Unit)),
            value=now.term.unit if now else None,
        ),
        _field("extension", str(now.extension) if now else "0", hint="extension_hint"),
        Field(
            "open",
            _label("open"),
            "radio",
            required=True,
            options=tuple(Option(one, words.say(f"rules.{one}")) for one in ("open", "closed")),
            value="open",
        ),
        Field("on", _label("on"), "date", required=True),
    )
    return Form("rule_set", path, (_PATH, words.say("rules.title")), fields)


def _warning_form() -> Form:
    fields = (
        _field("days", None, hint="days_hint"),
        Field(
            "on",
            words.say("administration.label_on"),
            "date",
            hint=words.say("administration.on_hint"),
        ),
    )
    return Form("warn_ahead", f"{_PATH}/warning", (_PATH, words.say("rules.title")), fields)


def _field(name: str, value: str | None, hint: str | None = None) -> Field:
    said = words.say(f"rules.{hint}") if hint else None
    return Field(name, _label(name), "text", required=True, hint=said, value=value)


def _read(given: Given) -> tuple[Rule, date]:
    """The rule that was filled in, and from which day. Raises InvalidInput."""
    if given["unit"] not in set(Unit):
        raise InvalidInput([Problem("not_one_of", "unit")], words.say("api.status.400"))
    term = Term(_whole(given, "count", 1, service.LONGEST_TERM), Unit(given["unit"]))
    extension = _whole(given, "extension", 0, service.LONGEST_TERM)
    on = changes.day(given, "on")
    assert on is not None, "a required field was filled in"
    is_open = given["open"] == "open"
    return Rule(given["name"], given["source"], term, extension, is_open), on


def _whole(given: Given, name: str, least: int, most: int) -> int:
    try:
        return values.whole(given[name], least, most)
    except Invalid as wrong:
        problem = Problem(wrong.code, name, wrong.details)
        raise InvalidInput([problem], words.sentence(problem)) from wrong


def _known(request: Request, rule: str) -> Rule:
    """A rule as it was last chosen. Raises NotFound."""
    with reading(context(request).store) as connection:
        found: list[Dated] = [*rules.timelines(connection).get(rule, ())]
    if not found:
        raise NotFound(words.say("refusal.not_found"))
    return found[-1].rule


def _label(name: str) -> str:
    return words.say(f"rules.label_{name}")
