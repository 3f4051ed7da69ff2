"""A record nobody tampered with gives no findings, however it came to be."""

from pathlib import Path

from sqlalchemy import text

from kdt.cases.importing import import_history
from kdt.store.engine import Store
from kdt.tallies.compaction import compact
from kdt.verify import examine, verify
from tests.support import assert_sound
from tests.verify import record

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"


def test_an_empty_record_is_sound(store: Store) -> None:
    assert_sound(store)


def test_imports_corrections_and_work_since_are_sound(filled_store: Store) -> None:
    report = verify(filled_store)
    assert [finding.sentence for finding in report.findings] == []
    assert report.escalations > 250
    assert report.entries > 1500
    assert report.destroyed > 20


def test_it_stays_sound_when_the_tallies_are_compacted(filled_store: Store) -> None:
    with filled_store.engine.connect() as connection:
        compact(connection)
        report = examine(connection)
        connection.rollback()
    assert [finding.sentence for finding in report.findings] == []


def test_progress_is_told_to_the_end(filled_store: Store) -> None:
    told: list[tuple[int, int]] = []
    report = verify(filled_store, lambda done, of: told.append((done, of)))
    assert told[-1] == (report.escalations, report.escalations)
    assert [done for done, _ in told] == list(range(1, report.escalations + 1))


def test_a_second_file_that_corrects_the_first_leaves_it_sound(
    store: Store, tmp_path: Path
) -> None:
    report = import_history(store, EXAMPLE, by="beheer")
    assert report.bad == []
    with store.engine.connect() as connection:
        escalation, ref = connection.execute(
            text("select escalation_id, ref from entries where action = 'consider' limit 1")
        ).one()
    lines = record.write(
        tmp_path / "later.jsonl",
        [
            {
                "ref": "later-1",
                "recordedAt": "2026-01-05T10:00:00+01:00",
                "occurredOn": "2026-01-05",
                "actor": "secretaris-9",
                "role": "secretary",
                "action": "correct",
                "escalation": escalation,
                "replaces": ref,
                "reason": "Beter verwoord.",
                "with": {"reasons": "Het belang van het kind weegt zwaar."},
            }
        ],
    )
    assert import_history(store, lines, by="beheer").bad == []
    assert_sound(store)
