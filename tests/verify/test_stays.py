"""Cells of stays changed, moved or taken away, and what is said to be missed."""

import random

import pytest
from sqlalchemy import Engine, text

from kdt.tallies.model import STAY_KEY
from tests.verify.tampering import MANY, Row, findings, other, some, tampering

KINDS = {"ended_as": "text", "ended_on": "date"}


def places(row: Row, column: str) -> list[str]:
    """What findings call a cell of which a column is not as it was: at its level, and as a whole,
    unless that column is about one of them."""
    level, whole = [row["level"]] if row["level"] else [], ["-"] if row["whole"] else []
    levels = {"level": level or ["x"], "whole": ["-"]}.get(column, [*level, *whole])
    return [
        f"{level}, {row['location']}, {row['question']}, {row['ground']}, begonnen "
        f"{row['begun_on']}, beëindigd {row['ended_on'] or '-'} ({row['ended_as'] or '-'}), "
        f"vastgelegd {row['recorded_on']}"
        for level in levels
    ]


@pytest.mark.parametrize("table", ["stay_days", "stay_deltas"])
@pytest.mark.parametrize("column", [*STAY_KEY, "amount", "all of it"])
def test_a_cell_that_is_not_as_recorded_is_named(
    superuser: Engine, table: str, column: str
) -> None:
    dice = random.Random(table + column)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table} where amount <> 0")
        for row in rows:
            given = {"ctid": row["ctid"]}
            change = f"delete from {table}"
            if column in row:
                change = f"update {table} set {column} = :value"
                given["value"] = other(dice, row[column], KINDS.get(column, ""))
            connection.execute(text(f"{change} where ctid = cast(:ctid as tid)"), given)
        report = findings(connection)
    assert len(rows) >= MANY / 2
    named = [finding.where or "" for finding in report.findings if finding.code == "stay"]
    for row in rows:
        for place in places(row, column):
            assert any(place in where for where in named), place


def test_what_is_said_to_be_missed_and_is_counted_is_named(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        submitted = "select escalation_id, seq from entries where action = 'submit' limit 100"
        connection.execute(text(f"insert into stays_missed {submitted}"))
        report = findings(connection)
    assert {finding.code for finding in report.findings} == {"stay"}
    found = [finding.details for finding in report.findings]
    # Nearly each as a whole and at its level; some were submitted again.
    assert sum(int(str(one["found"])) - int(str(one["expected"])) for one in found) > 100


def test_what_is_missed_of_what_is_not_there_is_named(superuser: Engine) -> None:
    with tampering(superuser) as connection:
        connection.execute(text("insert into stays_missed values ('verzonnen', 1)"))
        report = findings(connection)
    assert [(one.code, one.escalation) for one in report.findings] == [("no_entries", "verzonnen")]
