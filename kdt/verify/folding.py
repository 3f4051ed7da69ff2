"""Walking a history again, entry by entry, as the procedure allows; and what then stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from kdt.procedure import VERSIONS, Act, Code, Refusal, State, Step, Walk, decide, judge
from kdt.verify.reading import Entry
from kdt.vocabulary import Action


class Broken(ValueError):
    """An entry that the procedure did not allow where it stands."""

    def __init__(self, seq: int, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.seq = seq
        self.refusal = refusal


class DayEnd(NamedTuple):
    """What was known at the end of a day on which something was recorded. `corrected`: it is not
    merely longer than the day before."""

    day: date
    steps: tuple[Step, ...]
    state: State | None
    corrected: bool


class Tag(NamedTuple):
    """A theme tagged, or taken back: a row of `theme_tags` without its escalation."""

    seq: int
    changed_by: int
    theme: object
    occurred_on: date
    recorded_on: date
    amount: int


@dataclass(slots=True)
class Folded:
    """A history as it stands, and how it came to stand so."""

    entries: Sequence[Entry]
    steps: tuple[Step, ...] = ()
    state: State | None = None
    days: list[DayEnd] = field(default_factory=list)
    tags: set[Tag] = field(default_factory=set)

    @property
    def number(self) -> Mapping[str, int]:
        """The number of each entry by its ref."""
        return {entry.act.ref: seq for seq, entry in enumerate(self.entries, 1)}


def fold(entries: Sequence[Entry]) -> Folded:
    """Walk the entries of one escalation, which are numbered from 1. Raises Broken."""
    procedure = VERSIONS[entries[0].procedure]
    acts = [entry.act for entry in entries]
    folded = Folded(entries)
    corrected = False
    for index, act in enumerate(acts):
        if index and act.recorded_at < acts[index - 1].recorded_at:
            raise Broken(index + 1, Refusal(Code.RECORDED_BEFORE_PREVIOUS))
        if act.action is Action.CORRECT:
            result: Walk | Step | Refusal = judge(procedure, acts[:index], act)
        else:
            result = decide(procedure, folded.state, act)
        if isinstance(result, Refusal):
            raise Broken(index + 1, result)
        if isinstance(result, Walk):
            _retag(folded, result, index + 1, act)
            folded.steps, folded.state = result.steps, result.state
            corrected = True
        else:
            folded.steps, folded.state = (*folded.steps, result), result.after
            if act.action is Action.TAG:
                folded.tags.add(_tag(index + 1, index + 1, act, act.recorded_on, 1))
        last = index + 1 == len(acts)
        if last or acts[index + 1].recorded_on != act.recorded_on:
            end = DayEnd(act.recorded_on, folded.steps, folded.state, corrected)
            folded.days.append(end)
            corrected = False
    return folded


def _retag(folded: Folded, after: Walk, changed_by: int, correction: Act) -> None:
    """A correction takes back the tags it changes, and gives them as they then stand."""
    number = folded.number
    old, new = _tagging(folded.steps), _tagging(after.steps)
    for here, there, amount in ((old, new, -1), (new, old, 1)):
        for ref, act in here.items():
            if there.get(ref) != act:
                tag = _tag(number[ref], changed_by, act, correction.recorded_on, amount)
                folded.tags.add(tag)


def _tagging(steps: Sequence[Step]) -> dict[str, Act]:
    return {step.act.ref: step.act for step in steps if step.act.action is Action.TAG}


def _tag(seq: int, changed_by: int, act: Act, recorded_on: date, amount: int) -> Tag:
    return Tag(seq, changed_by, act.values["theme"], act.occurred_on, recorded_on, amount)
