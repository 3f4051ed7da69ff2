"""The command line: quick, and never a traceback for the person who types."""

import ast
import inspect
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kdt import cli, click_in_dutch

KDT = Path(sys.executable).with_name("kdt")


def kdt(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(KDT), *arguments],
        env={**os.environ, "KDT_HOME": str(home), "KDT_DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_help_names_every_command_and_loads_none(tmp_path: Path) -> None:
    heavy = ("sqlalchemy", "alembic", "fastapi", "pydantic", "psycopg", "structlog", "rich")
    code = (
        "import sys; from kdt.cli import cli\n"
        "cli.main(['--help'], standalone_mode=False)\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.endswith("[]\n")
    assert all(name in done.stdout for name in cli.COMMANDS)


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_every_command_is_there(name: str) -> None:
    command = cli.cli.get_command(click.Context(cli.cli), name)
    assert command is not None
    assert command.help


def test_what_is_chosen_from_is_typed_as_it_is_kept() -> None:
    """Of the members of an enumeration Click would offer the names they have in the code."""
    chosen_from = [
        one
        for command in commands(cli.cli)
        for parameter in command.params
        if isinstance(parameter.type, click.Choice)
        for one in parameter.type.choices
    ]
    assert len(chosen_from) > 20
    assert {type(one) for one in chosen_from} == {str}


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found)


def test_a_bad_setting_is_one_sentence(tmp_path: Path) -> None:
    done = kdt("migrate", "status", home=tmp_path, KDT_PORT="veel")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "KDT_PORT moet een getal van 1 tot en met 65535 zijn, niet 'veel'.\n"


def test_the_unforeseen_is_one_sentence_and_kept_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KDT_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["kdt", "migrate", "status"])
    monkeypatch.setitem(cli.COMMANDS, "migrate", ("kdt.store.nowhere:migrate", "-"))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    log = tmp_path / "log" / "kdt.log"
    assert capsys.readouterr().err == (
        f"Er ging iets mis dat KDT niet kent. Waar het gebeurde staat in {log}.\n"
    )
    assert json.loads(log.read_text())["exception"].startswith("ModuleNotFoundError\n")


def test_a_log_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KDT_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "argv", ["kdt", "migrate"])
    monkeypatch.setitem(cli.COMMANDS, "migrate", ("kdt.store.nowhere:migrate", "-"))
    with pytest.raises(SystemExit):
        cli.main()
    assert "niet schrijven: " in capsys.readouterr().err


MISTAKES = {
    ("nietbestaand",): "De opdracht 'nietbestaand' is er niet.",
    ("export",): "Niet opgegeven: argument 'FILE'.",
    ("export", "--nee", "x"): "De optie '--nee' is er niet.",
    ("export", "x", "y"): "Er staat een argument te veel (y).",
    ("import", "--format", "xml", "x"): (
        "De waarde van '--format' klopt niet: 'xml' is niet een van 'text', 'json'."
    ),
}


@pytest.mark.parametrize("arguments", MISTAKES)
def test_a_mistake_in_use_is_said_in_dutch(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.setattr(sys, "argv", ["kdt", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("Gebruik: kdt")
    assert said[-1] == f"Zo gaat het niet: {MISTAKES[arguments]}"


def test_a_name_that_is_no_text_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["kdt", "import", "\udcff.jsonl"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "is geen UTF-8; gebruik een andere naam." in capsys.readouterr().err


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    done = subprocess.run(
        f"'{KDT}' convert --template > /dev/full", shell=True, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr.decode()) == (
        1,
        "De schijf is vol; de uitvoer is niet heel.\n",
    )


# What Click says to who writes commands, not to who types them, or of what no command has.
NOT_FOR_WHO_TYPES = (
    "DeprecationWarning",
    "deprecated",
    "Could not determine name",
    "No options defined",
    "Arguments take exactly one parameter",
    "Name '{name}' defined twice",
    "Boolean option",
    "Value must be an iterable.",
    "Choice(",
    "Invalid start character",
    "Confirm the action",
    "env var:",
    "Press any key",
    "Repeat for confirmation",
    "Error: The two entered values",
    "Unknown color",
)


def test_all_that_click_says_to_who_types_is_dutch() -> None:
    said = set()
    for module in click_in_dutch.MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("_", "ngettext"):
                said |= {one.value for one in node.args[:2] if isinstance(one, ast.Constant)}
    for sentence in said:
        kept = str(sentence).startswith(NOT_FOR_WHO_TYPES)
        assert (sentence in click_in_dutch.SENTENCES) != kept, sentence
    assert click_in_dutch.SENTENCES.keys() <= said | {"required"}


def test_a_reader_that_stops_reading_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(
        f"'{KDT}' --help | true", shell=True, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""


def test_a_polite_end_lets_the_database_go(tmp_path: Path) -> None:
    code = (
        "import sys, time; from kdt import cli; from kdt.store import embedded\n"
        "import pathlib, click\n"
        "@click.command()\n"
        "def wait():\n"
        f"    with embedded.server(pathlib.Path({str(tmp_path)!r})):\n"
        "        print('held', flush=True); time.sleep(60)\n"
        "cli.cli.get_command = lambda *_: wait\n"
        "sys.argv = ['kdt', 'serve']; cli.main()"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
