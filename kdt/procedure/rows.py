"""What the rows of the procedure are made of. The rows themselves stand in `table.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kdt.procedure.ladder import Ladder
from kdt.vocabulary import Action, Inquiry, Measure, Phase, Question, Role

if TYPE_CHECKING:
    from kdt.procedure.guards import Guard


class Kind(Enum):
    """What a field holds."""

    CODE = "one of a list of codes"
    OUTCOME = "an outcome of the procedure"
    DAY = "a date in Amsterdam"
    CASE = "a case number"
    NAME = "the id or name of something the record knows"
    PROSE = "text, kept apart from the entry"
    FLAG = "true, or left out"
    CHANGES = "fields of the action that is corrected"


@dataclass(frozen=True, slots=True)
class Field:
    """One input of an action. `correctable` fields may stand in a correction's `with`."""

    name: str
    kind: Kind
    required: bool = True
    codes: type[StrEnum] | None = None
    correctable: bool = False
    may_be_empty: bool = False


class Where(Enum):
    """The level an escalation goes to, seen from where it is."""

    FIRST = "first"
    SAME = "same"
    NEXT = "next"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class To:
    """Where a step leads."""

    phase: Phase
    where: Where = Where.SAME


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: `to` is None where the outcome decides (consider), or the place stays (tag, correct)."""

    action: Action
    phases: frozenset[Phase]
    roles: frozenset[Role]
    to: To | None
    guards: tuple[Guard, ...] = ()
    counts: tuple[Measure, ...] = ()


class At(Enum):
    """At which levels an outcome is open."""

    ANY = "any level"
    BELOW_TOP = "a level that has a next one"
    TOP = "the top level"


class Settles(Enum):
    """Whether an outcome answers the question put."""

    YES = "yes"
    NO = "no"
    WHEN_ASKED = "when that inquiry was the question"


INQUIRY_OF: Mapping[Question, Inquiry] = {
    Question.ADDITIONAL_INTERVIEW: Inquiry.INTERVIEW,
    Question.ADDITIONAL_INVESTIGATION: Inquiry.INVESTIGATION,
}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One outcome. `detail` names the field it carries, which it must when `detail_required`;
    `counts_by` says what each value of that field is counted as besides `counts`."""

    code: str
    to: To
    settles: Settles
    at: At = At.ANY
    questions: frozenset[Question] = frozenset(Question)
    detail: str | None = None
    detail_required: bool = False
    counts: tuple[Measure, ...] = ()
    counts_by: Mapping[str, Measure] = field(default_factory=dict)

    def answers(self, question: Question, inquiry: object) -> bool:
        """Whether it settles `question`: an ordered inquiry does when it is the one asked for."""
        if self.settles is Settles.WHEN_ASKED:
            return INQUIRY_OF.get(question) == inquiry
        return self.settles is Settles.YES


@dataclass(frozen=True)
class Procedure:
    """A version of the whole. An escalation stays with the version it was opened under."""

    version: int
    ladder: Ladder
    rules: tuple[Rule, ...]
    outcomes: tuple[OutcomeRow, ...]

    @cached_property
    def by_place(self) -> Mapping[tuple[Action, Phase], Rule]:
        """The one rule for an action from a phase."""
        places = [(rule.action, phase) for rule in self.rules for phase in rule.phases]
        if len(set(places)) != len(places):
            raise ValueError("two rules for one action from one phase")
        return {(rule.action, phase): rule for rule in self.rules for phase in rule.phases}

    @cached_property
    def outcome(self) -> Mapping[str, OutcomeRow]:
        """The outcome rows by code."""
        return {row.code: row for row in self.outcomes}
