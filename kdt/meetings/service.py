"""Panels and locations are created, renamed and closed; meetings are planned."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, words
from kdt.meetings.model import location_terms, locations, meetings, panel_terms, panels
from kdt.procedure import CURRENT, Panel

# The letter of 25 July 2022: daily at location level, weekly in the national KDT. Which day of the
# week, and the hour, are ours to choose and the panel's to change.
WORKING_DAYS = (1, 2, 3, 4, 5)
THURSDAY = (4,)
LOCAL_HOUR = time(9, 0)
NATIONAL_HOUR = time(10, 0)


def pattern(level: str) -> tuple[tuple[int, ...], time]:
    """The weekdays (Monday is 1) and the hour a new panel at this level meets."""
    if CURRENT.ladder.level(level).per_location:
        return WORKING_DAYS, LOCAL_HOUR
    return THURSDAY, NATIONAL_HOUR


def default_name(panel: Panel) -> str:
    """What a panel is called until somebody names it."""
    name = words.say(f"panel_name.{panel.level}")
    return f"{name} {panel.location}" if panel.location else name


def enter_imported(
    connection: Connection,
    new_locations: Iterable[str],
    new_panels: Mapping[str, Panel],
    held: Iterable[tuple[str, date]],
    *,
    at: datetime,
) -> None:
    """Enter what a history file speaks of and is not known yet, in force since for ever."""
    since, by = date.min, "import"
    entered = [
        found
        for found in sorted(new_locations)
        if connection.scalar(
            insert(locations).values(id=found).on_conflict_do_nothing().returning(locations.c.id)
        )
    ]
    for location in entered:
        connection.execute(
            insert(location_terms).values(
                location=location,
                effective_on=since,
                name=location,
                open=True,
                recorded_by=by,
                recorded_at=at,
            )
        )
    for panel in new_panels.values():
        weekdays, hour = pattern(panel.level)
        new = connection.scalar(
            insert(panels)
            .values(
                id=panel.id,
                level=panel.level,
                location=panel.location,
                weekdays=list(weekdays),
                starts_at=hour,
            )
            .on_conflict_do_nothing()
            .returning(panels.c.id)
        )
        if new:
            connection.execute(
                insert(panel_terms).values(
                    panel=panel.id,
                    effective_on=since,
                    name=default_name(panel),
                    open=True,
                    recorded_by=by,
                    recorded_at=at,
                )
            )
    plan(connection, held)


def plan(connection: Connection, days: Iterable[tuple[str, date]]) -> int:
    """Plan meetings of panels on days, each once however often asked; how many were new."""
    hours: Mapping[str, time] = {
        row.id: row.starts_at for row in connection.execute(panels.select())
    }
    rows = [
        {"panel": panel, "held_on": held_on, "starts_at": hours[panel]}
        for panel, held_on in sorted(set(days))
    ]
    new = 0
    for start in range(0, len(rows), 5_000):
        new += len(
            connection.execute(
                insert(meetings)
                .values(rows[start : start + 5_000])
                .on_conflict_do_nothing()
                .returning(meetings.c.id)
            ).all()
        )
    return new


def today(now: datetime) -> date:
    """The day in Amsterdam."""
    return clock.day(now)
