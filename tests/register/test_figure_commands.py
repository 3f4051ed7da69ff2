"""The commands of figures: what a program reads of them, and what is said of a question that has no
answer."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kdt.cases.importing import import_history
from kdt.cli import cli
from kdt.register.catalogue import examples
from kdt.register.catalogue.table import CATALOGUE
from kdt.settings import Settings
from kdt.store.engine import Store

JANUARY = ("--from", "2022-01-01", "--until", "2022-01-31")


@pytest.fixture
def told(
    store: Store, server_settings: Callable[[str], Settings], database: str, tmp_path: Path
) -> dict[str, str]:
    """A record of a few lines, and how a command reaches it."""
    file = tmp_path / "history.jsonl"
    file.write_text(examples.content("corrected"), "utf-8")
    assert import_history(store, file, by="beheer").bad == []
    chosen = server_settings(database)
    return {"KDT_HOME": str(chosen.home), "KDT_DATABASE_URL": str(chosen.database_url)}


def run(env: dict[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=env)


def test_figures_by_outcome_and_week_of_some_escalations_alone(told: dict[str, str]) -> None:
    asked = ("figures", *JANUARY, "--by", "outcome,ruling", "--per", "week")
    done = run(told, *asked, "--only", "ground=buikpijn", "--format", "json")
    said = json.loads(done.stdout)
    (row,) = said["rows"]
    assert row == {
        "period": "2022-W01",
        "outcome": "decided",
        "ruling": "against",
        "considered": 1,
        "casesHandled": 1,
    }
    assert said["only"] == {"ground": "buikpijn"}
    assert "besloten, afwijzen" in run(told, *asked).stdout
    lines = run(told, *asked, "--format", "csv").stdout.splitlines()
    assert lines == [
        "period,outcome,ruling,considered,casesHandled",
        "2022-W01,decided,against,1,1",
    ]
    assert run(told, *asked, "--only", "ground=complex", "--format", "csv").stdout.count("\n") == 1


def test_a_plain_question_keeps_its_answer(told: dict[str, str]) -> None:
    said = json.loads(run(told, "figures", *JANUARY, "--by", "level", "--format", "json").stdout)
    assert list(said) == ["from", "until", "asOf", "by", "rows"]
    assert len(said["rows"][0]) == 25


def test_lead_times_are_told_in_working_days_too(told: dict[str, str]) -> None:
    asked = ("lead-times", *JANUARY, "--as-of", "2022-01-31", "--unit", "workingDays")
    said = json.loads(run(told, *asked, "--format", "json").stdout)
    assert said["unit"] == "workingDays"
    assert said["rows"][0]["median"]["value"] == 2
    assert "werkdagen" in run(told, *asked).stdout


def test_a_revision_says_why(told: dict[str, str]) -> None:
    asked = ("revisions", *JANUARY, "--since", "2022-01-19", "--as-of", "2022-01-20")
    said = json.loads(run(told, *asked, "--format", "json").stdout)
    assert said["closes"] is True
    assert {one["measure"]: (one["old"], one["new"]) for one in said["numbers"]} == {
        "decisionsInFavour": (1, 0),
        "decisionsAgainst": (0, 1),
    }
    text = run(told, *asked).stdout
    assert "besluiten: inwilligen: 1 -1 anders ingedeeld = 0" in text
    assert "Elk cijfer sluit." in text
    assert "niets herzien" in run(told, *asked[:-1], "2022-01-21", "--since", "2022-01-20").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("figures", *JANUARY, "--by", "kleur"), "is niet bekend"),
        (("figures", *JANUARY, "--only", "theme"), "naam=waarde"),
        (("figures", *JANUARY, "--only", "level=local"), "is niet bekend"),
        (("figures", "--from", "1900-01-01", "--until", "2022-01-01", "--per", "day"), "stukken"),
        (("revisions", *JANUARY, "--since", "2022-02-01", "--as-of", "2022-02-01"), "vorige"),
        (("measures", "kleur"), "Er is geen maat kleur"),
    ],
)
def test_what_has_no_answer_is_one_sentence(
    told: dict[str, str], arguments: tuple[str, ...], sentence: str
) -> None:
    done = run(told, *arguments)
    assert done.exit_code == 1
    assert sentence in str(done.exception)


def test_every_measure_is_explained_and_one_with_its_example() -> None:
    listed = run({}, "measures").stdout
    assert all(one.meaning in listed for one in CATALOGUE.values())
    one = run({}, "measures", "casesHandled").stdout
    assert "behandelen, aangehouden" in one
    assert "2022-01-01 tot en met 2022-02-28: 1" in one
    assert json.loads(run({}, "measures", "considered", "--format", "json").stdout)["example"]
