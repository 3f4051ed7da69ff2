"""Meetings as an iCalendar file (RFC 5545): which panel meets when and where, and nothing of who
comes or what is discussed.

A meeting keeps its UID when it is moved or cancelled, and its SEQUENCE rises each time, so that a
calendar changes what it has instead of adding another.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from sqlalchemy import Connection, Text, cast, func, select

from kdt import clock, words
from kdt.cases.model import record
from kdt.ledger.model import ledger
from kdt.ledger.table import Subject
from kdt.panels.model import meetings
from kdt.panels.slots import open_on
from kdt.store.writing import AnyRow
from kdt.vocabulary import MeetingKind, MeetingStatus

# How far back; ahead goes as far as is planned.
_BACK = timedelta(weeks=8)
_HOUR = 60
# What changes where or when a meeting is.
_ARRANGED = ("add", "move", "cancel")


def written(connection: Connection, panels: Mapping[str, str], today: date) -> bytes:
    """The meetings of these panels, by their names, from eight weeks back."""
    since = connection.scalar(select(record.c.since))
    origin = "" if since is None else f"{since:%Y%m%d%H%M%S}"
    calendar = Calendar()
    calendar.add("prodid", "-//KDT//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _named(panels.values()))
    calendar.add("x-wr-calname", _named(panels.values()))
    calendar.add_component(_amsterdam())
    for row in _found(connection, panels, today - _BACK):
        calendar.add_component(_event(row, panels[row.panel], origin))
    return bytes(calendar.to_ical())


def _named(panels: Iterable[str]) -> str:
    names = list(panels)
    return names[0] if len(names) == 1 else words.say("feeds.own")


def _found(connection: Connection, panels: Iterable[str], first: date) -> list[AnyRow]:
    arranged = (
        select(
            ledger.c.subject_id,
            func.count().label("times"),
            func.max(ledger.c.recorded_at).label("at"),
        )
        .where(ledger.c.subject == Subject.MEETING, ledger.c.fact.in_(_ARRANGED))
        .group_by(ledger.c.subject_id)
        .subquery()
    )
    query = (
        select(
            meetings,
            func.coalesce(arranged.c.times, 0).label("times"),
            func.coalesce(arranged.c.at, meetings.c.recorded_at).label("changed_at"),
        )
        .outerjoin_from(meetings, arranged, arranged.c.subject_id == cast(meetings.c.id, Text))
        .where(
            meetings.c.panel.in_(tuple(panels)),
            meetings.c.held_on >= first,
            # Where one was moved away from is no meeting: it stands at its new place.
            meetings.c.status.in_([MeetingStatus.PLANNED, MeetingStatus.CANCELLED]),
            open_on(meetings.c.panel, meetings.c.held_on),
        )
        .order_by(meetings.c.held_on, meetings.c.panel)
    )
    return list(connection.execute(query).all())


def _event(row: AnyRow, panel: str, origin: str) -> Event:
    starts_at = datetime.combine(row.held_on, row.starts_at, clock.AMSTERDAM)
    event = Event()
    event.add("uid", f"overleg-{row.id}-{origin}@kdt")
    event.add("sequence", row.times)
    event.add("dtstamp", row.changed_at)
    kind = words.say(f"meeting_kind.{row.kind}")
    event.add("summary", panel if row.kind == MeetingKind.REGULAR else f"{panel}, {kind}")
    event.add("dtstart", starts_at)
    event.add("dtend", starts_at + timedelta(minutes=row.capacity or _HOUR))
    if row.place:
        event.add("location", row.place)
    cancelled = row.status == MeetingStatus.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    return event


def _amsterdam() -> Timezone:
    """The zone as it has been since 1996: the clock changes on the last Sundays of March and
    October."""
    zone, summer, winter = Timezone(), TimezoneDaylight(), TimezoneStandard()
    zone.add("tzid", clock.AMSTERDAM.key)
    hour = timedelta(hours=1)
    for part, name, month, start, before, after in (
        (summer, "CEST", 3, datetime(1996, 3, 31, 2), hour, 2 * hour),  # noqa: DTZ001
        (winter, "CET", 10, datetime(1996, 10, 27, 3), 2 * hour, hour),  # noqa: DTZ001
    ):
        part.add("tzname", name)
        part.add("dtstart", start)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        zone.add_component(part)
    return zone
