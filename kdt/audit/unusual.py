"""Reading that is worth a look, by rules anybody can follow. Events in the order they happened, not
people in an order: each may well have a good reason, and only asking tells.

What somebody brought themselves, or goes on with, is theirs to read and counts in no rule.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from kdt.access.permissions import Actor
from kdt.audit import reading
from kdt.audit.looking import looking
from kdt.audit.reading import Line
from kdt.clock import AMSTERDAM
from kdt.panels.calendar import calendar
from kdt.reads.codes import Look, Result
from kdt.reads.model import reads
from kdt.store.engine import Store
from kdt.workdays import Calendar

# Flexible hours, widely taken: whoever begins early or stays late is not an event.
DAY_BEGINS, DAY_ENDS = time(7), time(19)
# A meeting works through some forty cases in two hours, and who prepares one reads about as fast:
# three or four in ten minutes. Four times that is leafing through, or taking along.
MANY, WITHIN = 15, timedelta(minutes=10)
# One is a slip of the pen or an old link; three on one day is trying.
REFUSALS = 3
# So long a period at most, so that a page stays a page.
LONGEST = timedelta(days=92)


class Rule(StrEnum):
    """Why an event is listed; what it means stands in Dutch under `unusual` and `unusual_why`."""

    OUTSIDE_HOURS = "outside_hours"
    MANY_AT_ONCE = "many_at_once"
    COLLEAGUES_CASE = "colleagues_case"
    REFUSED_AGAIN = "refused_again"
    WHOLE_RECORD = "whole_record"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Event:
    """Something to look at: who it was (None once destroyed), from when until when, and how many
    escalations or attempts it is about."""

    rule: Rule
    first: datetime
    until: datetime
    person: str | None
    label: str | None
    count: int
    escalations: tuple[str, ...]
    lines: tuple[int, ...]


def events(store: Store, actors: Iterable[Actor], first: date, until: date) -> list[Event]:
    """The events of a period of days, the newest first. Raises Forbidden and NotLogged."""
    with looking(store, actors, Look.UNUSUAL_READS) as at_work:
        query = (
            reading.rows(at_work, max(first, until - LONGEST), until)
            .where(reads.c.look.in_([Look.CASE, Look.EXPORT, Look.BACKUP]), ~reads.c.own)
            .order_by(reads.c.id)
        )
        found = [reading.line(row) for row in at_work.connection.execute(query)]
        days = calendar(at_work.connection)
    return sorted(found_in(found, days), key=lambda one: (one.first, one.rule), reverse=True)


def found_in(found: Sequence[Line], days: Calendar) -> Iterator[Event]:
    """The events among these rows of the read log, which are in order, by the organisation's days
    off."""
    # Made at night by a machine as they should be: one event for whoever makes them.
    for lines in _by_person(one for one in found if one.look is Look.BACKUP):
        yield _event(Rule.BACKUPS, lines)
    shown = [one for one in found if one.result is Result.SHOWN and one.look is not Look.BACKUP]
    for one in shown:
        if one.look is Look.EXPORT:
            yield _event(Rule.WHOLE_RECORD, [one])
        elif one.purpose is not None:
            yield _event(Rule.COLLEAGUES_CASE, [one])
    for lines in _by_person_and_day(one for one in shown if _outside_hours(one.at, days)):
        yield _event(Rule.OUTSIDE_HOURS, lines)
    for lines in _by_person_and_day(one for one in found if one.result is not Result.SHOWN):
        if len(lines) >= REFUSALS:
            yield _event(Rule.REFUSED_AGAIN, lines)
    for lines in _by_person(one for one in shown if one.look is Look.CASE):
        for burst in _bursts(lines):
            yield _event(Rule.MANY_AT_ONCE, burst)


def _outside_hours(at: datetime, days: Calendar) -> bool:
    here = at.astimezone(AMSTERDAM)
    return not days.is_working_day(here.date()) or not DAY_BEGINS <= here.time() < DAY_ENDS


def _bursts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Each stretch in which so many different escalations were read so shortly after one another,
    for as long as that went on."""
    window: list[Line] = []
    burst: list[Line] = []
    for one in lines:
        window = [earlier for earlier in window if one.at - earlier.at <= WITHIN] + [one]
        if len({line.escalation for line in window}) >= MANY:
            known = {line.id for line in burst}
            burst += [line for line in window if line.id not in known]
        elif burst and one.at - burst[-1].at > WITHIN:
            yield burst
            burst = []
    if burst:
        yield burst


def _by_person(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines of each person who is still known, in order."""
    known = [one for one in lines if one.person is not None]
    for _, found in groupby(
        sorted(known, key=lambda one: one.person or ""), lambda one: one.person
    ):
        yield list(found)


def _by_person_and_day(lines: Iterable[Line]) -> Iterator[list[Line]]:
    for found in _by_person(lines):
        for _, day in groupby(found, lambda one: one.at.astimezone(AMSTERDAM).date()):
            yield list(day)


def _event(rule: Rule, lines: Sequence[Line]) -> Event:
    about = tuple(dict.fromkeys(one.escalation for one in lines if one.escalation is not None))
    return Event(
        rule,
        lines[0].at,
        lines[-1].at,
        lines[0].person,
        lines[0].label,
        len(about) if rule is Rule.MANY_AT_ONCE else len(lines),
        about,
        tuple(one.id for one in lines),
    )
