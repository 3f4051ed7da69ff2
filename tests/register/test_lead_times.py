"""Lead times: the arithmetic against another library's, and the times of a history made by hand."""

import json
import random
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt.cases.importing import import_history
from kdt.register.figures import Query
from kdt.register.lead_times import LeadTimes, as_json, lead_times
from kdt.register.stays import TimeUnit
from kdt.register.survival import Quantile, Seen, Share, curve
from kdt.store.engine import Store
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.tallies.measures import End

_SEEN = st.lists(
    st.builds(Seen, st.integers(0, 40), st.sampled_from([None, "so", "so", "otherwise"])),
    min_size=1,
    max_size=60,
)


@given(_SEEN)
def test_shares_and_intervals_are_those_of_scikit_survival(seen: list[Seen]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nonparametric = import_module("sksurv.nonparametric")

    # It wants to see every way, and somebody who is never done: 0 divided by 0 is none of ours.
    seen = [*seen, Seen(0, "so"), Seen(0, "otherwise"), Seen(99, None)]
    ways = {None: 0, "so": 1, "otherwise": 2}
    times, shares, intervals = nonparametric.cumulative_incidence_competing_risks(
        np.array([ways[one.end] for one in seen]),
        np.array([float(one.time) for one in seen]),
        conf_type="log-log",
        var_type="Dinse_Approx",
    )
    ours = curve(Counter(seen), "so")
    for at, time in enumerate(times):
        ended, still = ours.ended_within(int(time)), ours.open_after(int(time))
        assert_close(ended, shares[1][at], *intervals[1][:, at])
        # Of all ends together it gives the upper bound first.
        assert_close(still, 1 - shares[0][at], *(1 - intervals[0][:, at]))


def assert_close(ours: Share, value: float, low: float, high: float) -> None:
    if value in (0, 1):
        # There it has no interval at all.
        assert ours.value == value
        return
    assert (ours.value, ours.low, ours.high) == pytest.approx((value, low, high), abs=1e-9)


def test_a_median_over_what_is_closed_lies_and_this_one_does_not() -> None:
    rng = random.Random(1)
    lasts = [(rng.randrange(365), round(rng.expovariate(1 / 86.6))) for _ in range(2000)]
    seen = [
        Seen(lasted, "so") if came + lasted < 365 else Seen(365 - came, None)
        for came, lasted in lasts
    ]
    closed = sorted(one.time for one in seen if one.end)
    found = curve(Counter(seen), "so").quantile(0.5)
    assert closed[len(closed) // 2] < 50
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 60 <= found.high


def test_what_half_never_reached_is_not_reached_yet() -> None:
    seen = [Seen(3, "so"), *[Seen(9, None)] * 9]
    assert curve(Counter(seen), "so").quantile(0.5) == Quantile(None, None, None)
    assert curve({}, "so").quantile(0.5) == Quantile(None, None, None)
    assert curve({}, "so").open_after(5) == Share(1, 0, 1)


def test_who_ended_otherwise_at_once_says_little_of_when_the_rest_is_settled() -> None:
    seen = [Seen(0, "otherwise"), *[Seen(6, "so")] * 900, *[Seen(9, None)] * 99]
    found = curve(Counter(seen), "so")
    assert found.ended_within(0).high < 0.01
    assert found.quantile(0.5) == Quantile(6, 6, 6)


def test_one_of_one_is_all_and_says_little() -> None:
    found = curve({Seen(8, "so"): 1}, "so")
    assert found.ended_within(8).low == pytest.approx(0.025)
    assert found.ended_within(7).high == pytest.approx(0.975)
    assert found.quantile(0.5) == Quantile(8, 8, None)


@pytest.mark.parametrize("number", [10, 14, 28, 100])
def test_all_is_all_whatever_adding_up_leaves(number: int) -> None:
    found = curve({Seen(day, "so"): 1 for day in range(1, number + 1)}, "so")
    assert found.ended_within(number).value == 1
    assert found.open_after(number).value == 0


_PLACE = {"location": "Den Bosch", "question": "decision", "ground": "complex"}
_TOLD = {"reasons": "Verzonnen."}
_NUMBERS = count(1)


def history(path: Path, *said: dict[str, Any]) -> Path:
    """A file of these actions, each recorded at the end of its day."""
    panels = [
        {"kind": "panel", "id": "local", "level": "local", "location": "Den Bosch"},
        {"kind": "panel", "id": "national", "level": "national"},
    ]
    acts = sorted(said, key=lambda one: one["recordedAt"])
    path.write_text("".join(json.dumps(line) + "\n" for line in [*panels, *acts]))
    return path


def act(
    action: str, on: str, escalation: str, *, recorded: str | None = None, **more: Any
) -> dict[str, Any]:
    role = "secretary" if action in ("list", "consider") else "officer"
    return {
        "ref": f"r{next(_NUMBERS)}",
        "recordedAt": f"{on}T17:00:00+01:00",
        "occurredOn": on,
        "actor": "piet" if role == "secretary" else "anna",
        "role": role,
        "action": action,
        "escalation": escalation,
        **more,
    }


def brought(escalation: str, on: str) -> Iterator[dict[str, Any]]:
    yield act("open", on, escalation, case=f"Z-{escalation}", **_PLACE)
    yield act("submit", on, escalation)


def considered(
    escalation: str, on: str, panel: str, outcome: str, **more: Any
) -> Iterator[dict[str, Any]]:
    yield act("list", on, escalation, panel=panel, meetingOn=on)
    yield act("consider", on, escalation, outcome=outcome, **_TOLD, **more)


@pytest.fixture
def told(store: Store, tmp_path: Path) -> Store:
    """A: settled after 3 days. B: up after 2, settled after 10. C: withdrawn after 5. D: still
    open, recorded with a day that was corrected later. E: came in another month."""
    submitted = act("submit", "2022-11-10", "D")
    file = history(
        tmp_path / "history.jsonl",
        *brought("A", "2022-11-01"),
        *considered("A", "2022-11-04", "local", "decided", ruling="in_favour"),
        *brought("B", "2022-11-01"),
        *considered("B", "2022-11-03", "local", "referred_up"),
        *considered("B", "2022-11-11", "national", "decided", ruling="against"),
        *brought("C", "2022-11-02"),
        act("withdraw", "2022-11-07", "C", reason="Verzonnen."),
        act("open", "2022-10-20", "D", case="Z-D", **_PLACE),
        submitted,
        act(
            "correct",
            "2022-11-21",
            "D",
            replaces=submitted["ref"],
            reason="Verzonnen.",
        )
        | {"with": {"occurredOn": "2022-10-28"}},
        *brought("E", "2022-12-01"),
    )
    report = import_history(store, file, by="beheer")
    assert not report.bad
    return store


def asked(store: Store, *by: str, as_of: date, unit: TimeUnit = TimeUnit.DAYS) -> list[LeadTimes]:
    query = Query(date(2022, 11, 1), date(2022, 11, 30), as_of, by)
    with reading(store) as connection:
        return lead_times(connection, query, unit, today=today_in(connection))


def test_everything_that_came_counts_from_its_first_queue_to_its_answer(told: Store) -> None:
    (row,) = asked(told, as_of=date(2022, 11, 20))
    assert row.came == 4
    assert row.ends == {End.SETTLED: 2, End.REFERRED_UP: 0, End.WITHDRAWN: 1, End.LAPSED: 0}
    assert (row.open, row.age_median, row.age_oldest) == (1, 10, 10)
    # A after 3 of 4; C is gone after 5; B after 10, when D was seen for 10 as well.
    assert row.settled.times == (3, 5, 10)
    assert [one.value for one in row.settled.ended] == pytest.approx([0.25, 0.25, 0.5])
    assert row.median.value == 10
    assert row.nine_in_ten.value is None
    assert row.marks[0].after == 14
    assert row.marks[0].open.value == pytest.approx(0.25)
    assert row.clearance == pytest.approx(2 / 4)
    # One waits, and two were settled in 30 days.
    assert row.disposition == pytest.approx(30 * 1 / 2)


def test_a_level_ends_where_the_next_one_begins(told: Store) -> None:
    local, national = asked(told, "level", as_of=date(2022, 11, 20))
    assert (local.key, local.came) == (("local",), 4)
    assert local.ends[End.SETTLED] == local.ends[End.REFERRED_UP] == 1
    assert (national.key, national.came, national.settled.times) == (("national",), 1, (8,))


def test_working_days_leave_out_the_weekend(told: Store) -> None:
    # Tuesday to Friday, and Wednesday to Monday.
    (row,) = asked(told, as_of=date(2022, 11, 20), unit=TimeUnit.WORKING_DAYS)
    assert row.settled.times == (3, 8)
    assert row.ends[End.WITHDRAWN] == 1


def test_a_day_corrected_later_counts_from_its_correction_on(told: Store) -> None:
    (before,) = asked(told, as_of=date(2022, 11, 20))
    (after,) = asked(told, as_of=date(2022, 11, 21))
    assert (before.came, after.came) == (4, 3)
    assert after.open == 0


def test_as_json_says_what_was_asked(told: Store) -> None:
    query = Query(date(2022, 11, 1), date(2022, 11, 30), date(2022, 11, 20), ("level",))
    rows = asked(told, "level", as_of=date(2022, 11, 20))
    said = as_json(query, TimeUnit.DAYS, rows, today=date(2022, 12, 1))
    assert said["followedUntil"] == "2022-11-20"
    assert "provisional" not in said
    unending = replace(query, as_of=None)
    assert as_json(unending, TimeUnit.DAYS, rows, today=date(2022, 12, 1))["provisional"] is True
    _, national = json.loads(json.dumps(said))["rows"]
    assert national["median"] == {"value": 8, "low": 8, "high": None}
