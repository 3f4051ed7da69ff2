"""Who of a panel is at its meeting: entered when they come in and when they go, by who takes the
meeting, or stands in for them. Each is a fact of the meeting's own chain in the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from kdt.access import delegating
from kdt.access.permissions import Actor
from kdt.access.queries import seated
from kdt.access.table import Right
from kdt.cases import around
from kdt.errors import refused
from kdt.ledger.service import Fact, Recorded, append
from kdt.ledger.table import Subject
from kdt.meetings.hall import Code, Hall, entered, held
from kdt.panels.model import meeting_attendance
from kdt.panels.slots import attested_now
from kdt.store.engine import Store
from kdt.store.writing import ask

# Whoever records an outcome holds this shared (kdt.cases.quorum).
_LOCK = b"select pg_advisory_xact_lock(hashtextextended(%s || ' ' || %s::date, 4))"


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody of the panel at its meeting, or one who is not there; `stands_for` is whose seat it
    is, `left_at` when they went for good."""

    person: str
    label: str
    stands_for: str
    arrived_at: datetime | None = None
    left_at: datetime | None = None

    @property
    def present(self) -> bool:
        """Whether they are there now."""
        return self.arrived_at is not None and self.left_at is None


def attend(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    *,
    arrived: Collection[str] = (),
    left: Collection[str] = (),
) -> None:
    """Enter who came in and who went, by their ids; of who was there already, or gone, nothing.

    Raises NotFound, Forbidden and Refused.
    """
    with entered(store, actors, panel, held_on, Right.ATTENDANCE) as hall:
        ask(hall.connection, (_LOCK, (panel, held_on)))
        here: int = held(hall, held_on).id
        if attested_now(hall.connection, here):
            raise refused(Code.MEETING_CLOSED, held_on=held_on)
        there = _present(hall.connection, here)
        seats = _seats(hall)
        if not seats.keys() >= {*arrived} - there.keys():
            raise refused(around.Code.NOT_IN_PANEL)
        # Of a day gone by: then, though it is entered now.
        day = min(held_on, hall.today)
        refs = []
        for person in sorted({*arrived} - there.keys()):
            told = _told(hall, here, "arrive", person, seats[person], day)
            row = {"meeting": here, "person": person, "arrived_at": told.recorded_at}
            refs.append(told.ref)
            new = insert(meeting_attendance).values(**row, stands_for=seats[person])
            hall.connection.execute(new)
        for person in sorted({*left} & there.keys()):
            told = _told(hall, here, "leave", person, there[person], day)
            refs.append(told.ref)
            this = (meeting_attendance.c.meeting == here) & (meeting_attendance.c.person == person)
            gone = update(meeting_attendance).where(this, meeting_attendance.c.left_at.is_(None))
            hall.connection.execute(gone.values(left_at=told.recorded_at))
        _stood_in(hall, here, refs)


def presences(connection: Connection, panel_at: str | None, number: int) -> list[Presence]:
    """Everybody who sits in the panel of a location, whether they are at this meeting or not, and
    who was there and sits in it no more; by name."""
    rows = meeting_attendance.c
    found = connection.execute(
        select(meeting_attendance).where(rows.meeting == number).order_by(rows.arrived_at)
    )
    last = {row.person: row for row in found}
    seats: dict[str, Presence] = {}
    for one, seat in seated(connection, panel_at):
        seats.setdefault(one.id, Presence(one.id, one.label, seat.stands_for))
    for person, row in last.items():
        label = seats[person].label if person in seats else person
        seats[person] = Presence(person, label, row.stands_for, row.arrived_at, row.left_at)
    return sorted(seats.values(), key=lambda one: (one.label.casefold(), one.person))


def _present(connection: Connection, number: int) -> dict[str, str]:
    """Who is there now, and whose seat that is."""
    rows = meeting_attendance.c
    found = connection.execute(
        select(rows.person, rows.stands_for).where(rows.meeting == number, rows.left_at.is_(None))
    )
    return {row.person: row.stands_for for row in found}


def _seats(hall: Hall) -> dict[str, str]:
    """Whose seat everybody of the panel takes: rather their own than a colleague's."""
    seats: dict[str, str] = {}
    for one, seat in seated(hall.connection, hall.panel.location):
        seats.setdefault(one.id, seat.stands_for)
    return seats


def _stood_in(hall: Hall, number: int, refs: Sequence[str]) -> None:
    """Keep for whom it was entered. Raises Refused for who stands in no more."""
    if hall.actor.on_behalf_of is None or not refs:
        return
    if not delegating.holds(hall.connection, hall.actor):
        raise refused(around.Code.STANDS_IN_NO_MORE)
    texts = {"person": hall.actor.on_behalf_of}
    append(
        hall.connection,
        hall.by,
        Fact(Subject.MEETING, str(number), "stand_in", {"entries": [*refs]}, texts),
    )


def _told(hall: Hall, number: int, fact: str, person: str, seat: str, day: date) -> Recorded:
    texts = {"person": person, "stands_for": seat}
    told = Fact(Subject.MEETING, str(number), fact, texts=texts, occurred_on=day)
    (recorded,) = append(hall.connection, hall.by, told)
    return recorded
