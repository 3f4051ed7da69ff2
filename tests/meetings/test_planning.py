"""Meetings are planned by the clock: every due one once, however many clocks, whatever the day."""

import multiprocessing
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kdt import clock, clockwork
from kdt.access.permissions import Actor
from kdt.clock import AMSTERDAM
from kdt.meetings.keeping import keep
from kdt.meetings.service import change_location, change_panel, create_location, create_panel
from kdt.panels.model import meetings
from kdt.panels.planning import plan, plan_ahead
from kdt.panels.slots import meetings_of
from kdt.settings import Settings
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from kdt.workdays import PROPOSED

ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)


def ladder(store: Store, *locations: str, on: date = LONG_AGO) -> None:
    create_panel(store, ADMINISTRATOR, "national", on=on)
    for location in locations:
        create_location(store, ADMINISTRATOR, location, on=on)


def planned(store: Store, panel: str) -> list[date]:
    with reading(store) as connection:
        return [one.held_on for one in meetings_of(connection, panel, date(2000, 1, 1), date.max)]


def every_row(store: Store) -> list[tuple[str, date]]:
    with reading(store) as connection:
        found = connection.execute(select(meetings.c.panel, meetings.c.held_on))
        return sorted((row.panel, row.held_on) for row in found)


def test_local_panels_meet_on_working_days_and_the_national_one_on_thursdays(store: Store) -> None:
    ladder(store, "Den Bosch")
    assert plan_ahead(store, MORNING, weeks=1) == 7
    assert planned(store, "kdt-den-bosch") == [
        date(2026, 11, day) for day in (23, 24, 25, 26, 27, 30)
    ]
    assert planned(store, "kdt-national") == [date(2026, 11, 26)]


def test_no_panel_meets_on_a_public_holiday_good_friday_or_the_fifth_of_may(store: Store) -> None:
    ladder(store, "Den Bosch")
    plan_ahead(store, datetime(2026, 3, 30, tzinfo=UTC), weeks=7)
    days = planned(store, "kdt-den-bosch")
    off = [(4, 3), (4, 6), (4, 27), (5, 5), (5, 14)]
    assert not {date(2026, *day) for day in off} & set(days)
    # Ascension Day is a Thursday: that week the national KDT does not meet.
    assert date(2026, 5, 14) not in planned(store, "kdt-national")


def test_planning_again_plans_nothing_new(store: Store) -> None:
    ladder(store, "Den Bosch")
    plan_ahead(store, MORNING)
    before = every_row(store)
    assert plan_ahead(store, MORNING + timedelta(hours=1)) == 0
    assert every_row(store) == before


def replica(url: str, start: float) -> None:
    engine = connect(url)
    with Store(engine, url, engine.dispose) as store:
        time.sleep(max(0.0, start - time.time()))
        for hours in range(24):
            plan_ahead(store, MORNING + timedelta(hours=hours))


def test_three_replicas_started_together_plan_each_meeting_once(store: Store) -> None:
    places = [f"Plaats {number}" for number in range(8)]
    ladder(store, *places)
    context = multiprocessing.get_context("spawn")
    start = time.time() + 3
    replicas = [context.Process(target=replica, args=(store.url, start)) for _ in range(3)]
    for one in replicas:
        one.start()
    for one in replicas:
        one.join(60)
    assert [one.exitcode for one in replicas] == [0, 0, 0]
    rows = every_row(store)
    assert len(rows) == len(set(rows))
    due = list(PROPOSED.working_days(MORNING.date(), date(2026, 12, 22)))
    assert [day for panel, day in rows if panel == "kdt-plaats-0"] == due


def test_two_simulated_years_miss_no_day_and_double_none(store: Store) -> None:
    """Both clock changes twice over, two clocks half a day apart, and a month without any."""
    ladder(store, "Den Bosch")
    moment, end = datetime(2026, 9, 1, 22, 30, tzinfo=UTC), datetime(2028, 9, 1, tzinfo=UTC)
    holiday = (datetime(2027, 7, 20, tzinfo=UTC), datetime(2027, 8, 20, tzinfo=UTC))
    while moment < end:
        if not holiday[0] < moment < holiday[1]:
            plan_ahead(store, moment)
            plan_ahead(store, moment - timedelta(hours=12))
            keep(store, moment)
        moment += timedelta(hours=67)
    keep(store, moment)
    due = list(PROPOSED.working_days(date(2026, 9, 1), clock.day(moment) - timedelta(days=2)))
    assert planned(store, "kdt-den-bosch")[: len(due)] == due
    thursdays = [day for day in due if day.isoweekday() == 4]
    assert planned(store, "kdt-national")[: len(thursdays)] == thursdays
    with reading(store) as connection:
        agendas = connection.execute(
            select(meetings.c.panel, meetings.c.held_on, meetings.c.cut_off, meetings.c.version)
        ).all()
    drawn = {(row.panel, row.held_on) for row in agendas if row.version == 1}
    assert {("kdt-den-bosch", day) for day in due} | {
        ("kdt-national", day) for day in thursdays
    } <= drawn
    # An hour before nine, in summer and in winter.
    local = [row.cut_off.astimezone(AMSTERDAM) for row in agendas if row.panel == "kdt-den-bosch"]
    assert {(one.hour, one.minute) for one in local} == {(8, 0)}


def test_what_was_missed_while_no_clock_knocked_is_planned_after_all(store: Store) -> None:
    ladder(store, "Den Bosch")
    plan_ahead(store, MORNING, weeks=1)
    plan_ahead(store, MORNING + timedelta(weeks=40), weeks=4)
    days = planned(store, "kdt-den-bosch")
    assert days == list(PROPOSED.working_days(date(2026, 11, 23), date(2027, 9, 27)))


def test_of_what_a_file_told_of_meetings_the_last_weeks_alone_are_taken_to_be_missed(
    store: Store,
) -> None:
    ladder(store, "Den Bosch")
    with writing(store) as connection:
        plan(connection, [("kdt-den-bosch", date(2026, 11, 23))])
    plan_ahead(store, MORNING + timedelta(weeks=40), weeks=4)
    days = planned(store, "kdt-den-bosch")
    assert days[1:] == list(PROPOSED.working_days(date(2027, 8, 2), date(2027, 9, 27)))


def test_a_new_panel_gets_no_meetings_of_before_it_was_there(store: Store) -> None:
    ladder(store, on=date(2026, 11, 24))
    create_location(store, ADMINISTRATOR, "Zwolle", on=date(2026, 11, 25))
    plan_ahead(store, MORNING, weeks=1)
    assert planned(store, "kdt-zwolle")[0] == date(2026, 11, 25)


def test_a_closed_panel_meets_no_more_and_what_was_planned_is_not_shown(store: Store) -> None:
    ladder(store, "Den Bosch")
    now = datetime.now(UTC)
    today = now.date()
    plan_ahead(store, now)
    closing = today + timedelta(days=9)
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=False, on=closing)
    change_panel(store, ADMINISTRATOR, "kdt-den-bosch", is_open=False, on=closing)
    plan_ahead(store, now + timedelta(weeks=2))
    assert planned(store, "kdt-den-bosch")
    assert max(planned(store, "kdt-den-bosch")) < closing


def test_the_clock_plans_as_soon_as_it_starts(store: Store, tmp_path: Path) -> None:
    ladder(store, "Den Bosch")
    running = clockwork.start(store, Settings(home=tmp_path))
    until = time.monotonic() + 20
    while not planned(store, "kdt-den-bosch") and time.monotonic() < until:
        time.sleep(0.05)
    running.stop()
    assert planned(store, "kdt-den-bosch")


def test_a_job_that_fails_is_tried_again_at_the_next_knock(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder(store, "Den Bosch")
    troubles = iter([RuntimeError("the first time"), None])

    def job(store: Store, now: datetime) -> None:
        if trouble := next(troubles):
            raise trouble
        plan_ahead(store, now)

    assert not clockwork.knock(store, job)
    assert planned(store, "kdt-den-bosch") == []
    assert clockwork.knock(store, job)
    assert planned(store, "kdt-den-bosch")


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31), date(2027, 11, 1)])
def test_nothing_knocks_between_two_and_three_at_night(night: date) -> None:
    evening = datetime(night.year, night.month, night.day, tzinfo=AMSTERDAM) - timedelta(hours=1)
    for trigger in (*(one for _, one in clockwork.JOBS), clockwork.NIGHT):
        moments = []
        moment = trigger.get_next_fire_time(None, evening)
        while moment < evening + timedelta(hours=26):
            moments.append(moment)
            moment = trigger.get_next_fire_time(moment, moment + timedelta(seconds=1))
        assert moments
        assert all(moment.hour != 2 for moment in moments)
        assert len(moments) == len({moment.astimezone(UTC) for moment in moments})
