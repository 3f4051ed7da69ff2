"""Figures from the tallies, from the log, and by brute force: the same on any history."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select, text

from kdt.cases import service
from kdt.cases.importing import import_history
from kdt.register import top
from kdt.register.answers import basis
from kdt.register.figures import BadQuery, Query, as_json
from kdt.register.top import top_story
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.tallies.measures import column
from kdt.tallies.model import tally_days, tally_deltas
from kdt.vocabulary import Measure
from tests.oracle.generator import encode, generate
from tests.oracle.history import read
from tests.register import walking
from tests.register.agreeing import checks
from tests.service.test_together import PLACES, bring, command, prepare, secretary
from tests.support import assert_sound
from tests.verify.record import Line, write

HISTORIES = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
QUERIES = 20
PANEL = "kdt-den-bosch"


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_three_ways_of_counting_agree(
    seed: int, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few at once that the last of these few histories need not be walked either.
    monkeypatch.setattr(top, "_BATCH", 2)
    rng = Random(seed)
    data = encode(generate(seed, 10))
    file = tmp_path / "history.jsonl"
    file.write_bytes(data)
    assert import_history(store, file, by="beheer").bad == []
    now = datetime.now(UTC)
    with store.engine.connect() as connection:
        for check in checks(connection, read(data, now), rng, QUERIES, now):
            assert check.agrees, check
            told = top_story(connection, check.asked)
            assert told == walking.story(connection, check.asked)
            assert on_what(connection, check.asked) == logged(connection, check.asked)


def on_what(connection: Connection, asked: Query) -> tuple[int, int]:
    """How many considerations figures rest on, and how many of those came with a file."""
    found = basis(connection, asked)
    return found.considered, found.imported


def logged(connection: Connection, asked: Query) -> tuple[int, int]:
    """The same, counted from the log."""
    query = text(
        "select count(*), count(import_id) from entries where action = 'consider' "
        "and occurred_on between :first and :until and recorded_on <= :known"
    )
    given = {"first": asked.first, "until": asked.until, "known": asked.as_of or date.max}
    considered, imported = connection.execute(query, given).one()
    return considered, imported


def brought_before(number: int, day: date) -> Iterator[Line]:
    """A case that a panel considered on a day gone by, recorded the day after."""
    moves: list[tuple[str, str, Line]] = [
        (
            "officer",
            "open",
            {
                "case": f"Z-{number}",
                "location": PLACES[0],
                "question": "decision",
                "ground": "complex",
                "summary": "Verzonnen.",
            },
        ),
        ("officer", "submit", {}),
        ("secretary", "list", {"panel": PANEL, "meetingOn": day.isoformat()}),
        ("secretary", "consider", {"outcome": "held_over", "reasons": "Verzonnen."}),
    ]
    for place, (role, action, given) in enumerate(moves):
        yield {
            "ref": f"{action}-{number}",
            "recordedAt": f"{day + timedelta(days=1)}T10:{number:02}:{place:02}+01:00",
            "occurredOn": day.isoformat(),
            "actor": f"{role}-9",
            "role": role,
            "action": action,
            "escalation": f"V-{number}",
            **given,
        }


def test_what_figures_rest_on_is_counted_of_several_files_and_of_what_was_recorded_here(
    store: Store, tmp_path: Path
) -> None:
    today = prepare(store)
    # A file that brings nothing new of this, between two that do.
    for number, days in enumerate((range(3), range(0), range(3, 8))):
        lines: list[Line] = [{"kind": "history", "version": 1}]
        for each in days:
            lines += brought_before(each, date(2026, 2, 2 + each // 2))
        file = write(tmp_path / f"history-{number}.jsonl", lines)
        assert import_history(store, file, by="beheer").bad == []
    for number in range(2):
        brought = bring(store, PLACES[0], f"Z-9{number}", today).escalation
        held_over = command("consider", outcome="held_over", reasons="Verzonnen.")
        service.perform(store, secretary(PLACES[0]), brought, [held_over])
    with store.engine.connect() as connection:
        assert on_what(connection, Query(date.min, date.max, None)) == (10, 8)
        assert on_what(connection, Query(date(2026, 2, 3), date(2026, 2, 4), None)) == (4, 4)
        assert on_what(connection, Query(date.min, date.max, date(2026, 2, 4))) == (4, 4)
        assert on_what(connection, Query(today, today, None)) == (2, 0)
        for first, until, as_of in product(*[[date(2026, 2, day) for day in range(1, 8)]] * 3):
            if first <= until:
                asked = Query(first, until, as_of)
                assert on_what(connection, asked) == logged(connection, asked)
    assert_sound(store)


def test_one_cell_that_is_wrong_is_found(store: Store, tmp_path: Path) -> None:
    data = encode(generate(7, 10))
    file = tmp_path / "history.jsonl"
    file.write_bytes(data)
    import_history(store, file, by="beheer")
    now = datetime.now(UTC)
    with writing(store) as connection:
        names = [one.name for one in tally_days.columns]
        cell = select(tally_days).where(tally_days.c[column(Measure.CONSIDERED)] > 0).limit(1)
        connection.execute(tally_deltas.insert().from_select(names, cell))
    with store.engine.connect() as connection:
        assert not all(
            check.agrees for check in checks(connection, read(data, now), Random(7), QUERIES, now)
        )


@pytest.mark.parametrize(
    ("first", "until", "by", "code"),
    [
        (date(2022, 2, 1), date(2022, 1, 31), (), "period_reversed"),
        (date(2022, 1, 1), date(2022, 1, 1), ("level", "level"), "dimension_twice"),
        (date(2022, 1, 1), date(2022, 1, 1), ("outcome",), "unknown_dimension"),
        (date(2022, 1, 1), date(2022, 1, 1), ("",), "unknown_dimension"),
    ],
)
def test_a_question_without_an_answer_is_refused(
    first: date, until: date, by: tuple[str, ...], code: str
) -> None:
    with pytest.raises(BadQuery) as refused:
        Query(first, until, None, by)
    assert refused.value.code == code


def test_a_reference_date_to_come_is_refused_and_today_is_provisional() -> None:
    today = date(2022, 11, 8)
    Query(today, today, today).check(today)
    with pytest.raises(BadQuery) as refused:
        Query(today, today, today + timedelta(days=1)).check(today)
    assert refused.value.code == "reference_date_to_come"
    assert as_json(Query(today, today, today), [], today=today)["provisional"] is True
    assert "provisional" not in as_json(Query(today, today, date(2022, 11, 7)), [], today=today)
    assert as_json(Query(today, today), [], today=today) == {
        "from": "2022-11-08",
        "until": "2022-11-08",
        "asOf": None,
        "by": [],
        "rows": [],
    }
