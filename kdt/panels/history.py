"""Meetings as a history file has them: the slots of panels with what became of them, and what was
recorded of a meeting or of the day a location takes part from.

A file names a meeting by its panel and its day: its number is of one record alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from kdt import clock
from kdt.ledger import known
from kdt.ledger.model import ledger
from kdt.ledger.service import By, Fact, append_alone
from kdt.ledger.table import Subject
from kdt.panels.model import (
    attestations,
    location_go_lives,
    meeting_attendance,
    meetings,
)
from kdt.panels.slots import attested, open_on
from kdt.store.writing import AnyRow
from kdt.vocabulary import MeetingKind, MeetingStatus, Role

# What is taken along of a meeting's chain. Agendas are not, nor minutes: those are which entries
# they were in one record.
FACTS = ("add", "move", "cancel", "attest", "reopen", "arrive", "leave")
_BATCH = 5_000


class Place(NamedTuple):
    """What a file calls a meeting by."""

    panel: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of a panel, since when it was known, and what became of its meeting. Of one that was
    only spoken of as something was listed for it, no minutes and no minimum are known."""

    place: Place
    recorded_at: datetime
    starts_at: time
    kind: MeetingKind = MeetingKind.REGULAR
    status: MeetingStatus = MeetingStatus.PLANNED
    moved_to: date | None = None
    by_hand: bool = False
    where: str | None = None
    capacity: int | None = None
    item_minutes: int | None = None
    attendance: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of a meeting, or of the location it names, as it was recorded."""

    ref: str
    recorded_at: datetime
    occurred_on: date
    actor: str
    role: Role
    fact: str
    of: Place | str
    values: Mapping[str, Any]
    texts: Mapping[str, str]


@dataclass(slots=True)
class Stands:
    """A slot with what was recorded of its meeting so far, the newest at `last`; `there`: who is at
    it, and whose seat that is. `bare`: only spoken of, so that a line may still say what it is."""

    slot: Slot
    bare: bool
    attested: bool = False
    last: datetime | None = None
    there: dict[str, str] | None = None


def is_told(connection: Connection) -> bool:
    """Whether there is anything to say of meetings but what the listings say already."""
    bare = _bare() & (meetings.c.status == MeetingStatus.PLANNED)
    found = exists().where(~bare) | exists().where(_facts()) | exists(select(location_go_lives))
    return bool(connection.scalar(select(found)))


def slots(connection: Connection) -> Iterator[Slot]:
    """All slots, in the order in which the record knows of them. One whose panel was closed since
    is as one that its pattern no longer has."""
    query = select(meetings, open_on(meetings.c.panel, meetings.c.held_on).label("open"))
    order = (meetings.c.recorded_at, meetings.c.panel, meetings.c.held_on)
    for row in _streamed(connection, query.order_by(*order)):
        yield _slot(row, dropped=not row.open and row.status == MeetingStatus.PLANNED)


def told(connection: Connection) -> Iterator[Told]:
    """What was recorded of meetings and of locations going live, in that order."""
    for row in _streamed(connection, _TOLD):
        role, values = known.said(row)
        of = row.subject_id if row.panel is None else Place(row.panel, row.held_on)
        yield Told(
            row.ref,
            row.known_at.astimezone(UTC),
            row.occurred_on,
            row.person,
            role,
            row.fact,
            of,
            values,
            row.texts or {},
        )


def standing(connection: Connection) -> dict[Place, Stands]:
    """Every slot as it stands, to hold the lines of a file against."""
    newest = select(func.max(attestations.c.recorded_at)).where(
        attestations.c.meeting == meetings.c.id
    )
    came = meeting_attendance.c
    seen = select(func.max(func.greatest(came.arrived_at, came.left_at))).where(
        came.meeting == meetings.c.id
    )
    last = func.greatest(newest.scalar_subquery(), seen.scalar_subquery())
    found = {
        row.id: Stands(_slot(row), row.bare, row.attested is not None, row.last)
        for row in connection.execute(
            select(
                meetings,
                _bare().label("bare"),
                attested().label("attested"),
                last.label("last"),
            )
        )
    }
    there = select(came.meeting, came.person, came.stands_for).where(came.left_at.is_(None))
    for row in connection.execute(there):
        one = found[row.meeting]
        one.there = {**(one.there or {}), row.person: row.stands_for}
    return {one.slot.place: one for one in found.values()}


def live_since(connection: Connection) -> dict[str, datetime]:
    """When it was last recorded of each location from which day it is live."""
    kept = location_go_lives.c
    newest = select(kept.location, func.max(kept.recorded_at).label("at")).group_by(kept.location)
    return {row.location: row.at for row in connection.execute(newest)}


def planned_days(entered: Iterable[Slot]) -> Mapping[str, list[date]]:
    """On which days each panel was to meet by a pattern, whatever became of that. What is known
    only because something was listed for it says nothing of the days between."""
    days: dict[str, list[date]] = defaultdict(list)
    for one in entered:
        regular = one.kind is MeetingKind.REGULAR and not one.by_hand
        if regular and one.capacity is not None and one.status is not MeetingStatus.DROPPED:
            days[one.place.panel].append(one.place.held_on)
    return days


def enter_slots(connection: Connection, entered: Sequence[Slot], today: date) -> None:
    """Enter slots; those that were only spoken of become what is said of them."""
    if not entered:
        return
    new = insert(meetings)
    rows = [_row(one, today) for one in entered]
    kept = (*Place._fields, "recorded_at")
    changed = {name: new.excluded[name] for name in rows[0] if name not in kept}
    connection.execute(
        new.on_conflict_do_update(index_elements=list(Place._fields), set_=changed, where=_bare()),
        rows,
    )


def enter_told(connection: Connection, by: By, entered: Sequence[Told]) -> None:
    """Record facts of meetings and locations that are there, each on behalf of who recorded it
    first; and keep them where they are read. `by`: who imports them."""
    if not entered:
        return
    numbers = {
        Place(row.panel, row.held_on): row.id
        for row in connection.execute(select(meetings.c.id, meetings.c.panel, meetings.c.held_on))
    }
    facts = []
    for one in entered:
        of_meeting = isinstance(one.of, Place)
        fact = Fact(
            Subject.MEETING if of_meeting else Subject.LOCATION,
            str(numbers[one.of]) if isinstance(one.of, Place) else one.of,
            one.fact,
            one.values,
            one.texts,
            one.occurred_on,
            one.ref,
        )
        since = known.since(fact, one.recorded_at)
        facts.append((By(one.actor, one.role, by.import_id), since))
    append_alone(connection, facts)
    _keep(connection, entered, numbers)


def _keep(connection: Connection, entered: Iterable[Told], numbers: Mapping[Place, int]) -> None:
    """Keep what was told where it is read."""
    lives, closings = [], []
    came: dict[tuple[int, str], list[dict[str, object]]] = {}
    left: list[dict[str, object]] = []
    for one in entered:
        kept = {"recorded_by": one.actor, "recorded_at": one.recorded_at}
        if not isinstance(one.of, Place):
            lives.append({"location": one.of, **one.values, **kept})
            continue
        number = numbers[one.of]
        if one.fact in ("attest", "reopen"):
            names = ("attested", "considered", "reason")
            said = {name: one.values.get(name) for name in names}
            closings.append({"meeting": number, **said, **kept})
        elif one.fact == "arrive":
            row: dict[str, object] = {
                "meeting": number,
                **one.texts,
                "arrived_at": one.recorded_at,
                "left_at": None,
            }
            came.setdefault((number, one.texts["person"]), []).append(row)
        elif one.fact == "leave":
            rows = came.get((number, one.texts["person"]))
            if rows:
                rows[-1]["left_at"] = one.recorded_at
            else:
                gone = {"of": number, "who": one.texts["person"], "at": one.recorded_at}
                left.append(gone)
    for gone in left:
        # Who was there before the file.
        this = (meeting_attendance.c.meeting == gone["of"]) & (
            meeting_attendance.c.person == gone["who"]
        )
        going = update(meeting_attendance).where(this, meeting_attendance.c.left_at.is_(None))
        connection.execute(going.values(left_at=gone["at"]))
    attended = [row for rows in came.values() for row in rows]
    for table, these in (
        (location_go_lives, lives),
        (attestations, closings),
        (meeting_attendance, attended),
    ):
        if these:
            connection.execute(insert(table), these)


def _row(slot: Slot, today: date) -> dict[str, object]:
    ahead = slot.by_hand and slot.status is MeetingStatus.PLANNED and slot.place.held_on >= today
    begins = datetime.combine(slot.place.held_on, slot.starts_at, clock.AMSTERDAM)
    return {
        **slot.place._asdict(),
        "starts_at": slot.starts_at,
        "kind": slot.kind,
        "status": slot.status,
        "moved_to": slot.moved_to,
        "by_hand": slot.by_hand,
        "place": slot.where,
        "capacity": slot.capacity,
        "item_minutes": slot.item_minutes,
        "attendance": slot.attendance,
        # What no pattern knows of is drawn up as it begins (`kdt.meetings.arranging.add`).
        "cut_off": begins if ahead else None,
        "recorded_at": slot.recorded_at,
    }


def _slot(row: AnyRow, *, dropped: bool = False) -> Slot:
    return Slot(
        Place(row.panel, row.held_on),
        row.recorded_at.astimezone(UTC),
        row.starts_at,
        MeetingKind(row.kind),
        MeetingStatus.DROPPED if dropped else MeetingStatus(row.status),
        row.moved_to,
        row.by_hand,
        row.place or None,
        row.capacity,
        row.item_minutes,
        row.attendance,
    )


def _bare() -> ColumnElement[bool]:
    """Whether a slot is there only because something was listed for it."""
    return and_(
        meetings.c.capacity.is_(None),
        meetings.c.cut_off.is_(None),
        meetings.c.by_hand.is_(False),
        meetings.c.version == 0,
        meetings.c.kind == MeetingKind.REGULAR,
        meetings.c.status == MeetingStatus.PLANNED,
    )


def _facts() -> ColumnElement[bool]:
    return or_(
        (ledger.c.subject == Subject.MEETING) & ledger.c.fact.in_(FACTS),
        (ledger.c.subject == Subject.LOCATION) & (ledger.c.fact == "go_live"),
    )


def _streamed(connection: Connection, query: Any) -> Iterator[AnyRow]:
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as found:
        yield from found


_TOLD = text(f"""
    select {known.COLUMNS}, m.panel, m.held_on
    from {known.FACTS}
    left join meetings m on f.subject = 'meeting' and m.id::text = f.subject_id
    -- A slot that a meeting left behind has nothing of its own to tell.
    where f.subject = 'meeting' and f.fact = any(:facts) and m.status <> 'moved'
        -- Nor has what says no more who came or went.
        and not exists (
            select from ledger_texts t
            where t.subject = f.subject and t.subject_id = f.subject_id and t.seq = f.seq
              and t.field = 'person' and t.content is null
        )
        or f.subject = 'location' and f.fact = 'go_live'
    order by known_at, m.panel nulls first, m.held_on, f.subject_id, f.seq
""").bindparams(facts=list(FACTS))
