"""What goes wrong in registering, and how it is put right: corrections of every kind.

A wrong line is written first and corrected afterwards; what the panel really decided is what holds.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from kdt.demo.outcomes import Outcome, word
from kdt.demo.phrases import expand, phrases
from kdt.demo.record import OFFICER, Escalation, Record, secretary
from kdt.demo.workdays import add_working_days, previous_working_day

Later = Callable[[datetime, Callable[[datetime], None]], None]

_OTHER_RULING = {"in_favour": "against", "against": "in_favour", "other": "against"}
_OTHER_INQUIRY = {"interview": "investigation", "investigation": "interview"}
_OTHER_REFERRAL = {"not_settled": "belongs_nationally", "belongs_nationally": "not_settled"}


class Slips:
    """Writes considerations, openings and follow-through, now and then wrongly at first."""

    def __init__(self, record: Record, rng: Random, later: Later) -> None:
        self._record = record
        self._rng = rng
        self._later = later

    def consider(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """Record a consideration; about one in forty needs correcting."""
        if e.script or e.kept or self._rng.random() > 0.026:
            self._consider(e, at, who, on, outcome)
            return
        kinds = [self._wrong_outcome, self._twice_wrong, self._needless, self._misplaced]
        kinds += [self._wrong_detail] * 6
        if e.listed_on == previous_working_day(on) < on:
            kinds.append(self._wrong_day)
        self._rng.choice(kinds)(e, at, who, on, outcome)

    def open(self, e: Escalation, at: datetime, on: date, fields: dict[str, str]) -> bool:
        """Record an opening; False when it was made in error and voided."""
        roll = self._rng.random()
        who = (OFFICER, "officer")
        right: dict[str, str] = {}
        if roll < 0.004:
            right["case"] = fields["case"]
            fields["case"] = _mistyped(fields["case"])
        elif roll < 0.008:
            right["ground"] = fields["ground"]
            fields["ground"] = "other" if fields["ground"] != "other" else "complex"
        elif roll < 0.011 and "decideBy" in fields:
            right["decideBy"] = fields["decideBy"]
            wrong = date.fromisoformat(fields["decideBy"]) + timedelta(days=28)
            fields["decideBy"] = wrong.isoformat()
        elif roll < 0.013:
            right["question"] = fields["question"]
            asked_decision = fields["question"] == "decision"
            fields["question"] = "additional_interview" if asked_decision else "decision"
        ref = self._record.add(e, at, who, "open", fields, on)
        if 0.013 <= roll < 0.0145:
            self._correct(e, self._soon(at), who, ref, "void_open", None)
            return False
        if "question" in right:  # before anything rests on it
            self._correct(e, self._soon(at), who, ref, "correct_open", right)
        elif right:
            self._days_later(at, lambda then: self._fix(e, then, who, ref, "correct_open", right))
        return True

    def follow_through(self, e: Escalation, at: datetime, reasons: str | None) -> None:
        """Record what the officer did; `reasons` when the officer deviated."""
        who = (OFFICER, "officer")
        right = _result(reasons)
        if self._rng.random() > 0.012:
            self._record.add(e, at, who, "follow_through", right)
            return
        wrong = _result(None if reasons else self._words(e, "deviated"))
        ref = self._record.add(e, at, who, "follow_through", wrong)
        self._days_later(at, lambda then: self._fix(e, then, who, ref, "correct_follow", right))

    def void(self, e: Escalation, at: datetime, who: tuple[str, str], ref: str, why: str) -> None:
        """Take back the line `ref` soon after it was written."""
        self._correct(e, self._soon(at), who, ref, why, None)

    def _consider(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> str:
        return self._record.add(e, at, who, "consider", outcome.fields(), on)

    def _wrong_outcome(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        ref = self._consider(e, at, who, on, self._other_outcome(e, outcome))
        self._correct(e, self._soon(at), who, ref, "correct_consider", outcome.fields())

    def _twice_wrong(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """A correction that was itself wrong, and is corrected in turn."""
        wrong = self._other_outcome(e, outcome)
        ref = self._consider(e, at, who, on, wrong)
        worse = {"reasons": self._words(e, "information_requested")}
        first = self._correct(e, self._soon(at), who, ref, "correct_consider", worse)
        self._correct(e, self._soon(e.last), who, first, "correct_again", outcome.fields())

    def _needless(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """A correction that should not have been made, and is taken back."""
        ref = self._consider(e, at, who, on, outcome)
        wrong = {"reasons": self._words(e, "held_over")}
        first = self._correct(e, self._soon(at), who, ref, "correct_consider", wrong)
        self._correct(e, self._soon(e.last), who, first, "void", None)

    def _misplaced(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """The outcome of another item, taken back before the right one is recorded."""
        ref = self._consider(e, at, who, on, self._other_outcome(e, outcome))
        self._correct(e, self._soon(at), who, ref, "void_consider", None)
        self._consider(e, self._soon(e.last), who, on, outcome)

    def _wrong_detail(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """A wrong ruling, inquiry or referral, or else wrong reasons: found days afterwards."""
        if outcome.ruling:
            wrong = replace(outcome, ruling=_OTHER_RULING[outcome.ruling])
            right = {"ruling": outcome.ruling}
        elif outcome.inquiry and e.question == "decision":
            wrong = replace(outcome, inquiry=_OTHER_INQUIRY[outcome.inquiry])
            right = {"inquiry": outcome.inquiry}
        elif outcome.referral:
            wrong = replace(outcome, referral=_OTHER_REFERRAL[outcome.referral])
            right = {"referral": outcome.referral}
        else:
            wrong = replace(outcome, reasons=self._words(e, "held_over"))
            right = {"reasons": outcome.reasons}
        ref = self._consider(e, at, who, on, wrong)
        self._days_later(at, lambda then: self._fix(e, then, who, ref, "correct_consider", right))

    def _wrong_day(
        self, e: Escalation, at: datetime, who: tuple[str, str], on: date, outcome: Outcome
    ) -> None:
        """It was discussed on the day it was listed, a working day before the one recorded."""
        ref = self._consider(e, at, who, on, outcome)
        day = {"occurredOn": previous_working_day(on).isoformat()}
        self._correct(e, self._soon(at), who, ref, "correct_date", day)

    def _other_outcome(self, e: Escalation, outcome: Outcome) -> Outcome:
        kind = "held_over" if outcome.outcome != "held_over" else "information_requested"
        return word(e, kind, self._rng)

    def _fix(
        self,
        e: Escalation,
        at: datetime,
        who: tuple[str, str],
        ref: str,
        why: str,
        right: dict[str, str],
    ) -> None:
        if who[1] == "officer" and self._rng.random() < 0.5:
            who = (secretary(e.level, e.place, 1), "secretary")
        self._correct(e, at, who, ref, why, right)

    def _correct(
        self,
        e: Escalation,
        at: datetime,
        who: tuple[str, str],
        ref: str,
        why: str,
        right: dict[str, str] | None,
    ) -> str:
        """Correct the line `ref` to what is right, or void it with None."""
        fields: dict[str, object] = {"replaces": ref, "reason": self._words(e, why)}
        fields |= {"with": right} if right else {"void": True}
        return self._record.add(e, at, who, "correct", fields)

    def _words(self, e: Escalation, pool: str) -> str:
        missing = self._rng.choice(e.dilemma.situation.missing)
        template = self._rng.choice(phrases()[pool])
        return expand(template, self._rng, e.dilemma.person, missing=missing)

    def _soon(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self._rng.randint(2, 14), seconds=self._rng.randint(0, 59))

    def _days_later(self, at: datetime, fix: Callable[[datetime], None]) -> None:
        days = self._rng.choice((0, 0, 1, 1, 2, 3, 6, 12, 25))
        then = datetime.combine(add_working_days(at.date(), days), at.time())
        self._later(then + timedelta(minutes=self._rng.randint(15, 60)), fix)


def _result(reasons: str | None) -> dict[str, str]:
    return {"result": "deviated", "reasons": reasons} if reasons else {"result": "carried_out"}


def _mistyped(case: str) -> str:
    """The last digit off by one."""
    return case[:-1] + str((int(case[-1]) + 1) % 10)
