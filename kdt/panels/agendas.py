"""Agendas and their versions: drawn up once, and never changed. What comes, goes or moves makes the
next version, within the transaction of what brought it about."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, select, update

from kdt import words
from kdt.errors import Stale
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.panels.model import agenda_items, agenda_versions, meetings
from kdt.panels.slots import attested_now
from kdt.store import moments
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, ask, insert
from kdt.vocabulary import Basis, Late, MeetingStatus, Placing, VersionChange

_OPEN = (
    f"select id from meetings where panel = %s and held_on = %s and version = 0 "
    f"and status = '{MeetingStatus.PLANNED}' for share"
).encode()
# Asked once the meeting is held: whoever closed it meanwhile is seen.
_CLOSED = b"""
    select from meetings join lateral (
        select attested from attestations where meeting = meetings.id
        order by recorded_at desc limit 1
    ) newest on newest.attested is not null
    where panel = %s and held_on = %s
"""


# Why something still comes on an agenda that is drawn up, as somebody can say.
WHY_LATE = tuple(one for one in Late if one is not Late.UNSTATED)


@dataclass(frozen=True, slots=True)
class Item:
    """One escalation on a version of an agenda; `late` says why it came after version 1."""

    escalation: str
    basis: Basis
    late: Late | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an agenda: what made it, and its items in order."""

    number: int
    recorded_at: datetime
    change: VersionChange
    escalation: str | None
    reason: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What came, what went and what moved from one version to another, by escalation."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """How an agenda that is drawn up stands: its newest version, how that differs from the first,
    and why what came later did."""

    number: int
    drawn_up_at: datetime
    changed_at: datetime
    since: Difference
    late: Mapping[str, Late]


def difference(before: Sequence[Item], after: Sequence[Item]) -> Difference:
    """How two versions differ. Moved is what stands elsewhere among those that are on both, as few
    as explain the new order."""
    old = [one.escalation for one in before]
    new = [one.escalation for one in after]
    stayed = [one for one in new if one in set(old)]
    places = {one: place for place, one in enumerate(old)}
    kept = _longest_rising([places[one] for one in stayed])
    return Difference(
        tuple(one for one in new if one not in places),
        tuple(one for one in old if one not in set(new)),
        tuple(one for one in stayed if places[one] not in kept),
    )


def draw_up(
    connection: Connection, by: By, meeting: int, items: Sequence[Item], now: datetime
) -> None:
    """Freeze the agenda of a meeting, whose row is locked, as version 1."""
    _write(connection, meeting, Version(1, now, VersionChange.DRAWN_UP, None, None, tuple(items)))
    listed = {"items": [one.escalation for one in items]}
    append(connection, by, Fact(Subject.MEETING, str(meeting), "draw_up", listed))


def came(
    connection: Connection, panel: str, held_on: date, escalation: str, why: Late, *, listed: bool
) -> None:
    """An escalation is on an agenda that is not `still_open`: where that was drawn up already it
    comes at its end, late. The agenda of a meeting that was closed stays as it was: nothing is
    `listed` for it, and what a correction brings back there the clock carries over.

    Raises Stale when the meeting was moved, cancelled or closed meanwhile.
    """
    row = locked(connection, panel, held_on)
    closed = row is not None and attested_now(connection, row.id) is not None
    if row is None or row.status != MeetingStatus.PLANNED or (closed and listed):
        raise Stale(words.say("refusal.meeting_changed"))
    if row.version == 0 or closed:
        return
    now = _newest(connection, row)
    if escalation in {one.escalation for one in now.items}:
        return
    items = (*now.items, Item(escalation, Basis.LATE, why))
    _next(connection, row, now, VersionChange.CAME, escalation, why, items)


def went(connection: Connection, panel: str, held_on: date, escalation: str, why: str) -> None:
    """An escalation is on an agenda no longer, without being considered; `why` is what was done.
    The agenda of a meeting that was closed stays as it was."""
    still, closed = ask(connection, still_open(panel, held_on), (_CLOSED, (panel, held_on)))
    if still and not closed:
        return
    row = locked(connection, panel, held_on)
    if row is None or row.version == 0 or row.status != MeetingStatus.PLANNED:
        return
    if attested_now(connection, row.id):
        return
    now = _newest(connection, row)
    items = tuple(one for one in now.items if one.escalation != escalation)
    if len(items) < len(now.items):
        _next(connection, row, now, VersionChange.WENT, escalation, why, items)


def place(
    connection: Connection, by: By, row: AnyRow, escalation: str, position: int, why: Placing
) -> bool:
    """Give an item of a locked meeting another place (the first is 1); whether it was there."""
    now = _newest(connection, row)
    mine = next((one for one in now.items if one.escalation == escalation), None)
    if mine is None:
        return False
    others = [one for one in now.items if one is not mine]
    at = min(max(position, 1), len(now.items)) - 1
    items = (*others[:at], replace(mine, basis=Basis.MOVED), *others[at:])
    made = _next(connection, row, now, VersionChange.MOVED, escalation, why, items)
    values = {"version": made, "position": at + 1, "reason": why}
    append(connection, by, Fact(Subject.MEETING, str(row.id), "move_item", values))
    return True


def locked(connection: Connection, panel: str, held_on: date) -> AnyRow | None:
    """The slot of a panel on a day, for nobody else to change until the transaction ends."""
    slot = (meetings.c.panel == panel) & (meetings.c.held_on == held_on)
    return connection.execute(select(meetings).where(slot).with_for_update()).one_or_none()


def still_open(panel: str, held_on: date) -> Statement:
    """A row when an agenda is still to be drawn up: that, and closing the meeting, then wait until
    the transaction ends; who lists for it does not wait for others who do."""
    return _OPEN, (panel, held_on)


def versions(connection: Connection, meeting: int) -> list[Version]:
    """Every version of an agenda, in order."""
    return _versions(connection, meeting, None)


def drawn(connection: Connection, meeting: int, version: int) -> Drawn:
    """How the agenda of a meeting stands whose newest version is `version`. As long as that is the
    first there is nothing to compare, and none of its items is read."""
    if version == 1:
        made = agenda_versions.c
        first = select(made.recorded_at).where(made.meeting == meeting, made.version == 1)
        at = connection.execute(first).scalar_one()
        return Drawn(version, at, at, Difference((), (), ()), {})
    before, now = _versions(connection, meeting, (1, version))
    late = {one.escalation: one.late for one in now.items if one.late}
    since = difference(before.items, now.items)
    return Drawn(version, before.recorded_at, now.recorded_at, since, late)


def placed(
    connection: Connection, meeting: int, version: int, among: Sequence[str]
) -> dict[str, Item]:
    """Of these what stands on a version of an agenda, by escalation."""
    item = agenda_items.c
    query = select(item.escalation_id, item.basis, item.late).where(
        item.meeting == meeting, item.version == version, item.escalation_id.in_(among)
    )
    return {row.escalation_id: _item(*row) for row in connection.execute(query)}


def _newest(connection: Connection, row: AnyRow) -> Version:
    (found,) = _versions(connection, row.id, (row.version,))
    return found


def _versions(connection: Connection, meeting: int, only: Sequence[int] | None) -> list[Version]:
    made, item = agenda_versions.c, agenda_items.c
    query = (
        select(agenda_versions, item.escalation_id.label("item"), item.basis, item.late)
        .outerjoin_from(
            agenda_versions,
            agenda_items,
            (item.meeting == made.meeting) & (item.version == made.version),
        )
        .where(made.meeting == meeting)
        .order_by(made.version, item.position)
    )
    if only is not None:
        query = query.where(made.version.in_(only))
    return [
        _version([*rows]) for _, rows in groupby(connection.execute(query), attrgetter("version"))
    ]


def _version(rows: Sequence[AnyRow]) -> Version:
    """A version from a row for each of its items, or one without."""
    first = rows[0]
    return Version(
        first.version,
        first.recorded_at,
        VersionChange(first.change),
        first.escalation_id,
        first.reason,
        tuple(_item(row.item, row.basis, row.late) for row in rows if row.item is not None),
    )


def _item(escalation: str, basis: str, late: str | None) -> Item:
    return Item(escalation, Basis(basis), None if late is None else Late(late))


def _next(
    connection: Connection,
    row: AnyRow,
    now: Version,
    change: VersionChange,
    escalation: str,
    why: str,
    items: tuple[Item, ...],
) -> int:
    new = Version(now.number + 1, moments.now(connection), change, escalation, why, items)
    _write(connection, row.id, new)
    return new.number


def _write(connection: Connection, meeting: int, new: Version) -> None:
    made = (meeting, new.number, new.recorded_at, new.change, new.escalation, new.reason)
    items = [
        (meeting, new.number, position, one.escalation, one.basis, one.late)
        for position, one in enumerate(new.items, 1)
    ]
    insert(connection, [(agenda_versions, [made]), (agenda_items, items)])
    connection.execute(update(meetings).where(meetings.c.id == meeting).values(version=new.number))


def _longest_rising(places: Sequence[int]) -> frozenset[int]:
    """The longest run of rising numbers among these: what kept its order."""
    # Of the runs of each length the one that ends lowest, and what comes before each number in it.
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        at = bisect_left(ends, place)
        before[place] = ends[at - 1] if at else None
        ends[at : at + 1] = [place]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = before[last]
    return frozenset(run)
