"""The command line: data on standard output, words on standard error, a status that tells."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kdt.settings import Settings
from tests.conftest import new_database
from tests.oracle.generator import encode, generate
from tests.typing_in import typed

DATA = Path(__file__).parents[1] / "data"
KDT = Path(sys.executable).with_name("kdt")
YEAR = ("figures", "--from", "2022-01-01", "--until", "2022-12-31")

Kdt = Callable[..., subprocess.CompletedProcess[str]]
SettingsFor = Callable[[str], Settings]


def command_line(settings: Settings, folder: Path, *, process: bool = False) -> Kdt:
    """Whoever types; `process`: as at a terminal, a process for each command."""
    environment = {
        **os.environ,
        "KDT_HOME": str(settings.home),
        "KDT_DATABASE_URL": settings.database_url or "",
    }

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        if not process:
            return typed(folder, environment, *arguments)
        done = subprocess.run(
            [str(KDT), *map(str, arguments)],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.fixture
def kdt(server_settings: SettingsFor, database: str, tmp_path: Path) -> Kdt:
    return command_line(server_settings(database), tmp_path)


@pytest.fixture
def terminal(server_settings: SettingsFor, database: str, tmp_path: Path) -> Kdt:
    return command_line(server_settings(database), tmp_path, process=True)


def test_a_record_goes_in_is_counted_and_comes_out(
    kdt: Kdt,
    terminal: Kdt,
    server_settings: SettingsFor,
    database_server: tuple[object, int, str],
    template: str,
    tmp_path: Path,
) -> None:
    done = terminal("import", DATA / "history-example.jsonl", "--by", "functioneel beheer")
    assert (done.returncode, done.stdout) == (0, "")
    assert "registraties ingelezen" in done.stderr
    given = json.loads((DATA / "history-example.figures.json").read_text())
    for one in given[:2] + given[-2:]:
        asked = one["query"]
        options = ["--from", asked["from"], "--until", asked["until"]]
        if asked.get("asOf"):
            options += ["--as-of", asked["asOf"]]
        if asked["by"]:
            options += ["--by", ",".join(asked["by"])]
        for engine in ("tallies", "log"):
            done = kdt("figures", *options, "--format", "json", "--engine", engine)
            assert (done.returncode, done.stderr) == (0, "")
            assert json.loads(done.stdout) == one["figures"]
    assert kdt("export", "first.jsonl").returncode == 0
    for name in new_database(database_server[0], template):  # type: ignore[arg-type]
        elsewhere = command_line(server_settings(name), tmp_path)
        assert elsewhere("import", "first.jsonl").returncode == 0
        done = elsewhere("export", "second.jsonl")
        assert (done.returncode, done.stdout) == (0, "")
        assert "De teksten staan erin" in done.stderr
    assert (tmp_path / "first.jsonl").read_bytes() == (tmp_path / "second.jsonl").read_bytes()
    # To go through another program.
    done = terminal("export", "-")
    assert (done.returncode, done.stdout) == (0, (tmp_path / "first.jsonl").read_text())
    assert not (tmp_path / "-").exists()


def test_figures_in_every_layout_say_the_same(kdt: Kdt) -> None:
    kdt("import", DATA / "history-example.jsonl")
    options = (*YEAR, "--by", "level,location")
    rows = json.loads(kdt(*options, "--format", "json").stdout)["rows"]
    sheet = list(csv.DictReader(io.StringIO(kdt(*options, "--format", "csv").stdout)))
    assert [{key: str(value) for key, value in row.items()} for row in rows] == sheet
    table = kdt(*options).stdout
    assert "1 januari 2022 tot en met 31 december 2022, zoals nu bekend" in table
    considered = next(line.split() for line in table.splitlines() if "behandeld " in line)
    assert considered[-len(rows) :] == [str(row["considered"]) for row in rows]


def test_bad_lines_for_people_and_for_programs(kdt: Kdt, tmp_path: Path) -> None:
    rows = encode(generate(1, 5)).split(b"\n")[:-1]
    place = next(place for place, row in enumerate(rows) if b'"open"' in row)
    rows[place] = rows[place].replace(b'"role": "', b'"role": "\\u001b[31m')
    (tmp_path / "bad.jsonl").write_bytes(b"\n".join([*rows, b"{", b""]))
    done = kdt("import", "bad.jsonl", "--format", "json")
    assert done.returncode == 1
    assert "Er is niets ingelezen" in done.stderr
    bad = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(set(one) == {"line", "ref", "problem"} for one in bad)
    assert [bad[0]["line"], bad[-1]["line"]] == [place + 1, len(rows) + 1]
    assert bad[-1] == {
        "line": len(rows) + 1,
        "ref": None,
        "problem": "De regel is geen geldige JSON.",
    }
    done = kdt("import", "bad.jsonl")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == len(bad)
    assert done.stdout.startswith(f"regel {place + 1} ({bad[0]['ref']}): ")
    assert "\x1b" not in done.stdout
    assert json.loads(kdt(*YEAR, "--format", "json").stdout)["rows"] == []


def test_a_whole_file_can_be_refused_in_one_sentence(kdt: Kdt, tmp_path: Path) -> None:
    for arguments in (("import", "nowhere.jsonl"), ("convert", "nowhere.csv", "--out", "x")):
        done = kdt(*arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert "kan niet worden gelezen" in done.stderr
    done = kdt("export", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    done = kdt("export", "nowhere/x.jsonl")
    assert "kan niet worden geschreven: het bestaat niet" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--from", "2022-02-01", "--until", "2022-01-01"), 1, "De periode begint na haar einde"),
        ((*YEAR[1:], "--by", "colour"), 1, "'colour' is niet bekend"),
        ((*YEAR[1:], "--by", "level,level"), 1, "maar een keer"),
        ((*YEAR[1:], "--by", "level,"), 1, "is niet bekend"),
        (
            (*YEAR[1:], "--as-of", f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}"),
            1,
            "De peildatum ligt in de toekomst",
        ),
        (("--from", "1-1-2022", "--until", "2022-01-01"), 2, "'1-1-2022' is geen datum"),
        (("--from", "2022-02-30", "--until", "2022-03-01"), 2, "'2022-02-30' is geen datum"),
        (("--until", "2022-01-01"), 2, "--from"),
        ((*YEAR[1:], "--format", "pdf"), 2, "pdf"),
    ],
)
def test_a_question_without_an_answer(
    arguments: tuple[str, ...], status: int, said: str, kdt: Kdt
) -> None:
    done = kdt("figures", *arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr


def test_a_spreadsheet_becomes_a_file_that_comes_in(kdt: Kdt, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(kdt("convert", "--template").stdout, "utf-8-sig")
    done = kdt("convert", "sheet.csv", "--out", "made.jsonl")
    assert (done.returncode, done.stdout) == (0, "")
    assert kdt("import", "made.jsonl").returncode == 0
    rows = json.loads(kdt(*YEAR, "--format", "json").stdout)["rows"]
    assert rows[0]["considered"] == 2
    bad = (tmp_path / "sheet.csv").read_text().replace("10-11-2022", "10-13-2022")
    (tmp_path / "bad.csv").write_text(bad)
    done = kdt("convert", "bad.csv", "--out", "none.jsonl", "--format", "json")
    assert done.returncode == 1
    [said] = map(json.loads, done.stdout.splitlines())
    assert (said["line"], said["ref"]) == (3, "Z-0000-000001")
    assert not (tmp_path / "none.jsonl").exists()
    assert kdt("convert", "sheet.csv").returncode == 2
    kept = (tmp_path / "sheet.csv").read_bytes()
    assert kdt("convert", "sheet.csv", "--out", tmp_path / "sheet.csv").returncode == 2
    assert (tmp_path / "sheet.csv").read_bytes() == kept
