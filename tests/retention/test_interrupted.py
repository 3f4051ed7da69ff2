"""Killed half-way, changed meanwhile, restored from an older backup: what was decided stands."""

import hashlib
import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kdt import signing
from kdt.backup.service import back_up, restore
from kdt.cases.exporting import export_history
from kdt.errors import Conflict
from kdt.retention import service
from kdt.retention.destroying import carry_out, scrub
from kdt.retention.queries import Stage, What, items, selections
from kdt.retention.replaying import replay
from kdt.retention.statements import StatementFailed, keep, kept, read
from kdt.settings import Settings
from kdt.store.engine import Store, open_store
from kdt.store.transaction import reading
from kdt.verify.statements import altered
from tests.cases.test_history import bring_in as imported
from tests.retention.record import (
    FIRST,
    SECOND,
    bring_in,
    destroyed,
    people_term,
    set_terms,
    shown,
)
from tests.support import assert_sound

ROOT = Path(__file__).parents[2]


def results(store: Store, selection: str) -> dict[int, set[str | None]]:
    with reading(store) as connection:
        found: dict[int, set[str | None]] = {}
        for one in items(connection, selection):
            found.setdefault(one.unit, set()).add(one.result)
    return found


def test_killed_half_way_no_case_is_half_gone_and_the_next_goes_on(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    selection = destroyed(store)
    units = len(results(store, selection))
    for life in (3, 4):
        program = [sys.executable, "-m", "tests.retention.killed", store.url, str(tmp_path)]
        done = subprocess.run([*program, str(life)], cwd=ROOT)
        assert done.returncode == -signal.SIGKILL
        # What had been destroyed by now is lawful though not finished, and nothing is half.
        assert_sound(store)
        assert all(len(each) == 1 for each in results(store, selection).values())
    gone = [unit for unit, each in results(store, selection).items() if each == {"destroyed"}]
    assert len(gone) == 7 < units
    # The statement stood there before anything went.
    (statement,) = kept(tmp_path)
    assert statement.selection == selection
    assert carry_out(store, tmp_path) == 1
    assert carry_out(store, tmp_path) == 0
    assert set.union(*results(store, selection).values()) == {"destroyed"}
    assert_sound(store)


@pytest.mark.parametrize("ago", ["0 days", "400 days"])
def test_a_case_that_was_brought_again_since_stays_whole(
    store: Store, planted: dict[str, set[str]], tmp_path: Path, ago: str
) -> None:
    """Whatever moment a history file gives it."""
    set_terms(store)
    selection = service.prepare(store, FIRST, What.CONTENT)
    with reading(store) as connection:
        one = items(connection, selection)[0]
        number = connection.scalar(
            text(
                "select number from case_numbers join escalations using (case_id) where id = :one"
            ),
            {"one": one.escalation},
        )
        now = connection.scalar(
            text("select clock_timestamp() - cast(:ago as interval)"), {"ago": ago}
        )
        assert now is not None
    opening = {
        "ref": "later", "recordedAt": now.isoformat(), "occurredOn": now.date().isoformat(),
        "actor": "anna", "role": "officer", "action": "open", "escalation": "V-later",
        "case": number, "location": "Den Bosch", "question": "decision", "ground": "other",
    }  # fmt: skip
    assert imported(store, [{"kind": "history", "version": 1}, opening], tmp_path).bad == []
    service.confirm(store, SECOND, selection, shown(store, selection))
    carry_out(store, tmp_path)
    with reading(store) as connection:
        result = {each.escalation: each.result for each in items(connection, selection)}
        (told,) = selections(connection)
    assert result[one.escalation] == "changed"
    assert told.steps[-1].values["changed"] == [one.unit]
    assert_sound(store)


def test_what_was_destroyed_after_a_backup_is_not_served_again(
    database: str,
    empty_database: str,
    server_settings: Callable[[str], Settings],
    tmp_path: Path,
) -> None:
    statements = tmp_path / "statements"
    source, target = (
        replace(server_settings(one), statements=statements) for one in (database, empty_database)
    )
    with open_store(source) as store:
        bring_in(store, tmp_path)
        set_terms(store)
        people_term(store)
        kept_before = io.BytesIO()
        back_up(source, kept_before, "nachtwerk")
        for what in (What.CONTENT, What.PEOPLE):
            destroyed(store, what)
            carry_out(store, statements)
        export_history(store, tmp_path / "source.jsonl", by="beheer")
    done = restore(target, io.BytesIO(kept_before.getvalue()))
    assert done.replayed.statements == 2
    assert done.replayed.units > 0
    assert done.report.sound, done.report.findings[:3]
    with open_store(target) as store:
        # To the byte, days of destruction too.
        export_history(store, tmp_path / "target.jsonl", by="beheer")
        assert replay(store, kept(statements), "beheer").units == 0
    assert (tmp_path / "target.jsonl").read_bytes() == (tmp_path / "source.jsonl").read_bytes()


def test_what_was_held_when_it_was_carried_out_stays_after_a_restore(
    database: str,
    empty_database: str,
    server_settings: Callable[[str], Settings],
    tmp_path: Path,
) -> None:
    """The backup knows the list and not the hold."""
    statements = tmp_path / "statements"
    source, target = (
        replace(server_settings(one), statements=statements) for one in (database, empty_database)
    )
    backup = io.BytesIO()
    with open_store(source) as store:
        bring_in(store, tmp_path)
        set_terms(store)
        selection = service.prepare(store, FIRST, What.CONTENT)
        back_up(source, backup, "nachtwerk")
        with reading(store) as connection:
            one = items(connection, selection)[0]
        service.place(store, FIRST, one.escalation, "Beroep loopt nog.")
        service.confirm(store, SECOND, selection, shown(store, selection))
        carry_out(store, statements)
        before = results(store, selection)
    assert before[one.unit] == {"held"}
    done = restore(target, io.BytesIO(backup.getvalue()))
    assert done.report.sound, done.report.findings[:3]
    with open_store(target) as store:
        assert results(store, selection) == before


def test_a_statement_that_was_left_behind_its_chain_is_written_again(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    selection = destroyed(store)
    file = keep(store, tmp_path, selection)
    behind = file.read_bytes()
    carry_out(store, tmp_path)
    # As after a crash between the last fact and the statement.
    file.write_bytes(behind)
    assert carry_out(store, tmp_path) == 0
    assert [json.loads(fact["content"])["fact"] for fact in kept(tmp_path)[0].facts] == [
        "prepare",
        "confirm",
        "finish",
    ]
    assert scrub(store, tmp_path)
    assert json.loads(kept(tmp_path)[0].facts[-1]["content"])["fact"] == "scrub"


def test_the_files_are_written_anew_by_one_at_a_time(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    selection = destroyed(store)
    carry_out(store, tmp_path)
    with ThreadPoolExecutor(3) as replicas:
        done = list(replicas.map(lambda _: scrub(store, tmp_path), range(3)))
    assert sum(done) == 1
    with reading(store) as connection:
        (told,) = selections(connection, selection)
    assert [one.fact for one in told.steps].count("scrub") == 1


def test_a_statement_written_before_it_was_carried_out_is_enough(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    """Two records from one file stand in for a record and its backup."""
    for each in (store, elsewhere):
        bring_in(each, tmp_path)
    set_terms(store)
    selection = destroyed(store)
    (tmp_path / "a-file").touch()
    with pytest.raises(StatementFailed):
        carry_out(store, tmp_path / "a-file" / "nowhere")
    assert set.union(*results(store, selection).values()) == {None}
    file = keep(store, tmp_path / "statements", selection)
    assert replay(elsewhere, [read(file.name, file.read_bytes())], "beheer").units > 0
    with reading(elsewhere) as connection:
        (told,) = selections(connection)
    assert [one.fact for one in told.steps] == ["prepare", "confirm", "finish", "replay"]
    assert told.stage is Stage.DONE
    assert scrub(elsewhere, tmp_path / "elsewhere")
    assert_sound(elsewhere)


def test_a_statement_that_does_not_hold_together_destroys_nothing(
    store: Store, planted: dict[str, set[str]], tmp_path: Path
) -> None:
    set_terms(store)
    selection = destroyed(store)
    carry_out(store, tmp_path)
    content = (tmp_path / f"{selection}.json").read_text()
    plain = json.loads(content)
    spoilt = [
        content[:-20],
        content.replace('"lapsed"', '"withdrawn"', 1),
        content.replace("beheer-2", "beheer-1"),
        json.dumps({**plain, "list": plain["list"][1:]}),
        json.dumps({**plain, "selection": "D-anders"}),
    ]
    for one in spoilt:
        with pytest.raises(StatementFailed):
            read("statement.json", one.encode())
    other = destroyed_elsewhere(plain)
    with pytest.raises(Conflict):
        replay(store, [read("statement.json", other)], "beheer")


def test_a_statement_is_signed_and_nobody_alters_it_unseen(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    for each in (store, elsewhere):
        bring_in(each, tmp_path)
    key, other = (signing.create(tmp_path / name) for name in ("key.pem", "other.pem"))
    folder = tmp_path / "statements"
    set_terms(store)
    selection = destroyed(store)
    # Finished before there was a key, and signed as soon as there is.
    carry_out(store, folder)
    (file,) = folder.iterdir()
    unsigned = file.read_bytes()
    assert list(altered(folder, [key.public])) == [file.name]
    carry_out(store, folder, key=key)
    signed = file.read_bytes()
    assert list(altered(folder, [other.public, key.public])) == []
    assert kept(folder) == kept(folder, key)
    plain = json.loads(signed)
    plain["facts"][0]["person"]["salt"] = "00"
    for content, with_key in ((unsigned, key), (json.dumps(plain).encode(), key), (signed, other)):
        file.write_bytes(content)
        assert list(altered(folder, [with_key.public])) == [file.name]
        with pytest.raises(StatementFailed):
            kept(folder, with_key)
    file.write_bytes(signed)
    assert scrub(store, folder, key=key)
    assert replay(elsewhere, kept(folder, key), "beheer").units > 0
    assert results(elsewhere, selection) == results(store, selection)
    assert_sound(elsewhere)


def destroyed_elsewhere(plain: dict[str, Any]) -> bytes:
    """The same selection with another history, whole in itself."""
    facts = [dict(one) for one in plain["facts"]]
    head = bytes(32)
    for fact in facts:
        entry = json.loads(fact["content"])
        entry["ref"] = entry["ref"][::-1] + "x"
        fact["content"] = json.dumps(
            entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        head = hashlib.sha256(head + fact["content"].encode()).digest()
        fact["hash"] = head.hex()
    return json.dumps({**plain, "facts": facts}).encode()
