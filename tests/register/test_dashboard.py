"""What stands together on the dashboard: the same as the pages of figures and lead times tell."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kdt.cases.importing import import_history
from kdt.register import dashboard, pace
from kdt.register.dashboard import ADDS_UP, MONTHLY
from kdt.register.figures import Query, figures
from kdt.register.lead_times import lead_times
from kdt.register.stays import TimeUnit
from kdt.store.engine import Store
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Measure
from tests.oracle.generator import encode, generate

PERIOD = Query(date(2022, 2, 10), date(2022, 9, 20), date(2022, 11, 8))


@pytest.fixture
def history(store: Store, tmp_path: Path) -> Store:
    bring_in(store, tmp_path, encode(generate(11, 60)))
    return store


def bring_in(store: Store, folder: Path, content: bytes) -> None:
    file = folder / "history.jsonl"
    file.write_bytes(content)
    assert import_history(store, file, by="beheer").bad == []


def test_every_narrowing_gives_the_row_of_the_figures(history: Store) -> None:
    rng = Random(3)
    with reading(history) as connection:
        found = dashboard.read(connection, PERIOD)
        split = figures(connection, replace(PERIOD, by=DIMENSIONS))
        assert len(split) > 10
        for _ in range(30):
            among = rng.sample(DIMENSIONS, rng.randint(0, 3))
            row = rng.choice(split)
            where = {one: row.key[DIMENSIONS.index(one)] for one in among}
            by = rng.choice([one for one in DIMENSIONS if one not in among])
            asked = replace(PERIOD, by=(*among, by))
            expected = {
                one.key[-1]: {measure: one.amounts[measure] for measure in ADDS_UP}
                for one in figures(connection, asked)
                if one.key[:-1] == tuple(where.values())
            }
            assert found.at(where).period.by(by) == expected


def test_months_add_up_to_the_period_and_stock_ends_where_it_stands(history: Store) -> None:
    with reading(history) as connection:
        found = dashboard.read(connection, PERIOD).at({"level": "local"})
    there = found.period.by("location")
    assert len(found.months) > 3
    for measure in MONTHLY:
        series = found.series(measure)
        assert series.keys() == there.keys()
        for location, amounts in series.items():
            last = amounts[-1] if measure is Measure.STOCK_END else sum(amounts)
            assert last == there[location][measure]


def test_a_period_without_anything_has_no_months(store: Store) -> None:
    with reading(store) as connection:
        found = dashboard.read(connection, PERIOD)
    assert found.series(Measure.STOCK_END) == {}
    assert set(found.period.total.values()) == {0}


def told(found: dict[tuple[str, ...], Any]) -> dict[str, tuple[int, int, Any]]:
    return {key[-1]: (one.came, one.open, one.median) for key, one in found.items()}


@pytest.mark.parametrize("where", [{}, {"level": "local"}, {"ground": "complex"}])
def test_the_pace_is_that_of_the_lead_times(history: Store, where: dict[str, str]) -> None:
    with reading(history) as connection:
        today = today_in(connection)
        found = pace.paces(connection, PERIOD, where, today)
        for dimension in ("location", "level"):
            if dimension in where:
                continue
            asked = replace(PERIOD, by=(*where, dimension))
            rows = lead_times(connection, asked, TimeUnit.WORKING_DAYS, today=today)
            expected = [one for one in rows if one.key[:-1] == tuple(where.values())]
            assert told({(value,): one for value, one in found.by[dimension].items()}) == told(
                {one.key: one for one in expected}
            )
            for one in expected:
                within = next(mark for mark in one.marks if mark.after == pace.WITHIN)
                assert found.by[dimension][one.key[-1]].within == within.settled
