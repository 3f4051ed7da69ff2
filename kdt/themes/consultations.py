"""Reading consultations: which there were, how often, and what was agreed for who was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock
from kdt.themes.model import consultation_terms
from kdt.vocabulary import LAWYERS

# The letter of 8 November 2022 speaks of two to three months (answer 18).
AT_MOST_APART = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Consultation:
    """A talk about themes as everybody may know of it; `stands` until it was withdrawn."""

    id: str
    held_on: date
    form: str
    partners: tuple[str, ...]
    themes: tuple[str, ...]
    stands: bool = True

    @property
    def with_lawyers(self) -> bool:
        """Whether one of the lawyers' associations took part."""
        return not LAWYERS.isdisjoint(self.partners)


@dataclass(frozen=True, slots=True)
class Inside:
    """What is for those who were there alone."""

    participants: tuple[str, ...]
    agreements: str


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often the lawyers' associations were spoken with: how many times in a period, days
    between one talk and the next on average (None: fewer than two), the last day up to its end,
    and since which day such talks are registered at all (None: they are not)."""

    times: int
    days_apart: int | None
    last_on: date | None
    since: date | None


def consultations(
    connection: Connection, until: date = date.max, as_of: date | None = None
) -> list[Consultation]:
    """Every consultation that stands, up to a day, as known at the end of `as_of`; the newest
    first."""
    newest = (
        select(consultation_terms)
        .ext(distinct_on(consultation_terms.c.consultation))
        .order_by(consultation_terms.c.consultation, consultation_terms.c.recorded_at.desc())
    )
    if as_of is not None:
        newest = newest.where(consultation_terms.c.recorded_at < clock.over(as_of))
    known = newest.subquery()
    found = connection.execute(
        select(known)
        .where(known.c.stands, known.c.held_on <= until)
        .order_by(known.c.held_on.desc(), known.c.consultation)
    )
    return [
        Consultation(row.consultation, row.held_on, row.form, tuple(row.partners), (*row.themes,))
        for row in found
    ]


def consultation(connection: Connection, wanted: str) -> tuple[Consultation, Inside] | None:
    """One consultation, withdrawn or not, with what is inside; None: not there."""
    row = connection.execute(
        select(consultation_terms)
        .where(consultation_terms.c.consultation == wanted)
        .order_by(consultation_terms.c.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    about = (row.held_on, row.form, tuple(row.partners), tuple(row.themes), row.stands)
    return Consultation(wanted, *about), Inside(tuple(row.participants), row.agreements)


def with_lawyers(connection: Connection, first: date, until: date, as_of: date | None) -> Frequency:
    """How often the lawyers' associations were spoken with from `first` to `until` (both
    included), as known at the end of `as_of`."""
    return frequency(consultations(connection, until, as_of), first)


def frequency(known: Sequence[Consultation], first: date) -> Frequency:
    """The same of the talks that are known, from `first` on."""
    days = sorted(one.held_on for one in known if one.with_lawyers)
    within = [day for day in days if day >= first]
    since = min((one.held_on for one in known), default=None)
    return Frequency(len(within), _apart(within), days[-1] if days else None, since)


def overdue(known: Sequence[Consultation], today: date) -> date | None:
    """The day the lawyers' associations were last spoken with, when that is too long ago; None
    when it is not, or was never registered."""
    days = [one.held_on for one in known if one.with_lawyers]
    last = max(days, default=None)
    return last if last is not None and today - last > AT_MOST_APART else None


def _apart(days: Sequence[date]) -> int | None:
    if len(days) < 2:
        return None
    return round((days[-1] - days[0]).days / (len(days) - 1))
