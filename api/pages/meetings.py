"""Meetings: which there are, and one whose items are taken one after another."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble
from api.pages import arranging, closing, families, panel_figures
from api.pages.agenda import Agenda, agenda_of
from api.pages.agenda_parts import asked
from api.pages.considering import EXPLAINED, commands, given_in, undoing
from api.pages.doing import do, overtaken
from api.pages.dossier import seen
from api.pages.forms import with_warnings
from api.pages.places import Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, day, text
from kdt import words
from kdt.access import permissions
from kdt.access.table import Right
from kdt.cases import before_panel
from kdt.errors import NotFound, Stale, refused
from kdt.meetings.figures import standings
from kdt.meetings.hall import Code
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels.coverage import gaps
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()

_SOON = 10
_AHEAD, _BACK = timedelta(weeks=4), timedelta(weeks=6)


@router.get("/meetings")
def show_all(request: Request, person: SignedIn, before: str | None = None) -> Response:
    """The meetings of every panel a person serves: those to come, and those gone by."""
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        mine = known.required_of(person)
        until = day(before) or now
        found = sittings(
            connection,
            [one.id for one in mine],
            until - _BACK,
            now + _AHEAD if not before else until,
        )
        open_ones = gaps(connection, now, [one.id for one in mine])
        stands = standings(connection, mine, now)
    without = {(one.panel, one.held_on) for one in open_ones}
    missing = closing.missing(open_ones, known.panel_name)
    coming = [] if before else [one for one in found if one.held_on >= now]
    past = [one for one in reversed(found) if one.held_on < until]
    return page(
        request,
        "meetings.html",
        title="Overleggen",
        heading="Overleggen",
        several=len(mine) > 1,
        missing=missing,
        stands=[(one.name, panel_figures.line(stands[one.id], known, now)) for one in mine],
        feeds=url(request, "/calendar-feeds")
        if permissions.holder(person.actors, Right.SIT)
        else None,
        coming=[_line(request, known, one, now, without) for one in coming[: _SOON * len(mine)]],
        past=[_line(request, known, one, now, without) for one in past],
        earlier=url(request, f"/meetings?before={(until - _BACK).isoformat()}") if past else None,
        latest=url(request, "/meetings") if before else None,
        add=[
            (arranging.adding(one, several=len(mine) > 1), url(request, f"/meetings/{one.id}/new"))
            for one in mine
            if permissions.of_panel(person.actors, Right.ARRANGE, one.location)
        ],
    )


@router.get("/meetings/{panel}/{held_on}")
def show(
    request: Request,
    person: SignedIn,
    panel: str,
    held_on: str,
    item: str | None = None,
    following: str | None = None,
    part: str | None = None,
) -> Response:
    """One meeting: the item now taken (`item`, or the first still to do) and the agenda, or a part
    of it; without that item's text for a page that has it already and is only `following`."""
    shown, reads = asked(part), not following
    with reading(context(request).store) as connection:
        agenda = agenda_of(
            request, connection, person, panel, held_on, item, part=shown, reads=reads
        )
    return _page(request, agenda)


@router.post("/meetings/{panel}/{held_on}/undo")
def undo(request: Request, person: SignedIn, form: Posted, panel: str, held_on: str) -> Response:
    """Void what an item ended in, with an entry that says so, and take the item again."""
    item = text(form, "item") or ""
    with reading(context(request).store) as connection:
        agenda = agenda_of(request, connection, person, panel, held_on, None)
        on = agenda.sitting.held_on
        if agenda.sitting.attested is not None:
            raise refused(Code.MEETING_CLOSED, held_on=on)
        taken = before_panel.considered_at(connection, panel, on, among=[item])
        ref = taken[0].ref if taken else None
        if ref is None:
            raise NotFound(words.say("refusal.not_found"))
        dossier = seen(connection, person, item)
    try:
        done = do(request, person, dossier, undoing(dossier, ref), form)
    except Stale:
        return overtaken(request, person, item, form, ())
    if isinstance(done, Trouble):
        return _page(request, agenda, done)
    return see_other(request, f"/meetings/{panel}/{held_on}?item={item}", "undone")


@router.post("/meetings/{panel}/{held_on}")
def record(
    request: Request, person: SignedIn, form: Posted, panel: str, held_on: str, item: str
) -> Response:
    """Record what an item ended in, and go on to the next."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, item)
        given = given_in(form)
        agenda = agenda_of(request, connection, person, panel, held_on, item, given)
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


def _page(request: Request, agenda: Agenda, trouble: Trouble | None = None) -> Response:
    sitting, current = agenda.sitting, agenda.current
    problem = trouble.detail if trouble else None
    if current is not None and trouble is not None:
        current = current.with_trouble(trouble)
        problem = current.problem
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
            "place": sitting.place,
            "kind": sitting.kind,
            "status": sitting.status,
            "moved_to": sitting.moved_to,
            "moved_href": (
                url(request, f"/meetings/{sitting.panel}/{sitting.moved_to.isoformat()}")
                if sitting.moved_to
                else None
            ),
        },
        agenda=agenda.drawn,
        attendance=agenda.attendance,
        consent=agenda.consent,
        consent_taken=agenda.taken,
        tools=agenda.tools,
        closing=agenda.closing,
        current=current,
        problem=problem,
        beside=agenda.beside,
        live=agenda.live,
        clock=agenda.clock,
        last=agenda.last,
        inquiry_fields=EXPLAINED,
        items=agenda.items,
        part=agenda.part,
        family=agenda.family,
        kin=[families.relative(request, one) for one in agenda.kin],
        pressing=agenda.pressing,
    )


def _line(
    request: Request,
    known: Places,
    one: Sitting,
    now: date,
    open_ones: Collection[tuple[str, date]],
) -> dict[str, object]:
    return {
        "id": one.id,
        "version": one.items + one.considered,
        "href": url(request, f"/meetings/{one.panel}/{one.held_on.isoformat()}"),
        "panel": known.panel_name(one.panel),
        "starts_at": one.starts_at,
        "kind": one.kind,
        "status": one.status,
        "moved_to": one.moved_to,
        "listed": one.items,
        "handled": one.considered,
        "missing": one.waiting if one.held_on < now else 0,
        "attested": one.attested,
        "gap": (one.panel, one.held_on) in open_ones,
    }
