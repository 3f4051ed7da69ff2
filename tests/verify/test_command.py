"""`kdt verify` as it is typed: what it says, and the status it ends with."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from kdt.cases.importing import import_history
from kdt.store.engine import Store
from kdt.verify.commands import SHOWN, verify

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"


@pytest.fixture
def imported(store: Store) -> Store:
    assert import_history(store, EXAMPLE, by="beheer").bad == []
    return store


def typed(store: Store, home: Path, *arguments: str) -> Result:
    environment = {"KDT_HOME": str(home), "KDT_DATABASE_URL": store.url}
    return CliRunner().invoke(verify, arguments, env=environment)


def spoil(owner_url: str, *statements: str) -> None:
    """As the owner, who can put the protection aside and back again."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("alter table entries disable trigger entries_append_only"))
        for statement in statements:
            connection.execute(text(statement))
        connection.execute(text("alter table entries enable always trigger entries_append_only"))
    engine.dispose()


def test_a_sound_record_ends_well(imported: Store, tmp_path: Path) -> None:
    done = typed(imported, tmp_path)
    assert done.exit_code == 0, done.output
    assert done.stdout == "Alles klopt. Nagerekend: 428 registraties van 60 voorleggingen.\n"
    done = typed(imported, tmp_path, "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "sound": True,
        "escalations": 60,
        "entries": 428,
        "destroyedTexts": 0,
        "checkpoint": None,
        "reads": 0,
        "unsealedReads": 0,
        "count": 0,
        "findings": [],
    }


def test_one_changed_entry_is_named_and_the_status_is_1(
    imported: Store, owner_url: str, tmp_path: Path
) -> None:
    spoil(owner_url, "update entries set ref = 'anders' where ref = 'V-000002-04'")
    done = typed(imported, tmp_path)
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "Voorlegging V-000002, registratie 4: de kolom ref zegt iets anders dan de inhoud.",
        "Er klopt iets niet: 1 bevinding in 428 registraties van 60 voorleggingen.",
    ]
    found = json.loads(typed(imported, tmp_path, "--format", "json").stdout)["findings"]
    assert [(one["code"], one["escalation"], one["seq"]) for one in found] == [
        ("column", "V-000002", 4)
    ]


def test_a_hundred_are_named_and_the_rest_counted(
    imported: Store, owner_url: str, tmp_path: Path
) -> None:
    spoil(owner_url, "update entries set hash = content")
    done = typed(imported, tmp_path)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert len(lines) == SHOWN + 2
    assert lines[SHOWN].startswith("... en nog ")
