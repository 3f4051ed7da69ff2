"""The minutes of a meeting, and the chair's approval of them. Whoever opens them reads each case in
them, which is logged."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.arranging import found_meeting
from api.pages.dossier import Said, said
from api.pages.places import Places, places
from api.pages.rendering import day as said_day
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, day, text
from api.pages.rows import case_name
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person, labels
from kdt.access.table import Right
from kdt.errors import NotFound, Refused
from kdt.meetings import minutes
from kdt.meetings.minutes import Item, Minutes
from kdt.panels.slots import Meeting
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the minutes. `case` and `href` are none where it is not for this person; `answer`
    is what it came to, `now` what stands since it was corrected."""

    case: str | None
    number: str
    href: str | None
    question: str | None
    ground: str | None
    location: str | None
    late: str | None
    answer: Said | None
    now: Said | None
    voided: bool
    consented: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """Minutes as they are read: on a page, and on paper."""

    panel: str
    meeting: Meeting
    # Whether the panel takes cases from several locations.
    several: bool
    # How they stand: a draft, or approved; and that the meeting was closed.
    standing: tuple[str, ...]
    present: tuple[str, ...]
    draft: bool
    items: tuple[Line, ...]
    not_reached: tuple[str, ...]
    digest: str


@router.get("/meetings/{panel}/{held_on}/minutes")
def show(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The minutes as they stand, with the chair's button to approve them."""
    return _page(request, person, panel, held_on)


@router.post("/meetings/{panel}/{held_on}/minutes")
def approve(
    request: Request, person: SignedIn, panel: str, held_on: str, posted: Posted
) -> Response:
    """Approve them, as the chair read them."""
    now = found_meeting(request, person, panel, held_on, Right.APPROVE)
    store, read = context(request).store, text(posted, "digest") or ""
    try:
        minutes.approve(store, person.actors, panel, now.held_on, read)
    except Refused as refused:
        return _page(request, person, panel, held_on, str(refused))
    return see_other(request, f"{_path(now)}/minutes", "minutes_approved")


def _page(
    request: Request, person: Person, panel: str, held_on: str, problem: str | None = None
) -> Response:
    with reading(context(request).store) as connection:
        sheet, location = sheet_of(request, connection, person, panel, held_on)
    path = _path(sheet.meeting)
    approves = permissions.of_panel(person.actors, Right.APPROVE, location) is not None
    may = approves and sheet.draft and sheet.meeting.attested is not None
    return page(
        request,
        "minutes.html",
        HTTPStatus.CONFLICT if problem else HTTPStatus.OK,
        title=title(sheet),
        sheet=sheet,
        back=url(request, path),
        paper=url(request, f"{path}/minutes.pdf"),
        action=url(request, f"{path}/minutes") if may else None,
        problem=problem,
    )


def sheet_of(
    request: Request, connection: Connection, person: Person, panel: str, held_on: str
) -> tuple[Sheet, str | None]:
    """The minutes for who serves the panel, and the panel's location. Raises NotFound."""
    known, on = places(connection, today(connection)), day(held_on)
    mine = known.served(person, panel)
    found = minutes.read(connection, person.actors, panel, on) if on else None
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    sheet = Sheet(
        mine.name,
        found.meeting,
        mine.location is None,
        _standing(connection, found),
        _by_name(connection, found.present),
        found.approval is None,
        tuple(_line(request, one, known) for one in found.items),
        tuple(case_name(one) for one in found.not_reached),
        found.digest,
    )
    return sheet, mine.location


def title(sheet: Sheet) -> str:
    """What the minutes are called."""
    return words.say("minutes.of", panel=sheet.panel, day=said_day(sheet.meeting.held_on))


def _standing(connection: Connection, found: Minutes) -> tuple[str, ...]:
    closed, approval = found.closed, found.approval
    named = labels(connection, {one.person for one in (closed, approval) if one})
    told = []
    if closed:
        attested = words.say(f"attested.{closed.attested}")
        who = named.get(closed.person, closed.person)
        day_ = words.moment(closed.at)
        told.append(words.say("closing.closed", day=day_, person=who, attested=attested))
    if approval is None:
        return (*told, words.say("minutes.draft"))
    who = named.get(approval.person, approval.person)
    return (*told, words.say("minutes.approved", day=words.moment(approval.at), person=who))


def _by_name(connection: Connection, people: tuple[str, ...]) -> tuple[str, ...]:
    named = labels(connection, people)
    return tuple(named.get(one, one) for one in people)


def _line(request: Request, one: Item, known: Places) -> Line:
    late = words.say("minutes.late", why=words.say(f"late.{one.late}")) if one.late else None
    seen = one.seen
    if seen is None:
        return Line(None, one.escalation, None, None, None, None, late, None, None, False, False)
    return Line(
        case_name(seen),
        one.escalation,
        url(request, f"/escalations/{one.escalation}"),
        seen.question,
        seen.ground,
        known.location_name(seen.location),
        late,
        said(one.answer, known) if one.answer else None,
        said(one.now, known) if one.now else None,
        one.voided,
        one.consented,
    )


def _path(of: Meeting) -> str:
    return f"/meetings/{quote(of.panel)}/{of.held_on.isoformat()}"
