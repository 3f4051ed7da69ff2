"""Closing a meeting, which attests that all of it is recorded; opening it again; and which meetings
nobody closed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, forms
from api.pages.arranging import found_meeting
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import day as said_day
from api.pages.rendering import see_other, url
from api.pages.requests import Posted, SignedIn
from kdt import values, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.queries import labels
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.meetings import closing
from kdt.meetings.sittings import Sitting, sittings
from kdt.names import invalid
from kdt.panels.coverage import Gap
from kdt.panels.model import attestations
from kdt.panels.slots import Meeting
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem
from kdt.vocabulary import Attested, Reopening

router = APIRouter()

# How many are named one by one.
_NAMED = 5
# Nothing considers more at one meeting.
_MOST = 32_767


@dataclass(frozen=True, slots=True)
class Closing:
    """How a meeting stands with closing: what is said of it, and what may be done (label, href)."""

    said: str | None
    tool: tuple[str, str] | None
    # Where its agenda is on paper, and its minutes once there can be any.
    agenda: str
    minutes: str | None


@router.get("/meetings/{panel}/{held_on}/close")
def ask_close(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The form to close a meeting, with what would be attested."""
    now = found_meeting(request, person, panel, held_on, Right.ATTEST)
    return changes.asked(request, _close_form(now, _sitting(request, now)))


@router.post("/meetings/{panel}/{held_on}/close")
def close(request: Request, person: SignedIn, panel: str, held_on: str, posted: Posted) -> Response:
    """Close a meeting."""
    now = found_meeting(request, person, panel, held_on, Right.ATTEST)

    def make(given: Given) -> Response:
        attested, seen = _declared(given["attested"])
        store = context(request).store
        closing.close(store, person.actors, panel, now.held_on, attested, seen)
        return see_other(request, _path(now), "meeting_closed")

    return changes.answered(request, _close_form(now, _sitting(request, now)), posted, make)


@router.get("/meetings/{panel}/{held_on}/reopen")
def ask_reopen(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The form to open a meeting again."""
    return changes.asked(
        request, _reopen_form(found_meeting(request, person, panel, held_on, Right.ATTEST))
    )


@router.post("/meetings/{panel}/{held_on}/reopen")
def reopen(
    request: Request, person: SignedIn, panel: str, held_on: str, posted: Posted
) -> Response:
    """Open a meeting again."""
    now = found_meeting(request, person, panel, held_on, Right.ATTEST)

    def make(given: Given) -> Response:
        why = _why(given["reason"])
        closing.reopen(context(request).store, person.actors, panel, now.held_on, why)
        return see_other(request, _path(now), "administered")

    return changes.answered(request, _reopen_form(now), posted, make)


def of(
    request: Request,
    connection: Connection,
    actors: Sequence[Actor],
    location: str | None,
    sitting: Sitting,
    today: date,
) -> Closing:
    """How a meeting of the panel of a location stands with closing, for these."""
    may = permissions.of_panel(actors, Right.ATTEST, location) is not None
    base = url(request, f"/meetings/{quote(sitting.panel)}/{sitting.held_on.isoformat()}")
    agenda = f"{base}/agenda.pdf"
    if sitting.attested is None:
        due = sitting.stands and sitting.held_on <= today
        written = f"{base}/minutes" if due else None
        return Closing(None, _tool("close", base) if may and due else None, agenda, written)
    newest = connection.execute(
        select(attestations)
        .where(attestations.c.meeting == sitting.id)
        .order_by(attestations.c.recorded_at.desc())
        .limit(1)
    ).one()
    named = labels(connection, [newest.recorded_by])
    said = words.say(
        "closing.closed",
        day=words.moment(newest.recorded_at),
        person=named.get(newest.recorded_by, newest.recorded_by),
        attested=words.say(f"attested.{newest.attested}"),
    )
    return Closing(said, _tool("reopen", base) if may else None, agenda, f"{base}/minutes")


def missing(gaps: Sequence[Gap], named: Callable[[str], str]) -> str | None:
    """The meetings that nobody closed, in one sentence; None where there are none."""
    if not gaps:
        return None
    which = ", ".join(
        words.say("closing.gap", panel=named(one.panel), day=said_day(one.held_on))
        for one in gaps[:_NAMED]
    )
    if len(gaps) > _NAMED:
        which = words.say("closing.and_more", which=which)
    key = "one" if len(gaps) == 1 else "more"
    return words.say(f"closing.gaps_{key}", count=words.number(len(gaps)), which=which)


def _tool(what: str, base: str) -> tuple[str, str]:
    return words.say(f"closing.{what}"), f"{base}/{what}"


def _close_form(now: Meeting, sitting: Sitting) -> Form:
    considered = words.amount("consideration", sitting.considered)
    only = Attested.EVERYTHING if sitting.considered else Attested.NOTHING
    said = words.say(f"closing.{only}", considered=considered)
    left = words.say("closing.left", left=words.amount("escalation", sitting.waiting))
    declared = Field(
        "attested",
        words.say("closing.label_attested"),
        "checkboxes",
        required=True,
        hint=left if sitting.waiting else None,
        # With what they saw: who attests something that changed meanwhile is told so.
        options=(Option(f"{only}.{sitting.considered}", said),),
    )
    return _form("close", now, (declared,))


def _declared(given: str) -> tuple[Attested, int]:
    code, _, seen = given.partition(".")
    try:
        return Attested(values.code(code, tuple(Attested))), values.whole(seen, 0, _MOST)
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, "attested", wrong.details)) from wrong


def _why(given: str) -> Reopening:
    try:
        return Reopening(values.code(given, tuple(Reopening)))
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, "reason", wrong.details)) from wrong


def _reopen_form(now: Meeting) -> Form:
    options = forms.choices("reopening", Reopening)
    label = words.say("closing.label_reason")
    return _form("reopen", now, (Field("reason", label, "radio", required=True, options=options),))


def _form(what: str, now: Meeting, fields: tuple[Field, ...]) -> Form:
    path, about = _path(now), said_day(now.held_on)
    return Form(f"{what}_meeting", f"{path}/{what}", (path, about), fields, about)


def _path(now: Meeting) -> str:
    return f"/meetings/{quote(now.panel)}/{now.held_on.isoformat()}"


def _sitting(request: Request, now: Meeting) -> Sitting:
    with reading(context(request).store) as connection:
        found = sittings(connection, [now.panel], now.held_on, now.held_on)
    if not found:
        raise NotFound(words.say("refusal.not_found"))
    return found[0]
