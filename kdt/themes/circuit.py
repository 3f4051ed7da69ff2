"""The circuit of a theme, written once: which action, from which states, by which right, with which
inputs, to where. Pure: no database, no clock, no web.

From a hunch to a change that is followed to its effect, as the letters describe it (J; K 6, 7, 17
and 18); that it is a circuit, and its states, are our own design. Buttons, forms, the API's
affordances and the documentation read these rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kdt.access.table import Right
from kdt.procedure.refusal import Refusal
from kdt.procedure.rows import Field, Kind
from kdt.vocabulary import Ending, Owing, ThemeAction, ThemeState


class Code(StrEnum):
    """Why a step may not be taken; the Dutch stands under `refusal`."""

    THEME_NOT_IN_STATE = "theme_not_in_state"
    THEME_IN_THE_FUTURE = "theme_in_the_future"
    THEME_BEFORE_PREVIOUS = "theme_before_previous"
    THEME_DUE_BEFORE = "theme_due_before"
    THEME_MERGED = "theme_merged"
    THEME_STEP_UNKNOWN = "theme_step_unknown"
    NOT_PROPOSED_AGAIN = "not_proposed_again"
    THEME_STEP_IN_THE_WAY = "theme_step_in_the_way"


@dataclass(frozen=True, slots=True)
class Step:
    """A step as recorded, or as it is to be: its number in the theme's chain, the day it happened
    (Amsterdam), its coded inputs by name, and its words where the reader was given them."""

    number: int
    action: ThemeAction
    occurred_on: date
    values: Mapping[str, object] = field(default_factory=dict)
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Owed:
    """An action that is out: who owes it, and by which day."""

    by: str
    due_on: date
    since: date

    def overdue(self, today: date) -> bool:
        """Whether that day has gone by."""
        return self.due_on < today


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a theme is, since which day it is there, and what is owed meanwhile; `since` is None
    for as long as no step was taken."""

    state: ThemeState
    since: date | None = None
    owed: Owed | None = None
    merged_into: str | None = None

    @property
    def open(self) -> bool:
        """Whether escalations can be tagged with it."""
        return self.state not in OVER


Guard = Callable[[Standing, Step], Refusal | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what may be done, from which states, to which (None: it stays where it is), by
    whoever has a right, with which inputs besides the day. What `reasons` are, hangs on the row."""

    action: ThemeAction
    states: frozenset[ThemeState]
    to: ThemeState | None
    right: Right = Right.MANAGE_THEMES
    fields: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()


def due_after(_standing: Standing, step: Step) -> Refusal | None:
    """What is owed is due on the day itself or later."""
    due_on = step.values["due_on"]
    if isinstance(due_on, date) and due_on < step.occurred_on:
        return Refusal(Code.THEME_DUE_BEFORE, {"due_on": due_on, "occurred_on": step.occurred_on})
    return None


OVER = frozenset({ThemeState.CLOSED, ThemeState.REJECTED})
_UNDER_WAY = frozenset(ThemeState) - OVER - {ThemeState.PROPOSED}
_OPEN = _UNDER_WAY | {ThemeState.PROPOSED}
_WHY, _MAY_SAY = Field("reasons", Kind.PROSE), Field("reasons", Kind.PROSE, required=False)
_INTO = Field("target", Kind.NAME)

ROWS = (
    Row(
        ThemeAction.CONFIRM,
        frozenset({ThemeState.PROPOSED}),
        ThemeState.CONFIRMED,
        fields=(_MAY_SAY,),
    ),
    Row(
        ThemeAction.REJECT,
        frozenset({ThemeState.PROPOSED}),
        ThemeState.REJECTED,
        fields=(_WHY,),
    ),
    # J and K 17: policy makers, and where it touches them lawyers and VWN.
    Row(
        ThemeAction.CONSULT,
        _UNDER_WAY - {ThemeState.IN_CONSULTATION},
        ThemeState.IN_CONSULTATION,
        fields=(Field("consultation", Kind.NAME, required=False), _MAY_SAY),
    ),
    Row(
        ThemeAction.SEND_OUT,
        _UNDER_WAY,
        ThemeState.ACTION_OUT,
        fields=(Field("owed_by", Kind.CODE, codes=Owing), Field("due_on", Kind.DAY), _WHY),
        guards=(due_after,),
    ),
    Row(
        ThemeAction.ANSWER,
        frozenset({ThemeState.IN_CONSULTATION, ThemeState.ACTION_OUT}),
        ThemeState.ANSWERED,
        fields=(_WHY,),
    ),
    Row(
        ThemeAction.FOLLOW,
        frozenset({ThemeState.ANSWERED}),
        ThemeState.EFFECT_FOLLOWED,
        fields=(_MAY_SAY,),
    ),
    Row(
        ThemeAction.CLOSE,
        _UNDER_WAY,
        ThemeState.CLOSED,
        fields=(Field("closed_as", Kind.CODE, codes=Ending), _MAY_SAY),
    ),
    Row(
        ThemeAction.REOPEN,
        OVER,
        ThemeState.CONFIRMED,
        fields=(_MAY_SAY,),
    ),
    Row(ThemeAction.MERGE, _OPEN, ThemeState.CLOSED, fields=(_INTO, _WHY)),
    Row(
        ThemeAction.SPLIT,
        _UNDER_WAY,
        None,
        fields=(_INTO, Field("escalations", Kind.NAME), _WHY),
    ),
    # Outside the sequence: what was recorded wrongly is taken back, and both stay.
    Row(
        ThemeAction.CORRECT,
        frozenset(ThemeState),
        None,
        fields=(Field("replaces", Kind.NAME), _WHY),
    ),
)

ROW: Mapping[ThemeAction, Row] = {row.action: row for row in ROWS}
if len(ROW) != len(ROWS):
    raise ValueError("two rows for one action")

FIELDS: tuple[str, ...] = tuple(dict.fromkeys(one.name for row in ROWS for one in row.fields))


def allowed(standing: Standing, action: ThemeAction) -> Row | Refusal:
    """The row for an action from here, or why there is none."""
    row = ROW[action]
    if standing.state not in row.states:
        return Refusal(
            Code.THEME_NOT_IN_STATE, {"theme_action": action, "theme_state": standing.state}
        )
    if action is ThemeAction.REOPEN and standing.merged_into:
        # What went into another theme comes back by taking the merger back.
        return Refusal(Code.THEME_MERGED)
    return row


def available(standing: Standing) -> tuple[ThemeAction, ...]:
    """What can be done from here in the table's order; a correction is offered at its step."""
    return tuple(
        row.action
        for row in ROWS
        if row.action is not ThemeAction.CORRECT and isinstance(allowed(standing, row.action), Row)
    )


def onward(standing: Standing) -> ThemeAction | None:
    """Of what can be done the one that leads to the state that comes next, or None."""
    states = [*ThemeState]
    leading = [
        (states.index(to), action)
        for action in available(standing)
        if (to := ROW[action].to) is not None
        and states.index(to) > states.index(standing.state)
        and to not in OVER | {standing.state}
    ]
    return min(leading)[1] if leading else _last(standing)


def _last(standing: Standing) -> ThemeAction | None:
    """What followed to its effect, is closed."""
    followed = standing.state is ThemeState.EFFECT_FOLLOWED
    return ThemeAction.CLOSE if followed else None


def decide(standing: Standing, step: Step) -> Standing | Refusal:
    """Where a step leads, or why it may not be taken. A correction is judged over the whole
    (`taken_back`): ValueError."""
    if step.action is ThemeAction.CORRECT:
        raise ValueError("a correction is judged over the whole")
    row = allowed(standing, step.action)
    if isinstance(row, Refusal):
        return row
    if standing.since is not None and step.occurred_on < standing.since:
        return Refusal(
            Code.THEME_BEFORE_PREVIOUS,
            {"occurred_on": step.occurred_on, "previous_on": standing.since},
        )
    for guard in row.guards:
        if refusal := guard(standing, step):
            return refusal
    if row.to is None:
        return replace(standing, since=step.occurred_on)
    owed = None
    if step.action is ThemeAction.SEND_OUT:
        due_on = step.values["due_on"]
        assert isinstance(due_on, date), "the row asks for a day"
        owed = Owed(str(step.values["owed_by"]), due_on, step.occurred_on)
    into = str(step.values["target"]) if step.action is ThemeAction.MERGE else None
    return Standing(row.to, step.occurred_on, owed, into)


def in_force(steps: Iterable[Step]) -> Iterator[Step]:
    """The steps that were not taken back, without what took them back."""
    every = [*steps]
    gone = {one.values["replaces"] for one in every if one.action is ThemeAction.CORRECT}
    return (
        one for one in every if one.action is not ThemeAction.CORRECT and one.number not in gone
    )


def walk(start: Standing, steps: Iterable[Step]) -> Standing | Refusal:
    """Where the steps lead from where the theme began, or the first that may not be taken."""
    standing = start
    for step in in_force(steps):
        after = decide(standing, step)
        if isinstance(after, Refusal):
            return after
        standing = after
    return standing


def taken_back(start: Standing, steps: Iterable[Step], correction: Step) -> Standing | Refusal:
    """Where the theme is once a step was taken back: what followed on it must hold without it."""
    every = [*steps]
    if correction.values["replaces"] not in {one.number for one in in_force(every)}:
        return Refusal(Code.THEME_STEP_UNKNOWN)
    after = walk(start, [*every, correction])
    return Refusal(Code.THEME_STEP_IN_THE_WAY) if isinstance(after, Refusal) else after


def mermaid() -> str:
    """The states and the ways between them, as Mermaid, in codes."""
    labels: dict[tuple[str, str], list[str]] = {("[*]", ThemeState.PROPOSED): ["propose"]}
    for row in ROWS:
        if row.to is not None:
            for source in ThemeState:
                if source in row.states:
                    labels.setdefault((source, row.to), []).append(row.action)
    lines = [f"    {one} --> {to}: {', '.join(codes)}" for (one, to), codes in labels.items()]
    return "\n".join(["stateDiagram-v2", *lines])
