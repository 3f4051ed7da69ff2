"""What the clock does with agendas: drawn up once at the cut-off, and carried over when a day is
over."""

import threading
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text, update

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases.before_panel import agenda, queue
from kdt.cases.service import Receipt, perform
from kdt.clock import AMSTERDAM
from kdt.errors import Stale
from kdt.meetings import settings
from kdt.meetings.keeping import CLOCK, keep
from kdt.meetings.service import create_location, create_panel
from kdt.panels import agendas
from kdt.panels.agendas import Difference, Item, difference
from kdt.panels.model import meetings, not_reached
from kdt.panels.patterns import Pattern
from kdt.panels.planning import plan_ahead
from kdt.panels.slots import Meeting, meetings_of
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Basis, Late, Role, VersionChange
from tests.service.test_together import ADMINISTRATOR, command
from tests.support import assert_sound

NOW = datetime.now(UTC)
TODAY = clock.day(NOW)
PANEL, PLACE = "kdt-den-bosch", "Den Bosch"
OFFICER = Actor("o-1", Role.OFFICER, PLACE)
SECRETARY = Actor("s-1", Role.SECRETARY, PLACE)
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
# Room for three items, drawn up an hour before.
PATTERN = Pattern(EVERY_DAY, time(9), "", 0, 1, 30, 10, 2)


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), AMSTERDAM)


@pytest.fixture
def den_bosch(store: Store) -> Store:
    create_panel(store, ADMINISTRATOR, "national", on=TODAY)
    create_location(store, ADMINISTRATOR, PLACE, on=TODAY)
    settings.set_pattern(store, ADMINISTRATOR, PANEL, PATTERN)
    plan_ahead(store, NOW)
    # Today's own agenda, with nothing on it.
    keep(store, at(TODAY, 9))
    return store


def brought(store: Store, number: int, **more: object) -> str:
    opening = command(
        "open", case=f"Z-{number}", location=PLACE, question="decision", ground="complex", **more
    )
    return perform(store, OFFICER, None, [opening, command("submit")]).escalation


def listed(store: Store, one: str, day: date, late: Late = Late.UNSTATED) -> Receipt:
    listing = command("list", panel=PANEL, meetingOn=day.isoformat())
    listing = type(listing)(listing.action, listing.inputs, late=late)
    return perform(store, SECRETARY, one, [listing])


def coming(store: Store) -> list[Meeting]:
    """The meetings after today."""
    with reading(store) as connection:
        return list(meetings_of(connection, PANEL, TODAY + timedelta(days=1), date.max))


def next_meeting(store: Store) -> Meeting:
    return coming(store)[0]


def versions(store: Store, of: Meeting) -> list[agendas.Version]:
    with reading(store) as connection:
        return agendas.versions(connection, of.id)


def test_at_the_cut_off_the_agenda_is_drawn_up_in_order_and_up_to_the_capacity(
    den_bosch: Store,
) -> None:
    late_one = brought(den_bosch, 1)
    other = brought(den_bosch, 2)
    due = brought(den_bosch, 3, decideBy=(TODAY + timedelta(days=9)).isoformat())
    brought(den_bosch, 4)
    mine = next_meeting(den_bosch)
    assert mine.cut_off == at(mine.held_on, 8)
    keep(den_bosch, mine.cut_off - timedelta(minutes=1))
    assert versions(den_bosch, mine) == []
    keep(den_bosch, mine.cut_off)
    keep(den_bosch, mine.cut_off + timedelta(hours=1))
    (first,) = versions(den_bosch, mine)
    assert first.change is VersionChange.DRAWN_UP
    assert first.items[0] == Item(due, Basis.DEADLINE)
    assert len(first.items) == mine.items == 3
    with reading(den_bosch) as connection:
        assert [one.id for one in agenda(connection, PANEL, mine.held_on)] == [
            one.escalation for one in first.items
        ]
        people = connection.scalars(text("select person from entry_people where person = 'klok'"))
        assert len(people.all()) == 3
        assert CLOCK == "klok"
    assert {late_one, other} & {one.escalation for one in first.items}
    assert_sound(den_bosch)


def test_what_comes_later_is_late_with_a_reason_and_the_difference_shows(den_bosch: Store) -> None:
    first, second = brought(den_bosch, 1), brought(den_bosch, 2)
    mine = next_meeting(den_bosch)
    keep(den_bosch, mine.cut_off or NOW)
    urgent = brought(den_bosch, 3)
    listed(den_bosch, urgent, mine.held_on, Late.URGENT)
    perform(den_bosch, OFFICER, second, [command("withdraw", reason="Verzonnen.")])
    one, two, three = versions(den_bosch, mine)
    assert {item.escalation for item in one.items} == {first, second}
    assert two.items[-1] == Item(urgent, Basis.LATE, Late.URGENT)
    assert (two.change, two.escalation, two.reason) == (VersionChange.CAME, urgent, Late.URGENT)
    assert (three.change, three.escalation) == (VersionChange.WENT, second)
    assert difference(one.items, three.items) == Difference((urgent,), (second,), ())
    assert_sound(den_bosch)


def test_what_was_not_reached_is_carried_over_and_is_not_held_over(den_bosch: Store) -> None:
    reached, left = brought(den_bosch, 1), brought(den_bosch, 2)
    mine = next_meeting(den_bosch)
    keep(den_bosch, mine.cut_off or NOW)
    perform(den_bosch, OFFICER, reached, [command("withdraw", reason="Verzonnen.")])
    keep(den_bosch, at(mine.held_on, 23))
    with reading(den_bosch) as connection:
        assert [one.id for one in agenda(connection, PANEL, mine.held_on)] == [left]
    following = coming(den_bosch)[1]
    after = max(at(mine.held_on + timedelta(days=1), 0), following.cut_off or NOW)
    keep(den_bosch, after)
    with reading(den_bosch) as connection:
        carried = connection.execute(select(not_reached)).all()
        everything = queue(connection, "local", PLACE)
    assert [(row.meeting, row.escalation_id) for row in carried] == [(mine.id, left)]
    (row,) = everything
    assert (row.id, row.held_over, row.waiting_since) == (left, 0, TODAY)
    # And the next agenda, whose cut-off has passed by then, has it again.
    assert row.meeting_on == following.held_on
    assert_sound(den_bosch)


def test_a_meeting_nobody_drew_up_in_time_is_drawn_up_as_it_was(den_bosch: Store) -> None:
    here = brought(den_bosch, 1)
    mine = next_meeting(den_bosch)
    listed(den_bosch, here, mine.held_on)
    brought(den_bosch, 2)
    keep(den_bosch, at(mine.held_on + timedelta(days=1), 8))
    drawn_up, *_ = versions(den_bosch, mine)
    assert [one.escalation for one in drawn_up.items] == [here]


def test_no_agenda_is_drawn_up_for_a_location_that_does_not_take_part_yet(
    den_bosch: Store,
) -> None:
    brought(den_bosch, 1)
    mine = next_meeting(den_bosch)
    with writing(den_bosch) as connection:
        connection.execute(
            text("insert into location_go_lives values ('Den Bosch', :day, 'x', now())"),
            {"day": TODAY + timedelta(days=40)},
        )
    assert keep(den_bosch, mine.cut_off or NOW) == 0
    assert versions(den_bosch, mine) == []


def test_what_is_listed_while_the_meeting_goes_is_told_so(den_bosch: Store) -> None:
    one = brought(den_bosch, 1)
    mine = next_meeting(den_bosch)
    with writing(den_bosch) as connection:
        connection.execute(
            update(meetings).where(meetings.c.id == mine.id).values(status="cancelled")
        )
        with pytest.raises(Stale):
            agendas.came(connection, PANEL, mine.held_on, one, Late.URGENT, listed=True)


def test_clocks_and_secretaries_at_once_make_one_agenda_and_mark_what_is_late(
    den_bosch: Store,
) -> None:
    ones = [brought(den_bosch, number) for number in range(8)]
    mine = next_meeting(den_bosch)
    moment, together = mine.cut_off or NOW, threading.Barrier(6)
    failed: list[BaseException] = []

    def clock_knocks() -> None:
        together.wait()
        keep(den_bosch, moment)

    def secretary_lists(one: str) -> None:
        together.wait()
        try:
            listed(den_bosch, one, mine.held_on)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=clock_knocks) for _ in range(4)]
    threads += [threading.Thread(target=secretary_lists, args=(one,)) for one in ones[:2]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = versions(den_bosch, mine)
    assert [one.number for one in made] == list(range(1, len(made) + 1))
    with reading(den_bosch) as connection:
        here = {row.id for row in agenda(connection, PANEL, mine.held_on)}
    assert here == {one.escalation for one in made[-1].items}
    assert all(one.late for one in made[-1].items[len(made[0].items) :])
    assert_sound(den_bosch)
