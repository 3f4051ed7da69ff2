"""What the procedure reasons about: an act, and the state it finds. Plain values, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from kdt.vocabulary import Action, Ground, Phase, Question, Role

WAITING = frozenset({Phase.QUEUED, Phase.LISTED})
ANSWERED = frozenset({Phase.SETTLED, Phase.CLOSED})
ENDED = frozenset({Phase.WITHDRAWN, Phase.LAPSED})

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Panel:
    """A body at a level; one for each location where the level is per location."""

    id: str
    level: str
    location: str | None


@dataclass(frozen=True, slots=True)
class Act:
    """One action as it was, or is to be, recorded.

    `occurred_on` is a day in Amsterdam, `recorded_on` the day in Amsterdam on which it was
    recorded. `values` holds the coded inputs by field name; of prose only the names of the
    fields that were filled in (`prose`), for the procedure never looks at what they say.
    """

    ref: str
    action: Action
    actor: str | None
    role: Role
    occurred_on: date
    recorded_at: datetime
    recorded_on: date
    values: Mapping[str, object] = field(default_factory=dict)
    prose: frozenset[str] = frozenset()
    panel: Panel | None = None
    # Whether a correction gave it another day, which may be after the day it was first recorded.
    moved: bool = False

    def word(self, name: str) -> str:
        """The code, id or name in this field. KeyError when it was not given."""
        return _one(str, self.values[name])

    def day(self, name: str) -> date:
        """The day in this field. KeyError when it was not given."""
        return _one(date, self.values[name])

    @property
    def changes(self) -> Mapping[str, object]:
        """What a correction puts in place of the original values; nothing when it voids."""
        changes = self.values.get("with", {})
        if not isinstance(changes, Mapping):
            raise TypeError("changes are a mapping")
        return changes


class State(NamedTuple):
    """Where an escalation stands, and all the procedure must remember of its past."""

    version: int
    phase: Phase
    level: str | None
    case: str
    location: str
    question: Question
    ground: Ground
    brought_by: str | None
    decide_by: date | None
    last_on: date
    settled: bool = False
    panel: str | None = None
    meeting_on: date | None = None
    # The levels whose queue it has been in, in the order reached.
    reached: tuple[str, ...] = ()
    # The day it came to wait at this level; being held over does not start it anew.
    waiting_since: date | None = None
    # How often it was held over at this level while the question was open.
    held_over: int = 0
    # The level of an earlier `unresolved`, and whether that was the last word on it.
    unresolved_at: str | None = None
    unresolved_last: bool = False

    @property
    def waiting_at(self) -> str | None:
        """The level in whose queue or on whose agenda it stands, or None."""
        return self.level if self.phase in WAITING else None

    @property
    def question_open(self) -> bool:
        """Whether the question put still waits for its answer."""
        if self.phase is Phase.IN_INQUIRY:
            return not self.settled
        return self.phase not in ANSWERED and self.phase not in ENDED


def _one(kind: type[T], value: object) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value
