"""One environment for every template, and what each page is given besides its own."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from http import HTTPStatus

from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api import people
from api.context import context, over_tls
from api.pages import navigation
from api.pages.progress import progress
from kdt import clock, words
from kdt.access.queries import Person

LOCALE = "nl_NL"
# How many days and numbers are remembered as they are written: a list has the same ones again and
# again, and writing one takes longer than the rest of its row.
_KEPT = 4096
# A notice is shown on the page that follows; after this many seconds it would only confuse.
_NOTICE_SECONDS = 60
_NOTICE = "kdt-notice"


@dataclass(frozen=True, slots=True)
class Shown:
    """Who is signed in, as the frame says it."""

    name: str
    role: str | None
    place: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence on top of a page; `kind` is success, info, warning or error."""

    kind: str
    text: str


def page(
    request: Request, template: str, status: int = HTTPStatus.OK, **given: object
) -> HTMLResponse:
    """A whole page: its template with `given` (a `title` too) inside the frame."""
    signed_in = people.session(request)
    person = signed_in.person if signed_in else None
    return framed(request, template, status, person, **{"progress": progress(request), **given})


def framed(
    request: Request, template: str, status: int, person: Person | None, **given: object
) -> HTMLResponse:
    """A whole page for whoever it is; nothing is asked of the database."""
    signed_in = people.session(request) if person else None
    notice = request.cookies.get(_NOTICE)
    frame: dict[str, object] = {
        "person": shown(person) if person else None,
        "nav": navigation.items(request, person) if person else (),
        "demo": context(request).demo,
        "progress": None,
        "messages": _messages(notice),
        "csrf": signed_in.csrf if signed_in else None,
    }
    answer = HTMLResponse(fragment(request, template, **{**frame, **given}), status)
    if notice is not None:
        answer.delete_cookie(_NOTICE, path=url(request, "/"))
    return answer


def fragment(request: Request, template: str, **given: object) -> str:
    """A template on its own, for a part of a page."""
    return _environment.get_template(template).render(url=lambda path: url(request, path), **given)


def remembered(template: str, **given: Hashable) -> Markup:
    """A piece of a page that hangs on nothing but what it is given and on the day: made once for
    all who see the same."""
    return _piece(template, _today(), tuple(given.items()))


@lru_cache(_KEPT)
def _piece(template: str, _today: date, given: tuple[tuple[str, Hashable], ...]) -> Markup:
    # What a template made of it is escaped already.
    return Markup(_environment.get_template(template).render(dict(given)))  # noqa: S704  # nosec B704


def url(request: Request, path: str) -> str:
    """A path of KDT as the browser must ask for it, behind a proxy's prefix too."""
    return f"{request.scope.get('root_path', '')}{path}"


def see_other(
    request: Request, path: str, notice: str | None = None, **amounts: int
) -> RedirectResponse:
    """On to the next page after a form. `notice` is a key under `notice` in the words, in which
    `amounts` are filled in: the browser keeps the key and numbers alone, so there is no text to
    forge."""
    answer = RedirectResponse(url(request, path), HTTPStatus.SEE_OTHER)
    if notice is not None:
        answer.set_cookie(
            _NOTICE,
            ".".join([notice, *(f"{name}-{amount}" for name, amount in amounts.items())]),
            max_age=_NOTICE_SECONDS,
            path=url(request, "/"),
            secure=over_tls(request),
            httponly=True,
            samesite="lax",
        )
    return answer


def shown(person: Person) -> Shown:
    """A person by name, role and place. What the name already says is not said again."""
    roles = [
        said
        for role in dict.fromkeys(role for role, _ in person.grants)
        if (said := words.say(f"role.{role}")) not in person.label.lower()
    ]
    places = [
        place
        for place in dict.fromkeys(place for _, place in person.grants)
        if place and place not in person.label
    ]
    return Shown(person.label, ", ".join(roles) or None, ", ".join(places) or None)


def day(value: date) -> str:
    """wo 25 november; with the year when it is another than this one."""
    return _day(value, "EEE d MMMM" if value.year == _today().year else "EEE d MMMM y")


def day_long(value: date) -> str:
    """25 november 2026."""
    return _day(value, "d MMMM y")


def moment(value: datetime) -> str:
    """wo 25 november, 9.00 uur, in Amsterdam."""
    return f"{day(clock.day(value))}, {on_the_clock(value)}"


def on_the_clock(value: datetime) -> str:
    """9.00 uur, in Amsterdam."""
    return f"{format_time(value.astimezone(clock.AMSTERDAM), 'H.mm', locale=LOCALE)} uur"


@lru_cache(_KEPT)
def number(value: float) -> str:
    """4.730, or 2,5."""
    return format_decimal(value, locale=LOCALE)


def workdays(value: int) -> str:
    """3 werkdagen."""
    return f"{number(value)} {'werkdag' if value == 1 else 'werkdagen'}"


capital = words.capital


@lru_cache(_KEPT)
def _day(value: date, pattern: str) -> str:
    return format_date(value, pattern, LOCALE)


def _messages(notice: str | None) -> tuple[Message, ...]:
    key, *given = (notice or "").split(".")
    parts = (one.partition("-") for one in given)
    amounts = {
        name: words.number(int(amount))
        for name, _, amount in parts
        if amount.isdecimal() and len(amount) < 10
    }
    try:
        return (Message("success", words.say(f"notice.{key}", **amounts)),)
    except KeyError:
        # There is none, or the browser made something of its own of it.
        return ()


def _today() -> date:
    return clock.day(datetime.now(UTC))


def _say(key: str, **values: object) -> str:
    return words.say(key, **values)


_environment = Environment(
    loader=PackageLoader("api.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_FILTERS: Mapping[str, object] = {
    "day": day,
    "day_long": day_long,
    "moment": moment,
    "on_the_clock": on_the_clock,
    "number": number,
    "workdays": workdays,
}
_environment.filters.update(_FILTERS)
_environment.globals["w"] = _say
_environment.globals["remembered"] = remembered
