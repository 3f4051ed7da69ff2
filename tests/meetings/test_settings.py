"""The calendar, patterns and go-live dates: chosen, recorded, and followed by what is planned."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases import ordering
from kdt.clock import AMSTERDAM
from kdt.errors import Forbidden, InvalidInput, NotFound
from kdt.meetings import settings
from kdt.meetings.service import create_location, create_panel
from kdt.panels import weights
from kdt.panels.calendar import Chosen, calendar, days_of, enter_years
from kdt.panels.patterns import first
from kdt.panels.planning import plan_ahead
from kdt.panels.queries import named_panels
from kdt.panels.slots import Meeting, meetings_of
from kdt.panels.weights import Weights
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Basis, Role
from kdt.workdays import PROPOSED, Calendar, proposed
from tests.service.test_together import ADMINISTRATOR
from tests.support import assert_sound

NOW = datetime.now(UTC)
TODAY = clock.day(NOW)
PANEL = "kdt-den-bosch"


@pytest.fixture
def den_bosch(store: Store) -> Store:
    create_panel(store, ADMINISTRATOR, "national", on=date(2020, 1, 1))
    create_location(store, ADMINISTRATOR, "Den Bosch", on=date(2020, 1, 1))
    plan_ahead(store, NOW)
    return store


def planned(store: Store, panel: str = PANEL) -> list[Meeting]:
    with reading(store) as connection:
        return list(meetings_of(connection, panel, TODAY, date.max))


def free_day(store: Store) -> date:
    """A day ahead on which the panel meets."""
    return planned(store)[5].held_on


def test_a_year_begins_with_the_holidays_and_three_choices() -> None:
    found = {one.day: one for one in proposed(2026)}
    assert found[date(2026, 4, 3)].name == "Goede vrijdag"
    assert found[date(2026, 5, 5)].off
    # The Friday after Ascension Day, and the Monday before 5 May.
    bridges = {day for day, one in found.items() if one.name is None and not one.off}
    assert {date(2026, 5, 15), date(2026, 5, 4)} <= bridges
    assert PROPOSED.is_working_day(date(2026, 5, 15))


def test_a_day_off_counts_in_no_working_days_and_has_no_meeting(den_bosch: Store) -> None:
    day = free_day(den_bosch)
    before = [one.held_on for one in planned(den_bosch)]
    settings.set_day(den_bosch, ADMINISTRATOR, day, "Studiedag", off=True)
    settings.set_day(den_bosch, ADMINISTRATOR, day, "Studiedag", off=True)
    with reading(den_bosch) as connection:
        assert Chosen(day, off=True, name="Studiedag") in days_of(connection, day.year)
        assert calendar(connection).count(day, day) == 0
    assert [one.held_on for one in planned(den_bosch)] == [one for one in before if one != day]
    settings.set_day(den_bosch, ADMINISTRATOR, day, "Toch niet", off=False)
    assert [one.held_on for one in planned(den_bosch)] == before
    plan_ahead(den_bosch, NOW)
    assert [one.held_on for one in planned(den_bosch)] == before
    assert_sound(den_bosch)


def test_a_year_is_entered_once_and_stays_as_somebody_chose(store: Store) -> None:
    ascension_friday = date(2026, 5, 15)
    settings.set_day(store, ADMINISTRATOR, ascension_friday, "Brugdag", off=True)
    with writing(store) as connection:
        enter_years(connection, [2026, 2027])
        known = calendar(connection)
        assert len(days_of(connection, 2026)) == len(proposed(2026))
    assert not known.is_working_day(ascension_friday)
    assert known.off[2027] == PROPOSED._off(2027)


def test_a_pattern_counts_from_its_day_and_what_is_planned_follows(den_bosch: Store) -> None:
    day = free_day(den_bosch)
    pattern = replace(
        first("local"), weekdays=(day.isoweekday(),), starts_at=time(14), place="Zaal 3",
        cut_off_days=1, cut_off_hours=2, capacity=45,
    )  # fmt: skip
    settings.set_pattern(den_bosch, ADMINISTRATOR, PANEL, pattern, on=day)
    found = planned(den_bosch)
    since = [one for one in found if one.held_on >= day]
    assert {one.held_on.isoweekday() for one in since} == {day.isoweekday()}
    assert {(one.starts_at, one.place, one.capacity) for one in since} == {(time(14), "Zaal 3", 45)}
    assert since[0].items == 9
    eve = PROPOSED.back(day, 1)
    assert since[0].cut_off == datetime.combine(eve, time(12), AMSTERDAM)
    assert {one.starts_at for one in found if one.held_on < day} <= {time(9)}
    with reading(den_bosch) as connection:
        named = {one.id: one.pattern for one in named_panels(connection, day)}
        assert named[PANEL] == pattern
        assert {one.id: one.weekdays for one in named_panels(connection, TODAY)}[PANEL] == (
            first("local").weekdays
        )


def test_a_location_has_no_meetings_before_it_takes_part(den_bosch: Store) -> None:
    later = TODAY + timedelta(days=10)
    settings.go_live(den_bosch, ADMINISTRATOR, "Den Bosch", later)
    assert min(one.held_on for one in planned(den_bosch)) >= later
    assert planned(den_bosch, "kdt-national")


def test_what_cannot_be_and_who_may_not_is_refused(den_bosch: Store) -> None:
    secretary = Actor("s-1", Role.SECRETARY, "Den Bosch")
    with pytest.raises(Forbidden):
        settings.set_day(den_bosch, secretary, TODAY, "Vrij", off=True)
    pattern = replace(first("local"), weekdays=(), capacity=3, attendance=0)
    with pytest.raises(InvalidInput) as wrong:
        settings.set_pattern(den_bosch, ADMINISTRATOR, PANEL, pattern)
    assert {one.field for one in wrong.value.problems} == {"weekdays", "attendance"}
    with pytest.raises(NotFound):
        settings.set_pattern(den_bosch, ADMINISTRATOR, "kdt-nergens", first("local"))
    with pytest.raises(NotFound):
        settings.go_live(den_bosch, ADMINISTRATOR, "Nergens", TODAY)


@pytest.mark.parametrize(
    ("held_on", "days", "hours", "expected"),
    [
        # Over a weekend, over Easter, and over the night in which the clock goes forward.
        (date(2026, 11, 23), 1, 0, datetime(2026, 11, 20, 10, tzinfo=AMSTERDAM)),
        (date(2026, 4, 7), 2, 0, datetime(2026, 4, 1, 10, tzinfo=AMSTERDAM)),
        (date(2026, 3, 30), 0, 48, datetime(2026, 3, 28, 9, tzinfo=AMSTERDAM)),
    ],
)
def test_a_cut_off_is_working_days_and_then_hours_before(
    held_on: date, days: int, hours: int, expected: datetime
) -> None:
    assert Calendar().cut_off(held_on, time(10), days, hours) == expected


def test_what_weighs_in_an_agenda_is_chosen_from_a_day_on(store: Store) -> None:
    for actor, wrong, error in (
        (Actor("secretaris", Role.SECRETARY, "Den Bosch"), Weights(), Forbidden),
        (ADMINISTRATOR, Weights(waiting=0), InvalidInput),
        (ADMINISTRATOR, Weights(held_over=10), InvalidInput),
    ):
        with pytest.raises(error):
            settings.set_weights(store, actor, wrong)
    later = TODAY + timedelta(days=7)
    settings.set_weights(store, ADMINISTRATOR, Weights(held_over=5), on=later)
    settings.set_weights(store, ADMINISTRATOR, Weights(held_over=6), on=later)
    with reading(store) as connection:
        assert weights.in_force(connection, TODAY) == Weights()
        assert weights.announced(connection, TODAY) == [(later, Weights(held_over=6))]
        assert ordering.in_force(connection, later).criteria[0] is Basis.HELD_OVER
    assert_sound(store)
