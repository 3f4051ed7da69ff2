"""The ledger: what is not an escalation is recorded in chains too. What was entered before gets
its facts, dated to when it was."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0002"
down_revision: str | None = "0001"

# A fact that was not recorded as one: subject, id, fact, values, texts, by, moment, import.
Fact = tuple[str, str, str, dict[str, Any], dict[str, str], str, datetime, Any]


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("occurred_on <= recorded_on", name=op.f("ck_ledger_not_in_the_future")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_ledger_import_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger")),
        sa.UniqueConstraint("ref", name=op.f("uq_ledger_ref")),
        sa.UniqueConstraint(
            "subject", "subject_id", "seq", name=op.f("uq_ledger_subject_subject_id_seq")
        ),
    )
    op.create_table(
        "ledger_people",
        *_place("ledger_people"),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_id", "seq", name=op.f("pk_ledger_people")),
    )
    op.create_table(
        "ledger_texts",
        *_place("ledger_texts"),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(content is null) = (destroyed_on is not null)",
            name=op.f("ck_ledger_texts_text_or_destroyed"),
        ),
        sa.PrimaryKeyConstraint(
            "subject", "subject_id", "seq", "field", name=op.f("pk_ledger_texts")
        ),
    )
    op.add_column(
        "people",
        sa.Column("key", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.create_unique_constraint(op.f("uq_people_key"), "people", ["key"])
    _record_what_stands(op.get_bind())
    op.execute("""
        create trigger ledger_append_only before update or delete or truncate on ledger
        for each statement execute function refuse_change()
    """)
    op.execute("alter table ledger enable always trigger ledger_append_only")
    for table in ("ledger", "ledger_people", "ledger_texts"):
        grant(table, "SELECT", "INSERT")


def downgrade() -> None:
    if op.get_bind().scalar(sa.text("select exists (select from ledger)")):
        raise RuntimeError("the ledger holds facts; a downgrade would lose them")
    op.drop_constraint(op.f("uq_people_key"), "people", type_="unique")
    op.drop_column("people", "key")
    op.drop_table("ledger_texts")
    op.drop_table("ledger_people")
    op.drop_table("ledger")


def _place(table: str) -> list[Any]:
    return [
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "subject_id", "seq"],
            ["ledger.subject", "ledger.subject_id", "ledger.seq"],
            name=op.f(f"fk_{table}_subject_subject_id_seq"),
        ),
    ]


def _record_what_stands(bind: sa.Connection) -> None:
    """Chains of format 2, as they were written when this migration was made."""
    chains: dict[tuple[str, str], tuple[int, bytes]] = {}
    for subject, subject_id, fact, values, texts, by, at, import_id in _standing(bind):
        seq, head = chains.get((subject, subject_id), (0, bytes(32)))
        place = {"subject": subject, "subject_id": subject_id, "seq": seq + 1}
        salts = {name: os.urandom(16) for name in ("", *texts)}
        day = at.astimezone(ZoneInfo("Europe/Amsterdam")).date()
        entry = {
            "format": 2,
            "subject": subject,
            "id": subject_id,
            "seq": seq + 1,
            "ref": secrets.token_hex(8),
            "fact": fact,
            "role": "administrator",
            "person": _digest(salts[""], by),
            "occurredOn": day.isoformat(),
            "recordedAt": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "values": values,
            "texts": {name: _digest(salts[name], text) for name, text in texts.items()},
        } | ({"import": str(import_id)} if import_id else {})
        content = json.dumps(
            entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
        head = hashlib.sha256(head + content).digest()
        chains[subject, subject_id] = seq + 1, head
        row = {
            **place, "ref": entry["ref"], "fact": fact, "occurred_on": day, "recorded_at": at,
            "recorded_on": day, "import_id": import_id, "content": content, "hash": head,
        }  # fmt: skip
        bind.execute(_into("ledger", row), row)
        person = {**place, "person": by, "salt": salts[""]}
        bind.execute(_into("ledger_people", person), person)
        for name, text in texts.items():
            kept = {**place, "field": name, "content": text, "salt": salts[name]}
            bind.execute(_into("ledger_texts", kept), kept)


def _standing(bind: sa.Connection) -> Iterator[Fact]:
    """What was entered so far, of each subject in the order in which it was."""
    tick = timedelta(microseconds=1)
    since = bind.scalar(sa.text("select since from record")) or datetime.now(UTC)
    if bind.scalar(sa.text("select demo from record")):
        yield "record", "record", "mark_demo", {}, {}, "kdt", since, None
        since += tick
    for row in bind.execute(sa.text("select * from imports order by imported_at")):
        values = {"import": str(row.id), "file_digest": row.file_digest.hex()}
        since = max(since, row.imported_at)
        texts = {"file_name": row.file_name}
        yield "record", "record", "import", values, texts, row.imported_by, since, row.id
        since += tick
    panels = {row.id: row for row in bind.execute(sa.text("select * from panels"))}
    for subject in ("location", "panel"):
        known: set[str] = set()
        for row in bind.execute(
            sa.text(f"select * from {subject}_terms order by recorded_at, effective_on")
        ):
            owner = getattr(row, subject)
            values = {"effective_on": row.effective_on.isoformat(), "open": row.open}
            fact = "change" if owner in known else "enter"
            if subject == "panel" and fact == "enter":
                panel = panels[owner]
                values |= {
                    "level": panel.level,
                    "weekdays": panel.weekdays,
                    "starts_at": panel.starts_at.isoformat("minutes"),
                } | ({} if panel.location is None else {"location": panel.location})
            known.add(owner)
            texts = {"name": row.name}
            yield subject, owner, fact, values, texts, row.recorded_by, row.recorded_at, None
    known = set()
    for row in bind.execute(sa.text("select * from theme_terms order by recorded_at")):
        fact = "change" if row.theme in known else "enter"
        known.add(row.theme)
        texts = {"name": row.name, "description": row.description}
        values = {"status": row.status}
        yield "theme", row.theme, fact, values, texts, row.recorded_by, row.recorded_at, None
    now = datetime.now(UTC)
    for row in bind.execute(sa.text("select * from people order by id")):
        texts = {"person": row.id, "label": row.label}
        yield "person", str(row.key), "enter", {}, texts, "kdt", now, None
        if row.disabled:
            now += tick
            yield "person", str(row.key), "disable", {}, {}, "kdt", now, None
    for row in bind.execute(
        sa.text("select key, role, location from grants join people on id = person order by 1, 2")
    ):
        values = {"role": row.role} | ({} if row.location is None else {"location": row.location})
        now += tick
        yield "person", str(row.key), "grant", values, {}, "kdt", now, None


def _digest(salt: bytes, text: str) -> str:
    return hashlib.sha256(salt + text.encode()).hexdigest()


def _into(table: str, row: dict[str, Any]) -> sa.TextClause:
    return sa.text(
        f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{name}' for name in row)})"
    )
