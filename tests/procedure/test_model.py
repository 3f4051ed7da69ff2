"""The procedure and a model written apart, from the text alone, judge every history alike."""

import json
from random import Random

import pytest

from kdt.cases.lines import ActionLine, PanelLine, parse
from kdt.procedure import Act, Panel, Refusal, State, Step, Walk, decide, judge
from kdt.vocabulary import Action
from tests.oracle.generator import NOW, encode, generate
from tests.oracle.history import read
from tests.oracle.lines import Fields
from tests.oracle.walk import in_force, walk

from .moves import VERSION_1

# Fields whose value of another line may be legal here, and mostly is not.
SWAPPED = ("occurredOn", "actor", "role", "replaces", "panel", "meetingOn", "outcome", "with")


class Judged:
    """A history taken in line by line; a line that is refused leaves nothing behind."""

    def __init__(self, lines: list[Fields]) -> None:
        self.panels: dict[str, Panel] = {}
        self.acts: dict[str, list[Act]] = {}
        self.states: dict[str, State | None] = {}
        self.bad = [number for number, line in enumerate(lines, 1) if not self._takes(line)]

    def _takes(self, fields: Fields) -> bool:
        line, _, _ = parse(json.dumps(fields).encode(), first="version" in fields, version=1)
        if isinstance(line, PanelLine):
            self.panels[line.id] = Panel(line.id, line.level, line.location)
        elif isinstance(line, ActionLine):
            return self._records(line)
        return line is not None

    def _records(self, line: ActionLine) -> bool:
        acts = self.acts.setdefault(line.escalation, [])
        act = Act(
            line.ref,
            line.action,
            line.actor,
            line.role,
            line.occurred_on,
            line.recorded_at,
            line.recorded_on,
            line.inputs.values,
            frozenset(line.inputs.texts),
            self.panels.get(str(line.inputs.values.get("panel"))),
        )
        result: Step | Walk | Refusal
        if act.action is Action.CORRECT:
            result = judge(VERSION_1, acts, act)
        else:
            result = decide(VERSION_1, self.states.get(line.escalation), act)
        if isinstance(result, Refusal):
            return False
        acts.append(act)
        self.states[line.escalation] = result.state if isinstance(result, Walk) else result.after
        return True


def spoilt(lines: list[Fields], dice: Random) -> list[Fields]:
    """The same lines, one in ten with a value of another line that does the same."""
    result = [dict(line) for line in lines]
    for line in result:
        if "action" in line and dice.random() < 0.1:
            alike = [one for one in lines if one.get("action") == line["action"]]
            name = dice.choice([name for name in SWAPPED if name in line])
            line[name] = dice.choice([one[name] for one in alike if name in one])
    return result


@pytest.mark.parametrize("seed", range(6))
def test_a_legal_history_is_accepted_and_stands_where_the_model_says(seed: int) -> None:
    lines = generate(seed, 40)
    ours, model = Judged(lines), read(encode(lines), NOW)
    assert ours.bad == [bad.line for bad in model.bad] == []
    for escalation, entries in model.escalations.items():
        steps = walk(in_force(entries), model.panels)
        state = ours.states[escalation]
        if not steps:
            assert state is None
        else:
            assert state is not None
            after = steps[-1].after
            assert (state.phase, state.level) == (after.phase, after.level)
            if after.phase == "in_inquiry":
                assert state.settled == after.answered


@pytest.mark.parametrize("seed", range(100, 112))
def test_a_spoilt_history_is_refused_line_by_line_where_the_model_refuses(seed: int) -> None:
    lines = spoilt(generate(seed, 40), Random(seed))
    bad = [one.line for one in read(encode(lines), NOW).bad]
    assert Judged(lines).bad == bad
    assert len(bad) > 10
