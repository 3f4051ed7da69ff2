"""A meeting with everything on it: its items in order, the one now taken, who is there, and what
may be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from starlette.requests import Request

from api.pages import arranging, closing, consent, walking_in
from api.pages.attendance import Attendance, attendance
from api.pages.closing import Closing
from api.pages.cockpit import Beside, Clock, Last, beside, last_recorded, missing, of_today, takes
from api.pages.consent import Block
from api.pages.considering import Taking, taking
from api.pages.dossier import seen
from api.pages.places import Places, places
from api.pages.rendering import url
from api.pages.requests import day
from api.pages.rows import Row, row
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import before_panel
from kdt.cases import queries as cases
from kdt.cases.ordering import Waiting
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound
from kdt.meetings.consenting import Taken
from kdt.meetings.following import marks
from kdt.meetings.preparing import preparation
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels import agendas
from kdt.panels.agendas import Item as Placed
from kdt.panels.agendas import Version
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

    @property
    def family(self) -> list[Item]:
        """What else of this meeting is about the case of the item now taken, or belongs with it:
        they are discussed together, and have an outcome each."""
        now = next((one for one in self.items if one.current), None)
        if now is None:
            return []
        kin = {one.id for one in self.kin}
        return [
            one
            for one in self.items
            if one is not now and (one.row.case == now.row.case or one.row.id in kin)
        ]


def agenda_of(
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
    mine = known.served(person, panel)
    found = sittings(connection, [panel], on, on) if on else []
    if not found or on is None:
        raise NotFound(words.say("refusal.not_found"))
    taken = before_panel.considered_at(connection, panel, on)
    waiting = before_panel.agenda(connection, panel, on, order=known.order)
    made = agendas.versions(connection, found[0].id) if found[0].version else []
    placed = {one.escalation: one for one in made[-1].items} if made else {}
    location, coming = mine.location, found[0].stands and on >= now
    places_items = coming and permissions.of_panel(person.actors, Right.PLACE, location)
    arranges = coming and permissions.of_panel(person.actors, Right.ARRANGE, location)
    by_consent = sum(one.consented for one in taken)
    chosen = item or (waiting[0].id if waiting else None)
    base = url(request, f"/meetings/{panel}/{on.isoformat()}")
    lines = [
        (one.escalation, one.outcome, one.ruling, one.inquiry, one.consented) for one in taken
    ] + [(one, None, None, None, False) for one in waiting]
    items = _items(
        request, known, now, lines, placed, base=base, chosen=chosen, placing=bool(places_items)
    )
    there = attendance(request, connection, person, mine, found[0], begun=on <= now)
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
    undoes = takes(person, mine) and still_open
    tools = arranging.tools(base) if arranges and not taken and still_open else []
    if coming and still_open and (walks_in := walking_in.tool(person, mine, base)):
        tools.append(walks_in)
    return Agenda(
        mine,
        found[0],
        items,
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


def _items(
    request: Request,
    known: Places,
    today: date,
    lines: Sequence[_Taken],
    placed: Mapping[str, Placed],
    *,
    base: str,
    chosen: str | None,
    placing: bool,
) -> tuple[Item, ...]:
    """The items in order; `placing`: whether one may be put elsewhere."""
    return tuple(
        Item(
            row(request, one, known, today),
            place,
            f"{base}?item={one.id}" if outcome is None else url(request, f"/escalations/{one.id}"),
            outcome,
            ruling,
            inquiry,
            consented,
            one.id == chosen and outcome is None,
            _why(known, one, placed.get(one.id)),
            _late(placed.get(one.id)),
            f"{base}/items/{one.id}/place" if placing and one.id in placed else None,
        )
        for place, (one, outcome, ruling, inquiry, consented) in enumerate(lines, 1)
    )


def _why(known: Places, one: EscalationRow, placed: Placed | None) -> str:
    found = placed.basis if placed else known.order.basis(Waiting.of(one))
    return words.say(f"basis.{found}")


def _late(placed: Placed | None) -> str | None:
    return words.say(f"late.{placed.late}") if placed and placed.late else None
