"""Figures from the tallies, from the log, and by brute force: the same on any history."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from kdt.cases.importing import import_history
from kdt.register import top
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

HISTORIES = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
QUERIES = 20


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
