"""What the catalogue says of a measure. Pure; the Dutch of every code stands in the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from kdt import words
from kdt.vocabulary import Action, Measure


class MeasureUnit(StrEnum):
    """What one of it is (`catalogue.unit`)."""

    ESCALATION = "escalation"
    CONSIDERATION = "consideration"
    CASE = "case"
    OCCURRENCE = "occurrence"
    DAYS = "days"
    SHARE = "share"


class PeriodRule(StrEnum):
    """Which day puts a thing in the period (`catalogue.period`)."""

    WITHIN = "within"
    BEFORE = "before"
    END = "end"
    UP_TO_END = "up_to_end"
    CAME_WITHIN = "came_within"


class Known(StrEnum):
    """What the reference date leaves out (`catalogue.known`)."""

    RECORDED = "recorded"
    FOLLOWED = "followed"


class Revision(StrEnum):
    """How it changes from one reference date to another (`catalogue.revision`)."""

    BY_ENTRY = "by_entry"
    ANEW = "anew"


class Disclosure(StrEnum):
    """What leaves the house of it (`catalogue.disclosure`)."""

    ROUNDED = "rounded"
    # Rounded, but nationwide and by year exactly: that it never happened must be sayable [K 3].
    EXACT_BY_YEAR = "exact_by_year"
    INSIDE = "inside"


class Division(StrEnum):
    """What a measure may be divided by (`dimension`)."""

    LEVEL = "level"
    LOCATION = "location"
    QUESTION = "question"
    GROUND = "ground"
    OUTCOME = "outcome"
    RULING = "ruling"
    THEME = "theme"
    TIME = "time"


class Opens(StrEnum):
    """What stands behind a number, one by one (`catalogue.opens`)."""

    ENTRIES = "entries"
    ESCALATIONS = "escalations"
    # None, for it counts nothing.
    ESTIMATE = "estimate"
    RATIO = "ratio"


Answer: TypeAlias = int | float | None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a small history, and its answer. `at`: the place asked for, by dimension."""

    first: date
    until: date
    answer: Answer
    as_of: date | None = None
    at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A small history (`stories/<story>.jsonl`), and what the measure says of it."""

    story: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """What must hold in every row: all of `plus`, less all of `minus`, is `equals`."""

    code: str
    plus: tuple[Measure, ...]
    minus: tuple[Measure, ...]
    equals: Measure

    @property
    def measures(self) -> frozenset[Measure]:
        """Those that take part."""
        return frozenset({*self.plus, *self.minus, self.equals})

    def closes(self, amounts: Mapping[Measure, int]) -> bool:
        """Whether it holds of a row."""
        added = sum(amounts[one] for one in self.plus)
        return added - sum(amounts[one] for one in self.minus) == amounts[self.equals]


@dataclass(frozen=True, slots=True)
class Definition:
    """One measure. `name_at`, `meaning_at`: where its Dutch stands in the words.

    `actions`: the entries it is counted from, of considerations narrowed to an `outcome` and its
    ruling, inquiry or referral (`detail`). `divisions`: what it may be divided by; `adds_up`: over
    which of those the whole is the sum of its parts. `within`: of what is done in time, in how many
    working days that is. A changed definition is a new `version`.
    """

    id: str
    version: int
    name_at: str
    meaning_at: str
    unit: MeasureUnit
    actions: tuple[Action, ...]
    period: PeriodRule
    divisions: frozenset[Division]
    adds_up: frozenset[Division]
    example: Example
    known: Known = Known.RECORDED
    revision: Revision = Revision.BY_ENTRY
    disclosure: Disclosure = Disclosure.INSIDE
    opens: Opens = Opens.ENTRIES
    outcome: str | None = None
    detail: str | None = None
    within: int | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return words.say(self.name_at, within=self.within)

    @property
    def meaning(self) -> str:
        """What it counts, as people read it."""
        return words.say(self.meaning_at, within=self.within)

    @property
    def question(self) -> str:
        """What it answers."""
        return words.say(f"catalogue.asks.{self.id}", within=self.within)
