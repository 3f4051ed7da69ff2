"""Figures from the tallies, from the log, and by brute force: the same on any history."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kdt import clock
from kdt.cases.importing import import_history
from kdt.register import figures as tallies
from kdt.register import from_log
from kdt.register.figures import BadQuery, Query, as_json
from kdt.register.top import top_story
from kdt.store.engine import Store
from kdt.tallies.measures import DIMENSIONS
from tests.oracle.figures import figures as by_brute_force
from tests.oracle.generator import encode, generate
from tests.oracle.history import read
from tests.register import walking

HISTORIES = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
QUERIES = 20
NEAR = (date(2021, 12, 20), date(2022, 12, 31))


def day(rng: Random) -> date:
    """Any day near the history, often the first or last of a month, now and then far away."""
    if rng.random() < 0.05:
        return rng.choice([date.min, date.max, date(2022, 2, 28), date(2024, 2, 29)])
    found = NEAR[0] + timedelta(days=rng.randrange((NEAR[1] - NEAR[0]).days + 60))
    first = found.replace(day=1)
    return rng.choice([found, found, first, first - timedelta(days=1)])


def question(rng: Random, today: date) -> Query:
    first, until = sorted((day(rng), day(rng)))
    as_of = rng.choice([None, min(day(rng), today), min(day(rng), today), today])
    by = rng.sample(DIMENSIONS, rng.randrange(len(DIMENSIONS) + 1))
    return Query(first, until, as_of, tuple(by))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_three_ways_of_counting_agree(seed: int, store: Store, tmp_path: Path) -> None:
    rng = Random(seed)
    data = encode(generate(seed, 10))
    file = tmp_path / "history.jsonl"
    file.write_bytes(data)
    assert import_history(store, file, by="beheer").bad == []
    now = datetime.now(UTC)
    today = clock.day(now)
    history = read(data, now)
    with store.engine.connect() as connection:
        for _ in range(QUERIES):
            asked = question(rng, today)
            answers: list[dict[str, Any]] = [
                as_json(asked, engine(connection, asked), today=today)
                for engine in (tallies.figures, from_log.figures)
            ]
            by_hand = by_brute_force(
                history, max(asked.first, DAY_2), asked.until, asked.as_of, asked.by, now
            )
            assert top_story(connection, asked) == walking.story(connection, asked)
            for answer in answers:
                assert answer["rows"] == by_hand["rows"], asked
                assert answer.get("provisional") == by_hand.get("provisional")


# Brute force looks at the day before, which the first of all days has not.
DAY_2 = date.min + timedelta(days=1)


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
