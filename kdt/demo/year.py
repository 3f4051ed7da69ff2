"""The example year as it unfolds: officers bring, panels meet, answers come back.

Everything happens by the rules of the procedure; the product's own import checks that again.
Events wait in a heap; an event planned for an escalation that has moved on since does nothing.
"""

import heapq
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from kdt.demo.openings import USUAL_SIZE, Span, openings
from kdt.demo.outcomes import Outcome, choose, settles, word
from kdt.demo.panels import CLOCK, Panel, coming_national, meeting_start
from kdt.demo.places import Place
from kdt.demo.record import OFFICER, Escalation, Record, chair, secretary
from kdt.demo.slips import Slips
from kdt.demo.workdays import add_working_days, national_meeting, next_working_day

Happening = Callable[[datetime], None]

_OFFICER = (OFFICER, "officer")
# What every location has in hand at the end, for the example people to find; twice where two of
# them bring cases.
_KEPT = ("information_requested", "inquiry_ordered", "settled") * 2


class Year:
    """One playing of the year. `play` fills the record and leaves the escalations as they stand."""

    def __init__(
        self, span: Span, places: Sequence[Place], size: int, rng: Random, volume: int = 0
    ) -> None:
        self.record = Record()
        self.escalations: list[Escalation] = []
        self._cases: set[str] = set()
        self._span = span
        self._rng = rng
        self._scale = min(1.0, size / USUAL_SIZE)
        self._events: list[tuple[datetime, int, Happening]] = []
        self._number = count()
        self._slips = Slips(self.record, rng, self._at)
        self._local = {place.name: Panel("local", place) for place in places}
        self._national = Panel("national", places[0])
        # Only in the first volume something is left over for who signs in on the last day.
        self._left_over = not volume
        self._wanted = {place.name: list(_KEPT) if self._left_over else [] for place in places}
        self._drafts = {place.name: 2 if self._left_over else 0 for place in places}
        self._closing = add_working_days(span.end - timedelta(days=11), 0)
        self._scripts = self._plan_unresolved()
        for escalation in openings(span, places, size, rng, volume):
            self._at(escalation.last + timedelta(minutes=1), self._opening(escalation))
        for day in span.working_days():
            self._plan_day(day)

    def play(self, until: date) -> None:
        """Let everything happen that comes before the day `until`."""
        midnight = datetime.combine(until, time())
        while self._events and self._events[0][0] < midnight:
            at, _, happening = heapq.heappop(self._events)
            happening(at)

    def _at(self, at: datetime, happening: Happening) -> None:
        heapq.heappush(self._events, (at, next(self._number), happening))

    def _plan_day(self, day: date) -> None:
        listing = datetime.combine(day, time(16, 5))
        for panel in self._local.values():
            if day < self._span.end:
                self._at(meeting_start("local", day), self._sitting(panel))
            self._at(listing, self._local_listing(panel))
        if day < self._span.end:  # the agenda of the coming meeting is complete before the last day
            if national_meeting(day) == day:
                self._at(meeting_start("national", day), self._sitting(self._national))
            self._at(datetime.combine(day, time(18, 20)), self._national_listing)

    def _plan_unresolved(self) -> dict[date, list[str]]:
        """Meetings at which the national KDT does not find an answer, and what follows then.

        The first is settled a week later, the second after another failure, the last is still open.
        """
        days = [d for d in self._span.working_days() if national_meeting(d) == d < self._span.end]
        if len(days) < 12:
            return {}
        return {
            days[int(len(days) * 0.38)]: ["unresolved", "settled"],
            days[int(len(days) * 0.69)]: ["unresolved", "unresolved", "held_over", "settled"],
            days[-2]: ["unresolved", "held_over"],
        }

    def _opening(self, e: Escalation) -> Happening:
        def happening(at: datetime) -> None:
            rng, day = self._rng, at.date()
            if rng.random() < 0.03:  # brought on paper, registered later
                day = add_working_days(day - timedelta(days=rng.randint(3, 9)), 0)
            day = min(max(day, self._span.start), at.date())
            again = e.case in self._cases
            self._cases.add(e.case)
            fields = {"case": e.case, "location": e.place.name, "question": e.question}
            fields["ground"] = e.ground
            if rng.random() < 0.6:
                fields["decideBy"] = (day + timedelta(days=rng.randint(6, 190))).isoformat()
            fields["summary"] = e.dilemma.summary(e.question, rng, again)
            self.escalations.append(e)
            if not self._slips.open(e, at, day, fields):
                e.phase = "voided"
            elif at.date() >= self._closing and self._drafts[e.place.name] > 0:
                self._drafts[e.place.name] -= 1
                e.kept = "draft"
            elif rng.random() < 0.02:
                self._next(e, rng.randint(1, 6), self._withdraw)
            elif rng.random() < 0.35:
                self._submit(e, e.last + timedelta(minutes=2), day)
            else:
                self._next(e, rng.randint(0, e.place.patience), self._submit)

        return happening

    def _submit(self, e: Escalation, at: datetime, on: date | None = None) -> None:
        self.record.add(e, at, _OFFICER, "submit", on=on)
        self._enqueue(e)

    def _enqueue(self, e: Escalation, first: bool = False) -> None:
        e.phase = "queued"
        e.turn += 1
        self._panel(e).enqueue(e, first)
        if not e.script:
            chance = 0.06 if e.count("held_over") else 0.035
            if self._rng.random() < chance:
                ending = self._withdraw if self._rng.random() < 0.7 else self._lapse
                self._next(e, self._rng.randint(1, 5), ending)

    def _local_listing(self, panel: Panel) -> Happening:
        def happening(at: datetime) -> None:
            day = next_working_day(at.date())
            weeks_left = (self._span.end - day).days / 7
            size = panel.local_size(self._rng, weeks_left)
            panel.list_up_to(size, day, at, self.record, self._rng)

        return happening

    def _national_listing(self, at: datetime) -> None:
        meeting = coming_national(at.date())
        last = self._span.end if self._left_over else None
        size = self._national.national_size(meeting, last, self._scale)
        self._national.list_up_to(size, meeting, at, self.record, self._rng)

    def _sitting(self, panel: Panel) -> Happening:
        def happening(at: datetime) -> None:
            day, rng = at.date(), self._rng
            items = list(panel.agenda.pop(day, ()))
            who = (secretary(panel.level, panel.place, rng.choice((1, 1, 1, 2))), "secretary")
            if rng.random() < 0.25:
                who = (chair(panel.level, panel.place), "chair")
            if panel.level == "national":
                self._start_script(day, items)
            for e in items:
                if not e.script and rng.random() < 0.015:
                    self._unlist(e, at - timedelta(minutes=40))
                elif self._registered_late(e, day):
                    e.turn += 1
                    self._next(e, rng.randint(1, 7), self._late_consideration(day, who), day)
                else:
                    at += timedelta(minutes=rng.randint(3, 11), seconds=rng.randint(0, 59))
                    self._consider(e, at, who, day)

        return happening

    def _registered_late(self, e: Escalation, day: date) -> bool:
        late = 0.04 if e.level == "national" else e.place.late
        in_time = day < self._closing - timedelta(days=14)
        return in_time and not e.script and self._rng.random() < late

    def _late_consideration(
        self, day: date, who: tuple[str, str]
    ) -> Callable[[Escalation, datetime], None]:
        return lambda e, at: self._consider(e, at, who, day)

    def _start_script(self, day: date, items: list[Escalation]) -> None:
        """Choose the item this meeting will not resolve, if it is such a meeting."""
        plain = [e for e in items if e.question == "decision" and not e.script]
        if day in self._scripts and plain:
            chosen = max(plain, key=lambda e: e.count("held_over"))
            chosen.script = list(self._scripts[day])
            chosen.turn += 1  # a withdrawal that was planned is off

    def _consider(self, e: Escalation, at: datetime, who: tuple[str, str], day: date) -> None:
        outcome = self._outcome(e, day)
        self._slips.consider(e, at, who, day, outcome)
        if e.script:
            e.script.pop(0)
        e.counts[outcome.outcome] = e.count(outcome.outcome) + 1
        e.turn += 1
        e.settled = settles(e, outcome)
        self._tag(e, who)
        self._follow(e, outcome)

    def _outcome(self, e: Escalation, day: date) -> Outcome:
        rng = self._rng
        if e.script:
            return word(e, e.script[0], rng)
        wanted = self._wanted[e.place.name]
        if e.level == "local" and day >= self._closing and wanted and rng.random() < 0.7:
            e.kept = wanted.pop(0)
            kind = "decided" if e.kept == "settled" and e.question == "decision" else e.kept
            kind = "inquiry_not_needed" if kind == "settled" else kind
            return word(e, kind, rng)
        return choose(e, rng)

    def _follow(self, e: Escalation, outcome: Outcome) -> None:
        """What comes next after an outcome."""
        rng = self._rng
        if outcome.outcome in ("held_over", "unresolved"):
            self._enqueue(e, first=outcome.outcome == "unresolved" or e.count("unresolved") > 0)
        elif outcome.outcome == "referred_up":
            e.level = "national"
            e.counts.pop("held_over", None)
            self._enqueue(e)
        elif outcome.outcome == "information_requested":
            e.phase = "returned"
            if e.kept is None:
                ending = self._submit if rng.random() < 0.92 else self._withdraw
                ending = self._lapse if rng.random() < 0.03 else ending
                self._next(e, rng.randint(2, 11), ending)
        elif outcome.outcome == "inquiry_ordered":
            e.phase = "in_inquiry"
            if e.kept is None:
                self._after_inquiry(e)
        else:
            e.phase = "settled"
            if e.kept is None and rng.random() < 0.96:
                self._next(e, rng.randint(1, 22), self._follow_through)

    def _after_inquiry(self, e: Escalation) -> None:
        rng = self._rng
        if e.settled and rng.random() < 0.72:
            self._next(e, rng.randint(6, 30), self._follow_through)
        elif rng.random() < 0.05:
            self._next(e, rng.randint(5, 25), rng.choice((self._withdraw, self._lapse)))
        else:
            self._next(e, rng.randint(7, 35), self._report_back)

    def _report_back(self, e: Escalation, at: datetime) -> None:
        found = {}
        if self._rng.random() < 0.88:
            found["findings"] = e.dilemma.write(e.dilemma.situation.finding, self._rng)
        self.record.add(e, at, _OFFICER, "report_back", found)
        self._enqueue(e)

    def _follow_through(self, e: Escalation, at: datetime) -> None:
        deviated = self._rng.random() < 0.06
        self._slips.follow_through(
            e, at, e.dilemma.reasons("deviated", self._rng) if deviated else None
        )
        e.phase = "closed"
        e.turn += 1
        if self._rng.random() < 0.018:
            self._next(e, self._rng.randint(8, 60), self._reopen)

    def _reopen(self, e: Escalation, at: datetime) -> None:
        reason = e.dilemma.reasons("reopen", self._rng)
        self.record.add(e, at, (chair(e.level, e.place), "chair"), "reopen", {"reason": reason})
        self._enqueue(e)

    def _unlist(self, e: Escalation, at: datetime) -> None:
        who = (secretary(e.level, e.place, 1), "secretary")
        reason = e.dilemma.reasons("unlist", self._rng)
        self.record.add(e, at, who, "unlist", {"reason": reason})
        e.phase = "queued"
        self._panel(e).enqueue(e)

    def _withdraw(self, e: Escalation, at: datetime) -> None:
        reason = e.dilemma.reasons("withdraw", self._rng)
        ref = self.record.add(e, at, _OFFICER, "withdraw", {"reason": reason})
        if e.phase == "draft" and self._rng.random() < 0.1:
            self._slips.void(e, at, _OFFICER, ref, "void")
            self._next(e, 1, self._submit)
            return
        self._end(e, "withdrawn")

    def _lapse(self, e: Escalation, at: datetime) -> None:
        who = CLOCK if self._rng.random() < 0.4 else _OFFICER
        reason = e.dilemma.reasons("lapse", self._rng)
        self.record.add(e, at, who, "lapse", {"reason": reason})
        self._end(e, "lapsed")

    def _end(self, e: Escalation, phase: str) -> None:
        self._panel(e).take_off(e)
        e.phase = phase
        e.turn += 1

    def _tag(self, e: Escalation, who: tuple[str, str]) -> None:
        """The panel, or the officer afterwards, sees a rode draad in it."""
        rng = self._rng
        for theme in e.dilemma.situation.themes:
            if theme in e.themes or rng.random() > (0.29 if not e.themes else 0.1):
                continue
            by = _OFFICER if rng.random() < 0.15 else who
            at = e.last + timedelta(minutes=rng.randint(1, 90))
            ref = self.record.add(e, at, by, "tag", {"theme": theme})
            e.themes.add(theme)
            if rng.random() < 0.02:
                self._slips.void(e, e.last, by, ref, "void_tag")

    def _panel(self, e: Escalation) -> Panel:
        return self._national if e.level == "national" else self._local[e.place.name]

    def _next(
        self,
        e: Escalation,
        days: int,
        happening: Callable[[Escalation, datetime], None],
        since: date | None = None,
    ) -> None:
        """Plan what happens to it `days` working days on, unless it has moved on by then.

        On the last day nothing is taken away from the panels any more.
        """
        turn, rng = e.turn, self._rng
        at = datetime.combine(add_working_days(since or e.last.date(), days), time(8, 30))
        at += timedelta(seconds=rng.randint(0, 7 * 3600))
        taking = happening in (self._withdraw, self._lapse)

        def due(then: datetime) -> None:
            if e.turn == turn and not (taking and then.date() == self._span.end):
                happening(e, max(then, e.last + timedelta(minutes=1)))

        self._at(max(at, e.last + timedelta(minutes=1)), due)
