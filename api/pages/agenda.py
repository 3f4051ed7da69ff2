"""A meeting with everything on it: its items in order, the one now taken, who is there, and what
may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from starlette.requests import Request

from api.pages import arranging, closing, consent, walking_in
from api.pages.agenda_parts import Line, Part, last_of, line_of
from api.pages.agenda_versions import NAMED, drawn_up
from api.pages.attendance import Attendance, attendance
from api.pages.closing import Closing
from api.pages.cockpit import Beside, Clock, Last, last_recorded, missing, of_today, takes
from api.pages.consent import Block
from api.pages.considering import Taking, taking
from api.pages.dossier import seen
from api.pages.places import Places, places
from api.pages.rendering import url
from api.pages.requests import day
from api.pages.rows import Row, case_name, pressing, row, that_press
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import before_panel
from kdt.cases import queries as cases
from kdt.cases.before_panel import ConsideredItem
from kdt.cases.ordering import Waiting
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound
from kdt.meetings.consenting import Taken, taken_at
from kdt.meetings.following import marks
from kdt.meetings.preparing import preparation
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels import agendas
from kdt.panels.agendas import Item as Placed
from kdt.panels.queries import NamedPanel
from kdt.store import moments
from kdt.store.moments import today

# An escalation with what became of it: outcome, ruling, inquiry, and whether without discussion.
_Taken = tuple[EscalationRow, str | None, str | None, str | None, bool]


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
class Together:
    """What else of a meeting is about the case of the item now taken, or belongs with it."""

    row: Row
    href: str
    outcome: str | None
    ruling: str | None
    inquiry: str | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting with a part of what is on it."""

    panel: NamedPanel
    sitting: Sitting
    part: Part
    items: tuple[Item, ...]
    current: Taking | None
    # What is discussed together with the item now taken, with an outcome each; and what belongs
    # with it of other cases and is not on this agenda.
    family: tuple[Together, ...]
    kin: tuple[EscalationRow, ...]
    beside: Beside
    # Where its changes are told, as long as it may change.
    live: str | None
    clock: Clock | None
    last: Last | None
    # How many deadlines press, in words; None where none does.
    pressing: str | None
    drawn: Mapping[str, object] | None
    attendance: Attendance
    # What can go without discussion, and how many items went so or otherwise.
    consent: Block
    taken: Taken
    # What may be done with the meeting as a whole.
    tools: tuple[tuple[str, str], ...]
    closing: Closing


def agenda_of(
    request: Request,
    connection: Connection,
    person: Person,
    panel: str,
    held_on: str,
    item: str | None,
    given: dict[str, str] | None = None,
    *,
    part: int | None = None,
    reads: bool = True,
) -> Agenda:
    """`part`: the one asked for, else that of the item now taken; `reads`: whether the text of the
    item is read, which is logged."""
    known, on = places(connection, now := today(connection)), day(held_on)
    mine = known.served(person, panel)
    found = sittings(connection, [panel], on, on) if on else []
    if not found or on is None:
        raise NotFound(words.say("refusal.not_found"))
    sitting, order = found[0], known.order
    base = url(request, f"/meetings/{panel}/{on.isoformat()}")
    line = line_of(connection, sitting, order, item, part, base)
    location, coming = mine.location, sitting.stands and on >= now
    places_items = coming and permissions.of_panel(person.actors, Right.PLACE, location)
    arranges = coming and permissions.of_panel(person.actors, Right.ARRANGE, location)
    there = attendance(request, connection, person, mine, sitting, begun=on <= now)
    chosen, current = line.chosen, None
    family, kin = list[Together](), list[EscalationRow]()
    if reads and (line.standing or given is not None):
        dossier = seen(connection, person, str(chosen))
        if dossier.found.family is not None:
            kin = cases.family(connection, person.actors, str(chosen))
        family = _together(request, connection, person, known, now, sitting, str(chosen), base)
        lacking = missing(connection, str(chosen), there)
        current = taking(request, dossier, f"{base}?item={chosen}", given, lacking)
    moment = moments.now(connection)
    still_open = sitting.attested is None
    last = last_of(connection, sitting, line) if on == now else None
    undoes = takes(person, mine) and still_open
    tools = arranging.tools(base) if arranges and not sitting.considered and still_open else []
    if coming and still_open and (walks_in := walking_in.tool(person, mine, base)):
        tools.append(walks_in)
    proposed = line.waiting
    if not line.part.whole:
        proposed = before_panel.agenda(connection, panel, on, order=order, proposed=True)
    follows = coming and on == now and still_open
    items = _items(
        request, connection, known, now, sitting, line, base=base, placing=bool(places_items)
    )
    return Agenda(
        mine,
        sitting,
        line.part,
        items,
        current,
        tuple(family),
        tuple(one for one in kin if one.id not in {other.row.id for other in family}),
        Beside(*(one and f"{base}?item={one}" for one in (line.previous, line.following))),
        f"{base}/live?seen={marks(connection, [(panel, on)])[panel, on]}" if follows else None,
        of_today(sitting, last, moment),
        last_recorded(last, f"{base}/undo", moment) if undoes else None,
        _pressing(connection, sitting, known, now, items),
        _drawn(request, connection, person, sitting) if sitting.version else None,
        there,
        consent.block(
            request,
            person,
            preparation(connection, location, sitting.attendance, [one.id for one in proposed]),
            proposed,
            base=f"/meetings/{panel}/{on.isoformat()}",
            may_be_taken=sitting.stands and on <= now,
            ahead=sitting.waiting > 0,
        ),
        taken_at(connection, panel, on, sitting.considered),
        tuple(tools),
        closing.of(request, connection, person.actors, location, sitting, now),
    )


def _together(
    request: Request,
    connection: Connection,
    person: Person,
    known: Places,
    now: date,
    sitting: Sitting,
    chosen: str,
    base: str,
) -> list[Together]:
    related = [one.id for one in cases.related(connection, person.actors, chosen)]
    slot = (sitting.panel, sitting.held_on)
    taken = list[ConsideredItem]()
    if sitting.considered:
        taken = before_panel.considered_at(connection, *slot, among=[chosen, *related])
    found = [
        Together(
            row(request, one.escalation, known, now),
            url(request, f"/escalations/{one.escalation.id}"),
            one.outcome,
            one.ruling,
            one.inquiry,
        )
        for one in taken
    ]
    if related:
        waiting = before_panel.agenda(connection, *slot, order=known.order, among=related)
        found += [
            Together(row(request, one, known, now), f"{base}?item={one.id}", None, None, None)
            for one in waiting
        ]
    return found


def _pressing(
    connection: Connection, sitting: Sitting, known: Places, now: date, items: Sequence[Item]
) -> str | None:
    if len(items) == sitting.items:
        return pressing([one.row for one in items if one.outcome is None], known)
    near = known.calendar.within(now, known.ahead)
    found = before_panel.pressing(connection, sitting.panel, sitting.held_on, now, near)
    return that_press(*found, known)


def _drawn(
    request: Request, connection: Connection, person: Person, sitting: Sitting
) -> dict[str, object]:
    drawn = agendas.drawn(connection, sitting.id, sitting.version)
    ids = [*drawn.since.came[:NAMED], *drawn.since.moved[:NAMED]]
    named = cases.these(connection, person.actors, ids, lambda of: [of.id]) if ids else []
    return drawn_up(request, drawn, {one.id: case_name(one) for one in named})


def _items(
    request: Request,
    connection: Connection,
    known: Places,
    today: date,
    sitting: Sitting,
    line: Line,
    *,
    base: str,
    placing: bool,
) -> tuple[Item, ...]:
    """The items in order; `placing`: whether one may be put elsewhere."""
    taken: list[_Taken] = [
        (one.escalation, one.outcome, one.ruling, one.inquiry, one.consented) for one in line.taken
    ]
    lines = taken + [(one, None, None, None, False) for one in line.waiting]
    ids = [one.id for one, *_ in lines]
    placed: Mapping[str, Placed] = {}
    if sitting.version:
        placed = agendas.placed(connection, sitting.id, sitting.version, ids)
    return tuple(
        Item(
            row(request, one, known, today),
            place,
            f"{base}?item={one.id}" if outcome is None else url(request, f"/escalations/{one.id}"),
            outcome,
            ruling,
            inquiry,
            consented,
            one.id == line.chosen and outcome is None,
            _why(known, one, placed.get(one.id)),
            _late(placed.get(one.id)),
            f"{base}/items/{one.id}/place" if placing and one.id in placed else None,
        )
        for place, (one, outcome, ruling, inquiry, consented) in enumerate(
            lines, line.part.first + 1
        )
    )


def _why(known: Places, one: EscalationRow, placed: Placed | None) -> str:
    found = placed.basis if placed else known.order.basis(Waiting.of(one))
    return words.say(f"basis.{found}")


def _late(placed: Placed | None) -> str | None:
    return words.say(f"late.{placed.late}") if placed and placed.late else None
