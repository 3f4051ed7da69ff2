"""Meetings that somebody adds, moves or cancels: what is on them keeps its place."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kdt.access.permissions import Actor
from kdt.cases.before_panel import agenda, queue
from kdt.errors import Forbidden, Refused
from kdt.meetings import arranging
from kdt.meetings.hall import Code
from kdt.meetings.keeping import keep
from kdt.panels.slots import meeting
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Basis, MeetingKind, Placing, Role, VersionChange
from tests.meetings.test_keeping import (
    NOW,
    PANEL,
    PLACE,
    SECRETARY,
    TODAY,
    brought,
    den_bosch,
    listed,
    next_meeting,
    versions,
)
from tests.support import assert_sound

__all__ = ["den_bosch"]
CHAIR = Actor("v-1", Role.CHAIR, PLACE)
FAR = TODAY + timedelta(days=60)


def on(store: Store, day: date) -> list[str]:
    with reading(store) as connection:
        return [one.id for one in agenda(connection, PANEL, day)]


def refusal(act: Callable[[], None]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.refusal.code)


def test_a_meeting_that_is_moved_takes_its_agenda_along_in_order(den_bosch: Store) -> None:
    for number in range(3):
        brought(den_bosch, number)
    mine = next_meeting(den_bosch)
    keep(den_bosch, mine.cut_off or NOW)
    before = on(den_bosch, mine.held_on)
    arranging.move(den_bosch, [CHAIR], PANEL, mine.held_on, FAR, "De zaal is bezet.")
    assert on(den_bosch, FAR) == before
    with reading(den_bosch) as connection:
        moved, left = meeting(connection, PANEL, FAR), meeting(connection, PANEL, mine.held_on)
    assert moved is not None
    assert left is not None
    assert (moved.id, moved.version, left.status, left.moved_to) == (mine.id, 1, "moved", FAR)
    # And back to the slot it left.
    arranging.move(den_bosch, [SECRETARY], PANEL, FAR, mine.held_on, "Toch niet.")
    assert on(den_bosch, mine.held_on) == before
    assert [one.number for one in versions(den_bosch, mine)] == [1]
    assert_sound(den_bosch)


def test_what_was_on_a_cancelled_meeting_waits_as_before(den_bosch: Store) -> None:
    one = brought(den_bosch, 1)
    mine = next_meeting(den_bosch)
    listed(den_bosch, one, mine.held_on)
    arranging.cancel(den_bosch, [SECRETARY], PANEL, mine.held_on, "Te weinig mensen.")
    with reading(den_bosch) as connection:
        (row,) = queue(connection, "local", PLACE)
    assert (row.id, row.phase, row.waiting_since) == (one, "queued", TODAY)
    keep(den_bosch, mine.cut_off or NOW)
    assert on(den_bosch, mine.held_on) == []
    assert_sound(den_bosch)


def test_one_more_meeting_takes_the_urgent_ones_alone(den_bosch: Store) -> None:
    urgent, other = brought(den_bosch, 1), brought(den_bosch, 2)
    kind = MeetingKind.EXTRAORDINARY
    arranging.add(den_bosch, [SECRETARY], PANEL, FAR, kind, "Er is spoed.")
    listed(den_bosch, urgent, FAR)
    with reading(den_bosch) as connection:
        added = meeting(connection, PANEL, FAR)
    assert added is not None
    assert added.cut_off is not None
    keep(den_bosch, added.cut_off)
    assert other not in on(den_bosch, FAR)
    assert [one.escalation for one in versions(den_bosch, added)[0].items] == [urgent]
    again = Code.MEETS_ALREADY
    add = arranging.add
    assert refusal(lambda: add(den_bosch, [CHAIR], PANEL, FAR, kind, "Nog een.")) == again


def test_the_chair_alone_gives_an_item_another_place_with_a_reason(den_bosch: Store) -> None:
    for number in range(3):
        brought(den_bosch, number)
    mine = next_meeting(den_bosch)
    keep(den_bosch, mine.cut_off or NOW)
    *rest, last = on(den_bosch, mine.held_on)
    place = arranging.place_item
    with pytest.raises(Forbidden):
        place(den_bosch, [SECRETARY], PANEL, mine.held_on, last, 1, Placing.TOGETHER)
    place(den_bosch, [CHAIR], PANEL, mine.held_on, last, 1, Placing.TOGETHER)
    assert on(den_bosch, mine.held_on) == [last, *rest]
    newest = versions(den_bosch, mine)[-1]
    assert (newest.change, newest.reason) == (VersionChange.MOVED, Placing.TOGETHER)
    assert newest.items[0].basis is Basis.MOVED
    assert_sound(den_bosch)
