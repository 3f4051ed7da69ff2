"""The panels of the example year: what they list, and how much they get done."""

from datetime import date, datetime, time, timedelta
from random import Random

from kdt.demo.places import Place
from kdt.demo.record import Escalation, Record, panel_id, secretary
from kdt.demo.workdays import national_meeting

NATIONAL_AGENDA = 40  # items on the national agenda that is coming, in a year of 4,000 escalations
CLOCK = ("klok", "secretary")


class Panel:
    """One panel with its queue and the items it has listed by meeting day."""

    def __init__(self, level: str, place: Place) -> None:
        self.level = level
        self.place = place  # for the national panel any place: it has none
        self.queue: list[Escalation] = []
        self.agenda: dict[date, list[Escalation]] = {}

    def enqueue(self, escalation: Escalation, first: bool = False) -> None:
        """Put in the queue; carried-over items stand before new ones, unresolved ones first."""
        carried = escalation.count("held_over") > 0
        at = 0 if first else len(self.queue)
        if carried and not first:
            at = sum(e.count("unresolved") > 0 or e.count("held_over") > 0 for e in self.queue)
        self.queue.insert(at, escalation)

    def take_off(self, escalation: Escalation) -> None:
        """Remove wherever it stands."""
        if escalation in self.queue:
            self.queue.remove(escalation)
        for items in self.agenda.values():
            if escalation in items:
                items.remove(escalation)

    def list_up_to(
        self, count: int, meeting: date, at: datetime, record: Record, rng: Random
    ) -> None:
        """List from the front of the queue until the agenda of that day holds `count` items."""
        items = self.agenda.setdefault(meeting, [])
        who = CLOCK
        if rng.random() < 0.4:
            who = (secretary(self.level, self.place, rng.choice((1, 1, 2))), "secretary")
        while self.queue and len(items) < count:
            escalation = self.queue.pop(0)
            at += timedelta(seconds=rng.randint(3, 40))
            day = meeting.isoformat()
            panel = panel_id(self.level, self.place)
            record.add(escalation, at, who, "list", {"panel": panel, "meetingOn": day})
            escalation.phase = "listed"
            escalation.listed_on = escalation.last_day
            items.append(escalation)

    def local_size(self, rng: Random, weeks_left: float) -> int:
        """How many items a local panel takes on: it keeps the backlog it is used to.

        At the end there is something both on the coming agenda and in the queue.
        """
        waiting = len(self.queue)
        size = max(waiting - round(self.place.backlog * rng.uniform(0.6, 1.3)), min(2, waiting - 1))
        if weeks_left <= 0:
            return max(size, waiting // 2)
        return size if weeks_left > 0.8 else min(size, waiting - 3)

    def national_size(self, meeting: date, last: date | None, scale: float) -> int:
        """How many items the national panel takes on.

        In the two months before the day `last`, if any, it falls behind, so that a full agenda
        waits then.
        """
        reserve = 6.0
        if last is not None:
            if meeting >= last:
                return round(NATIONAL_AGENDA * scale)
            weeks_left = (last - meeting).days / 7
            reserve += 60 * max(0.0, 1 - weeks_left / 9)
        waiting = len(self.queue) + len(self.agenda.get(meeting, []))
        return min(max(waiting - round(reserve * scale), 6), round(NATIONAL_AGENDA * scale) + 5)


def meeting_start(level: str, day: date) -> datetime:
    """Local panels sit in the morning, the national one on Thursday at half past one."""
    return datetime.combine(day, time(13, 30) if level == "national" else time(9, 30))


def coming_national(day: date) -> date:
    """The national meeting one lists for on this day, after that day's own meeting."""
    return national_meeting(day + timedelta(days=1))
