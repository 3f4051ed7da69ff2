"""Which days panels meet, planned ahead: a row a meeting, and the unique row decides."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Date, Text, column, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kdt import clock
from kdt.panels.model import meetings, panels
from kdt.panels.queries import open_on
from kdt.procedure import CURRENT
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.workdays import working_days

# The letter of 25 July 2022: daily at location level, weekly in the national KDT. Which day of the
# week, and the hour, are ours to choose and the panel's to change.
WORKING_DAYS = (1, 2, 3, 4, 5)
THURSDAY = (4,)
LOCAL_HOUR = time(9, 0)
NATIONAL_HOUR = time(10, 0)

WEEKS = 4


def pattern(level: str) -> tuple[tuple[int, ...], time]:
    """The weekdays (Monday is 1) and the hour a new panel at this level meets."""
    if CURRENT.ladder.level(level).per_location:
        return WORKING_DAYS, LOCAL_HOUR
    return THURSDAY, NATIONAL_HOUR


def plan_ahead(store: Store, now: datetime, weeks: int = WEEKS) -> int:
    """Plan every meeting due from today until `weeks` from now; how many were new.

    A panel that was planned before also gets what it missed while no clock knocked, as many weeks
    back. A meeting that would fall on a holiday is skipped, not moved.
    """
    today, ahead = clock.day(now), timedelta(weeks=weeks)
    days = literal([*working_days(today - ahead, today + ahead)], ARRAY(Date))
    calendar = func.unnest(days).table_valued(column("day", Date)).render_derived(name="calendar")
    day = calendar.c.day
    last_planned = (
        select(func.max(meetings.c.held_on))
        .where(meetings.c.panel == panels.c.id, meetings.c.held_on < today)
        .scalar_subquery()
    )
    due = (
        select(panels.c.id, day, panels.c.starts_at)
        .join_from(panels, calendar, func.date_part("isodow", day) == panels.c.weekdays.any_())
        .where(open_on(panels.c.id, day), or_(day >= today, day > last_planned))
        # In one order, so that clocks that knock together wait for each other and never crosswise.
        .order_by(panels.c.id, day)
    )
    with writing(store) as connection:
        new = connection.execute(
            insert(meetings)
            .from_select(["panel", "held_on", "starts_at"], due)
            .on_conflict_do_nothing()
            .returning(meetings.c.id)
        ).all()
    return len(new)


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
