"""How long what is kept: the words and the arithmetic of terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kdt import words
from kdt.clock import later
from kdt.names import invalid
from kdt.values import Problem

LONGEST_MONTHS = 1_200


class Ending(StrEnum):
    """What an escalation came to in the end. The first five were answered by a panel."""

    IN_FAVOUR = "in_favour"
    AGAINST = "against"
    OTHER = "other"
    INQUIRY_ORDERED = "inquiry_ordered"
    INQUIRY_NOT_NEEDED = "inquiry_not_needed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    # Even its opening was voided.
    VOIDED = "voided"


ANSWERED = frozenset(
    {
        Ending.IN_FAVOUR,
        Ending.AGAINST,
        Ending.OTHER,
        Ending.INQUIRY_ORDERED,
        Ending.INQUIRY_NOT_NEEDED,
    }
)

# Beside the texts and numbers of an ending: who did what, whatever it ended in.
PEOPLE = "people"
# And who read what, from which address.
READS = "reads"
# What stands beside the cases: who was at a meeting, who was at a talk and what was agreed there,
# and what staff replied as a signal.
ATTENDANCE = "attendance"
TALKS = "consultations"
REPLIES = "replies"
# In what a term is typed.
UNITS: Mapping[str, int] = {"years": 12, "months": 1}
# Everything that has a term of its own.
KEPT: tuple[str, ...] = (*Ending, PEOPLE, READS, ATTENDANCE, TALKS, REPLIES)


class Counted(StrEnum):
    """From which day a term is counted: the panel's answer, or the end of it all. What no panel
    answered has the second alone."""

    SETTLED = "settled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Term:
    """What is kept for `months` from a day on; None: without a term, so for ever."""

    effective_on: date
    months: int | None
    counted: Counted = Counted.CLOSED

    def due_on(self, since: date) -> date | None:
        """The day on which what ended `since` is past its term."""
        return None if self.months is None else later(since, self.months)


def in_force(timeline: Sequence[Term], day: date) -> Term | None:
    """The term on a day; None when there is none."""
    current = [term for term in timeline if term.effective_on <= day][-1:]
    return next((term for term in current if term.months is not None), None)


def months_of(amount: str, unit: str) -> int:
    """A term as it is typed, in months. Raises InvalidInput."""
    if not (amount.isascii() and amount.isdigit() and len(amount) <= 4 and unit in UNITS):
        raise invalid(Problem("not_a_term", "amount", {"longest": LONGEST_MONTHS // 12}))
    return int(amount) * UNITS[unit]


def worded(term: Term) -> str:
    """A term in words: 5 jaar, 18 maanden."""
    months = term.months or 0
    whole = months % 12 == 0
    return words.amount("year" if whole else "month", months // 12 if whole else months)
