"""Rewriting whole histories so that the record agrees with itself again: hashes, digests and salts,
state, considerations, themes and tallies. What is left to find it is what stands elsewhere."""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, insert, text, update

from kdt.cases.model import considerations, escalations
from kdt.tallies.compaction import compact
from kdt.tallies.measures import ADDITIVE, column
from kdt.tallies.model import KEY, case_deltas, stay_deltas, tally_deltas
from kdt.verify import folding, projections, rows
from kdt.verify.cells import Cells
from kdt.verify.folding import Folded
from kdt.verify.reading import read
from kdt.verify.rows import Rows
from kdt.verify.staying import Stays
from tests.verify.tampering import canonical

APART = ("entry_people", "entry_texts", "outbox", "theme_tags")
_PARTS = {
    "tally": ("days", "months", "deltas"),
    "case": ("days", "months", "deltas"),
    "stay": ("days", "deltas"),
}
Entry = dict[str, Any]
Change = Callable[[random.Random, list[Entry]], bool]


def another_ruling(dice: random.Random, entries: list[Entry]) -> bool:
    """The opposite of what was ruled."""
    ruled = [one for one in entries if "ruling" in one["values"]]
    if not ruled:
        return False
    values = dice.choice(ruled)["values"]
    values["ruling"] = {"in_favour": "against"}.get(values["ruling"], "in_favour")
    return True


def another_ground(dice: random.Random, entries: list[Entry]) -> bool:
    """A case that was never hard."""
    values = entries[0]["values"]
    values["ground"] = dice.choice([one for one in ("complex", "other") if one != values["ground"]])
    return True


def another_day(dice: random.Random, entries: list[Entry]) -> bool:
    """Written up earlier than it was; this is counted nowhere."""
    entries[0]["occurredOn"] = f"201{dice.randrange(1, 10)}-0{dice.randrange(1, 10)}-11"
    return True


def another_wording(dice: random.Random, entries: list[Entry]) -> bool:
    """Other words than were written: all texts are salted anew, see `rewrite`."""
    return any(one["texts"] for one in entries)


CHANGES: Sequence[Change] = (another_ruling, another_ground, another_day, another_wording)


def rewrite(connection: Connection, dice: random.Random, escalation: str) -> bool:
    """Rewrite one history in a way the procedure allows; whether that could be done."""
    entries = _entries(connection, escalation)
    if not dice.choice(CHANGES)(dice, entries):
        return False
    with connection.begin_nested() as attempt:
        _salt_anew(connection, dice, escalation, entries)
        _chain_anew(connection, escalation, entries)
        try:
            _project(connection, escalation)
        except folding.Broken:
            attempt.rollback()
            return False
    return True


def cut(connection: Connection, dice: random.Random, escalation: str) -> bool:
    """Cut off a tail and all that speaks of it, or the whole history."""
    last = len(_entries(connection, escalation))
    seq = dice.randint(1, last)
    whom = {"e": escalation, "seq": seq}
    connection.execute(
        text(
            "delete from requests using entries where answer ->> 'escalation' = :e "
            "and entries.escalation_id = :e and entries.seq >= :seq "
            "and answer -> 'refs' ? entries.ref"
        ),
        whom,
    )
    for table in (*APART, "entries"):
        column = "changed_by" if table == "theme_tags" else "seq"
        connection.execute(
            text(f"delete from {table} where escalation_id = :e and {column} >= :seq"), whom
        )
    if seq > 1:
        _project(connection, escalation)
        return True
    connection.execute(text("delete from considerations where escalation_id = :e"), whom)
    connection.execute(text("delete from theme_repeats where escalation_id = :e"), whom)
    connection.execute(text("delete from escalations where id = :e"), whom)
    return True


def agree(connection: Connection) -> None:
    """Let cases and tallies agree with what the log now says."""
    named: set[str] = set()
    cells, stays = Cells(), Stays()
    for escalation, found in rows.histories(connection, rows.escalation_ids(connection)):
        folded = _folded(found)
        cells.add(escalation, folded)
        stays.add(folded, set())
        for entry in folded.entries:
            changes = cast("dict[str, object]", entry.act.values.get("with", {}))
            named |= {str(one["case"]) for one in (entry.act.values, changes) if "case" in one}
    for table, key in (("case_numbers", "case_id"), ("cases", "id")):
        connection.execute(
            text(f"delete from {table} where not {key}::text = any(:named)"), {"named": list(named)}
        )
    for statement in (
        "delete from import_days",
        (
            "insert into import_days (import_id, occurred_on, recorded_on, considered) "
            "select import_id, occurred_on, recorded_on, count(*) from entries "
            "where action = 'consider' and import_id is not null group by 1, 2, 3"
        ),
        "delete from theme_repeats",
        (
            "insert into theme_repeats select escalation_id, theme from theme_tags "
            "group by escalation_id, theme having count(*) > 1"
        ),
        "delete from theme_deltas",
        "delete from theme_days",
        (
            "insert into theme_days (theme, occurred_on, recorded_on, number) "
            "select theme, occurred_on, recorded_on, count(*) from theme_tags group by 1, 2, 3"
        ),
    ):
        connection.execute(text(statement))
    for kind, parts in _PARTS.items():
        for part in parts:
            connection.execute(text(f"delete from {kind}_{part}"))
    measures = list(map(column, ADDITIVE))
    tallies = [
        {**key._asdict(), **dict(zip(measures, amounts, strict=True))}
        for key, amounts in cells.tallies.items()
    ]
    cases = [
        {**key._asdict(), "previous": list(previous), "amount": amount}
        for (key, previous), amount in cells.cases().items()
    ]
    stayed = [
        {**cell._asdict(), "whole": not cell.level, "amount": amount}
        for cell, amount in stays.cells.items()
    ]
    assert set(cells.tallies and next(iter(cells.tallies))._fields) == set(KEY)
    for deltas, values in ((tally_deltas, tallies), (case_deltas, cases), (stay_deltas, stayed)):
        connection.execute(insert(deltas), values)
    compact(connection)


def _entries(connection: Connection, escalation: str) -> list[Entry]:
    found = connection.scalars(
        text("select content from entries where escalation_id = :e order by seq"),
        {"e": escalation},
    )
    return [json.loads(content) for content in found]


def _salt_anew(
    connection: Connection, dice: random.Random, escalation: str, entries: list[Entry]
) -> None:
    """Every person and text with another salt, and the texts with other words."""
    where = {"e": escalation}
    for row in connection.execute(
        text("select seq, person from entry_people where escalation_id = :e"), where
    ).all():
        salt = dice.randbytes(16)
        entries[row.seq - 1]["person"] = _digest(salt, row.person)
        connection.execute(
            text("update entry_people set salt = :salt where escalation_id = :e and seq = :seq"),
            {**where, "seq": row.seq, "salt": salt},
        )
    for row in connection.execute(
        text("select * from entry_texts where escalation_id = :e and content is not null"), where
    ).all():
        salt, said = dice.randbytes(16), f"{row.content} Verzonnen."
        entries[row.seq - 1]["texts"][row.field] = _digest(salt, said)
        connection.execute(
            text(
                "update entry_texts set salt = :salt, content = :said "
                "where escalation_id = :e and seq = :seq and field = :field"
            ),
            {**where, "seq": row.seq, "field": row.field, "salt": salt, "said": said},
        )


def _chain_anew(connection: Connection, escalation: str, entries: list[Entry]) -> None:
    head = bytes(32)
    for entry in entries:
        content = canonical(entry)
        head = hashlib.sha256(head + content).digest()
        connection.execute(
            text(
                "update entries set content = :content, hash = :hash, occurred_on = :on "
                "where escalation_id = :e and seq = :seq"
            ),
            {
                "e": escalation,
                "seq": entry["seq"],
                "content": content,
                "hash": head,
                "on": entry["occurredOn"],
            },
        )


def _project(connection: Connection, escalation: str) -> None:
    """State and considerations as the log now says. Raises Broken when the procedure forbids it."""
    ((_, found),) = rows.histories(connection, [escalation])
    folded, last = _folded(found), found.entries[-1]
    state = folded.state
    now = projections._columns(state, found.suspensions) if state else dict(projections._NOWHERE)
    now |= {"seq": last.seq, "head": last.hash, "recorded_at": last.recorded_at}
    connection.execute(update(escalations).where(escalations.c.id == escalation).values(now))
    connection.execute(
        text("delete from considerations where escalation_id = :e"), {"e": escalation}
    )
    for seq, values in projections._standing(folded).items():
        _insert(connection, considerations, {"escalation_id": escalation, "seq": seq, **values})


def _insert(connection: Connection, table: Table, values: dict[str, object]) -> None:
    connection.execute(insert(table).values(values))


def _folded(found: Rows) -> Folded:
    people = {row.seq: row.person for row in found.people}
    return folding.fold([read(row.content, people.get(row.seq)) for row in found.entries])


def _digest(salt: bytes, said: str) -> str:
    return hashlib.sha256(salt + said.encode()).hexdigest()
