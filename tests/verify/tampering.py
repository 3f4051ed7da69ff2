"""Tampering behind the application's back, by somebody with full rights over the database."""

import hashlib
import json
import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, text

from kdt.verify import Report, examine

# As many at once, each on its own row: every one must be named.
MANY = 100

Row = RowMapping
LOGS = ("entries", "ledger")


@contextmanager
def tampering(superuser: Engine) -> Iterator[Connection]:
    """A transaction in which nothing protects the record; rolled back in the end."""
    with superuser.connect() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        for log in LOGS:
            connection.execute(text(f"alter table {log} disable trigger {log}_append_only"))
        for table, check in connection.execute(
            text(
                "select conrelid::regclass::text, conname from pg_constraint "
                "where contype = 'c' and connamespace = 'public'::regnamespace"
            )
        ).all():
            connection.execute(text(f"alter table {table} drop constraint {check}"))
        yield connection
        connection.rollback()


def findings(connection: Connection) -> Report:
    """What verification then says."""
    protect(connection)
    return examine(connection)


def protect(connection: Connection) -> None:
    """Put the protection back, so that it is not what is found."""
    for log in LOGS:
        connection.execute(text(f"alter table {log} enable always trigger {log}_append_only"))


def some(connection: Connection, dice: random.Random, query: str, number: int = MANY) -> list[Row]:
    """Rows chosen at random, the same every time; of one escalation at most one."""
    rows = list(connection.execute(text(query)).mappings())
    rows.sort(key=repr)
    dice.shuffle(rows)
    chosen: dict[object, Row] = {}
    for row in rows:
        chosen.setdefault(row.get("escalation_id", row.get("ctid")), row)
    return list(chosen.values())[:number]


def other(dice: random.Random, value: Any, kind: str) -> Any:
    """Another value of the same type."""
    match value:
        case None:
            nothing: dict[str, Any] = {
                "text": "verzonnen",
                "date": date(2022, 2, 2),
                "uuid": uuid.UUID(int=dice.getrandbits(128)),
                "bytea": dice.randbytes(16),
            }
            return nothing[kind]
        case bool():
            return not value
        case int():
            return value + 1_000
        case datetime():
            return value + timedelta(microseconds=1)
        case date():
            # What a file brings in has been so for ever: since the first day there is.
            return value + timedelta(days=4_000 if value == date.min else -4_000)
        case bytes():
            return flipped(dice, value)
        case uuid.UUID():
            return uuid.UUID(int=value.int ^ 1 << dice.randrange(128))
        case list():
            if kind == "_date":
                return [*value[:-1], date(2022, 2, 2)]
            return [*value, 7 if value and isinstance(value[0], int) else "verzonnen"]
        case time():
            return value.replace(hour=(value.hour + 1) % 24)
        case str():
            return value + "x"
        case _:
            raise TypeError(kind)


def flipped(dice: random.Random, value: bytes) -> bytes:
    """The same bytes with one bit the other way."""
    changed = bytearray(value)
    changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def changed_column(
    connection: Connection, dice: random.Random, table: str, column: str, where: str = "true"
) -> list[Row]:
    """Change one column of many rows; gives the rows as they were."""
    kind = connection.execute(
        text(
            "select udt_name from information_schema.columns "
            "where table_name = :t and column_name = :c"
        ),
        {"t": table, "c": column},
    ).scalar_one()
    rows = some(connection, dice, f"select ctid::text, * from {table} where {where}")
    for row in rows:
        value = other(dice, row[column], kind)
        connection.execute(
            text(f"update {table} set {column} = :value where ctid = cast(:ctid as tid)"),
            {"value": value, "ctid": row["ctid"]},
        )
    return rows


def rechain(
    connection: Connection,
    escalation: str,
    at: int,
    change: Callable[[dict[str, Any]], None],
) -> None:
    """Rewrite one entry of a history so that every hash and column is right again, and the head."""
    rows = connection.execute(
        text("select seq, content from entries where escalation_id = :e order by seq"),
        {"e": escalation},
    ).all()
    entries = [json.loads(row.content) for row in rows]
    change(entries[at - 1])
    head = bytes(32)
    for row, entry in zip(rows, entries, strict=True):
        content = canonical(entry)
        head = hashlib.sha256(head + content).digest()
        connection.execute(
            text(
                "update entries set content = :content, hash = :hash, ref = :ref, "
                "action = :action, occurred_on = :on where escalation_id = :e and seq = :seq"
            ),
            {
                "e": escalation,
                "seq": row.seq,
                "content": content,
                "hash": head,
                "ref": entry["ref"],
                "action": entry["action"],
                "on": entry["occurredOn"],
            },
        )
    connection.execute(
        text("update escalations set head = :head where id = :e"), {"head": head, "e": escalation}
    )


def canonical(entry: dict[str, Any]) -> bytes:
    """The bytes of an entry as the record keeps them."""
    plain = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return plain.encode()
