"""The whole history of one escalation: which corrections are in force, and whether what then stands
is a legal walk through the procedure.

The latest correction of an act holds alone and is read against the original. A correction of a
correction stands in its place; a voided correction is as if never made, so that an earlier one
comes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kdt.procedure.decide import Step, decide, missing
from kdt.procedure.guards import theirs
from kdt.procedure.refusal import Code, Refusal
from kdt.procedure.rows import Procedure
from kdt.procedure.state import Act, Panel, State
from kdt.procedure.table import FIELDS
from kdt.vocabulary import Action

CORRECTABLE: Mapping[Action, frozenset[str]] = {
    action: frozenset(field.name for field in fields if field.correctable) | {"occurred_on"}
    for action, fields in FIELDS.items()
    if action is not Action.CORRECT
}


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction says: other values (and prose) for the act, or that it never was."""

    ref: str
    void: bool
    values: Mapping[str, object]
    prose: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """An act as it stands now: with its correction applied, and which correction that was."""

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

    def corrected(self, ref: str) -> Act | None:
        """The act that `ref` is about in the end: itself, or what it corrects; None: not ours."""
        act = self._by_ref.get(ref)
        while act is not None and act.action is Action.CORRECT:
            act = self._by_ref.get(act.word("replaces"))
        return act

    def considered_by(self, ref: str) -> Panel | None:
        """The panel whose consideration `ref` is about in the end; None when it is about none."""
        about = self.corrected(ref)
        if about is None or about.action is not Action.CONSIDER:
            return None
        listed = None
        for act in self.acts:
            if act.ref == about.ref:
                break
            listed = act.panel if act.action is Action.LIST else listed
        return listed

    def standing(self) -> list[Standing]:
        """The acts as they stand, in order, without the corrections and what was voided."""
        changes = _in_force(self.acts)
        result: list[Standing] = []
        for act in self.acts:
            change = changes.get(act.ref)
            if act.action is Action.CORRECT or (change and change.void):
                continue
            if change is None:
                result.append(Standing(act, act, None))
            else:
                result.append(Standing(act, _applied(act, change), change.ref))
        return _meetings_taken_along(result)

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
    """Whether `correction` may be recorded after `acts`: the walk that then stands, or why not.

    What stood before is legal, so an act in the way is one the correction bears on.
    """
    if correction.role not in procedure.roles(Action.CORRECT):
        return Refusal(Code.NOT_IN_ROLE, {"action": correction.action, "role": correction.role})
    if refusal := missing(correction):
        return refusal
    replaces = correction.word("replaces")
    about = History(acts).corrected(replaces)
    if about is None:
        return Refusal(Code.CORRECTS_UNKNOWN, {"ref": replaces})
    if refusal := theirs(correction.role, about):
        return refusal
    if correction.occurred_on > correction.recorded_on:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": correction.occurred_on})
    if about.action is Action.CONSIDER and correction.actor in _opened_by(acts):
        return Refusal(Code.BROUGHT_IT)
    if refusal := _says_something(about, correction):
        return refusal
    walk = History([*acts, correction]).walk(procedure)
    if isinstance(walk, Refusal):
        cause = walk.details["cause"]
        if cause == Refusal(Code.NOT_OPENED):
            return Refusal(Code.OPEN_STILL_NEEDED, {"ref": walk.details["ref"]})
        if walk.details["ref"] == about.ref and isinstance(cause, Refusal):
            return cause
    return walk


def _opened_by(acts: Sequence[Act]) -> frozenset[str]:
    """Who opened what stands (where nothing stands any more, who opened it last); nobody, where
    retention detached that."""
    standing = [one.act for one in History(acts).standing()]
    openings = [act.actor for act in standing or acts if act.action is Action.OPEN]
    return frozenset(actor for actor in openings[-1:] if actor is not None)


def _in_force(acts: Sequence[Act]) -> Mapping[str, Change]:
    """What holds about each act, by its ref. Read backwards, the first word about an act is the
    last one said, and what was said about a correction is known before the correction itself."""
    changes: dict[str, Change] = {}
    for act in reversed(acts):
        if act.action is not Action.CORRECT:
            continue
        change = changes.get(act.ref)
        if change is None:
            change = Change(act.ref, "void" in act.values, act.changes, act.prose - {"reason"})
        elif change.void:
            continue
        changes.setdefault(act.word("replaces"), change)
    return changes


def _says_something(about: Act, correction: Act) -> Refusal | None:
    """Either void, or at least one field that the corrected action carries."""
    changes = correction.changes
    given = changes.keys() | (correction.prose - {"reason"})
    if ("void" in correction.values) == ("with" in correction.values):
        return Refusal(Code.VOID_OR_WITH)
    if "with" in correction.values and not given:
        return Refusal(Code.CORRECTS_NOTHING)
    if strange := given - CORRECTABLE[about.action]:
        return Refusal(Code.FIELD_NOT_ALLOWED, {"field": min(strange), "action": about.action})
    moved = changes.get("occurred_on")
    if isinstance(moved, date) and moved > correction.recorded_on:
        return Refusal(Code.IN_THE_FUTURE, {"occurred_on": moved})
    return None


def _applied(act: Act, change: Change) -> Act:
    values, prose = dict(act.values), set(act.prose)
    for field in FIELDS[act.action]:
        if field.detail_of in change.values:
            values.pop(field.name, None)
            prose.discard(field.name)
    values.update(change.values)
    moved = values.pop("occurred_on", None)
    return replace(
        act,
        values=values,
        prose=frozenset(prose | change.prose),
        occurred_on=moved if isinstance(moved, date) else act.occurred_on,
        moved=moved is not None,
    )


def _meetings_taken_along(standing: Iterable[Standing]) -> list[Standing]:
    """A consideration whose day was corrected takes its meeting along, for this escalation alone:
    the listing before it then was for that day."""
    result: list[Standing] = []
    listing: int | None = None
    for one in standing:
        if one.act.action is Action.CONSIDER and one.act.moved and listing is not None:
            listed = result[listing]
            values = {**listed.act.values, "meeting_on": one.act.occurred_on}
            result[listing] = replace(listed, act=replace(listed.act, values=values))
        if one.act.action is Action.LIST:
            listing = len(result)
        result.append(one)
    return result
