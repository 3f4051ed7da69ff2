"""A whole record in, a whole record out: the pairs given with the format, and the way back."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from kdt.cases import importing, reading
from kdt.cases.exporting import ExportFailed, export_history
from kdt.cases.importing import ImportRefused, Report, import_history
from kdt.demo.generator import generate as example_year
from kdt.register import figures as tallies
from kdt.register import from_log
from kdt.register.figures import Query, as_json
from kdt.store.engine import Store
from kdt.verify import verify
from tests.oracle.generator import encode, generate
from tests.oracle.moments import parse_moment

DATA = Path(__file__).parents[1] / "data"
PAIRS = ("history-example", "history-larger")
TODAY = date(2026, 11, 23)

Lines = list[dict[str, Any]]


def bring_in(store: Store, lines: Lines, folder: Path, *, demo: bool = False) -> Report:
    file = folder / "in.jsonl"
    file.write_bytes(encode(lines))
    return import_history(store, file, by="beheer", demo=demo)


def taken_out(store: Store, folder: Path) -> bytes:
    file = folder / "out.jsonl"
    export_history(store, file, by="tester")
    return file.read_bytes()


def query(asked: dict[str, Any]) -> Query:
    as_of = asked.get("asOf")
    return Query(
        date.fromisoformat(asked["from"]),
        date.fromisoformat(asked["until"]),
        date.fromisoformat(as_of) if as_of else None,
        tuple(asked["by"]),
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_the_given_figures_come_out_and_come_out_of_the_export(
    pair: str, store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    assert import_history(store, DATA / f"{pair}.jsonl", by="beheer").bad == []
    first = taken_out(store, tmp_path)
    assert import_history(elsewhere, tmp_path / "out.jsonl", by="beheer").bad == []
    assert taken_out(elsewhere, tmp_path) == first
    given = json.loads((DATA / f"{pair}.figures.json").read_text())
    for record in (store, elsewhere):
        with record.engine.connect() as connection:
            for one in given:
                asked = query(one["query"])
                rows = tallies.figures(connection, asked)
                assert as_json(asked, rows, today=TODAY) == one["figures"]
    with elsewhere.engine.connect() as connection:
        for one in given[::4]:
            asked = query(one["query"])
            rows = from_log.figures(connection, asked)
            assert as_json(asked, rows, today=TODAY) == one["figures"]


@pytest.mark.parametrize("seed", range(5))
def test_what_goes_out_says_what_came_in(
    seed: int, store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    lines = generate(seed, 15)
    assert bring_in(store, lines, tmp_path).bad == []
    out = taken_out(store, tmp_path)
    assert import_history(elsewhere, tmp_path / "out.jsonl", by="beheer").bad == []
    assert taken_out(elsewhere, tmp_path) == out
    written = [json.loads(line) for line in out.split(b"\n")[:-1]]
    actions = [line for line in lines if "kind" not in line]
    assert [plain(line) for line in written if "kind" not in line] == [
        plain(line) for line in actions
    ]
    assert written[0] == {"kind": "history", "version": 1}


def plain(line: dict[str, Any]) -> dict[str, Any]:
    return line | {"recordedAt": parse_moment(line["recordedAt"])}


@pytest.mark.parametrize("seed", range(4))
def test_two_files_make_the_record_of_one(
    seed: int, store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    lines = generate(seed, 12)
    moments = [parse_moment(line["recordedAt"]) if "ref" in line else None for line in lines]
    cuts = [
        number
        for number in range(1, len(lines))
        if moments[number - 1] is not None
        and moments[number] is not None
        and moments[number - 1] != moments[number]
    ]
    cut = Random(seed).choice(cuts)
    assert bring_in(store, lines, tmp_path).bad == []
    panels = [line for line in lines[:cut] if line.get("kind") == "panel"]
    assert bring_in(elsewhere, lines[:cut], tmp_path).bad == []
    # A panel already known with the same data is fine.
    assert bring_in(elsewhere, [*panels, *lines[cut:]], tmp_path).bad == []
    assert taken_out(elsewhere, tmp_path) == taken_out(store, tmp_path)
    everything = Query(date.min, date.max, None, ("level", "location", "question", "ground"))
    with store.engine.connect() as whole, elsewhere.engine.connect() as parts:
        assert tallies.figures(parts, everything) == tallies.figures(whole, everything)
        assert from_log.figures(parts, everything) == tallies.figures(parts, everything)


def test_a_long_file_makes_the_same_record_whatever_is_forgotten_on_the_way(
    store: Store, elsewhere: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    # With themes, corrections and cases that come again.
    lines = list(example_year(now.date(), now, escalations=150))
    assert bring_in(store, lines, tmp_path).bad == []
    monkeypatch.setattr(importing, "HELD", 150)
    monkeypatch.setattr(reading, "CHUNK", 100)
    assert bring_in(elsewhere, lines, tmp_path).bad == []
    assert taken_out(elsewhere, tmp_path) == taken_out(store, tmp_path)
    everything = Query(date.min, date.max, None, ("level", "location", "question", "ground"))
    with store.engine.connect() as whole, elsewhere.engine.connect() as parts:
        figures = tallies.figures(whole, everything)
        assert tallies.figures(parts, everything) == figures
        assert from_log.figures(parts, everything) == figures
    assert verify(elsewhere).findings == []


def test_only_what_is_newer_than_the_record_comes_in(store: Store, tmp_path: Path) -> None:
    lines = generate(1, 3)
    assert bring_in(store, lines, tmp_path).bad == []
    again = bring_in(store, lines, tmp_path)
    actions = [number for number, line in enumerate(lines, 1) if "ref" in line]
    assert [one.line for one in again.bad] == actions
    newer = {**lines[-1], "ref": "X-1", "escalation": "X", "recordedAt": "2025-01-01T00:00:00Z"}
    newer = {key: newer[key] for key in ("ref", "recordedAt", "occurredOn", "actor", "escalation")}
    newer |= {"role": "officer", "action": "open", "case": "Z", "location": "Assen"}
    newer |= {"question": "decision", "ground": "other"}
    known = {"kind": "panel", "id": "kdt-national", "level": "local", "location": "Assen"}
    assert [one.line for one in bring_in(store, [known, newer], tmp_path).bad] == [1]
    assert bring_in(store, [newer], tmp_path).bad == []
    assert [one.line for one in bring_in(store, [newer], tmp_path).bad] == [1]


def test_each_entry_remembers_its_import(store: Store, tmp_path: Path) -> None:
    report = bring_in(store, generate(1, 3), tmp_path)
    with store.engine.connect() as connection:
        found = connection.execute(
            text(
                "select file_name, imported_by, count(*) from entries"
                " join imports on imports.id = import_id group by 1, 2"
            )
        ).all()
    assert [tuple(row) for row in found] == [("in.jsonl", "beheer", report.entries)]


def test_nothing_is_sent_out_for_what_was_imported(store: Store, tmp_path: Path) -> None:
    bring_in(store, generate(1, 3), tmp_path)
    with store.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from outbox")) == 0


def test_an_empty_file_is_an_empty_record(store: Store, tmp_path: Path) -> None:
    report = bring_in(store, [], tmp_path)
    assert (report.lines, report.entries, report.bad) == (0, 0, [])
    assert taken_out(store, tmp_path) == b'{"kind": "history", "version": 1}\n'


def test_an_example_stays_an_example_wherever_it_goes(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    year = list(example_year(now.date(), now, escalations=20))
    assert bring_in(store, year, tmp_path, demo=True).bad == []
    out = taken_out(store, tmp_path)
    head = b'{"kind": "history", "version": 2}\n{"kind": "demo"}\n'
    assert out.startswith(head)
    assert import_history(elsewhere, tmp_path / "out.jsonl", by="beheer").bad == []
    assert taken_out(elsewhere, tmp_path) == out
    for record in (store, elsewhere):
        with pytest.raises(ImportRefused, match="voorbeeld"):
            bring_in(record, generate(1, 1), tmp_path)


def test_an_example_does_not_come_into_a_real_record(store: Store, tmp_path: Path) -> None:
    bring_in(store, generate(1, 1), tmp_path)
    lines: Lines = [{"kind": "history", "version": 2}, {"kind": "demo"}]
    assert [one.line for one in bring_in(store, lines, tmp_path).bad] == [2]
    with pytest.raises(ImportRefused, match="leeg register"):
        bring_in(store, [], tmp_path, demo=True)


def test_half_a_file_is_never_left(store: Store, tmp_path: Path) -> None:
    bring_in(store, generate(1, 3), tmp_path)
    kept = tmp_path / "kept.jsonl"
    kept.write_text("what stood here")
    before = sorted(tmp_path.iterdir())

    def fail(done: int, of: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(ExportFailed, match=r"kept\.jsonl kan niet worden geschreven"):
        export_history(store, kept, by="tester", progress=fail)
    assert kept.read_text() == "what stood here"
    assert sorted(tmp_path.iterdir()) == before
    with pytest.raises(ExportFailed):
        export_history(store, tmp_path, by="tester")
    with pytest.raises(ExportFailed):
        export_history(store, tmp_path / "nowhere" / "x.jsonl", by="tester")


def test_only_the_owner_can_read_an_export(store: Store, tmp_path: Path) -> None:
    taken_out(store, tmp_path)
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0
