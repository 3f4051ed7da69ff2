"""What an administrator chooses of when panels meet: the calendar, patterns, and go-live.

Each choice is recorded, and what is planned ahead follows it at once. What somebody arranged, what
has an agenda and what something is listed for stays as it is.
"""

from dataclasses import fields, replace
from datetime import date, timedelta

from sqlalchemy import Column, ColumnElement, Connection, and_, exists, select, update

from kdt import names, words
from kdt.access.permissions import Actor
from kdt.cases import inputs
from kdt.cases.model import considerations, escalations
from kdt.errors import InvalidInput, NotFound
from kdt.meetings.service import administering
from kdt.panels import calendar, planning
from kdt.panels.calendar import Chosen
from kdt.panels.desk import Desk
from kdt.panels.model import locations, meetings, panels
from kdt.panels.patterns import (
    LARGEST_ATTENDANCE,
    LONGEST_CUT_OFF_DAYS,
    LONGEST_CUT_OFF_HOURS,
    LONGEST_MINUTES,
    Pattern,
)
from kdt.panels.weights import LEAST, LEAST_OF_WAITING, MOST, Weights
from kdt.store.engine import Store
from kdt.values import Problem
from kdt.vocabulary import MeetingStatus

# Within which each number of a pattern lies.
RANGES = {
    "cut_off_days": (0, LONGEST_CUT_OFF_DAYS),
    "cut_off_hours": (0, LONGEST_CUT_OFF_HOURS),
    "capacity": (1, LONGEST_MINUTES),
    "item_minutes": (1, LONGEST_MINUTES),
    "attendance": (1, LARGEST_ATTENDANCE),
}


# The same of each weight.
WEIGHTS = {
    one.name: (LEAST_OF_WAITING if one.name == "waiting" else LEAST, MOST)
    for one in fields(Weights)
}


def set_day(store: Store, actor: Actor, day: date, name: str, *, off: bool) -> None:
    """Choose whether a day is a day off, and what it is called. The same again changes nothing.

    Raises Forbidden and InvalidInput.
    """
    chosen = Chosen(day, off, names.given("name", name))
    with administering(store, actor) as desk:
        planning.hold_still(desk.connection)
        if calendar.set_day(desk.connection, desk.by, chosen):
            _replan(desk)


def set_pattern(
    store: Store, actor: Actor, panel: str, pattern: Pattern, *, on: date | None = None
) -> None:
    """Choose when and how a panel meets from a day on (today).

    Raises Forbidden, NotFound and InvalidInput.
    """
    kept = replace(pattern, place=names.text_given("place", pattern.place))
    _check(kept)
    with administering(store, actor) as desk:
        planning.hold_still(desk.connection)
        _must_be(desk.connection, panels.c.id, panel)
        desk.enter_pattern(panel, on or desk.today, kept)
        _replan(desk)


def set_weights(store: Store, actor: Actor, weights: Weights, *, on: date | None = None) -> None:
    """Choose how much each thing weighs in the order of agendas that are drawn up from a day on
    (today). Raises Forbidden and InvalidInput."""
    problems = [
        Problem("not_in_range", inputs.key(name), {"least": least, "most": most})
        for name, (least, most) in WEIGHTS.items()
        if not least <= getattr(weights, name) <= most
    ]
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))
    with administering(store, actor) as desk:
        desk.weigh(on or desk.today, weights)


def go_live(store: Store, actor: Actor, location: str, live_on: date) -> None:
    """Choose from which day the product plans the meetings of a location and draws up their
    agendas. Raises Forbidden and NotFound."""
    with administering(store, actor) as desk:
        planning.hold_still(desk.connection)
        _must_be(desk.connection, locations.c.id, location)
        desk.go_live(location, live_on)
        _replan(desk)


def _must_be(connection: Connection, column: Column[str], wanted: str) -> None:
    if connection.scalar(select(column).where(column == wanted)) is None:
        raise NotFound(words.say("refusal.not_found"))


def _check(pattern: Pattern) -> None:
    """Raise InvalidInput, naming all that no meeting could be planned by."""
    problems = [
        Problem("not_in_range", inputs.key(name), {"least": least, "most": most})
        for name, (least, most) in RANGES.items()
        if not least <= getattr(pattern, name) <= most
    ]
    if not pattern.weekdays or not set(pattern.weekdays) <= set(range(1, 8)):
        problems.append(Problem("missing", "weekdays"))
    if not problems and pattern.items < 1:
        problems.append(Problem("no_room_for_an_item", "capacity"))
    if problems:
        raise InvalidInput(problems, " ".join(words.sentence(one) for one in problems))


def _replan(desk: Desk) -> None:
    """Let what is planned from today on follow what was chosen."""
    today, last = desk.today, desk.today + timedelta(weeks=planning.WEEKS)
    slots = planning.due(desk.connection, today, last)
    untouched = and_(
        meetings.c.held_on.between(today, last),
        meetings.c.status == MeetingStatus.PLANNED,
        meetings.c.by_hand.is_(False),
        meetings.c.version == 0,
    )
    due = {(one.panel, one.held_on): one for one in slots}
    for row in desk.connection.execute(select(meetings).where(untouched)).all():
        slot = due.get((row.panel, row.held_on))
        this = update(meetings).where(meetings.c.id == row.id)
        if slot is None:
            gone = this.where(_nothing_on_it()).values(status=MeetingStatus.DROPPED)
            desk.connection.execute(gone)
        elif any(getattr(row, name) != value for name, value in slot.particulars().items()):
            desk.connection.execute(this.values(slot.particulars()))
    planning.enter(desk.connection, slots)


def _nothing_on_it() -> ColumnElement[bool]:
    listed = exists().where(
        escalations.c.panel == meetings.c.panel, escalations.c.meeting_on == meetings.c.held_on
    )
    taken = exists().where(
        considerations.c.panel == meetings.c.panel,
        considerations.c.occurred_on == meetings.c.held_on,
    )
    return ~listed & ~taken
