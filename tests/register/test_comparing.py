"""Locations compared on what their panels considered, and on what was answered in time."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from kdt.cases.importing import import_history
from kdt.register.commands import compare
from kdt.register.commands import lead_times as lead_times_command
from kdt.register.comparing import Basis, as_json, comparison
from kdt.register.figures import Query, figures
from kdt.register.lead_times import lead_times
from kdt.register.pace import WITHIN
from kdt.register.stays import TimeUnit
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.vocabulary import Measure
from tests.oracle.generator import encode, generate

PERIOD = Query(date(2022, 2, 10), date(2022, 9, 20), date(2022, 11, 8))


@pytest.fixture
def history(store: Store, tmp_path: Path) -> Store:
    file = tmp_path / "history.jsonl"
    file.write_bytes(encode(generate(11, 60)))
    assert import_history(store, file, by="beheer").bad == []
    return store


def test_what_is_compared_is_what_the_figures_count(history: Store) -> None:
    measures = {
        Basis.HELD_OVER: Measure.HELD_OVER,
        Basis.DECISIONS: Measure.DECISIONS,
        Basis.REFERRED_UP: Measure.REFERRED_UP,
    }
    with reading(history) as connection:
        rows = figures(connection, replace(PERIOD, by=("level", "ground", "location")))
        for basis, measure in measures.items():
            where = {"ground": "complex"}
            found = comparison(connection, PERIOD, basis, where, date(2026, 1, 1)).funnel
            assert found is not None
            assert {one.place: (one.so, one.of) for one in found.places} == {
                row.key[2]: (row.amounts[measure], row.amounts[Measure.CONSIDERED])
                for row in rows
                if row.key[:2] == ("local", "complex") and row.amounts[Measure.CONSIDERED]
            }


def test_in_time_is_what_the_lead_times_say_of_what_could_be_followed(history: Store) -> None:
    # Long ago enough that all of it could be followed for twenty working days.
    with reading(history) as connection:
        today = today_in(connection)
        found = comparison(connection, PERIOD, Basis.SETTLED_WITHIN, {}, today).funnel
        by_location = replace(PERIOD, by=("location",))
        rows = lead_times(connection, by_location, TimeUnit.WORKING_DAYS, today=today)
    assert found is not None
    shares = {one.place: (one.of, one.share) for one in found.places}
    assert shares.keys() == {row.key[0] for row in rows}
    for row in rows:
        within = next(mark.settled for mark in row.marks if mark.after == WITHIN)
        of, share = shares[row.key[0]]
        assert of == row.came
        assert share == pytest.approx(within.value)


def test_what_cannot_be_followed_long_enough_does_not_count_as_late(history: Store) -> None:
    with reading(history) as connection:
        today = today_in(connection)
        soon = replace(PERIOD, as_of=PERIOD.until)
        short = comparison(connection, soon, Basis.SETTLED_WITHIN, {}, today).funnel
        whole = comparison(connection, PERIOD, Basis.SETTLED_WITHIN, {}, today).funnel
    assert short is not None
    assert whole is not None
    assert sum(one.of for one in short.places) < sum(one.of for one in whole.places)


def test_a_period_to_come_compares_nothing(store: Store) -> None:
    with reading(store) as connection:
        today = today_in(connection)
        for basis in Basis:
            found = comparison(connection, Query(today, today), basis, {}, today)
            assert found.funnel is None
            said = as_json(found, today=today)
            assert (said["locations"], said["provisional"]) == ([], True)


def test_the_commands_print_what_the_api_says(
    history: Store, server_settings: object, database: str
) -> None:
    assert callable(server_settings)
    chosen: Settings = server_settings(database)
    env = {"KDT_HOME": str(chosen.home), "KDT_DATABASE_URL": str(chosen.database_url)}
    asked = ["--from", "2022-02-10", "--until", "2022-09-20", "--as-of", "2022-11-08"]
    with reading(history) as connection:
        found = comparison(connection, PERIOD, Basis.DECISIONS, {}, date(2026, 1, 1))
    said = CliRunner().invoke(
        compare, [*asked, "--basis", "decisions", "--format", "json"], env=env
    )
    assert json.loads(said.output) == as_json(found, today=date(2026, 1, 1))
    said = CliRunner().invoke(compare, [*asked, "--ground", "complex"], env=env)
    assert "geen oordeel en geen ranglijst" in said.output
    said = CliRunner().invoke(lead_times_command, [*asked, "--unit", "workingDays"], env=env)
    assert "Binnengekomen van 10 februari 2022" in said.output
