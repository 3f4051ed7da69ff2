"""Whatever column of whatever row is changed, each change is named where it was made.

Not covered by any digest, and so not in this list: how rows are numbered, what an import file was
called, what a panel is called and when it meets, and whether the record is a demonstration.
"""

import random

import pytest
from sqlalchemy import Engine

from tests.verify.tampering import changed_column, findings, tampering

ENTRIES = "ref action occurred_on recorded_at recorded_on import_id content hash seq escalation_id"
STATE = (
    "version phase level case_id location question ground brought_by decide_by last_on settled "
    "panel meeting_on reached waiting_since held_over unresolved_at unresolved_last seq head "
    "recorded_at deadline"
)
CONSIDERATIONS = (
    "seq ref case_id panel level occurred_on outcome ruling inquiry referral settles imported"
)
TAGS = "seq changed_by theme occurred_on recorded_on amount"
COLUMNS = [
    *(("entries", column) for column in ENTRIES.split()),
    *(("entry_people", column) for column in ["seq", "person", "salt"]),
    *(("entry_texts", column) for column in ["seq", "field", "content", "salt", "destroyed_on"]),
    *(("considerations", column) for column in CONSIDERATIONS.split()),
    *(
        ("theme_tags", column)
        for column in ["seq", "changed_by", "theme", "occurred_on", "recorded_on", "amount"]
    ),
    *(("outbox", column) for column in ["escalation_id", "seq", "type", "at"]),
]


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_changed_column_about_an_escalation_is_named(
    superuser: Engine, table: str, column: str
) -> None:
    dice = random.Random(f"{table}.{column}")
    where = {"destroyed_on": "salt is not null", "salt": "salt is not null"}.get(column, "true")
    if (table, column) == ("entry_texts", "content"):
        where = "content is not null"
    with tampering(superuser) as connection:
        rows = changed_column(connection, dice, table, column, where)
        report = findings(connection)
    assert len(rows) >= 95
    named = {finding.escalation for finding in report.findings}
    assert {row["escalation_id"] for row in rows} <= named


@pytest.mark.parametrize("column", STATE.split())
def test_a_changed_column_of_a_state_is_named(superuser: Engine, column: str) -> None:
    dice = random.Random(column)
    with tampering(superuser) as connection:
        # Of what was voided from its opening on, only the place it no longer has means anything.
        rows = changed_column(connection, dice, "escalations", column, "phase is not null")
        report = findings(connection)
    assert len(rows) == 100
    named = {f.escalation for f in report.findings if f.details.get("column") == column}
    assert named == {row["id"] for row in rows}
    assert {f.code for f in report.findings if f.escalation} == {"state"}
