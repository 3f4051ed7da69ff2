"""A bad file changes nothing, and every bad line in it is named: held against the oracle."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from kdt.cases import importing, reading
from kdt.cases.importing import BadLine, ImportRefused, import_history
from kdt.cases.lines import LONGEST_LINE
from kdt.store.engine import Store
from tests import canary
from tests.oracle.generator import encode, generate
from tests.oracle.history import read
from tests.oracle.lines import Fields
from tests.oracle.mutations import broken

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
# The oracle knows version 1 alone.
NEWER = {"version 2"}


def bad(store: Store, data: bytes, folder: Path) -> list[BadLine]:
    file = folder / "bad.jsonl"
    file.write_bytes(data)
    return import_history(store, file, by="beheer").bad


def named(found: list[BadLine]) -> list[tuple[int, str | None]]:
    return [(one.line, one.ref) for one in found]


def assert_same(store: Store, data: bytes, folder: Path, name: str = "") -> None:
    expected = [(one.line, one.ref) for one in read(data, datetime.now(UTC)).bad]
    assert expected, name
    found = bad(store, data, folder)
    assert named(found) == expected, name
    for problem in (problem for one in found for problem in one.problems):
        assert problem.endswith(".")
        assert canary.WORD not in problem


@pytest.mark.parametrize("seed", range(20 if SOAK else 1))
def test_the_bad_lines_are_those_the_oracle_names(seed: int, store: Store, tmp_path: Path) -> None:
    files = [
        spoilt
        for spoilt in broken(generate(seed, 12), seed)
        # What is in the future for the oracle's year is not in ours.
        if spoilt.name not in NEWER and spoilt.code != "recorded_in_future"
    ]
    codes = {spoilt.code: spoilt for spoilt in files}
    chosen = files if SOAK else [*codes.values(), *Random(seed).sample(files, 60)]
    for spoilt in chosen:
        assert_same(store, spoilt.data, tmp_path, spoilt.name)
    assert len(codes) > 40
    with store.engine.connect() as connection:
        for table in ("entries", "escalations", "imports", "panels", "cases", "tally_days"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0, table


@pytest.mark.parametrize("seed", range(10 if SOAK else 2))
def test_many_bad_lines_at_once(seed: int, store: Store, tmp_path: Path) -> None:
    spoil_much(seed, 8, store, tmp_path)


@pytest.mark.parametrize("seed", range(2, 12 if SOAK else 3))
def test_what_was_forgotten_of_a_long_file_is_judged_by_all_the_same(
    seed: int, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "HELD", 1)
    monkeypatch.setattr(reading, "CHUNK", 5)
    spoil_much(seed, 3, store, tmp_path)


def spoil_much(seed: int, files: int, store: Store, tmp_path: Path) -> None:
    rng = Random(seed)
    rows = encode(generate(seed, 12)).split(b"\n")[:-1]
    for _ in range(files):
        spoilt = list(rows)
        for _ in range(rng.randrange(1, 12)):
            place = rng.randrange(len(spoilt))
            what = rng.choice(["drop", "swap", "twice", "byte"])
            if what == "drop":
                del spoilt[place]
            elif what == "twice":
                spoilt.insert(place, rng.choice(rows))
            elif what == "swap":
                spoilt[place - 1], spoilt[place] = spoilt[place], spoilt[place - 1]
            else:
                line = bytearray(spoilt[place])
                line[rng.randrange(len(line))] = rng.randrange(256)
                spoilt[place] = bytes(line).replace(b"\n", b"?")
        data = b"\n".join(spoilt) + b"\n"
        if read(data, datetime.now(UTC)).bad:
            assert_same(store, data, tmp_path)


def test_a_file_cut_anywhere(store: Store, tmp_path: Path) -> None:
    data = encode(generate(3, 8))
    rng = Random(3)
    cuts = [rng.randrange(1, len(data)) for _ in range(20)]
    for cut in cuts:
        # A whole last line without its end is fine; half a line is not.
        if data[cut : cut + 1] == b"\n" or data[cut - 1 : cut] == b"\n":
            continue
        found = bad(store, data[:cut], tmp_path)
        assert [one.line for one in found] == [data[:cut].count(b"\n") + 1]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"\x1f\x8b\x08" + bytes(range(256)) * 40,
        b"PK\x03\x04 een gezipt bestand",
        "geopend op;zaaknummer\n".encode("utf-16"),
        b"{" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'"' + b"x" * 100,
        b'{"ref": "' + b"9" * 1000 + b'", "version": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
        b"\n\n\n",
        b"1e999999999",
        b'{"kind": {}}\n{"kind": [[]]}\n{"kind": 1}\n{"action": {}}\n{"with": []}',
        b'{"\\ud800": "\\udfff", "ref": "\\udfff"}',
    ],
    ids=range(14),
)
def test_what_is_no_history_file_is_reported_line_by_line(
    data: bytes, store: Store, tmp_path: Path
) -> None:
    found = bad(store, data, tmp_path)
    lines = data.split(b"\n")
    assert len(found) == len(lines) - (lines[-1] == b"")


def test_a_line_too_long_is_read_past(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "CHUNK_BYTES", 1000)
    rows = encode(generate(1, 3)).split(b"\n")[:-1]
    rows.insert(2, b'{"x": "' + b"x" * (3 * LONGEST_LINE) + b'"}')
    found = bad(store, b"\n".join(rows), tmp_path)
    assert [one.line for one in found] == [3]
    assert "langer dan" in found[0].problems[0]


def test_what_was_recorded_after_now_is_refused(store: Store, tmp_path: Path) -> None:
    opening: Fields = next(line for line in generate(1, 3) if line.get("action") == "open")
    late = {**opening, "recordedAt": f"{datetime.now(UTC).year + 1}-01-01T00:00:00Z"}
    assert named(bad(store, encode([late]), tmp_path)) == [(1, late["ref"])]


def test_line_ends_of_either_kind(store: Store, tmp_path: Path) -> None:
    data = encode(generate(2, 4)).replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    assert bad(store, data, tmp_path) == []


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"nowhere\.jsonl kan niet worden gelezen"):
        import_history(store, tmp_path / "nowhere.jsonl", by="beheer")
    with pytest.raises(ImportRefused):
        import_history(store, tmp_path, by="beheer")


_READS = """
import io, multiprocessing, time
from kdt.cases import reading
if __name__ == "__main__":
    reading.CHUNK = 1
    lines = reading.read(io.BytesIO(b"{}\\n" * 50))
    next(lines), next(lines)
    print(*(one.pid for one in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""


def test_what_reads_ahead_does_not_outlive_an_import_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "reads.py"
    program.write_text(_READS)
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE) as importing:
        assert importing.stdout is not None
        reads = int(importing.stdout.readline())
        assert runs(reads)
        importing.kill()
    for _ in range(100):
        if not runs(reads):
            return
        time.sleep(0.1)
    pytest.fail("it is still there")


def runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
