"""From the queue to an agenda, in order and in one press; and when a question will come up."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases.before_panel import agenda, considered_at, queue
from kdt.cases.importing import import_history
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command, perform
from kdt.errors import NotFound
from kdt.meetings.agendas import expected_meeting, list_all
from kdt.meetings.service import create_location, create_panel
from kdt.panels.planning import plan, plan_ahead
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Action, Role
from tests.support import assert_sound

ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
OFFICER = Actor("o-1", Role.OFFICER, "Den Bosch")
SECRETARY = Actor("s-1", Role.SECRETARY, "Den Bosch")
TODAY = clock.day(datetime.now(UTC))
PANEL = "kdt-den-bosch"
# Far from today, on which the fixture plans a meeting.
MONDAY = datetime(2031, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def den_bosch(store: Store) -> Store:
    """A location with its panel, which meets today, whatever day it is."""
    create_panel(store, ADMINISTRATOR, "national", on=date(2020, 1, 1))
    create_location(store, ADMINISTRATOR, "Den Bosch", on=date(2020, 1, 1))
    with writing(store) as connection:
        plan(connection, [(PANEL, TODAY)])
    return store


def command(action: Action, **given: object) -> Command:
    inputs = read(action, given)
    assert isinstance(inputs, Inputs)
    return Command(action, inputs)


def brought(store: Store, number: int, **more: object) -> str:
    opening = command(
        Action.OPEN, case=f"Z-{number}", location="Den Bosch", question="decision",
        ground="complex", summary="Verzonnen.", **more,
    )  # fmt: skip
    return perform(store, OFFICER, None, [opening, command(Action.SUBMIT)]).escalation


def listed(store: Store) -> list[str]:
    with reading(store) as connection:
        return [row.id for row in agenda(connection, PANEL, TODAY)]


def test_one_press_lists_all_that_waits_in_the_order_of_the_queue(den_bosch: Store) -> None:
    late = brought(den_bosch, 1)
    soon = brought(den_bosch, 2, decideBy=(TODAY + timedelta(days=3)).isoformat())
    later = brought(den_bosch, 3, decideBy=(TODAY + timedelta(days=30)).isoformat())
    result = list_all(den_bosch, SECRETARY, PANEL, TODAY)
    assert [one.escalation for one in result.done] == [soon, later, late]
    assert result.failed == ()
    assert listed(den_bosch) == [soon, later, late]
    assert_sound(den_bosch)


def test_only_what_was_ticked_is_listed(den_bosch: Store) -> None:
    first, second = brought(den_bosch, 1), brought(den_bosch, 2)
    list_all(den_bosch, SECRETARY, PANEL, TODAY, only=[second])
    assert listed(den_bosch) == [second]
    with reading(den_bosch) as connection:
        assert {row.id for row in queue(connection, "local", "Den Bosch")} == {first, second}


def test_what_somebody_was_quicker_with_is_named_and_the_rest_is_listed(den_bosch: Store) -> None:
    gone, there = brought(den_bosch, 1), brought(den_bosch, 2)
    perform(den_bosch, OFFICER, gone, [command(Action.WITHDRAW, reason="Elders beslist.")])
    result = list_all(den_bosch, SECRETARY, PANEL, TODAY, only=[gone, there, "V-NERGENS"])
    assert [one.escalation for one in result.done] == [there]
    assert {one.escalation for one in result.failed} == {gone, "V-NERGENS"}
    assert all(one.problem.endswith(".") for one in result.failed)


def test_the_same_press_twice_has_one_effect_and_one_answer(den_bosch: Store) -> None:
    ids = [brought(den_bosch, 1), brought(den_bosch, 2)]
    first = list_all(den_bosch, SECRETARY, PANEL, TODAY, only=ids, key="druk")
    again = list_all(den_bosch, SECRETARY, PANEL, TODAY, only=ids, key="druk")
    assert sorted(again.done, key=str) == sorted(first.done, key=str)
    assert again.failed == ()
    assert_sound(den_bosch)


def test_a_meeting_keeps_the_order_in_which_its_outcomes_were_recorded(den_bosch: Store) -> None:
    first, second = brought(den_bosch, 1), brought(den_bosch, 2)
    list_all(den_bosch, SECRETARY, PANEL, TODAY)
    decided = command(Action.CONSIDER, outcome="decided", ruling="in_favour", reasons="Verzonnen.")
    for escalation in (first, second):
        perform(den_bosch, SECRETARY, escalation, [decided])
    perform(den_bosch, OFFICER, first, [command(Action.FOLLOW_THROUGH, result="carried_out")])
    with reading(den_bosch) as connection:
        taken = [one.escalation.id for one in considered_at(connection, PANEL, TODAY)]
    assert taken == [first, second]


def test_who_does_not_serve_the_panel_lists_nothing(den_bosch: Store) -> None:
    brought(den_bosch, 1)
    result = list_all(den_bosch, Actor("s-2", Role.SECRETARY, "Zwolle"), PANEL, TODAY)
    assert result.done == ()
    assert len(result.failed) == 1
    assert listed(den_bosch) == []
    with pytest.raises(NotFound):
        list_all(den_bosch, SECRETARY, "kdt-nergens", TODAY)


def test_unresolved_comes_first_then_the_order_of_the_queue(store: Store, tmp_path: Path) -> None:
    """Four national items: not resolved last week, held over, with a deadline, and new."""
    lines: list[dict[str, object]] = [
        {"kind": "panel", "id": "kdt-den-bosch", "level": "local", "location": "Den Bosch"},
        {"kind": "panel", "id": "kdt-national", "level": "national"},
    ]

    def act(day: str, role: str, action: str, escalation: str, **more: object) -> None:
        lines.append(
            {
                "ref": f"r{len(lines)}", "recordedAt": f"{day}T12:00:{len(lines):02d}+01:00",
                "occurredOn": day, "actor": role, "role": role, "action": action,
                "escalation": escalation, **more,
            }
        )  # fmt: skip

    for one, deadline in (("new", {}), ("held", {}), ("due", {"decideBy": "2022-12-01"}),
                          ("failed", {})):  # fmt: skip
        act("2022-11-01", "officer", "open", one, case=one, location="Den Bosch",
            question="decision", ground="complex", summary="Verzonnen.", **deadline)  # fmt: skip
        act("2022-11-01", "officer", "submit", one)
        act("2022-11-01", "secretary", "list", one, panel=PANEL, meetingOn="2022-11-01")
        act("2022-11-01", "secretary", "consider", one, outcome="referred_up", reasons="Samen.")
    for one, outcome in (("held", "held_over"), ("failed", "unresolved")):
        act("2022-11-03", "secretary", "list", one, panel="kdt-national", meetingOn="2022-11-03")
        act("2022-11-03", "secretary", "consider", one, outcome=outcome, reasons="Later.")
    file = tmp_path / "order.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert import_history(store, file, by="beheer").bad == []
    with reading(store) as connection:
        assert [row.id for row in queue(connection, "national", None)] == [
            "failed", "due", "held", "new",
        ]  # fmt: skip


def test_a_question_comes_up_at_the_next_meeting_after_today(den_bosch: Store) -> None:
    with reading(den_bosch) as connection:
        assert expected_meeting(connection, "local", "Den Bosch", TODAY) is None
    plan_ahead(den_bosch, MONDAY)
    with reading(den_bosch) as connection:
        friday = expected_meeting(connection, "local", "Den Bosch", date(2031, 11, 28))
        weekly = expected_meeting(connection, "national", None, date(2031, 11, 24))
    assert friday is not None
    assert weekly is not None
    assert (friday.panel_name, friday.held_on) == ("KDT Den Bosch", date(2031, 12, 1))
    assert friday.starts_at == datetime(2031, 12, 1, 9, 0, tzinfo=clock.AMSTERDAM)
    assert (weekly.panel, weekly.held_on) == ("kdt-national", date(2031, 11, 27))


@pytest.mark.parametrize(("day", "late"), [(26, True), (27, False), (28, False)])
def test_a_deadline_before_the_meeting_is_warned_of(den_bosch: Store, day: int, late: bool) -> None:
    plan_ahead(den_bosch, MONDAY)
    deadline = date(2031, 11, day)
    with reading(den_bosch) as connection:
        found = expected_meeting(
            connection, "national", None, date(2031, 11, 24), deadline=deadline
        )
    assert found is not None
    assert found.late_for == (deadline if late else None)
