"""Signals of harshness: which there are, how each stands, and what was found of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import signal_forms
from api.pages.changes import Given
from api.pages.filtering import choice_field, chosen, day_field
from api.pages.forms import Field
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn
from api.pages.telling import Screens
from kdt import clock, words
from kdt.access.permissions import Actor
from kdt.access.queries import Person, all_people
from kdt.errors import NotFound
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import adjustments, signalling, signals
from kdt.themes.queries import themes
from kdt.themes.replies import replies
from kdt.themes.signals import Signal, Wanted
from kdt.themes.standing import View, last_of_each
from kdt.vocabulary import SignalSource, SignalStanding

router = APIRouter()

_PATH = "/signals"
# How a standing looks: a mark of its own, beside its words.
_LOOKS: Mapping[str, str] = {
    SignalStanding.UNASSESSED: "neutral",
    SignalStanding.AWAITS_SECOND: "busy",
    SignalStanding.OPEN: "busy",
    SignalStanding.DIVIDED: "near",
    SignalStanding.RECOGNISED: "alert",
    SignalStanding.NOT_RECOGNISED: "done",
    SignalStanding.OTHER_BOTTLENECK: "provisional",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One signal in the list; `looks` is how its standing is drawn."""

    id: str
    href: str
    title: str
    source: str
    origin: str
    received: str
    standing: str
    looks: str
    themes: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody found of it; `last` unless they found something else since."""

    assessor: str
    published: bool
    assessment: str
    reasons: str
    on: date
    last: bool


@router.get(_PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """Every signal one may know of that was asked for, and about how many replies of staff."""
    closed = signals.may_read_all(person.actors)
    with reading(context(request).store) as connection:
        named = {one.id: one.name for one in themes(connection)}
        wanted, fields = _asked(request, named)
        found = signals.signals(connection, closed=closed, wanted=wanted)
        about = replies(connection)
    return page(
        request,
        "signals.html",
        title=words.say("signals.title"),
        action=url(request, _PATH),
        fields=fields,
        lines=[_line(request, one, named) for one in found if not one.closed],
        closed=[_line(request, one, named) for one in found if one.closed],
        replies=[(words.say(f"signal_source.{one}"), count) for one, count in about.items()],
        add=url(request, f"{_PATH}/new") if closed else None,
    )


def show(request: Request, person: SignedIn, signal: str) -> Response:
    """One signal, how it stands and why; what a policy adviser finds of it is for them alone."""
    assesses = signals.may_read_all(person.actors)
    with reading(context(request).store) as connection:
        one = _found(connection, signal, closed=assesses)
        named = {theme.id: theme.name for theme in themes(connection)}
        people = {who.id: who.label for who in all_people(connection)} if assesses else {}
        followed = adjustments.adjustments(connection, wanted=adjustments.Wanted(signal=signal))
    opinions = _opinions(one, people)
    shown = [each for each in opinions if each.published or assesses]
    tools = ("assess", "edit", "withdraw") if assesses and one.stands else ()
    return page(
        request,
        "signal.html",
        title=one.title,
        one=one,
        line=_line(request, one, named),
        themes=[(named.get(each, each), url(request, f"/themes/{each}")) for each in one.themes],
        opinions=shown,
        kept=len([each for each in opinions if each.last]) - len([e for e in shown if e.last]),
        adjustments=[
            (
                url(request, f"/adjustments/{each.id}"),
                each.title,
                capital(words.say(f"adjustment_status.{each.status}")),
            )
            for each in followed
        ],
        tools=[
            (words.say(f"signals.{each}"), url(request, f"{_PATH}/{one.id}/{each}"))
            for each in tools
        ],
    )


def _asked(request: Request, named: Mapping[str, str]) -> tuple[Wanted, list[Field]]:
    """What the address asks, and the fields it is asked in."""
    first = day_field(request, "from", words.say("signals.filter_from"))
    until = day_field(request, "until", words.say("signals.filter_until"))
    source = chosen(request, "source", [*SignalSource])
    standing = chosen(request, "standing", [*SignalStanding])
    theme = chosen(request, "theme", named)
    wanted = Wanted(source, standing, theme, first.day or date.min, until.day or date.max)
    return wanted, [
        choice_field("source", words.say("signals.filter_source"), "signal_source", source),
        choice_field("standing", words.say("signals.filter_standing"), "signal_standing", standing),
        choice_field("theme", words.say("signals.filter_theme"), named, theme),
        first.field,
        until.field,
    ]


def _fields(request: Request, _person: Person, one: Signal | None) -> tuple[Field, ...]:
    with reading(context(request).store) as connection:
        return signal_forms.fields(themes(connection), one)


def _read(request: Request, _person: Person, wanted: str) -> Signal:
    with reading(context(request).store) as connection:
        return _found(connection, wanted, closed=True)


def _assess(store: Store, actor: Actor, wanted: str, given: Given, key: str | None) -> None:
    signalling.assess(store, actor, wanted, signal_forms.found(given), key=key)


def _found(connection: Connection, wanted: str, *, closed: bool) -> Signal:
    found = signals.signal(connection, wanted, closed=closed)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _line(request: Request, one: Signal, named: Mapping[str, str]) -> Line:
    day = words.full_day(one.received_on)
    return Line(
        one.id,
        url(request, f"{_PATH}/{one.id}"),
        one.title,
        capital(words.say(f"signal_source.{one.source}")),
        one.origin,
        words.say("signals.by_then", day=day) if one.at_latest else day,
        capital(words.say(f"signal_standing.{one.standing}")),
        _LOOKS[one.standing],
        ", ".join(named.get(theme, theme) for theme in one.themes),
    )


def _opinions(one: Signal, people: Mapping[str, str]) -> list[Opinion]:
    """What everybody found of it, the newest first."""
    last = last_of_each(one.views)

    def told(view: View) -> Opinion:
        name = view.assessor if view.published else people.get(view.assessor, view.assessor)
        assessment = capital(words.say(f"assessment.{view.assessment}"))
        day = clock.day(view.recorded_at)
        return Opinion(name, view.published, assessment, view.reasons, day, view in last)

    return [told(view) for view in reversed(one.views)]


_SCREENS = Screens(
    signalling.SIGNALS,
    _PATH,
    "signal",
    "signals.title",
    "signalled",
    _read,
    _fields,
    signal_forms.told,
    lambda one: (one.title, one.title),
)
_SCREENS.add_to(router)
_SCREENS.add_remark_to(
    router, "assess", lambda _one: signal_forms.view_fields(), _assess, "signal_assessed"
)
# After the forms: `new` is nobody's id.
router.add_api_route(f"{_PATH}/{{signal}}", show, methods=["GET"])
