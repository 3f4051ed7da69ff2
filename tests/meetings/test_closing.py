"""Closing a meeting: what is attested, what follows for what it did not come to, and what is a gap
at which reference date."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, text

from kdt.access.permissions import Actor
from kdt.cases.before_panel import queue
from kdt.cases.service import perform
from kdt.errors import Forbidden, Refused
from kdt.meetings import arranging, closing
from kdt.meetings.hall import Code
from kdt.meetings.keeping import keep
from kdt.meetings.service import create_location
from kdt.panels.coverage import AMOUNTS, coverage, gaps
from kdt.panels.planning import plan
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Attested, Phase, Reopening, Role
from tests.meetings.test_keeping import (
    PANEL,
    PLACE,
    SECRETARY,
    TODAY,
    at,
    brought,
    den_bosch,
    listed,
    next_meeting,
)
from tests.service.test_together import ADMINISTRATOR, command
from tests.support import assert_sound

__all__ = ["den_bosch"]
MEMBER = Actor("l-1", Role.MEMBER, PLACE)
YESTERDAY = TODAY - timedelta(days=1)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.refusal.code)


def close(store: Store, attested: Attested, considered: int) -> None:
    closing.close(store, [SECRETARY], PANEL, TODAY, attested, considered)


def test_closing_attests_what_was_seen_and_sends_back_what_was_not_reached(
    den_bosch: Store,
) -> None:
    taken, left = brought(den_bosch, 1), brought(den_bosch, 2)
    for one in (taken, left):
        listed(den_bosch, one, TODAY)
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    perform(den_bosch, SECRETARY, taken, [outcome])
    with pytest.raises(Forbidden):
        closing.close(den_bosch, [MEMBER], PANEL, TODAY, Attested.EVERYTHING, 1)
    said = Code.SOMETHING_WAS_DISCUSSED
    assert refusal(lambda: close(den_bosch, Attested.NOTHING, 0)) == said
    assert refusal(lambda: close(den_bosch, Attested.EVERYTHING, 2)) == Code.CONSIDERED_MORE
    later = (next_meeting(den_bosch).held_on, Attested.NOTHING, 0)
    assert (
        refusal(lambda: closing.close(den_bosch, [SECRETARY], PANEL, *later))
        == Code.MEETING_TO_COME
    )
    close(den_bosch, Attested.EVERYTHING, 1)
    assert refusal(lambda: close(den_bosch, Attested.EVERYTHING, 1)) == Code.MEETING_CLOSED
    with reading(den_bosch) as connection:
        waiting = queue(connection, "local", PLACE, phases=[Phase.QUEUED])
        (noted,) = connection.scalars(text("select escalation_id from not_reached"))
    assert {one.id for one in waiting} == {taken, left}
    assert noted == left
    # Nothing comes on it any more, and it is not moved.
    assert refusal(lambda: listed(den_bosch, left, TODAY)) == "meeting_closed"
    cancel = partial(arranging.cancel, den_bosch, [SECRETARY], PANEL, TODAY, "Toch niet.")
    assert refusal(cancel) == Code.MEETING_CLOSED
    closing.reopen(den_bosch, [SECRETARY], PANEL, TODAY, Reopening.FORGOTTEN)
    reopen = partial(closing.reopen, den_bosch, [SECRETARY], PANEL, TODAY, Reopening.OTHER)
    assert refusal(reopen) == Code.MEETING_NOT_CLOSED
    listed(den_bosch, left, TODAY)
    perform(den_bosch, SECRETARY, left, [outcome])
    close(den_bosch, Attested.EVERYTHING, 2)
    assert_sound(den_bosch)


def test_what_is_taken_back_after_closing_goes_back_to_the_queue(den_bosch: Store) -> None:
    one, other = brought(den_bosch, 1), brought(den_bosch, 2)
    outcome = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    for case in (one, other):
        listed(den_bosch, case, TODAY)
        done = perform(den_bosch, SECRETARY, case, [outcome])
        if case == one:
            ref = done.refs[0]
    close(den_bosch, Attested.EVERYTHING, 2)
    wrong = command("correct", replaces=ref, reason="Verzonnen.", void=True)
    assert perform(den_bosch, SECRETARY, one, [wrong]).phase == Phase.LISTED
    assert keep(den_bosch, at(TODAY, 12)) == 1
    assert keep(den_bosch, at(TODAY, 12)) == 0
    with reading(den_bosch) as connection:
        waiting = queue(connection, "local", PLACE, phases=[Phase.QUEUED])
        noted = connection.scalars(text("select escalation_id from not_reached")).all()
    assert [row.id for row in waiting] == list(noted) == [one]
    assert_sound(den_bosch)


def test_what_was_not_reached_once_is_sent_back_again_when_it_has_to(den_bosch: Store) -> None:
    """Reopened, taken after all, closed, and taken back: it stands on no agenda that is over."""
    case = brought(den_bosch, 1)
    listed(den_bosch, case, TODAY)
    close(den_bosch, Attested.NOTHING, 0)
    closing.reopen(den_bosch, [SECRETARY], PANEL, TODAY, Reopening.MISTAKEN)
    listed(den_bosch, case, TODAY)
    outcome = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    ref = perform(den_bosch, SECRETARY, case, [outcome]).refs[0]
    close(den_bosch, Attested.EVERYTHING, 1)
    wrong = command("correct", replaces=ref, reason="Verzonnen.", void=True)
    assert perform(den_bosch, SECRETARY, case, [wrong]).phase == Phase.LISTED
    assert keep(den_bosch, at(TODAY, 12)) == 1
    with reading(den_bosch) as connection:
        waiting = queue(connection, "local", PLACE, phases=[Phase.QUEUED])
    assert [row.id for row in waiting] == [case]
    assert_sound(den_bosch)


def counts(connection: Connection, as_of: date | None = None) -> dict[str, int]:
    found = coverage(connection, YESTERDAY - timedelta(days=9), TODAY, as_of, TODAY)
    mine = next(one for one in found if one.panel == PANEL)
    return {name: getattr(mine, name) for name in AMOUNTS}


def test_a_planned_meeting_that_nobody_closed_is_a_gap_and_counts_at_its_reference_date(
    store: Store,
) -> None:
    create_location(store, ADMINISTRATOR, PLACE, on=TODAY - timedelta(days=2))
    with reading(store) as connection:
        assert gaps(connection, TODAY) == []
    two = [YESTERDAY, YESTERDAY - timedelta(days=1)]
    with writing(store) as connection:
        plan(connection, [(PANEL, day) for day in (*two, YESTERDAY - timedelta(days=2))])
    with reading(store) as connection:
        # Of the days since it is live.
        assert [one.held_on for one in gaps(connection, TODAY, [PANEL])] == two
        assert counts(connection) == {"planned": 2, "attested": 0, "nothing": 0, "cancelled": 0}
        # At the end of yesterday the record knew of none of this.
        first = YESTERDAY - timedelta(days=9)
        assert coverage(connection, first, TODAY, YESTERDAY, TODAY) == []
    closing.close(store, [SECRETARY], PANEL, YESTERDAY, Attested.NOTHING, 0)
    with reading(store) as connection:
        assert [one.held_on for one in gaps(connection, TODAY)] == two[1:]
        now = {"planned": 2, "attested": 1, "nothing": 1, "cancelled": 0}
        assert counts(connection) == counts(connection, TODAY) == now
    closing.reopen(store, [SECRETARY], PANEL, YESTERDAY, Reopening.MISTAKEN)
    with reading(store) as connection:
        assert [one.held_on for one in gaps(connection, TODAY)] == two
    assert_sound(store)
