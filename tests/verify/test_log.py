"""Entries flipped, deleted, forged, swapped, cut off or rewritten: each escalation is named."""

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from tests.verify.tampering import MANY, Row, canonical, findings, rechain, some, tampering

APART = ("entry_people", "entry_texts", "considerations", "theme_tags", "outbox")
Tamper = Callable[[Connection, random.Random, Row], None]
ENTRIES = "select entries.* from entries"
# The last entry of each escalation, and one that has both a past and a future.
LAST = f"{ENTRIES} join escalations on id = escalation_id and escalations.seq = entries.seq"
MIDDLE = f"{LAST.replace('= entries.seq', '> entries.seq')} where entries.seq > 1"
COUNTED = f"{ENTRIES} where action in ('submit', 'consider', 'withdraw', 'lapse')"


def run(connection: Connection, statement: str, row: Row, **more: object) -> None:
    connection.execute(text(statement), {"e": row["escalation_id"], "seq": row["seq"], **more})


def delete(connection: Connection, dice: random.Random, row: Row) -> None:
    run(connection, "delete from entries where escalation_id = :e and seq = :seq", row)


def cut(connection: Connection, dice: random.Random, row: Row) -> None:
    run(connection, "delete from entries where escalation_id = :e and seq >= :seq", row)


def delete_and_renumber(connection: Connection, dice: random.Random, row: Row) -> None:
    delete(connection, dice, row)
    run(
        connection,
        "update entries set seq = 1 - seq where escalation_id = :e and seq > :seq",
        row,
    )
    run(connection, "update entries set seq = -seq where escalation_id = :e and seq < 0", row)


def cut_and_repair(connection: Connection, dice: random.Random, row: Row) -> None:
    """With all that spoke of what was cut, and a state that points to the entry before it."""
    for table in (
        "entries",
        "entry_people",
        "entry_texts",
        "considerations",
        "theme_tags",
        "outbox",
    ):
        run(connection, f"delete from {table} where escalation_id = :e and seq >= :seq", row)
    run(
        connection,
        "update escalations set seq = :seq - 1, head = last.hash, recorded_at = last.recorded_at "
        "from entries as last where id = :e and last.escalation_id = :e and last.seq = :seq - 1",
        row,
    )


def swap_numbers(connection: Connection, dice: random.Random, row: Row) -> None:
    for old, new in ((row["seq"], -1), (row["seq"] + 1, row["seq"]), (-1, row["seq"] + 1)):
        run(
            connection,
            "update entries set seq = :new where escalation_id = :e and seq = :old",
            row,
            old=old,
            new=new,
        )


def swap_contents(connection: Connection, dice: random.Random, row: Row) -> None:
    run(
        connection,
        "update entries set content = other.content, hash = other.hash from entries as other "
        "where entries.escalation_id = :e and other.escalation_id = :e "
        "and entries.seq in (:seq, :seq + 1) and other.seq = 2 * :seq + 1 - entries.seq",
        row,
    )


def forge(connection: Connection, dice: random.Random, row: Row) -> None:
    """One more entry at the end, well chained, signed by somebody who was there."""
    entry = json.loads(row["content"])
    entry |= {"seq": row["seq"] + 1, "ref": f"forged-{row['position']}"}
    _append(connection, row, entry)


def forge_theme(connection: Connection, dice: random.Random, row: Row) -> None:
    """One that the procedure allows and no figure counts, its state brought up to date."""
    entry = json.loads(row["content"])
    entry |= {
        "seq": row["seq"] + 1,
        "ref": f"forged-{row['position']}",
        "action": "tag",
        "values": {"theme": "nareis"},
        "texts": {},
    }
    entry.pop("panel", None)
    head = _append(connection, row, entry)
    run(
        connection,
        "insert into entry_people select escalation_id, seq + 1, person, salt "
        "from entry_people where escalation_id = :e and seq = :seq",
        row,
    )
    run(
        connection,
        "update escalations set seq = :seq + 1, head = :head where id = :e",
        row,
        head=head,
    )


def _append(connection: Connection, row: Row, entry: dict[str, Any]) -> bytes:
    content = canonical(entry)
    head = hashlib.sha256(row["hash"] + content).digest()
    run(
        connection,
        "insert into entries (escalation_id, seq, ref, action, occurred_on, recorded_at, "
        "recorded_on, import_id, content, hash) select escalation_id, seq + 1, :ref, :action, "
        "occurred_on, recorded_at, recorded_on, import_id, :content, :hash "
        "from entries where escalation_id = :e and seq = :seq",
        row,
        ref=entry["ref"],
        action=entry["action"],
        content=content,
        hash=head,
    )
    return head


@pytest.mark.parametrize(
    ("tamper", "query", "codes"),
    [
        pytest.param(delete, MIDDLE, {"gap"}, id="deleted in the middle"),
        pytest.param(delete, f"{ENTRIES} where seq = 1", {"gap", "no_entries"}, id="first deleted"),
        pytest.param(delete, LAST, {"state", "no_entries"}, id="last deleted"),
        pytest.param(cut, MIDDLE, {"state"}, id="cut off"),
        pytest.param(delete_and_renumber, MIDDLE, {"chain"}, id="deleted and renumbered"),
        pytest.param(swap_numbers, MIDDLE, {"chain"}, id="numbers swapped"),
        pytest.param(swap_contents, MIDDLE, {"chain"}, id="contents swapped"),
        pytest.param(forge, LAST, {"state", "not_allowed"}, id="forged"),
        pytest.param(forge_theme, LAST, {"tag_missing", "not_allowed"}, id="a theme forged"),
    ],
)
def test_a_changed_log_is_named(
    superuser: Engine, tamper: Tamper, query: str, codes: set[str]
) -> None:
    dice = random.Random(tamper.__name__ + query)
    with tampering(superuser) as connection:
        rows = some(connection, dice, query)
        for row in rows:
            tamper(connection, dice, row)
        report = findings(connection)
    assert len(rows) == MANY
    named = {finding.escalation for finding in report.findings if finding.code in codes}
    touched = {row["escalation_id"] for row in rows}
    assert touched <= named
    assert {finding.escalation for finding in report.findings if finding.escalation} == touched


def test_a_tail_cut_off_with_its_state_repaired_is_found_by_what_it_counted(
    superuser: Engine,
) -> None:
    dice = random.Random(6)
    with tampering(superuser) as connection:
        rows = some(connection, dice, COUNTED)
        for row in rows:
            cut_and_repair(connection, dice, row)
        report = findings(connection)
    assert len(rows) == MANY
    cells = [f.sentence for f in report.findings if f.code in ("tally", "case_cell")]
    for row in rows:
        days = f"gebeurd {row['occurred_on']}, vastgelegd {row['recorded_on']}"
        assert any(days in cell for cell in cells), days


def test_the_whole_log_gone_names_every_escalation(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        ids = set(connection.scalars(text("select id from escalations")))
        connection.execute(text("delete from entries"))
        report = findings(connection)
    assert {f.escalation for f in report.findings if f.code == "no_entries"} == ids


def in_value(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry["values"].__setitem__(name, value)


def in_entry(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda entry: entry.__setitem__(name, value)


@pytest.mark.parametrize(
    ("action", "change"),
    [
        pytest.param("open", in_value("ground", "verzonnen"), id="ground"),
        pytest.param("open", in_value("question", "verzonnen"), id="question"),
        pytest.param("open", in_value("location", "Elders"), id="location"),
        pytest.param("open", in_value("case", "00000000-0000-4000-8000-000000000000"), id="case"),
        pytest.param("open", in_entry("person", "0" * 64), id="person"),
        pytest.param("submit", in_entry("occurredOn", "2019-01-01"), id="day"),
        pytest.param("submit", in_entry("role", "chair"), id="role"),
        pytest.param("list", in_value("meeting_on", "2035-01-01"), id="meeting"),
        pytest.param("list", in_entry("panel", ["local", "Elders"]), id="panel"),
        pytest.param("consider", in_value("outcome", "verzonnen"), id="outcome"),
        pytest.param("consider", in_entry("texts", {"reasons": "0" * 64}), id="text"),
        pytest.param("consider", in_entry("texts", {}), id="no text"),
        pytest.param("consider", in_entry("action", "unlist"), id="action"),
        pytest.param("consider", in_entry("procedure", 2), id="version"),
    ],
)
def test_a_history_chained_anew_is_named_by_what_stands_apart_from_it(
    superuser: Engine, action: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Every hash is right again. What was rewritten no longer agrees with its salted digests, with
    the state, the considerations or the tallies."""
    dice = random.Random(action)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"{ENTRIES} where action = '{action}'")
        for row in rows:
            rechain(connection, row["escalation_id"], row["seq"], change)
        report = findings(connection)
    assert len(rows) == MANY
    assert {row["escalation_id"] for row in rows} <= {f.escalation for f in report.findings}
    assert not any(finding.code == "chain" for finding in report.findings)


def test_a_rewrite_that_agrees_with_everything_shows_against_a_checkpoint_alone(
    superuser: Engine,
) -> None:
    """The day a case was written up is counted nowhere. Whoever may change everything can change it
    everywhere, hashes and all: only heads kept elsewhere would tell."""
    with tampering(superuser) as connection:
        rows = some(connection, random.Random(8), f"{ENTRIES} where action = 'open'")
        for row in rows:
            rechain(connection, row["escalation_id"], 1, in_entry("occurredOn", "2019-01-01"))
        report = findings(connection)
    drafts = {finding.escalation for finding in report.findings}
    assert len(drafts) < len(rows) / 2
