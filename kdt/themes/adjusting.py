"""Adjustments are recorded by a policy adviser: what is changed, or why nothing is, and for what;
as it comes further it is told anew.

A reply of staff is closed, so an adjustment names open signals alone; what came of a reply runs by
its theme.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kdt import names
from kdt.access.table import Right
from kdt.ledger.table import ADJUSTMENT_TEXTS, Subject
from kdt.themes.checking import among, missing
from kdt.themes.model import adjustment_terms
from kdt.themes.telling import Known, Said, Sort
from kdt.values import Problem
from kdt.vocabulary import AdjustmentKind, AdjustmentStatus, DecidedBy


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    ADJUSTMENT_WITHDRAWN = "adjustment_withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an adjustment. `since` as `Adjustment` has it."""

    kind: str
    status: str
    since: date
    title: str
    decided_by: str = DecidedBy.NOT_SAID
    at_latest: bool = False
    content: str = ""
    reasons: str = ""
    reference: str = ""
    themes: Collection[str] = ()
    signals: Collection[str] = ()
    tests: Collection[str] = ()


def _said(told: Told, _person: str) -> Said:
    values = {
        "adjustment_kind": told.kind,
        "adjustment_status": told.status,
        "since": told.since,
        "at_latest": told.at_latest,
        "decided_by": told.decided_by,
        "themes": sorted({*told.themes}),
        "signals": sorted({*told.signals}),
        "tests": sorted({*told.tests}),
    }
    texts = {name: names.text_given(name, getattr(told, name)) for name in ADJUSTMENT_TEXTS}
    return Said(values, {**texts, "title": names.given("title", told.title)})


def _check(told: Told, known: Known) -> list[Problem]:
    problems = among("kind", [told.kind], [*AdjustmentKind])
    problems += among("status", [told.status], [*AdjustmentStatus])
    problems += among("decidedBy", [told.decided_by], [*DecidedBy])
    if told.since > known.today:
        problems.append(Problem("adjusted_in_the_future", "since"))
    if told.kind == AdjustmentKind.NONE:
        problems += missing("reasons", told.reasons)
        if told.status == AdjustmentStatus.IN_FORCE:
            problems.append(Problem("nothing_in_force", "status"))
    if not (told.themes or told.signals or told.tests):
        problems.append(Problem("answers_nothing", "themes"))
    problems += among("themes", told.themes, known.themes)
    problems += among("signals", told.signals, known.signals)
    return problems + among("tests", told.tests, known.tests)


ADJUSTMENTS = Sort(
    Subject.ADJUSTMENT,
    Right.FOLLOW_UP,
    "A",
    Code.ADJUSTMENT_WITHDRAWN,
    adjustment_terms,
    Told,
    _check,
    _said,
    columns={"adjustment_kind": "kind", "adjustment_status": "status"},
)
enter, change, withdraw = ADJUSTMENTS.enter, ADJUSTMENTS.change, ADJUSTMENTS.withdraw
record = ADJUSTMENTS.record
