"""Locations and panels are made, renamed and closed, each from a day on."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command, perform
from kdt.errors import Forbidden, InvalidInput, NotFound, Refused
from kdt.meetings.service import (
    change_location,
    change_panel,
    create_location,
    create_panel,
)
from kdt.panels.desk import Code
from kdt.panels.queries import (
    Term,
    location_terms_by_id,
    named_locations,
    named_panels,
    panel_terms_by_id,
)
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Role

ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
OFFICER = Actor("o-1", Role.OFFICER, "Den Bosch")
TODAY = clock.day(datetime.now(UTC))
JANUARY, FEBRUARY, MARCH, APRIL = (date(2021, month, 1) for month in (1, 2, 3, 4))


def command(action: Action, **given: object) -> Command:
    inputs = read(action, given)
    assert isinstance(inputs, Inputs)
    return Command(action, inputs)


def opening(**changes: object) -> Command:
    given: Mapping[str, object] = {
        "case": "Z-1", "location": "Den Bosch", "question": "decision", "ground": "complex",
        "summary": "Verzonnen.",
    }  # fmt: skip
    return command(Action.OPEN, **{**given, **changes})


def panel_name(store: Store, panel: str, on: date) -> tuple[str, bool]:
    with reading(store) as connection:
        [found] = [one for one in named_panels(connection, on) if one.id == panel]
    return found.name, found.open


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return str(refused.value.refusal.code)


def test_a_new_location_gets_its_local_panel_in_one_go(store: Store) -> None:
    assert create_location(store, ADMINISTRATOR, "  Den   Bosch ") == "Den Bosch"
    assert panel_name(store, "kdt-den-bosch", TODAY) == ("KDT Den Bosch", True)
    perform(store, OFFICER, None, [opening(), command(Action.SUBMIT)])


def test_making_the_same_location_again_changes_nothing(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    with reading(store) as connection:
        assert location_terms_by_id(connection) == {
            "Den Bosch": [Term(JANUARY, "Den Bosch", open=True)]
        }


def test_a_name_that_another_location_has_or_had_is_refused(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    change_location(store, ADMINISTRATOR, "Den Bosch", name="Brabant", on=FEBRUARY)
    create_location(store, ADMINISTRATOR, "Zwolle")
    for taken in ("Den Bosch", "Brabant"):
        with pytest.raises(Refused) as refused:
            create_location(store, ADMINISTRATOR, taken)
        assert code_of(refused) == Code.NAME_TAKEN
        with pytest.raises(Refused) as refused:
            change_location(store, ADMINISTRATOR, "Zwolle", name=taken)
        assert code_of(refused) == Code.NAME_TAKEN


def test_names_that_make_the_same_id_get_ids_of_their_own(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch")
    create_location(store, ADMINISTRATOR, "Den-Bosch")
    with reading(store) as connection:
        ids = {one.location: one.id for one in named_panels(connection, TODAY)}
    assert ids == {"Den Bosch": "kdt-den-bosch", "Den-Bosch": "kdt-den-bosch-2"}


def test_a_panel_is_renamed_from_a_day_on_and_keeps_its_id(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    change_panel(store, ADMINISTRATOR, "kdt-den-bosch", name="KDT Zuid", on=MARCH)
    assert panel_name(store, "kdt-den-bosch", MARCH - timedelta(days=1))[0] == "KDT Den Bosch"
    assert panel_name(store, "kdt-den-bosch", MARCH)[0] == "KDT Zuid"


def test_what_was_announced_for_later_goes_on_from_an_earlier_change(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    later = TODAY + timedelta(days=60)
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=False, on=later)
    change_location(store, ADMINISTRATOR, "Den Bosch", name="Brabant", on=MARCH)
    change_location(store, ADMINISTRATOR, "Den Bosch", name="Noord-Brabant", on=APRIL)
    change_location(store, ADMINISTRATOR, "Den Bosch", name="Bosch", on=FEBRUARY)
    with reading(store) as connection:
        assert location_terms_by_id(connection)["Den Bosch"] == [
            Term(JANUARY, "Den Bosch", open=True),
            Term(FEBRUARY, "Bosch", open=True),
            Term(MARCH, "Brabant", open=True),
            Term(APRIL, "Noord-Brabant", open=True),
            Term(later, "Noord-Brabant", open=False),
        ]


def test_no_new_cases_come_from_a_closed_location_and_what_was_there_goes_on(
    store: Store,
) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch")
    draft = perform(store, OFFICER, None, [opening()])
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=False)
    with pytest.raises(Refused):
        perform(store, OFFICER, None, [opening()])
    assert perform(store, OFFICER, draft.escalation, [command(Action.SUBMIT)]).phase == "queued"


def test_a_panel_closes_only_when_it_can_no_longer_be_needed(store: Store) -> None:
    create_panel(store, ADMINISTRATOR, "national")
    create_location(store, ADMINISTRATOR, "Den Bosch")
    brought = perform(store, OFFICER, None, [opening()])

    def close(panel: str = "kdt-den-bosch", on: date | None = None) -> str | None:
        try:
            change_panel(store, ADMINISTRATOR, panel, is_open=False, on=on)
        except Refused as refused:
            return str(refused.refusal.code)
        return None

    assert close() == Code.LOCATION_OPEN
    assert close("kdt-national") == Code.LOCATIONS_OPEN
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=False)
    assert close() == Code.STILL_UNFINISHED
    perform(store, OFFICER, brought.escalation, [command(Action.SUBMIT)])
    assert close() == Code.STILL_UNFINISHED
    perform(store, OFFICER, brought.escalation, [command(Action.WITHDRAW, reason="Elders.")])
    assert close(on=TODAY - timedelta(days=1)) == Code.CLOSES_IN_THE_PAST
    assert close() is None
    assert close() is None
    assert panel_name(store, "kdt-den-bosch", TODAY) == ("KDT Den Bosch", False)
    assert close("kdt-national") is None


def test_a_location_opened_again_has_its_panel_again(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch")
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=False)
    change_panel(store, ADMINISTRATOR, "kdt-den-bosch", is_open=False)
    change_location(store, ADMINISTRATOR, "Den Bosch", is_open=True)
    assert panel_name(store, "kdt-den-bosch", TODAY) == ("KDT Den Bosch", True)
    with reading(store) as connection:
        assert [one.open for one in named_locations(connection, TODAY)] == [True]


def test_there_is_one_panel_for_each_level_and_location(store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch")
    create_panel(store, ADMINISTRATOR, "national", name="Landelijk")
    for level, location in (("local", "Den Bosch"), ("national", None)):
        with pytest.raises(Refused) as refused:
            create_panel(store, ADMINISTRATOR, level, location)
        assert code_of(refused) == Code.PANEL_HERE_ALREADY


def test_what_cannot_be_read_is_named_by_its_field(store: Store) -> None:
    for fields, problem in (
        (("regional", None), ("not_one_of", "level")),
        (("local", None), ("missing", "location")),
        (("national", "Den Bosch"), ("no_location_at_this_level", "location")),
    ):
        with pytest.raises(InvalidInput) as error:
            create_panel(store, ADMINISTRATOR, *fields)
        assert [(one.code, one.field) for one in error.value.problems] == [problem]
    with pytest.raises(InvalidInput) as error:
        create_location(store, ADMINISTRATOR, "  ")
    assert [one.code for one in error.value.problems] == ["blank"]


def test_what_is_not_there_cannot_be_changed(store: Store) -> None:
    with pytest.raises(NotFound):
        change_panel(store, ADMINISTRATOR, "kdt-nergens", is_open=False)
    with pytest.raises(NotFound):
        change_location(store, ADMINISTRATOR, "Nergens", name="Ergens")
    with pytest.raises(NotFound):
        create_panel(store, ADMINISTRATOR, "local", "Nergens")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_may(store: Store, role: Role) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch", on=JANUARY)
    actor = Actor("iemand", role)
    for change in (
        lambda: create_location(store, actor, "Zwolle"),
        lambda: create_panel(store, actor, "national"),
        lambda: change_location(store, actor, "Den Bosch", name="Zuid"),
        lambda: change_panel(store, actor, "kdt-den-bosch", is_open=False),
    ):
        with pytest.raises(Forbidden):
            change()
    with reading(store) as connection:
        assert list(location_terms_by_id(connection)) == ["Den Bosch"]
        assert [len(terms) for terms in panel_terms_by_id(connection).values()] == [1]
