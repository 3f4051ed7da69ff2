"""When panels meet, as an administrator chooses it: the calendar, patterns and go-live dates."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, requests
from api.pages.administration import administrator, required
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import values, words
from kdt.cases.inputs import key
from kdt.errors import InvalidInput, NotFound
from kdt.meetings import settings
from kdt.meetings.settings import RANGES
from kdt.panels import queries
from kdt.panels.calendar import Chosen, days_of
from kdt.panels.patterns import Pattern
from kdt.panels.queries import NamedPanel
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem

router = APIRouter()

_PATH = "/calendar"
_YEARS = (1900, 2999)


@router.get(_PATH)
def show(request: Request, person: SignedIn, year: str | None = None) -> Response:
    """The days of a year that are no ordinary days."""
    with reading(context(request).store) as connection:
        shown = _year(year) or today_in(connection).year
        days = days_of(connection, shown)
    may_change = administrator(person) is not None
    return page(
        request,
        "calendar.html",
        title=f"{words.say('calendar.title')} {shown}",
        year=shown,
        before=url(request, f"{_PATH}?year={shown - 1}"),
        after=url(request, f"{_PATH}?year={shown + 1}"),
        days=[(one, _change(request, one) if may_change else None) for one in days],
        add=url(request, f"{_PATH}/new") if may_change else None,
    )


@router.get("/calendar/new")
def ask_day(request: Request, person: SignedIn, day: str | None = None) -> Response:
    """The form for a day; filled in with what it is now."""
    required(person)
    chosen = requests.day(day)
    with reading(context(request).store) as connection:
        known = days_of(connection, chosen.year) if chosen else ()
    now = next((one for one in known if one.day == chosen), None)
    return changes.asked(request, _day_form(now))


@router.post("/calendar/new")
def choose_day(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Choose what a day is."""
    actor, store = required(person), context(request).store

    def choose(given: Given) -> Response:
        day = changes.day(given, "day")
        assert day is not None, "a required field was filled in"
        settings.set_day(store, actor, day, given["name"], off=given["off"] == "off")
        return see_other(request, f"{_PATH}?year={day.year}", "administered")

    return changes.answered(request, _day_form(None), posted, choose)


@router.get("/patterns/{panel}")
def ask_pattern(request: Request, person: SignedIn, panel: str) -> Response:
    """The form for when a panel meets, filled in with how it meets now."""
    required(person)
    return changes.asked(request, _pattern_form(_panel(request, panel)))


@router.post("/patterns/{panel}")
def choose_pattern(request: Request, person: SignedIn, panel: str, posted: Posted) -> Response:
    """Choose when a panel meets, from a day on."""
    actor, store = required(person), context(request).store
    named = _panel(request, panel)

    def choose(given: Given) -> Response:
        chosen = _read(given, posted)
        settings.set_pattern(store, actor, named.id, chosen, on=changes.day(given, "on"))
        return see_other(request, "/panels", "administered")

    return changes.answered(request, _pattern_form(named), posted, choose)


@router.get("/live/{location:path}")
def ask_go_live(request: Request, person: SignedIn, location: str) -> Response:
    """The form for the day from which a location takes part."""
    required(person)
    return changes.asked(request, _live_form(request, location))


@router.post("/live/{location:path}")
def choose_go_live(request: Request, person: SignedIn, location: str, posted: Posted) -> Response:
    """Choose from which day a location takes part."""
    actor, store = required(person), context(request).store

    def choose(given: Given) -> Response:
        day = changes.day(given, "on")
        assert day is not None, "a required field was filled in"
        settings.go_live(store, actor, location, day)
        return see_other(request, "/panels", "administered")

    return changes.answered(request, _live_form(request, location), posted, choose)


def _day_form(now: Chosen | None) -> Form:
    kinds = tuple(Option(one, words.say(f"calendar.{one}")) for one in ("off", "working"))
    fields = (
        Field(
            "day", _label("day"), "date", required=True, value=now.day.isoformat() if now else None
        ),
        Field(
            "off",
            _label("off"),
            "radio",
            required=True,
            options=kinds,
            value=("off" if now.off else "working") if now else "off",
        ),
        Field(
            "name",
            _label("name"),
            "text",
            required=True,
            hint=words.say("calendar.name_hint"),
            value=now.name if now else None,
        ),
    )
    back = (_PATH, words.say("calendar.title"))
    return Form("calendar_day", "/calendar/new", back, fields)


def _pattern_form(panel: NamedPanel) -> Form:
    now = panel.pattern
    days = tuple(Option(str(one), words.say(f"weekday.{one}")) for one in range(1, 8))
    fields = (
        Field(
            "weekdays",
            _of_pattern("weekdays"),
            "checkboxes",
            required=True,
            options=days,
            value=[str(one) for one in now.weekdays],
        ),
        Field(
            "startsAt",
            _of_pattern("starts_at"),
            "time",
            required=True,
            value=now.starts_at.isoformat("minutes"),
        ),
        Field("place", _of_pattern("place"), "text", value=now.place),
        *(
            Field(
                key(name),
                _of_pattern(name),
                "text",
                required=True,
                hint=_hint(name),
                value=str(getattr(now, name)),
            )
            for name in RANGES
        ),
        Field("on", words.say("administration.label_on"), "date", hint=_on_hint()),
    )
    return Form("pattern_panels", f"/patterns/{quote(panel.id)}", _back(), fields, panel.name)


def _live_form(request: Request, location: str) -> Form:
    with reading(context(request).store) as connection:
        every = queries.named_locations(connection, today_in(connection))
        live_on = queries.go_lives(connection).get(location)
    found = next((one for one in every if one.id == location), None)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    label = words.say("administration.label_live_on")
    day = Field("on", label, "date", required=True, value=live_on.isoformat() if live_on else None)
    return Form("live_locations", f"/live/{quote(location)}", _back(), (day,), found.name)


def _read(given: Given, posted: FormData) -> Pattern:
    """The pattern that was filled in. Raises InvalidInput, naming all that is wrong."""
    problems: list[Problem] = []
    numbers: dict[str, int] = {}
    for name, (least, most) in RANGES.items():
        try:
            numbers[name] = values.whole(given[key(name)], least, most)
        except Invalid as wrong:
            problems.append(Problem(wrong.code, key(name), wrong.details))
    try:
        starts_at = values.clock_time(given["startsAt"])
    except Invalid as wrong:
        problems.append(Problem(wrong.code, "startsAt"))
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))
    ticked = {str(one) for one in posted.getlist("weekdays")}
    weekdays = tuple(one for one in range(1, 8) if str(one) in ticked)
    return Pattern(weekdays, starts_at, given.get("place", ""), **numbers)


def _panel(request: Request, panel: str) -> NamedPanel:
    with reading(context(request).store) as connection:
        every = queries.named_panels(connection, today_in(connection))
    found = next((one for one in every if one.id == panel), None)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _change(request: Request, one: Chosen) -> str:
    return url(request, f"{_PATH}/new?day={one.day.isoformat()}")


def _year(given: str | None) -> int | None:
    first, last = _YEARS
    try:
        return None if given is None else values.whole(given, first, last)
    except Invalid:
        return None


def _back() -> tuple[str, str]:
    return "/panels", words.say("administration.title")


def _label(name: str) -> str:
    return words.say(f"calendar.label_{name}")


def _of_pattern(name: str) -> str:
    return words.say(f"pattern.label_{name}")


def _hint(name: str) -> str | None:
    found = f"pattern.{name}_hint"
    return words.say(found) if words.known(found) else None


def _on_hint() -> str:
    return words.say("administration.on_hint")
