"""What panels answered to an escalation, worked out from its entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from kdt.cases.inputs import Prose
from kdt.cases.recording import Past
from kdt.procedure import VERSIONS, Act, History, Walk
from kdt.procedure.walk import Standing
from kdt.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Answer:
    """What a panel last said of it; of an inquiry it ordered, what is to be found out, what each
    answer would change, and by when."""

    seq: int
    ref: str
    level: str
    panel: str
    on: date
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    reasons: Prose | None
    settles: bool
    sought: Prose | None
    consequences: Prose | None
    due_on: date | None


def of_past(
    version: int, past: Sequence[Past], texts: Mapping[tuple[int, str], Prose | None]
) -> tuple[Answer, ...]:
    """What panels answered in a past, each as it stood at the end of that."""
    history = History([one.act for one in past])
    walk = cast("Walk", history.walk(VERSIONS[version]))
    standing = {one.original.ref: one for one in history.standing()}
    return tuple(answers(walk, past, standing, texts))


def answers(
    walk: Walk,
    past: Sequence[Past],
    standing: Mapping[str, Standing],
    texts: Mapping[tuple[int, str], Prose | None],
) -> list[Answer]:
    """What panels answered in a walk, in order, with the texts that stand."""
    place = {one.act.ref: one.seq for one in past}
    found = []
    for step in walk.steps:
        if step.act.action is not Action.CONSIDER or step.before is None:
            continue
        seq, correction = place[step.act.ref], standing[step.act.ref].corrected_by

        def told(
            field: str, seq: int = seq, correction: str | None = correction, act: Act = step.act
        ) -> Prose | None:
            """A text as it stands: that of the correction in force, where it has one."""
            first = texts.get((seq, field)) if field in act.prose else None
            return first if correction is None else texts.get((place[correction], field), first)

        values = step.act.values
        found.append(
            Answer(
                seq,
                step.act.ref,
                cast("str", step.before.level),
                cast("str", step.before.panel),
                step.act.occurred_on,
                cast("str", values["outcome"]),
                cast("str | None", values.get("ruling")),
                cast("str | None", values.get("inquiry")),
                cast("str | None", values.get("referral")),
                told("reasons"),
                step.settles,
                told("sought"),
                told("consequences"),
                cast("date | None", values.get("due_on")),
            )
        )
    return found
