"""Which days panels meet, planned ahead: a row a meeting, and the unique row decides."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Connection,
    CursorResult,
    Date,
    Text,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kdt import clock
from kdt.panels.calendar import calendar, enter_years
from kdt.panels.model import meetings, panels
from kdt.panels.patterns import Pattern, in_force
from kdt.panels.queries import (
    Term,
    all_panels,
    began_with,
    go_lives,
    panel_terms_by_id,
    patterns_by_id,
)
from kdt.store.engine import Store
from kdt.store.moments import its_today
from kdt.store.transaction import writing
from kdt.store.writing import ask
from kdt.vocabulary import MeetingStatus

WEEKS = 4
# The years after this one whose days off are entered already.
_YEARS = 2

# Planners go together; whoever changes what is planned goes alone.
_PLANNING = b"select pg_advisory_xact_lock_shared(hashtextextended('meetings', 3))"
_CHANGING = b"select pg_advisory_xact_lock(hashtextextended('meetings', 3))"


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting that is due."""

    panel: str
    held_on: date
    pattern: Pattern
    cut_off: datetime

    def particulars(self) -> dict[str, object]:
        """What its pattern says of it, by column."""
        pattern = self.pattern
        return {
            "starts_at": pattern.starts_at,
            "place": pattern.place,
            "capacity": pattern.capacity,
            "item_minutes": pattern.item_minutes,
            "attendance": pattern.attendance,
            "cut_off": self.cut_off,
        }

    def values(self) -> dict[str, object]:
        """All its columns."""
        slot = {"panel": self.panel, "held_on": self.held_on, "status": MeetingStatus.PLANNED}
        return {**slot, **self.particulars()}


def plan_ahead(store: Store, now: datetime, weeks: int = WEEKS) -> int:
    """Plan every meeting due from today until `weeks` from now; how many were new.

    A panel that was planned before also gets what it missed while no clock knocked, however long
    that was; one whose meetings came in with a history file as many weeks back, for that does not
    say whether it met in between. A meeting that would fall on a day off is skipped, not moved.
    """
    today, ahead = clock.day(now), timedelta(weeks=weeks)
    with writing(store) as connection:
        ask(connection, (_PLANNING, ()))
        since = _missed_since(connection, today, today - ahead)
        enter_years(connection, range(min([today, *since.values()]).year, today.year + _YEARS + 1))
        return enter(connection, due(connection, today, today + ahead, since))


def _missed_since(connection: Connection, today: date, back: date) -> dict[str, date]:
    """From which day on panels may have missed something: after the last that the clock planned,
    or else after the last there was, though not from before `back`."""
    by_clock = func.max(meetings.c.held_on).filter(meetings.c.cut_off.is_not(None))
    found = connection.execute(
        select(meetings.c.panel, func.max(meetings.c.held_on), by_clock)
        .where(meetings.c.held_on < today)
        .group_by(meetings.c.panel)
    )
    next_day = timedelta(days=1)
    return {
        panel: planned + next_day if planned else max(back, latest + next_day)
        for panel, latest, planned in found
    }


def due(
    connection: Connection, today: date, last: date, since: Mapping[str, date] | None = None
) -> list[Slot]:
    """The meetings there should be to `last`, included: from today on, or from the day that `since`
    says of a panel, by its id."""
    begins = since or {}
    days_off, patterns = calendar(connection), patterns_by_id(connection)
    terms, began, live = panel_terms_by_id(connection), began_with(connection), go_lives(connection)
    days = list(days_off.working_days(min([today, *begins.values()]), last))
    slots = []
    for panel in all_panels(connection):
        since_then = max(
            min(today, begins.get(panel.id, today)),
            live.get(panel.location or "", date.min),
        )
        timeline = terms.get(panel.id, [])
        for day in days[bisect_left(days, since_then) :]:
            pattern = in_force(patterns.get(panel.id, []), day, began[panel.id])
            if day.isoweekday() in pattern.weekdays and open_then(timeline, day):
                cut_off = days_off.cut_off(
                    day, pattern.starts_at, pattern.cut_off_days, pattern.cut_off_hours
                )
                slots.append(Slot(panel.id, day, pattern, cut_off))
    return slots


def enter(connection: Connection, slots: Sequence[Slot]) -> int:
    """Enter meetings that are due, each once however many clocks do; how many were new.

    What an import spoke of already gets the pattern's particulars, and what no pattern had for a
    while is planned again; what somebody arranged, or has an agenda, stays as it is.
    """
    if not slots:
        return 0
    days = [one.held_on for one in slots]
    known = connection.execute(
        select(meetings.c.panel, meetings.c.held_on).where(
            meetings.c.held_on.between(min(days), max(days)),
            ~_INCOMPLETE,
        )
    )
    complete = {(row.panel, row.held_on) for row in known}
    # In one order, so that clocks that knock together wait for each other and never crosswise.
    wanted = sorted(
        (one for one in slots if (one.panel, one.held_on) not in complete),
        key=lambda one: (one.panel, one.held_on),
    )
    if not wanted:
        return 0
    new = insert(meetings)
    changed = {name: new.excluded[name] for name in wanted[0].values() if name not in _SLOT}
    made: CursorResult[tuple[bool]] = connection.execute(
        new.on_conflict_do_update(index_elements=_SLOT, set_=changed, where=_INCOMPLETE).returning(
            literal_column("xmax = 0").label("inserted")
        ),
        [one.values() for one in wanted],
    )
    return sum(row.inserted for row in made)


def hold_still(connection: Connection) -> None:
    """Nobody plans until the transaction ends."""
    ask(connection, (_CHANGING, ()))


_SLOT = ("panel", "held_on")
_INCOMPLETE = or_(
    meetings.c.status == MeetingStatus.DROPPED,
    and_(
        meetings.c.status == MeetingStatus.PLANNED,
        meetings.c.cut_off.is_(None),
        meetings.c.by_hand.is_(False),
        meetings.c.version == 0,
        meetings.c.held_on >= its_today(),
    ),
)


def open_then(terms: Sequence[Term], day: date) -> bool:
    """Whether it is open on a day."""
    return any(term.open for term in [one for one in terms if one.effective_on <= day][-1:])


def plan(connection: Connection, days: Iterable[tuple[str, date]]) -> int:
    """Plan meetings of panels on days, each once however often asked; how many were new."""
    asked = sorted(set(days))
    wanted = (
        func.unnest(
            literal([panel for panel, _ in asked], ARRAY(Text)),
            literal([held_on for _, held_on in asked], ARRAY(Date)),
        )
        .table_valued(column("panel", Text), column("held_on", Date))
        .render_derived()
    )
    # An unknown panel has no hour, and a meeting without an hour is refused.
    rows = select(wanted.c.panel, wanted.c.held_on, panels.c.starts_at).join_from(
        wanted, panels, panels.c.id == wanted.c.panel, isouter=True
    )
    new = connection.execute(
        insert(meetings)
        .from_select(["panel", "held_on", "starts_at"], rows)
        .on_conflict_do_nothing()
        .returning(meetings.c.id)
    )
    return len(new.all())
