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
    from kdt.procedure.guards import Check, Condition


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
    """One input of an action. `correctable` fields may stand in a correction's `with`.

    A field that is a `detail_of` another belongs to that one's value: corrected together with it,
    it is the one given, or none.
    """

    name: str
    kind: Kind
    required: bool = True
    codes: type[StrEnum] | None = None
    correctable: bool = False
    detail_of: str | None = None
    may_be_empty: bool = False


class Where(Enum):
    """The level an escalation goes to, seen from where it is."""

    FIRST = "the first level"
    SAME = "the same level"
    NEXT = "the next level"
    NONE = "at no level yet"


@dataclass(frozen=True, slots=True)
class To:
    """Where a step leads."""

    phase: Phase
    where: Where = Where.SAME


class Leads(Enum):
    """Where a step leads when the row itself does not say."""

    BY_OUTCOME = "where its outcome leads"
    NOWHERE = "it stays where it is"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: what may be done, from which phases (None: not opened yet), by whom.

    `conditions` hang on who asks and where the escalation stands, so they decide whether a button
    can be pressed; `checks` look at what was filled in.
    """

    action: Action
    phases: frozenset[Phase | None]
    roles: frozenset[Role]
    to: To | Leads
    conditions: tuple[Condition, ...] = ()
    checks: tuple[Check, ...] = ()
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


# What an ordered inquiry is explained by, and no other outcome: what is to be found out, what each
# answer would change, and by when.
EXPLAINS = ("sought", "consequences", "due_on")


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

    def counted(self, values: Mapping[str, object]) -> tuple[Measure, ...]:
        """What it counts as with these inputs, apart from whether it settles."""
        detail = values.get(self.detail) if self.detail else None
        return self.counts if detail is None else (*self.counts, self.counts_by[str(detail)])


@dataclass(frozen=True)
class Procedure:
    """A version of the whole. An escalation stays with the version it was opened under.

    ValueError when two rows speak of the same thing, or send a question above the top.
    """

    version: int
    ladder: Ladder
    rules: tuple[Rule, ...]
    outcomes: tuple[OutcomeRow, ...]

    def __post_init__(self) -> None:
        if len(self.by_place) != sum(len(rule.phases) for rule in self.rules):
            raise ValueError("two rules for one action from one phase")
        if len(self.outcome) != len(self.outcomes):
            raise ValueError("two rows for one outcome")
        if any(row.to.where is Where.NEXT and row.at is not At.BELOW_TOP for row in self.outcomes):
            raise ValueError("there is no level above the top")

    @cached_property
    def by_place(self) -> Mapping[tuple[Action, Phase | None], Rule]:
        """The one rule for an action from a phase; None is the phase of what is not opened yet."""
        return {(rule.action, phase): rule for rule in self.rules for phase in rule.phases}

    @cached_property
    def outcome(self) -> Mapping[str, OutcomeRow]:
        """The outcome rows by code."""
        return {row.code: row for row in self.outcomes}

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The actions in the table's order, each once."""
        return tuple(dict.fromkeys(rule.action for rule in self.rules))

    @cached_property
    def details(self) -> tuple[str, ...]:
        """The fields that some outcome carries, and no other may."""
        return tuple(dict.fromkeys(row.detail for row in self.outcomes if row.detail))

    def roles(self, action: Action) -> frozenset[Role]:
        """Who may do it at all, from whichever phase."""
        return frozenset(
            role for rule in self.rules if rule.action is action for role in rule.roles
        )
