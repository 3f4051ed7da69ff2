"""When and where the escalations of the year are brought, and which dilemma each is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from kdt.demo.dilemmas import Dilemma, Situation, situations
from kdt.demo.phrases import Person
from kdt.demo.places import Place
from kdt.demo.record import Escalation
from kdt.workdays import PROPOSED

# Escalations in the example year, and the most in one volume of a larger history.
USUAL_SIZE = 4000
_QUIET_MONTHS = {7: 0.75, 8: 0.7, 12: 0.8}
_RISING, _FALLEN = "wachttijd-weegt", "pleegkinderen"


@dataclass(frozen=True)
class Span:
    """The year that is told: the first and the last day."""

    start: date
    end: date

    def share(self, day: date) -> float:
        """How much of the year has passed, between 0 and 1."""
        return (day - self.start) / (self.end - self.start)

    def working_days(self) -> list[date]:
        """Every working day of the year, the last day with it."""
        days = (self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1))
        return [day for day in days if PROPOSED.is_working_day(day)]


def openings(
    span: Span, places: Sequence[Place], count: int, rng: Random, volume: int = 0
) -> Iterator[Escalation]:
    """The escalations in order of opening, still drafts; some take up an earlier case again.

    Each volume has numbers and officers of its own.
    """
    days = span.working_days()
    weights = [_QUIET_MONTHS.get(day.month, 1.0) * (0.9 + 0.2 * span.share(day)) for day in days]
    if days and days[-1] == span.end:
        weights[-1] *= 0.4  # the day is not over
    moments = sorted(_office_hour(day, rng) for day in rng.choices(days, weights, k=count))
    earlier: list[Escalation] = []
    for number, at in enumerate(moments, start=volume * USUAL_SIZE + 1):
        place = rng.choices(places, [p.share for p in places])[0]
        escalation = _escalation(number, at, place, span.share(at.date()), rng, volume)
        if rng.random() < 0.07 and len(earlier) > 50:
            escalation = _taken_up_again(escalation, rng.choice(earlier[-1200:]), rng, volume)
        earlier.append(escalation)
        yield escalation


def _escalation(
    number: int, at: datetime, place: Place, share: float, rng: Random, volume: int
) -> Escalation:
    question = "decision"
    if rng.random() < place.inquiry_questions:
        question = rng.choices(("additional_interview", "additional_investigation"), (6, 4))[0]
    grounds = (46, 40, 14) if question == "decision" else (24, 42, 34)
    dilemma = Dilemma.draw(_situation(place, share, rng), rng)
    return Escalation(
        id=f"V-{number:06d}",
        case=f"Z1-{at.year}-{3 * number + rng.randint(0, 2):07d}",
        place=place,
        question=question,
        ground=rng.choices(("buikpijn", "complex", "other"), grounds)[0],
        officer=_officer(place, rng, volume),
        dilemma=dilemma,
        last=at - timedelta(minutes=1),
        last_day=date.min,
        stubborn=rng.random() < 0.12,
    )


def _taken_up_again(
    escalation: Escalation, first: Escalation, rng: Random, volume: int
) -> Escalation:
    """The case of `first`, brought again: mostly where it was brought before."""
    person = first.dilemma.person
    known = Person(person.slots, person.female, dict(person.filled))
    again = replace(escalation, case=first.case, dilemma=replace(first.dilemma, person=known))
    if rng.random() < 0.8:
        again = replace(again, place=first.place, officer=_officer(first.place, rng, volume))
    return again


def _officer(place: Place, rng: Random, volume: int) -> str:
    return f"officer-{place.slug}-{volume * place.officers + rng.randint(1, place.officers)}"


def _situation(place: Place, share: float, rng: Random) -> Situation:
    track = "asylum" if rng.random() < place.asylum else "regular"
    pool = [s for s in situations() if s.track == track]
    return rng.choices(pool, [_frequency(s, share) for s in pool])[0]


def _frequency(situation: Situation, share: float) -> float:
    """One rode draad rises in the last weeks, one fell after a policy change in spring."""
    if _RISING in situation.themes:
        return 4.5 if share > 0.88 else 0.7
    if _FALLEN in situation.themes:
        return 2.2 if share < 0.4 else 0.5
    return 1.0


def _office_hour(day: date, rng: Random) -> datetime:
    seconds = rng.randint(0, 8 * 3600 + 1800)
    return datetime.combine(day, time(8, 15)) + timedelta(seconds=seconds)
