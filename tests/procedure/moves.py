"""Escalations brought where a test wants them by legal moves alone, and every move there is to try.

All names and days are invented.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Self

from kdt.procedure import (
    FIELDS,
    VERSIONS,
    Act,
    Code,
    Panel,
    Procedure,
    Refusal,
    State,
    Step,
    Walk,
    decide,
    judge,
)
from kdt.procedure.rows import Kind
from kdt.vocabulary import Action, Outcome, Question, Result, Role

VERSION_1 = VERSIONS[1]
FIRST_DAY = date(2022, 3, 1)
# The actor of a role carries its name, so that who brings a case is never who considers it.
PLACE = "Den Bosch"
PANELS = {
    "local": Panel("kdt-den-bosch", "local", PLACE),
    "regional": Panel("kdt-zuid", "regional", None),
    "national": Panel("kdt-national", "national", None),
}
ACTING = (Role.OFFICER, Role.SECRETARY, Role.CHAIR, Role.POLICY_ADVISER)
USUAL: Mapping[str, object] = {
    "case": "case-1",
    "location": PLACE,
    "question": Question.DECISION.value,
    "ground": "complex",
    "result": Result.CARRIED_OUT.value,
    "theme": "theme-1",
}


def act(
    action: Action,
    role: Role,
    day: date,
    *,
    ref: str = "",
    actor: str | None = "",
    recorded_on: date | None = None,
    panel: Panel | None = None,
    **inputs: object,
) -> Act:
    """An act with every obligatory field filled in, unless `inputs` says otherwise (None: not)."""
    given: dict[str, object] = {
        one.name: USUAL.get(one.name, "Verzonnen.") for one in FIELDS[action] if one.required
    }
    if action is Action.LIST:
        panel = panel or PANELS["local"]
        given |= {"panel": panel.id, "meeting_on": day}
    given |= inputs
    filled = {name: value for name, value in given.items() if value is not None}
    prose = {one.name for one in FIELDS[action] if one.kind is Kind.PROSE}
    if action is Action.CORRECT:
        # The texts of a correction's changes stand beside its own.
        prose |= {"reasons"}
    recorded_on = recorded_on or day
    return Act(
        ref=ref,
        action=action,
        actor=role.value if actor == "" else actor,
        role=role,
        occurred_on=day,
        recorded_at=datetime(recorded_on.year, recorded_on.month, recorded_on.day, 12, tzinfo=UTC),
        recorded_on=recorded_on,
        values={name: value for name, value in filled.items() if name not in prose},
        prose=frozenset(filled.keys() & prose),
        panel=panel,
    )


@dataclass
class Story:
    """One escalation told move by move; each move is on the next day, and numbered from 1."""

    procedure: Procedure = VERSION_1
    acts: list[Act] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    state: State | None = None

    @property
    def today(self) -> date:
        return FIRST_DAY + timedelta(days=len(self.acts))

    @property
    def now(self) -> State:
        assert self.state is not None, "nothing stands"
        return self.state

    def attempt(self, action: Action, role: Role, **inputs: object) -> Act:
        """The next move, not made yet. A listing is for the panel of the level it waits at."""
        if action is Action.LIST and self.state and self.state.level:
            inputs.setdefault("panel", PANELS[self.state.level])
        day = inputs.pop("day", self.today)
        assert isinstance(day, date)
        return act(action, role, day, ref=str(len(self.acts) + 1), **inputs)  # type: ignore[arg-type]

    def does(self, action: Action, role: Role = Role.OFFICER, **inputs: object) -> Self:
        """Make a move that must be legal."""
        made = self.attempt(action, role, **inputs)
        step = decide(self.procedure, self.state, made)
        assert isinstance(step, Step), step
        self.acts.append(made)
        self.steps.append(step)
        self.state = step.after
        return self

    def submitted(self, **opening: object) -> Self:
        return self.does(Action.OPEN, Role.OFFICER, **opening).does(Action.SUBMIT)

    def listed(self) -> Self:
        """Listed for tomorrow, when the next move is made."""
        tomorrow = self.today + timedelta(days=1)
        return self.does(Action.LIST, Role.SECRETARY, meeting_on=tomorrow)

    def heard(self, outcome: str, **details: object) -> Self:
        """Listed, and considered on the day of the meeting."""
        return self.listed().does(Action.CONSIDER, Role.CHAIR, outcome=outcome, **details)

    def decided(self, ruling: str = "in_favour") -> Self:
        return self.heard(Outcome.DECIDED, ruling=ruling)

    def referred_up(self) -> Self:
        return self.heard(Outcome.REFERRED_UP, referral="not_settled")

    def judged(
        self, replaces: int, role: Role = Role.SECRETARY, **inputs: object
    ) -> Walk | Refusal:
        """What the procedure says to a correction of the move with this number."""
        made = self.attempt(Action.CORRECT, role, replaces=str(replaces), **_changes(inputs))
        return judge(self.procedure, self.acts, made)

    def corrected(self, replaces: int, role: Role = Role.SECRETARY, **inputs: object) -> Self:
        """Make a correction that must be legal; it is a move with a number too."""
        walk = self.judged(replaces, role, **inputs)
        assert isinstance(walk, Walk), walk
        made = self.attempt(Action.CORRECT, role, replaces=str(replaces), **_changes(inputs))
        self.acts.append(made)
        self.steps, self.state = list(walk.steps), walk.state
        return self


def _changes(inputs: Mapping[str, object]) -> dict[str, object]:
    """Plain keywords are what the correction changes; void, day and actor are its own."""
    own = {name: value for name, value in inputs.items() if name in ("void", "day", "actor")}
    changes = {name: value for name, value in inputs.items() if name not in own}
    texts = {name: changes.pop(name) for name in ("reasons",) if name in changes}
    return own | texts | ({"with": changes} if changes or texts else {})


def code(result: object) -> Code:
    """The code of what must be a refusal."""
    assert isinstance(result, Refusal), result
    return Code(result.code)


def moves(
    procedure: Procedure,
    state: State | None,
    role: Role,
    day: date,
    actions: Sequence[Action] = (),
) -> Iterator[Act]:
    """Every action of the table (or of `actions`) by this role, well filled in, in every variety
    of its inputs; whether it may be done is for the procedure to say."""
    for action in actions or procedure.actions:
        if action is not Action.CORRECT:
            for inputs in _varieties(procedure, action):
                panel = PANELS.get(state.level or "") if state else None
                panel = panel if action is Action.LIST else None
                yield act(action, role, day, panel=panel, **inputs)  # type: ignore[arg-type]


def _varieties(procedure: Procedure, action: Action) -> Sequence[Mapping[str, object]]:
    if action is Action.OPEN:
        return [{"question": question.value} for question in Question]
    if action is Action.FOLLOW_THROUGH:
        return [{"result": "carried_out"}, {"result": "deviated", "reasons": "Verzonnen."}]
    if action is Action.TAG:
        return [{}, {"reason": "Verzonnen."}]
    if action is not Action.CONSIDER:
        return [{}]
    found: list[Mapping[str, object]] = []
    for row in procedure.outcomes:
        if not row.detail_required:
            found.append({"outcome": row.code})
        if row.detail:
            found += [{"outcome": row.code, row.detail: str(value)} for value in row.counts_by]
    return found


def legal(procedure: Procedure, state: State | None, day: date) -> list[Step]:
    """Every step that can be taken from here today, by whoever may take it."""
    phase = state.phase if state else None
    actions = [action for action, place in procedure.by_place if place == phase]
    steps = (
        decide(procedure, state, move)
        for role in ACTING
        for move in moves(procedure, state, role, day, actions)
    )
    return [step for step in steps if isinstance(step, Step)]


def reachable(procedure: Procedure) -> list[Step]:
    """Every step there is, up to the day and to how often something came back."""
    seen: set[object] = {None}
    found: list[Step] = []
    ahead: list[State | None] = [None]
    while ahead:
        state = ahead.pop()
        for step in legal(procedure, state, FIRST_DAY):
            found.append(step)
            after = step.after
            place = (after.phase, after.level, after.question, after.settled, after.unresolved_at)
            if place not in seen:
                seen.add(place)
                ahead.append(after)
    return found
