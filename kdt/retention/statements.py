"""Statements of destruction: what was destroyed on whose word, kept outside the database too.

A statement holds the selection's chain in the ledger as it stands, with its list. Whoever restores
an older backup replays it: the ledger says again what it said, and what went is gone again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from kdt import hashing, words
from kdt.cases.exporting import ExportFailed, replacing
from kdt.errors import KdtError, NotFound
from kdt.ledger.model import ledger, ledger_people, ledger_texts
from kdt.ledger.table import Subject
from kdt.retention.queries import Listed, digest, in_order, items
from kdt.signing import Key
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.store.writing import AnySelect

FORMAT = 1


class StatementFailed(KdtError):
    """A statement cannot be written or read, or does not hold together."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A selection's facts, each as a row of the ledger with what stands apart from it, and its
    list."""

    selection: str
    facts: tuple[Mapping[str, Any], ...]
    listed: tuple[Listed, ...]

    def written(self, key: Key | None = None) -> bytes:
        """The statement as a file holds it, signed when there is a key."""
        plain: dict[str, object] = {
            "kind": "statement_of_destruction",
            "format": FORMAT,
            "selection": self.selection,
            "facts": self.facts,
            "list": [[*one[:4], one.since.isoformat(), one.result] for one in self.listed],
        }
        if key is not None:
            plain["key"] = key.id
            plain["signature"] = key.sign(_signed(plain)).hex()
        return json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n"


def statement(connection: Connection, selection: str) -> Statement:
    """The statement of a selection as it stands. Raises NotFound."""
    rows = connection.execute(_of(ledger, selection).order_by(ledger.c.seq)).all()
    if not rows:
        raise NotFound(words.say("refusal.not_found"))
    people, texts = (
        {row["seq"]: row for row in connection.execute(_of(table, selection)).mappings()}
        for table in (ledger_people, ledger_texts)
    )
    facts = tuple(
        {
            "content": row.content.decode(),
            "hash": row.hash.hex(),
            "person": _salted(people[row.seq], "person"),
            "reason": _salted(texts[row.seq], "content") if row.seq in texts else None,
        }
        for row in rows
    )
    return Statement(selection, facts, tuple(items(connection, selection)))


def keep(store: Store, folder: Path, selection: str, key: Key | None = None) -> Path:
    """Write the statement of a selection as it stands to a folder, signed when there is a key, in
    the place of an earlier one of the same; on disk when this returns. Raises StatementFailed."""
    with reading(store) as connection:
        now = statement(connection, selection)
    file = folder / f"{selection}.json"
    with _readable(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with replacing(file) as stream:
            stream.write(now.written(key))
    return file


def keep_up(store: Store, folder: Path, selection: str, key: Key | None = None) -> None:
    """The same, unless the file in the folder already ends where the chain does, and names the
    key."""
    with reading(store) as connection:
        last = _of(ledger, selection).order_by(ledger.c.seq.desc()).limit(1)
        head = connection.execute(last).one().hash
    file = folder / f"{selection}.json"
    with _readable(folder):
        # Every hash of the chain stands in it: to parse a long list each minute would be dear.
        content = file.read_bytes() if file.exists() else b""
        if head.hex().encode() in content and (key is None or key.id.encode() in content):
            return
    keep(store, folder, selection, key)


def kept(folder: Path, key: Key | None = None) -> list[Statement]:
    """The statements in a folder; none when it is not there. Raises StatementFailed when one cannot
    be read, does not hold together, or is not signed with the key where there is one."""
    with _readable(folder):
        return [read(file.name, file.read_bytes(), key) for file in sorted(folder.glob("*.json"))]


def read(name: str, content: bytes, key: Key | None = None) -> Statement:
    """The statement in a file. Raises StatementFailed when it does not hold together (a chain that
    is broken, a list that is not the one confirmed, or one person for both), or is not signed with
    the key where there is one."""
    try:
        plain = json.loads(content)
        listed = [
            Listed(escalation, unit, seq, ending, date.fromisoformat(since), result)
            for escalation, unit, seq, ending, since, result in plain["list"]
        ]
        found = Statement(plain["selection"], tuple(plain["facts"]), tuple(listed))
        sound = plain["format"] == FORMAT and _sound(found)
        signed = key is None or _signed_with(key, plain)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise StatementFailed(words.say("retention.bad_statement", file=name)) from error
    if not sound:
        raise StatementFailed(words.say("retention.bad_statement", file=name))
    if not signed:
        raise StatementFailed(words.say("retention.unsigned_statement", file=name))
    return found


def _sound(given: Statement) -> bool:
    head = hashing.GENESIS
    who: dict[str, str] = {}
    said: dict[str, dict[str, Any]] = {}
    for fact in given.facts:
        content = fact["content"].encode()
        head = hashing.link(head, content)
        entry = json.loads(content)
        who[entry["fact"]] = fact["person"]["person"]
        said[entry["fact"]] = entry["values"]
        salt = bytes.fromhex(fact["person"]["salt"])
        if (
            head.hex() != fact["hash"]
            or (entry["subject"], entry["id"]) != (Subject.DESTRUCTION, given.selection)
            or hashing.digest(salt, who[entry["fact"]]) != entry["person"]
        ):
            return False
    return said["prepare"]["digest"] == digest(in_order(given.listed)) and (
        who["prepare"] != who.get("confirm")
    )


def _signed_with(key: Key, plain: Mapping[str, Any]) -> bool:
    return "signature" in plain and key.signed(_signed(plain), bytes.fromhex(plain["signature"]))


def _signed(plain: Mapping[str, object]) -> bytes:
    """What is signed of a statement: all of it but the signature, in the canonical form of the
    record."""
    said = {name: value for name, value in plain.items() if name != "signature"}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return b"kdt statement of destruction 1\n" + canonical.encode()


def _of(table: Table, selection: str) -> AnySelect:
    return select(table).where(
        table.c.subject == Subject.DESTRUCTION, table.c.subject_id == selection
    )


def _salted(row: RowMapping, column: str) -> dict[str, str]:
    return {column: row[column], "salt": row["salt"].hex()}


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ExportFailed, OSError) as error:
        raise StatementFailed(words.say("retention.no_statements", folder=folder)) from error
