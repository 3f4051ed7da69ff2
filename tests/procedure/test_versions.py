"""A new outcome comes with a new version of the procedure; what is under way ends as it began."""

import json
from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from kdt import clock, hashing
from kdt.cases import entries
from kdt.cases.recording import Batch, Dossier, EntryRow, record
from kdt.procedure import (
    VERSIONS,
    Act,
    Code,
    OutcomeRow,
    Procedure,
    Refusal,
    Step,
    To,
    Walk,
    outcomes_open,
)
from kdt.procedure.rows import Settles
from kdt.tallies.cells import Cell, Considered
from kdt.tallies.measures import ADDITIVE
from kdt.vocabulary import Action, Measure, Outcome, Phase, Question, Role

from .moves import VERSION_1, Story, code

# An invented outcome: the panel advises, and with that the question put is answered.
VERSION_2 = replace(
    VERSION_1,
    version=2,
    outcomes=(
        *VERSION_1.outcomes,
        OutcomeRow(
            "advised", To(Phase.SETTLED), Settles.YES, questions=frozenset({Question.DECISION})
        ),
    ),
)


@pytest.fixture(autouse=True)
def _version_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VERSIONS, 2, VERSION_2)


class Recorded:
    """Escalations in one record, which is kept in memory."""

    def __init__(self) -> None:
        self.batch = Batch()
        self.considered: dict[str, list[Considered]] = {}

    def take(self, dossier: Dossier, acts: list[Act], opening: int) -> list[Step | Walk | Refusal]:
        return [
            record(
                dossier,
                replace(act, ref=f"{dossier.id}-{act.ref}"),
                dict.fromkeys(act.prose, "Verzonnen."),
                self.batch,
                case_book=lambda case: self.considered.setdefault(case, []),
                act_book=lambda: (),
                opening_version=opening,
            )
            for act in acts
        ]

    def counted(self, measure: Measure) -> int:
        at = len(Cell._fields) + ADDITIVE.index(measure)
        amounts = [row[at] for row in self.batch.tally.rows()]
        return sum(amount for amount in amounts if isinstance(amount, int))


def heard(procedure: Procedure, outcome: str, **details: object) -> Story:
    return Story(procedure).submitted(case=str(UUID(int=1))).heard(outcome, **details)


def test_what_was_opened_under_version_1_refuses_the_new_outcome_after_version_2_came() -> None:
    recorded, dossier = Recorded(), Dossier("V-1")
    under_way = Story().submitted(case=str(UUID(int=1))).listed()
    recorded.take(dossier, under_way.acts, opening=1)
    advised = under_way.attempt(Action.CONSIDER, Role.CHAIR, outcome="advised")
    assert code(recorded.take(dossier, [advised], opening=2)[0]) is Code.OUTCOME_UNKNOWN
    held = under_way.attempt(Action.CONSIDER, Role.CHAIR, outcome=Outcome.HELD_OVER)
    assert isinstance(recorded.take(dossier, [held], opening=2)[0], Step)
    assert dossier.version == 1


def test_what_is_opened_under_version_2_may_end_in_the_new_outcome() -> None:
    recorded, dossier = Recorded(), Dossier("V-2")
    results = recorded.take(dossier, heard(VERSION_2, "advised").acts, opening=2)
    assert isinstance(results[-1], Step)
    assert results[-1].settles
    assert dossier.version == 2
    assert dossier.state is not None
    assert dossier.state.phase is Phase.SETTLED


def test_a_screen_offers_the_new_outcome_only_where_it_may_be_given() -> None:
    offered = [
        set(outcomes_open(version, Story(version).submitted().listed().now))
        for version in (VERSION_1, VERSION_2)
    ]
    assert offered[1] - offered[0] == {"advised"}


def test_a_correction_is_judged_under_the_version_of_its_escalation() -> None:
    for version, accepted in ((VERSION_1, False), (VERSION_2, True)):
        story = Story(version).submitted().heard(Outcome.HELD_OVER)
        judged = story.judged(4, outcome="advised")
        assert isinstance(judged, Walk) == accepted


def test_figures_count_across_versions() -> None:
    recorded = Recorded()
    old = heard(VERSION_1, Outcome.DECIDED, ruling="against")
    recorded.take(Dossier("V-1"), old.acts, opening=1)
    recorded.take(Dossier("V-2"), heard(VERSION_2, "advised").acts, opening=2)
    assert recorded.counted(Measure.CONSIDERED) == 2
    assert recorded.counted(Measure.DECISIONS) == 2, "broad: questions settled"
    assert recorded.counted(Measure.DECISIONS_AGAINST) == 1, "narrow: decided alone"
    assert recorded.counted(Measure.ENTERED) == recorded.counted(Measure.LEFT) == 2
    new_cases = Counter(cell.previous[0] is None for cell, _ in recorded.batch.cases)
    assert new_cases == {True: 1, False: 1}, "one case, brought twice"


def test_old_chains_still_verify() -> None:
    recorded = Recorded()
    old = heard(VERSION_1, Outcome.DECIDED, ruling="against")
    recorded.take(Dossier("V-1"), old.acts, opening=1)
    recorded.take(Dossier("V-2"), heard(VERSION_2, "advised").acts, opening=2)
    for escalation, version in (("V-1", 1), ("V-2", 2)):
        head = hashing.GENESIS
        for row in (one for one in recorded.batch.entries if one.escalation_id == escalation):
            head = hashing.link(head, row.content)
            assert head == row.hash
            assert entries.procedure_version(row.content) == version
            assert written_again(row) == row.content


def written_again(row: EntryRow) -> bytes:
    """The entry read, and written from what was read."""
    said = json.loads(row.content)
    act = entries.act(row.content, None)
    assert act.recorded_on == clock.day(row.recorded_at)
    return entries.content(
        row.escalation_id,
        row.seq,
        act,
        person=said["person"],
        texts=said["texts"],
        procedure=said["procedure"],
        import_id=None,
    )
