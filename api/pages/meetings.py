"""Meetings: which there are, and one with its items, to be taken one after another."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble
from api.pages.considering import Taking, commands, given_in, taking
from api.pages.doing import do, overtaken
from api.pages.dossier import seen
from api.pages.forms import with_warnings
from api.pages.places import Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, day
from api.pages.rows import Row, row
from kdt import words
from kdt.access.queries import Person
from kdt.cases import queries
from kdt.errors import NotFound, Stale
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels.queries import NamedPanel
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()

_SOON = 10
_AHEAD, _BACK = timedelta(weeks=4), timedelta(weeks=6)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an agenda; `outcome` once it was taken."""

    row: Row
    position: int
    href: str
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    current: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with everything on it."""

    panel: NamedPanel
    sitting: Sitting
    items: tuple[Item, ...]
    current: Taking | None
    known: Places


@router.get("/meetings")
def show_all(request: Request, person: SignedIn, before: str | None = None) -> Response:
    """The meetings of every panel a person serves: those to come, and those gone by."""
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        mine = [one.id for one in known.required_of(person)]
        until = day(before) or now
        found = sittings(connection, mine, until - _BACK, now + _AHEAD if not before else until)
    coming = [] if before else [one for one in found if one.held_on >= now]
    past = [one for one in reversed(found) if one.held_on < until]
    return page(
        request,
        "meetings.html",
        title="Overleggen",
        heading="Overleggen",
        several=len(mine) > 1,
        coming=[_line(request, known, one, now) for one in coming[: _SOON * len(mine)]],
        past=[_line(request, known, one, now) for one in past],
        earlier=url(request, f"/meetings?before={(until - _BACK).isoformat()}") if past else None,
        latest=url(request, "/meetings") if before else None,
    )


@router.get("/meetings/{panel}/{held_on}")
def show(
    request: Request, person: SignedIn, panel: str, held_on: str, item: str | None = None
) -> Response:
    """One meeting: the item now taken (`item`, or the first still to do) and the agenda."""
    with reading(context(request).store) as connection:
        agenda = _agenda(request, connection, person, panel, held_on, item)
    return _page(request, agenda)


@router.post("/meetings/{panel}/{held_on}")
def record(
    request: Request, person: SignedIn, form: Posted, panel: str, held_on: str, item: str
) -> Response:
    """Record what an item ended in, and go on to the next."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, item)
        given = given_in(form)
        agenda = _agenda(request, connection, person, panel, held_on, item, given)
    read = commands(given, dossier)
    current = agenda.current
    if isinstance(read, Trouble):
        return _page(request, agenda, read)
    if current and (warned := with_warnings(current.fields, form)) is not None:
        return _page(request, replace(agenda, current=replace(current, fields=warned)))
    try:
        done = do(request, person, dossier, read, form)
    except Stale:
        return overtaken(request, person, item, form, current.fields if current else ())
    if isinstance(done, Trouble):
        return _page(request, agenda, done)
    return see_other(request, f"/meetings/{panel}/{held_on}", "recorded")


def _agenda(
    request: Request,
    connection: Connection,
    person: Person,
    panel: str,
    held_on: str,
    item: str | None,
    given: dict[str, str] | None = None,
) -> Agenda:
    known, on = places(connection, now := today(connection)), day(held_on)
    mine = {one.id: one for one in known.served_by(person)}
    found = sittings(connection, [panel], on, on) if on and panel in mine else []
    if not found or on is None:
        raise NotFound(words.say("refusal.not_found"))
    taken = queries.considered_at(connection, panel, on)
    waiting = queries.agenda(connection, panel, on)
    chosen = item or (waiting[0].id if waiting else None)
    base = url(request, f"/meetings/{panel}/{on.isoformat()}")
    lines = [(one.escalation, one.outcome, one.ruling, one.inquiry) for one in taken] + [
        (one, None, None, None) for one in waiting
    ]
    items = [
        Item(
            row(request, one, known, now),
            place,
            f"{base}?item={one.id}" if outcome is None else url(request, f"/escalations/{one.id}"),
            outcome,
            ruling,
            inquiry,
            one.id == chosen and outcome is None,
        )
        for place, (one, outcome, ruling, inquiry) in enumerate(lines, 1)
    ]
    current = None
    if chosen in {one.id for one in waiting} or given is not None:
        dossier = seen(connection, person, str(chosen))
        current = taking(request, dossier, f"{base}?item={chosen}", given)
    return Agenda(mine[panel], found[0], tuple(items), current, known)


def _page(request: Request, agenda: Agenda, trouble: Trouble | None = None) -> Response:
    sitting, current = agenda.sitting, agenda.current
    if current is not None and trouble is not None:
        current = current.with_trouble(trouble)
    return page(
        request,
        "meeting.html",
        trouble.status if trouble else HTTPStatus.OK,
        title=f"{agenda.panel.name}, overleg",
        meeting={
            "panel": agenda.panel.name,
            "several": agenda.panel.location is None,
            "starts_at": sitting.starts_at,
            "handled": sitting.considered,
            "listed": sitting.items,
            "finished": sitting.items > 0 and sitting.waiting == 0,
        },
        current=current,
        items=agenda.items,
    )


def _line(request: Request, known: Places, one: Sitting, now: date) -> dict[str, object]:
    return {
        "id": one.id,
        "version": one.items + one.considered,
        "href": url(request, f"/meetings/{one.panel}/{one.held_on.isoformat()}"),
        "panel": known.panel_name(one.panel),
        "starts_at": one.starts_at,
        "listed": one.items,
        "handled": one.considered,
        "missing": one.waiting if one.held_on < now else 0,
    }
