"""What stands apart from the log, and what is read from it: rows taken away or slipped in."""

import random

import pytest
from sqlalchemy import Connection, Engine, text

from kdt.verify import examine
from tests.verify.tampering import MANY, changed_column, findings, some, tampering

HARMLESS = """
    create or replace function refuse_change() returns trigger language plpgsql
    as 'begin return null; end'
"""
DELETED = [
    ("entry_people", "person_missing"),
    ("entry_texts", "text_missing"),
    ("considerations", "consideration_missing"),
    ("theme_tags", "tag_missing"),
    ("outbox", "outbox_number"),
]
# The same row once more, about the number given: the next entry, or one that is not there.
SLIPPED_IN = [
    ("entry_people", "seq + 1000", "person_stray"),
    ("entry_texts", "seq + 1000", "text_stray"),
    ("entry_texts", "seq", "text_unspoken"),
    ("considerations", "seq + 1000", "consideration_stray"),
    ("theme_tags", "seq + 1000", "tag_stray"),
    ("outbox", "seq", "outbox_number"),
    ("outbox", "seq + 1000", "outbox_stray"),
]


@pytest.mark.parametrize(("table", "code"), DELETED)
def test_a_deleted_row_is_named(superuser: Engine, table: str, code: str) -> None:
    dice = random.Random(table)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table}")
        for row in rows:
            connection.execute(
                text(f"delete from {table} where ctid = cast(:ctid as tid)"), {"ctid": row["ctid"]}
            )
        report = findings(connection)
    assert len(rows) == MANY
    named = {(f.escalation, f.seq) for f in report.findings if f.code == code}
    assert named == {(row["escalation_id"], row["seq"]) for row in rows}


@pytest.mark.parametrize(("table", "seq", "code"), SLIPPED_IN)
def test_a_row_slipped_in_is_named(superuser: Engine, table: str, seq: str, code: str) -> None:
    dice = random.Random(table + seq)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table}")
        names = [name for name in _columns(connection, table) if (table, name) != ("outbox", "id")]
        field = "'verzonnen'" if seq == "seq" else "field"
        values = [{"seq": seq, "field": field}.get(name, name) for name in names]
        for row in rows:
            connection.execute(
                text(
                    f"insert into {table} ({', '.join(names)}) select {', '.join(values)} "
                    f"from {table} where ctid = cast(:ctid as tid)"
                ),
                {"ctid": row["ctid"]},
            )
        report = findings(connection)
    assert len(rows) == MANY
    named = {finding.escalation for finding in report.findings if finding.code == code}
    assert named == {row["escalation_id"] for row in rows}


@pytest.mark.parametrize(
    "change",
    [
        "delete from theme_repeats where escalation_id = any(:ids)",
        (
            "insert into theme_repeats select distinct escalation_id, theme from theme_tags "
            "where escalation_id = any(:ids)"
        ),
    ],
)
def test_what_is_said_of_tags_that_are_not_alone_is_compared(
    superuser: Engine, change: str
) -> None:
    repeated = "escalation_id in (select escalation_id from theme_repeats)"
    which = repeated if change.startswith("delete") else f"not {repeated}"
    with tampering(superuser) as connection:
        rows = some(
            connection,
            random.Random(change),
            f"select escalation_id from theme_tags where {which} group by escalation_id",
        )
        ids = [row["escalation_id"] for row in rows]
        connection.execute(text(change), {"ids": ids})
        report = findings(connection)
    assert ids
    assert {f.escalation for f in report.findings if f.code == "tags_again"} == set(ids)


def test_a_deleted_state_is_named(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        rows = some(connection, random.Random(1), "select ctid::text, id from escalations")
        ids = [row["id"] for row in rows]
        connection.execute(text("delete from escalations where id = any(:ids)"), {"ids": ids})
        report = findings(connection)
    assert len(ids) == MANY
    assert {f.escalation for f in report.findings if f.code == "state_missing"} == set(ids)


def test_a_state_without_entries_is_named(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        columns = [name for name in _columns(connection, "escalations") if name != "id"]
        connection.execute(
            text(
                f"insert into escalations (id, {', '.join(columns)}) "
                f"select 'forged-' || id, {', '.join(columns)} from escalations limit {MANY}"
            )
        )
        report = findings(connection)
    assert len({f.escalation for f in report.findings if f.code == "no_entries"}) == MANY


@pytest.mark.parametrize("column", ["case_id", "number", "salt"])
def test_a_case_number_that_is_not_its_own_is_named(superuser: Engine, column: str) -> None:
    dice = random.Random(column)
    with tampering(superuser) as connection:
        rows = changed_column(connection, dice, "case_numbers", column)
        report = findings(connection)
    assert len(rows) == MANY
    assert {str(row["case_id"]) for row in rows} <= {finding.where for finding in report.findings}


@pytest.mark.parametrize("table", ["cases", "case_numbers"])
def test_a_case_or_number_taken_away_is_named(superuser: Engine, table: str) -> None:
    key = "id" if table == "cases" else "case_id"
    with tampering(superuser) as connection:
        rows = some(connection, random.Random(table), f"select ctid::text, * from {table}")
        cases = [row[key] for row in rows]
        connection.execute(text(f"delete from {table} where {key} = any(:cases)"), {"cases": cases})
        report = findings(connection)
    assert len(cases) == MANY
    named = {f.where for f in report.findings if f.code == "case_without_number"}
    assert named == set(map(str, cases))


def test_a_case_nobody_brought_is_named(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        some_ids = f"select gen_random_uuid() from generate_series(1, {MANY})"
        made = connection.scalars(text(f"insert into cases {some_ids} returning id"))
        cases = set(map(str, made))
        report = findings(connection)
    assert {f.where for f in report.findings if f.code == "case_unused"} == cases


def test_a_meeting_taken_away_or_moved_is_named(superuser: Engine) -> None:
    listed = (
        "select escalation_id, seq, convert_from(content, 'utf8')::jsonb -> 'values' as said "
        "from entries where action = 'list'"
    )
    for change in ("delete from meetings", "update meetings set held_on = held_on + 9000"):
        with tampering(superuser) as connection:
            rows = some(connection, random.Random(change), listed)
            for row in rows:
                connection.execute(
                    text(f"{change} where panel = :panel and held_on = cast(:on as date)"),
                    {"panel": row["said"]["panel"], "on": row["said"]["meeting_on"]},
                )
            report = findings(connection)
        assert len(rows) == MANY
        named = {(f.escalation, f.seq) for f in report.findings if f.code == "meeting_missing"}
        assert {(row["escalation_id"], row["seq"]) for row in rows} <= named


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("delete from imports", "import_unknown"),
        ("delete from themes", "theme_unknown"),
        ("delete from locations", "location_unknown"),
        ("update panels set level = 'national' where level = 'local'", "panel_differs"),
        ("update panels set location = location || 'x'", "panel_differs"),
        ("delete from panels", "panel_differs"),
    ],
)
def test_what_entries_name_must_be_there(superuser: Engine, change: str, code: str) -> None:
    with tampering(superuser) as connection:
        connection.execute(text("alter table panels drop constraint uq_panels_level_location"))
        connection.execute(text(change))
        report = findings(connection)
    assert len({f.escalation for f in report.findings if f.code == code}) >= MANY


@pytest.mark.parametrize("column", ["escalation", "refs"])
def test_an_answer_kept_for_a_repeat_that_speaks_of_nothing_is_named(
    superuser: Engine, column: str
) -> None:
    with tampering(superuser) as connection:
        connection.execute(
            text("update requests set answer = jsonb_set(answer, array[:column], '[\"x\"]')"),
            {"column": column},
        )
        count = connection.scalar(text("select count(*) from requests"))
        report = findings(connection)
    assert count is not None
    assert count >= MANY
    assert len([f for f in report.findings if f.code == "request"]) == count


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("alter table entries enable trigger entries_append_only", "unprotected"),
        ("drop trigger entries_append_only on entries", "unprotected"),
        (HARMLESS, "unprotected"),
        ("grant update on entries to kdt_app", "too_much_right"),
        ("grant delete on entries to public", "too_much_right"),
        ("delete from record", "record_missing"),
    ],
)
def test_a_protection_taken_away_is_named(superuser: Engine, change: str, code: str) -> None:
    with superuser.connect() as connection:
        connection.execute(text(change))
        report = examine(connection)
        connection.rollback()
    assert code in {finding.code for finding in report.findings}


def _columns(connection: Connection, table: str) -> list[str]:
    return list(connection.execute(text(f"select * from {table} limit 0")).keys())
