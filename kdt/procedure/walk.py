"""The whole history of one escalation: which corrections are in force, and whether what then stands
is a legal walk through the procedure.

The latest correction of an act holds alone and is read against the original. A correction of a
correction stands in its place; a voided correction is as if never made, so that an earlier one
comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from kdt.procedure.decide import Step, decide
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import Kind, Procedure
from kdt.procedure.state import Act, State
from kdt.procedure.table import CARRIED_BY, FIELDS
from kdt.vocabulary import Action

PROSE = frozenset(
    field.name for fields in FIELDS.values() for field in fields if field.kind is Kind.PROSE
)
CORRECTABLE: Mapping[Action, frozenset[str]] = {
    action: frozenset(field.name for field in fields if field.correctable) | {"occurred_on"}
    for action, fields in FIELDS.items()
    if action is not Action.CORRECT
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction says: other values (and prose) for the act, or that it never was.

    `ref` is the correction it stands in, `root` the correction in the original's own line.
    """

    ref: str
    void: bool
    values: Mapping[str, object]
    prose: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """An act as it stands now: with its corrections applied, and which correction that was."""

    original: Act
    act: Act
    corrected_by: str | None


@dataclass(frozen=True, slots=True)
class Walk:
    """A legal walk: the standing acts with the steps they led to. `state` is None when even the
    opening was voided."""

    steps: tuple[Step, ...]
    state: State | None


class History:
    """The acts of one escalation in the order recorded, corrections among them."""

    def __init__(self, acts: Sequence[Act]) -> None:
        self.acts = acts
        self._by_ref = {act.ref: act for act in acts}
        self._corrections: dict[str, list[Act]] = {}
        for act in acts:
            if act.action is Action.CORRECT:
                self._corrections.setdefault(cast(str, act.values["replaces"]), []).append(act)

    def corrected(self, correction: Act) -> Act | None:
        """The act, not itself a correction, that a correction is about in the end."""
        seen = self._by_ref.get(cast(str, correction.values["replaces"]))
        while seen is not None and seen.action is Action.CORRECT:
            seen = self._by_ref.get(cast(str, seen.values["replaces"]))
        return seen

    def change(self, ref: str) -> Change | None:
        """What is in force about `ref`: the latest correction not itself voided, or None."""
        for correction in reversed(self._corrections.get(ref, ())):
            about = self.change(correction.ref)
            if about is None:
                return Change(
                    correction.ref,
                    bool(correction.values.get("void")),
                    cast(Mapping[str, object], correction.values.get("with", {})),
                    correction.prose - {"reason"},
                )
            if not about.void:
                return about
        return None

    def standing(self) -> list[Standing]:
        """The acts as they stand, in order, without the corrections and what was voided.

        A consideration moved to another day takes the meeting of its listing along.
        """
        result: list[Standing] = []
        listed = None
        for act in self.acts:
            if act.action is Action.CORRECT:
                continue
            change = self.change(act.ref) if act.ref in self._corrections else None
            if change is None:
                result.append(Standing(act, act, None))
            elif not change.void:
                result.append(Standing(act, _applied(act, change), change.ref))
            else:
                continue
            if act.action is Action.LIST:
                listed = len(result) - 1
            elif act.action is Action.CONSIDER and listed is not None and result[-1].act.moved:
                result[listed] = _listed_for(result[listed], result[-1].act.occurred_on)
        return result

    def walk(self, procedure: Procedure) -> Walk | Refusal:
        """Walk what stands. A refusal names in `ref` the act that is in the way."""
        state: State | None = None
        steps: list[Step] = []
        for standing in self.standing():
            step = decide(procedure, state, standing.act)
            if isinstance(step, Refusal):
                return Refusal(
                    Code.LATER_ACTION_IN_THE_WAY,
                    {"ref": standing.act.ref, "action": standing.act.action, "cause": step},
                )
            steps.append(step)
            state = step.after
        return Walk(tuple(steps), state)


def judge(procedure: Procedure, acts: Sequence[Act], correction: Act) -> Walk | Refusal:
    """Whether `correction` may be recorded after `acts`: the walk that then stands, or a refusal."""
    history = History([*acts, correction])
    about = history.corrected(correction)
    if about is None:
        return Refusal(Code.CORRECTS_UNKNOWN, {"ref": correction.values["replaces"]})
    if correction.occurred_on > correction.recorded_on:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": correction.occurred_on})
    if about.action is Action.CONSIDER and correction.actor == _opener(acts) is not None:
        return Refusal(Code.BROUGHT_IT)
    if refusal := _says_something(about, correction):
        return refusal
    walk = history.walk(procedure)
    if isinstance(walk, Refusal):
        if about.action is Action.OPEN and walk.details["cause"] == Refusal(Code.NOT_OPENED):
            return Refusal(Code.OPEN_STILL_NEEDED, {"ref": walk.details["ref"]})
        return walk
    return walk


def _opener(acts: Sequence[Act]) -> str | None:
    """Who brought it; opened anew after the first opening was voided, the last one did."""
    return next(act.actor for act in reversed(acts) if act.action is Action.OPEN)


def _says_something(about: Act, correction: Act) -> Refusal | None:
    """Either void, or at least one field that the corrected action carries."""
    changes = cast(Mapping[str, object], correction.values.get("with", {}))
    given = set(changes) | (correction.prose - {"reason"})
    if bool(correction.values.get("void")) == ("with" in correction.values):
        return Refusal(Code.VOID_OR_WITH)
    if "with" in correction.values and not given:
        return Refusal(Code.CORRECTS_NOTHING)
    if strange := given - CORRECTABLE[about.action]:
        return Refusal(Code.FIELD_NOT_ALLOWED, {"field": min(strange), "action": about.action})
    moved = changes.get("occurred_on")
    if moved is not None and cast(date, moved) > correction.recorded_on:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": moved})
    return None


def _listed_for(standing: Standing, meeting_on: date) -> Standing:
    act = replace(standing.act, values={**standing.act.values, "meeting_on": meeting_on})
    return replace(standing, act=act)


def _applied(act: Act, change: Change) -> Act:
    values, prose = dict(act.values), set(act.prose)
    for leader, carried in CARRIED_BY.items():
        if leader in change.values:
            for name in carried:
                values.pop(name, None)
                prose.discard(name)
    values.update(change.values)
    prose |= change.prose
    moved = cast(date | None, values.pop("occurred_on", None))
    return replace(
        act,
        values=values,
        prose=frozenset(prose),
        occurred_on=moved or act.occurred_on,
        moved=moved is not None,
    )
