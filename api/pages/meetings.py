"""Meetings: which there are, and one with its items, to be taken one after another."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import Trouble
from api.pages import arranging, closing, consent, families, panel_figures, walking_in
from api.pages.agenda_versions import drawn_up
from api.pages.attendance import Attendance, attendance
from api.pages.closing import Closing
from api.pages.cockpit import Beside, Clock, Last, beside, last_recorded, missing, of_today, takes
from api.pages.consent import Block
from api.pages.considering import EXPLAINED, Taking, commands, given_in, taking, undoing
from api.pages.doing import do, overtaken
from api.pages.dossier import seen
from api.pages.forms import with_warnings
from api.pages.places import Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, day, text
from api.pages.rows import Row, pressing, row
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import before_panel
from kdt.cases import queries as cases
from kdt.cases.ordering import Waiting
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound, Stale, refused
from kdt.meetings.consenting import Taken
from kdt.meetings.figures import standings
from kdt.meetings.following import marks
from kdt.meetings.hall import Code
from kdt.meetings.preparing import preparation
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels import agendas
from kdt.panels.agendas import Item as Placed
from kdt.panels.agendas import Version
from kdt.panels.coverage import gaps
from kdt.panels.queries import NamedPanel
from kdt.store import moments
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
    # Whether it went without discussion.
    consented: bool
    current: bool
    # Why it has its place, and, of what came after the agenda was drawn up, why all the same.
    why: str
    late: str | None
    place_href: str | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with everything on it."""

    panel: NamedPanel
    sitting: Sitting
    items: tuple[Item, ...]
    current: Taking | None
    # What belongs with the item now taken, here or elsewhere, of other cases.
    kin: tuple[EscalationRow, ...]
    beside: Beside
    # Where its changes are told, as long as it may change.
    live: str | None
    clock: Clock | None
    last: Last | None
    known: Places
    versions: tuple[Version, ...]
    attendance: Attendance
    # What can go without discussion, and how many items went so or otherwise.
    consent: Block
    taken: Taken
    # What may be done with the meeting as a whole.
    tools: tuple[tuple[str, str], ...]
    closing: Closing


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
) -> Response:
    """One meeting: the item now taken (`item`, or the first still to do) and the agenda; without
    that item's text for a page that has it already and is only `following`."""
    with reading(context(request).store) as connection:
        agenda = _agenda(request, connection, person, panel, held_on, item, reads=not following)
    return _page(request, agenda)


@router.post("/meetings/{panel}/{held_on}/undo")
def undo(request: Request, person: SignedIn, form: Posted, panel: str, held_on: str) -> Response:
    """Void what an item ended in, with an entry that says so, and take the item again."""
    item = text(form, "item") or ""
    with reading(context(request).store) as connection:
        agenda = _agenda(request, connection, person, panel, held_on, None)
        on = agenda.sitting.held_on
        if agenda.sitting.attested is not None:
            raise refused(Code.MEETING_CLOSED, held_on=on)
        taken = before_panel.considered_at(connection, panel, on)
        ref = next((one.ref for one in taken if one.escalation.id == item), None)
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
    *,
    reads: bool = True,
) -> Agenda:
    """`reads`: whether the text of the item is read, which is logged."""
    known, on = places(connection, now := today(connection)), day(held_on)
    mine = {one.id: one for one in known.served_by(person)}
    found = sittings(connection, [panel], on, on) if on and panel in mine else []
    if not found or on is None:
        raise NotFound(words.say("refusal.not_found"))
    taken = before_panel.considered_at(connection, panel, on)
    waiting = before_panel.agenda(connection, panel, on, order=known.order)
    made = agendas.versions(connection, found[0].id) if found[0].version else []
    placed = {one.escalation: one for one in made[-1].items} if made else {}
    location, coming = mine[panel].location, found[0].stands and on >= now
    places_items = coming and permissions.of_panel(person.actors, Right.PLACE, location)
    arranges = coming and permissions.of_panel(person.actors, Right.ARRANGE, location)
    by_consent = sum(one.consented for one in taken)
    chosen = item or (waiting[0].id if waiting else None)
    base = url(request, f"/meetings/{panel}/{on.isoformat()}")
    lines = [
        (one.escalation, one.outcome, one.ruling, one.inquiry, one.consented) for one in taken
    ] + [(one, None, None, None, False) for one in waiting]
    items = [
        Item(
            row(request, one, known, now),
            place,
            f"{base}?item={one.id}" if outcome is None else url(request, f"/escalations/{one.id}"),
            outcome,
            ruling,
            inquiry,
            consented,
            one.id == chosen and outcome is None,
            _why(known, one, placed.get(one.id)),
            _late(placed.get(one.id)),
            f"{base}/items/{one.id}/place" if places_items and one.id in placed else None,
        )
        for place, (one, outcome, ruling, inquiry, consented) in enumerate(lines, 1)
    ]
    there = attendance(request, connection, person, mine[panel], found[0], begun=on <= now)
    current, kin = None, list[EscalationRow]()
    if reads and (chosen in {one.id for one in waiting} or given is not None):
        dossier = seen(connection, person, str(chosen))
        if dossier.found.family is not None:
            kin = cases.family(connection, person.actors, str(chosen))
        lacking = missing(connection, str(chosen), there)
        current = taking(request, dossier, f"{base}?item={chosen}", given, lacking)
    moment = moments.now(connection)
    still_open = found[0].attested is None
    follows = coming and on == now and still_open
    undoes = takes(person, mine[panel]) and still_open
    tools = arranging.tools(base) if arranges and not taken and still_open else []
    if coming and still_open and (walks_in := walking_in.tool(person, mine[panel], base)):
        tools.append(walks_in)
    return Agenda(
        mine[panel],
        found[0],
        tuple(items),
        current,
        tuple(kin),
        beside([(one.row.id, one.href) for one in items if one.outcome is None], chosen),
        f"{base}/live?seen={marks(connection, [(panel, on)])[panel, on]}" if follows else None,
        of_today(found[0], taken, moment),
        last_recorded(taken, f"{base}/undo", moment) if undoes else None,
        known,
        tuple(made),
        there,
        consent.block(
            request,
            person,
            preparation(connection, location, found[0].attendance, [one.id for one in waiting]),
            waiting,
            base=f"/meetings/{panel}/{on.isoformat()}",
            may_be_taken=found[0].stands and on <= now,
        ),
        Taken(by_consent, len(taken) - by_consent),
        tuple(tools),
        closing.of(request, connection, person.actors, location, found[0], now),
    )


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
        agenda=drawn_up(
            request, agenda.versions, {one.row.id: one.row.case for one in agenda.items}
        ),
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
        family=_family(agenda),
        kin=[
            families.relative(request, one)
            for one in agenda.kin
            if one.id not in {item.row.id for item in agenda.items}
        ],
        pressing=pressing([one.row for one in agenda.items if not one.outcome], agenda.known),
    )


def _family(agenda: Agenda) -> list[Item]:
    """What else of this meeting is about the case of the item now taken, or belongs with it: they
    are discussed together, and have an outcome each."""
    now = next((one for one in agenda.items if one.current), None)
    if now is None:
        return []
    kin = {one.id for one in agenda.kin}
    return [
        one
        for one in agenda.items
        if one is not now and (one.row.case == now.row.case or one.row.id in kin)
    ]


def _why(known: Places, one: EscalationRow, placed: Placed | None) -> str:
    found = placed.basis if placed else known.order.basis(Waiting.of(one))
    return words.say(f"basis.{found}")


def _late(placed: Placed | None) -> str | None:
    return words.say(f"late.{placed.late}") if placed and placed.late else None


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
