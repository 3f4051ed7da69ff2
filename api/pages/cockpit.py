"""What surrounds the item that a meeting takes: the clock, the items before and after it, what
stands in the way, and what was recorded last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from api.pages.attendance import Attendance
from api.pages.forms import new_key
from api.pages.rows import case_name
from kdt import clock, words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.cases import quorum
from kdt.cases.before_panel import ConsideredItem
from kdt.meetings.sittings import Sitting
from kdt.panels.queries import NamedPanel
from kdt.procedure import CURRENT
from kdt.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Clock:
    """How a meeting of today keeps its time: since when the item is taken (none for the first),
    the minutes there are for one, and when all would be done as planned and as it goes."""

    now: datetime
    since: datetime | None
    item_minutes: int
    planned_end: datetime
    expected_end: datetime


@dataclass(frozen=True, slots=True)
class Last:
    """What was recorded last, as long as it can be undone here; `version` is that of its
    escalation."""

    escalation: str
    case: str
    outcome: str
    ruling: str | None
    inquiry: str | None
    href: str
    version: int
    key: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The addresses of the items before and after the one taken, of those still to take."""

    previous: str | None
    next: str | None


def of_today(sitting: Sitting, last: ConsideredItem | None, now: datetime) -> Clock | None:
    """The clock of a meeting that is today and has items left; none where nobody planned how long
    an item takes. `last`: what was recorded last."""
    today = clock.day(now)
    if sitting.held_on != today or not sitting.waiting or not sitting.item_minutes:
        return None
    begun = last is not None and clock.day(last.recorded_at) == today
    each = timedelta(minutes=sitting.item_minutes)
    return Clock(
        now,
        last.recorded_at if last and begun else None,
        sitting.item_minutes,
        sitting.starts_at + each * sitting.items,
        max(now, sitting.starts_at) + each * sitting.waiting,
    )


def takes(person: Person, panel: NamedPanel) -> bool:
    """Whether somebody records outcomes in a panel."""
    return any(
        one.role in CURRENT.roles(Action.CONSIDER) and permissions.serves(one, panel.location)
        for one in person.actors
    )


def last_recorded(one: ConsideredItem | None, href: str, now: datetime) -> Last | None:
    """What was recorded last, today and of a meeting of today, unless more happened to it since."""
    if one is None:
        return None
    today = clock.day(now)
    # After it came at most the theme that was chosen with it.
    newest = one.seq + 1 >= one.escalation.version
    if not newest or {one.occurred_on, clock.day(one.recorded_at)} != {today}:
        return None
    found = one.escalation
    return Last(
        found.id,
        case_name(found),
        one.outcome,
        one.ruling,
        one.inquiry,
        href,
        found.version,
        new_key(),
    )


def missing(connection: Connection, chosen: str, attendance: Attendance) -> list[str]:
    """What stands in the way of recording an outcome now, in words."""
    if refusal := quorum.now_lacking(connection, chosen):
        return [words.sentence(refusal)]
    if attendance.minimum and attendance.href and not attendance.kept:
        return [words.say("cockpit.attendance_first")]
    return []
