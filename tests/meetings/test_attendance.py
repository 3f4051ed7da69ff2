"""Who is at a meeting, and that too few of them record no outcome."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from kdt.access import delegating
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import around
from kdt.cases.service import Receipt, perform
from kdt.errors import Forbidden, NotFound, Refused
from kdt.ledger.service import By
from kdt.meetings import arranging
from kdt.meetings.attendance import Presence, attend, presences
from kdt.meetings.hall import Code
from kdt.meetings.service import create_location
from kdt.panels.model import meetings
from kdt.panels.planning import plan
from kdt.panels.slots import meeting
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.meetings.test_keeping import (
    PANEL,
    PLACE,
    SECRETARY,
    TODAY,
    brought,
    den_bosch,
    listed,
)
from tests.service.test_together import ADMINISTRATOR, command
from tests.support import assert_sound

__all__ = ["den_bosch"]
CHAIR, MEMBER = Actor("v-1", Role.CHAIR, PLACE), Actor("l-1", Role.MEMBER, PLACE)
NAMES = {SECRETARY: "Saar", CHAIR: "Vera", MEMBER: "Luuk"}
HELD_OVER = command("consider", outcome="held_over", reasons="Verzonnen.")


@pytest.fixture
def panel(den_bosch: Store) -> Store:
    """The panel with three in it, of whom two must be there."""
    with writing(den_bosch) as connection:
        people = [Person(one.person, name, ((one.role, PLACE),)) for one, name in NAMES.items()]
        enter(connection, By("beheer"), people)
    return den_bosch


def there(store: Store) -> dict[str, Presence]:
    with reading(store) as connection:
        found = meeting(connection, PANEL, TODAY)
        assert found is not None
        return {one.label: one for one in presences(connection, PLACE, found.id)}


def on_agenda(store: Store, number: int) -> str:
    one = brought(store, number)
    listed(store, one, TODAY)
    return one


def considered(store: Store, one: str) -> Receipt:
    return perform(store, SECRETARY, one, [HELD_OVER])


def missed(store: Store, one: str) -> tuple[object, object, object]:
    with pytest.raises(Refused) as refused:
        considered(store, one)
    said = refused.value.refusal
    assert said.code == "too_few_present"
    return said.details["present"], said.details["required"], said.details["missing"]


def test_too_few_record_no_outcome_and_who_is_missing_is_said(panel: Store) -> None:
    one, other, third = (on_agenda(panel, number) for number in range(3))
    # As long as nobody says who is there, nobody is held to it.
    considered(panel, one)
    attend(panel, [SECRETARY], PANEL, TODAY, arrived=[SECRETARY.person])
    assert missed(panel, other) == (1, 2, "Luuk, Vera")
    attend(panel, [CHAIR], PANEL, TODAY, arrived=[CHAIR.person, SECRETARY.person])
    considered(panel, other)
    attend(panel, [CHAIR], PANEL, TODAY, left=[CHAIR.person, MEMBER.person])
    assert missed(panel, third) == (1, 2, "Luuk, Vera")
    assert (there(panel)["Saar"].present, there(panel)["Vera"].present) == (True, False)
    assert there(panel)["Vera"].left_at is not None
    assert there(panel)["Luuk"].arrived_at is None
    # Whoever comes back is there again, and was away.
    attend(panel, [CHAIR], PANEL, TODAY, arrived=[CHAIR.person])
    considered(panel, third)
    assert_sound(panel)


def test_listing_and_considering_in_one_go_is_no_way_around_it(panel: Store) -> None:
    one = brought(panel, 1)
    attend(panel, [SECRETARY], PANEL, TODAY, arrived=[SECRETARY.person])
    listing = command("list", panel=PANEL, meetingOn=TODAY.isoformat())
    with pytest.raises(Refused, match="te weinig mensen"):
        perform(panel, SECRETARY, one, [listing, HELD_OVER])


def test_who_takes_no_part_is_missed_by_nobody_and_counts_for_nothing(panel: Store) -> None:
    one = on_agenda(panel, 1)
    attend(panel, [CHAIR], PANEL, TODAY, arrived=[SECRETARY.person, CHAIR.person])
    around.recuse(panel, SECRETARY, one, CHAIR.person)
    assert missed(panel, one) == (1, 2, "Luuk")
    around.recuse(panel, SECRETARY, one, MEMBER.person)
    # One is left of the panel, and is there.
    considered(panel, one)
    assert_sound(panel)


def test_who_stands_in_takes_the_place_of_who_is_away(panel: Store) -> None:
    one = on_agenda(panel, 1)
    with writing(panel) as connection:
        enter(connection, By("beheer"), [Person("b-1", "Bas", ((Role.OFFICER, PLACE),))])
    delegating.delegate(panel, CHAIR, "b-1", TODAY, TODAY + timedelta(days=1))
    attend(panel, [SECRETARY], PANEL, TODAY, arrived=["b-1"])
    assert there(panel)["Bas"].stands_for == CHAIR.person
    assert missed(panel, one) == (1, 2, "Luuk, Saar")
    attend(panel, [SECRETARY], PANEL, TODAY, arrived=[SECRETARY.person])
    # What bars the one bars the other.
    around.recuse(panel, SECRETARY, one, CHAIR.person)
    assert missed(panel, one) == (1, 2, "Luuk")


def test_who_stands_in_for_the_secretary_enters_who_is_there(panel: Store) -> None:
    with writing(panel) as connection:
        enter(connection, By("beheer"), [Person("b-1", "Bas", ((Role.OFFICER, PLACE),))])
    lent = delegating.delegate(panel, SECRETARY, "b-1", TODAY, TODAY)
    bas = Actor("b-1", Role.SECRETARY, PLACE, on_behalf_of=SECRETARY.person)
    attend(panel, [bas], PANEL, TODAY, arrived=["b-1", CHAIR.person], left=[MEMBER.person])
    assert {name for name, one in there(panel).items() if one.present} == {"Bas", "Vera"}
    with reading(panel) as connection:
        query = text("""
            select t.content, p.person from ledger l
            join ledger_texts t on (t.subject_id, t.seq) = (l.subject_id, l.seq)
            join ledger_people p on (p.subject_id, p.seq) = (l.subject_id, l.seq)
            where l.fact = 'stand_in' and t.subject = l.subject and p.subject = l.subject
        """)
        assert [tuple(row) for row in connection.execute(query)] == [(SECRETARY.person, "b-1")]
    # In a capacity of a member nobody enters anything, whoever lent it.
    member = Actor("b-1", Role.MEMBER, PLACE, on_behalf_of=MEMBER.person)
    with pytest.raises(Forbidden):
        attend(panel, [member], PANEL, TODAY, left=["b-1"])
    delegating.end(panel, SECRETARY.person, lent.id)
    with pytest.raises(Refused) as refused:
        attend(panel, [bas], PANEL, TODAY, left=["b-1"])
    assert refused.value.refusal.code == around.Code.STANDS_IN_NO_MORE
    assert_sound(panel)


def test_a_seat_counts_once_whoever_takes_it(panel: Store) -> None:
    one = on_agenda(panel, 1)
    with writing(panel) as connection:
        enter(connection, By("beheer"), [Person("b-1", "Bas", ((Role.OFFICER, PLACE),))])
    delegating.delegate(panel, CHAIR, "b-1", TODAY, TODAY + timedelta(days=1))
    attend(panel, [SECRETARY], PANEL, TODAY, arrived=["b-1", CHAIR.person])
    assert missed(panel, one) == (1, 2, "Luuk, Saar")


def test_what_somebody_came_for_is_moved_and_cancelled_no_more(panel: Store) -> None:
    attend(panel, [CHAIR], PANEL, TODAY, arrived=[CHAIR.person])
    with pytest.raises(Refused) as refused:
        arranging.move(panel, [CHAIR], PANEL, TODAY, TODAY + timedelta(days=1), "Zaal.")
    assert refused.value.refusal.code == Code.MEETING_BEGUN
    with pytest.raises(Refused) as refused:
        arranging.cancel(panel, [CHAIR], PANEL, TODAY, "Zaal.")
    assert refused.value.refusal.code == Code.MEETING_BEGUN


def test_who_enters_it_when_and_whom(panel: Store) -> None:
    with pytest.raises(Forbidden):
        attend(panel, [MEMBER], PANEL, TODAY, arrived=[MEMBER.person])
    with pytest.raises(NotFound):
        attend(panel, [Actor("x", Role.CHAIR)], PANEL, TODAY, arrived=[MEMBER.person])
    tomorrow = TODAY + timedelta(days=1)
    for day, person in ((TODAY, "vreemde"), (tomorrow, MEMBER.person)):
        with pytest.raises(Refused):
            attend(panel, [CHAIR], PANEL, day, arrived=[person])
    attend(panel, [CHAIR], PANEL, TODAY, arrived=[one.person for one in NAMES])
    attend(panel, [CHAIR], PANEL, TODAY, left=[CHAIR.person, MEMBER.person])
    with panel.engine.connect() as connection:
        rows = connection.execute(text("select fact from ledger where subject = 'meeting'"))
        facts = [row.fact for row in rows if row.fact in ("arrive", "leave")]
    assert facts == ["arrive"] * 3 + ["leave"] * 2


def test_of_a_day_gone_by_whoever_was_there_counts(store: Store) -> None:
    yesterday, place = TODAY - timedelta(days=1), "Ter Apel"
    create_location(store, ADMINISTRATOR, place, on=yesterday)
    saar, vera = Actor("s-2", Role.SECRETARY, place), Actor("v-2", Role.CHAIR, place)
    slot = {"panel": "kdt-ter-apel", "meetingOn": yesterday.isoformat()}
    with writing(store) as connection:
        for who, name in ((saar, "Saar"), (vera, "Vera")):
            enter(connection, By("beheer"), [Person(who.person, name, ((who.role, place),))])
        plan(connection, [("kdt-ter-apel", yesterday)])
        connection.execute(update(meetings).values(attendance=2))
    opening = command("open", case="Z-1", location=place, question="decision", ground="other")
    moves = [replace(one, occurred_on=yesterday) for one in (opening, command("submit"))]
    one = perform(store, Actor("o-2", Role.OFFICER, place), None, moves).escalation
    perform(store, saar, one, [replace(command("list", **slot), occurred_on=yesterday)])
    attend(store, [vera], slot["panel"], yesterday, arrived=[vera.person])
    with pytest.raises(Refused, match="Nog niet aanwezig: Saar"):
        perform(store, saar, one, [HELD_OVER])
    attend(store, [vera], slot["panel"], yesterday, arrived=[saar.person], left=[vera.person])
    perform(store, saar, one, [HELD_OVER])
    assert_sound(store)
