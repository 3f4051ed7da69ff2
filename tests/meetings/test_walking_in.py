"""A case that is brought while the panel meets, typed by who takes the meeting."""

import pytest
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import view
from kdt.cases.inputs import Inputs
from kdt.cases.service import perform
from kdt.errors import Conflict, Forbidden, Refused
from kdt.ledger.service import By
from kdt.meetings.walking_in import officers, walk_in
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Late, Role
from tests.meetings.test_keeping import OFFICER, PANEL, PLACE, SECRETARY, TODAY, den_bosch
from tests.service.test_together import command
from tests.support import assert_sound

__all__ = ["den_bosch"]
CHAIR, MEMBER = Actor("v-1", Role.CHAIR, PLACE), Actor("l-1", Role.MEMBER, PLACE)


@pytest.fixture
def panel(den_bosch: Store) -> Store:
    with writing(den_bosch) as connection:
        for one in (OFFICER, SECRETARY, CHAIR, MEMBER):
            enter(connection, By("beheer"), [Person(one.person, one.person, ((one.role, PLACE),))])
    return den_bosch


def opening(case: str = "Z-1") -> Inputs:
    given = {"case": case, "location": PLACE, "question": "decision", "ground": "complex"}
    return command("open", summary="Verzonnen.", **given).inputs


def test_who_brought_it_and_who_typed_it_are_both_kept_and_four_eyes_follow_the_first(
    panel: Store,
) -> None:
    made = walk_in(panel, [SECRETARY], PANEL, TODAY, OFFICER.person, opening(), key="een")
    assert walk_in(panel, [SECRETARY], PANEL, TODAY, OFFICER.person, opening(), key="een") == made
    with pytest.raises(Conflict):
        walk_in(panel, [SECRETARY], PANEL, TODAY, OFFICER.person, opening("Z-2"), key="een")
    with reading(panel) as connection:
        found = view.escalation(connection, [SECRETARY], made.escalation)
        late = connection.scalars(text("select late from agenda_items")).all()
    assert found is not None
    assert [(one.action, one.person, one.typed_by) for one in found.entries] == [
        ("open", OFFICER.person, SECRETARY.person),
        ("submit", OFFICER.person, SECRETARY.person),
        ("list", SECRETARY.person, None),
    ]
    assert (found.state.brought_by, found.state.meeting_on) == (OFFICER.person, TODAY)
    assert late == [Late.WALK_IN]
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    with pytest.raises(Refused, match="voorgelegd"):
        perform(panel, Actor(OFFICER.person, Role.CHAIR, PLACE), made.escalation, [outcome])
    # Who typed it brought nothing.
    perform(panel, SECRETARY, made.escalation, [outcome])
    assert_sound(panel)


def test_the_chair_brings_it_in_too_and_nobody_else_does(panel: Store) -> None:
    walk_in(panel, [CHAIR], PANEL, TODAY, OFFICER.person, opening())
    with pytest.raises(Forbidden):
        walk_in(panel, [MEMBER], PANEL, TODAY, OFFICER.person, opening("Z-2"))
    for nobody in (MEMBER.person, "vreemde"):
        with pytest.raises(Refused, match="Kies de beslismedewerker"):
            walk_in(panel, [SECRETARY], PANEL, TODAY, nobody, opening("Z-2"))
    with reading(panel) as connection:
        assert [one.id for one in officers(connection, PLACE)] == [OFFICER.person]
    assert_sound(panel)
