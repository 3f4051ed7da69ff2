"""Cells of the tallies changed, moved or taken away: in days, in months, and yet to be folded."""

import random

import pytest
from sqlalchemy import Engine, text

from kdt.tallies.measures import ADDITIVE, column
from kdt.tallies.model import KEY
from tests.verify.tampering import MANY, Row, findings, other, some, tampering

TABLES = [f"{kind}_{part}" for kind in ("tally", "case") for part in ("days", "months", "deltas")]


def cell(row: Row) -> str:
    place = ", ".join(row[name] or "-" for name in ("level", "location", "question", "ground"))
    return f"{place}, gebeurd {row['occurred_on']}, vastgelegd {row['recorded_on']}"


def counts(table: str) -> str:
    """That a cell has something in it: without, it may as well be gone."""
    names = map(column, ADDITIVE) if table.startswith("tally") else ["amount"]
    return " or ".join(f"{name} <> 0" for name in names)


def amount(table: str, dice: random.Random) -> str:
    return column(dice.choice(ADDITIVE)) if table.startswith("tally") else "amount"


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_amount_is_named(superuser: Engine, table: str) -> None:
    dice = random.Random(table)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table}")
        for row in rows:
            name = amount(table, dice)
            connection.execute(
                text(f"update {table} set {name} = {name} + :more where ctid = cast(:ctid as tid)"),
                {"more": dice.choice((-2, -1, 1, 2, 1_000)), "ctid": row["ctid"]},
            )
        report = findings(connection)
    assert len(rows) >= MANY / 2
    places = [finding.where or "" for finding in report.findings]
    assert all(any(cell(row) in place for place in places) for row in rows)


@pytest.mark.parametrize("table", TABLES)
def test_a_moved_cell_is_named(superuser: Engine, table: str) -> None:
    dice = random.Random(table)
    keys = [*KEY, "previous"] if table.startswith("case") else list(KEY)
    keys += ["grouping"] if table == "case_months" else []
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table} where {counts(table)}")
        for row in rows:
            key = dice.choice(keys)
            kind = "text"
            if key == "previous":
                kind = "date" if table == "case_months" else "_date"
            connection.execute(
                text(f"update {table} set {key} = :value where ctid = cast(:ctid as tid)"),
                {"value": other(dice, row[key], kind), "ctid": row["ctid"]},
            )
        report = findings(connection)
    assert len(rows) >= MANY / 2
    places = [finding.where or "" for finding in report.findings]
    assert all(any(cell(row) in place for place in places) for row in rows)


@pytest.mark.parametrize("table", TABLES)
def test_a_cell_taken_away_is_named(superuser: Engine, table: str) -> None:
    dice = random.Random(table)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table} where {counts(table)}")
        for row in rows:
            connection.execute(
                text(f"delete from {table} where ctid = cast(:ctid as tid)"), {"ctid": row["ctid"]}
            )
        report = findings(connection)
    assert len(rows) >= MANY / 2
    places = [finding.where or "" for finding in report.findings]
    assert all(any(cell(row) in place for place in places) for row in rows)


@pytest.mark.parametrize(
    "change",
    [
        "update import_days set considered = considered + 1",
        "update import_days set considered = considered - 1",
        "update import_days set occurred_on = occurred_on - 4000",
        "update import_days set recorded_on = recorded_on + 4000",
        "delete from import_days",
    ],
)
def test_what_came_by_import_is_named_by_its_day_when_it_is_wrong(
    superuser: Engine, change: str
) -> None:
    dice = random.Random(change)
    with tampering(superuser) as connection:
        rows = some(connection, dice, "select ctid::text, * from import_days")
        for row in rows:
            connection.execute(
                text(f"{change} where ctid = cast(:ctid as tid)"), {"ctid": row["ctid"]}
            )
        report = findings(connection)
    assert rows
    assert {finding.code for finding in report.findings} == {"import_day"}
    places = {finding.where for finding in report.findings}
    for row in rows:
        day, known = row["occurred_on"], row["recorded_on"]
        assert f"Ingelezen, gebeurd {day}, vastgelegd {known}" in places


@pytest.mark.parametrize("table", ["theme_days", "theme_deltas"])
@pytest.mark.parametrize(
    "change",
    [
        "update {} set number = number + 1",
        "update {} set recorded_on = recorded_on + 40000",
        "update {} set occurred_on = occurred_on - 40000",
        "update {} set theme = theme || '-verzonnen'",
        "delete from {}",
    ],
)
def test_a_cell_of_a_theme_that_is_not_what_the_tags_say_is_named(
    superuser: Engine, table: str, change: str
) -> None:
    dice = random.Random(table)
    with tampering(superuser) as connection:
        rows = some(connection, dice, f"select ctid::text, * from {table}")
        connection.execute(
            text(f"{change.format(table)} where ctid = any(cast(:places as tid[]))"),
            {"places": [row["ctid"] for row in rows]},
        )
        report = findings(connection)
    assert rows
    places = {f.where for f in report.findings if f.code == "theme_cell"}
    assert {
        f"Telling van de rode draad {row['theme']}, gebeurd {row['occurred_on']}, "
        f"vastgelegd {row['recorded_on']}"
        for row in rows
    } <= places
