"""Escalations that belong together: said by whom, undone by another fact, seen by whom."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from sqlalchemy import select, text

from kdt.access.permissions import Actor
from kdt.access.permissions import Code as Access
from kdt.cases import queries, service, view
from kdt.cases.families import Code, join, leave
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.meetings.service import create_location, create_panel
from kdt.panels.model import panels
from kdt.panels.planning import plan
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.service.test_together import ADMINISTRATOR, PLACES, command, officer, secretary
from tests.support import assert_sound

HERE, THERE = PLACES
OFFICER, SECRETARY = officer(HERE), secretary(HERE)
NATIONAL = Actor("landelijk", Role.SECRETARY)
WHY = "Verzonnen: hetzelfde gezin."


@pytest.fixture
def places(store: Store) -> Store:
    for place in PLACES:
        create_location(store, ADMINISTRATOR, place)
    return store


def brought(store: Store, case: str, place: str = HERE) -> str:
    opening = {"case": case, "location": place, "question": "decision", "ground": "other"}
    commands = [command("open", **opening), command("submit")]
    return service.perform(store, officer(place), None, commands).escalation


def together(store: Store, actor: Actor, one: str) -> set[str]:
    with reading(store) as connection:
        return {found.id for found in queries.family(connection, [actor], one)}


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return str(refused.value.refusal.code)


def test_a_family_grows_from_either_side_and_whoever_leaves_is_out(places: Store) -> None:
    one, other, third = (brought(places, f"Z-{number}") for number in range(3))
    family = join(places, OFFICER, one, other, WHY, key="sleutel")
    assert join(places, OFFICER, one, other, WHY, key="sleutel") == family
    assert join(places, SECRETARY, third, one, WHY) == family
    assert together(places, SECRETARY, other) == {one, third}
    with reading(places) as connection:
        found = view.escalation(connection, [OFFICER], third)
    assert found is not None
    assert (found.family and found.family.family, found.family_reason) == (family, WHY)
    with reading(places) as connection:
        spoken_of = view.escalation(connection, [OFFICER], other)
    # Whoever reads the other need not know of the one it was said of, nor of why.
    assert spoken_of is not None
    assert (spoken_of.family and spoken_of.family.family, spoken_of.family_reason) == (family, None)
    leave(places, OFFICER, one, WHY)
    assert together(places, SECRETARY, other) == {third}
    assert together(places, SECRETARY, one) == set()
    # Said and unsaid, each in its own chain, whoever said it.
    with reading(places) as connection:
        told = connection.execute(
            text("select fact from ledger where subject_id = :one order by seq"), {"one": one}
        ).scalars()
        assert list(told) == ["join_family", "leave_family"]
    with pytest.raises(Conflict):
        join(places, OFFICER, one, third, WHY, key="sleutel")
    # Nothing is in a family by itself: it can go into another.
    leave(places, OFFICER, third, WHY)
    assert refusal(partial(leave, places, OFFICER, other, WHY)) == Code.NO_FAMILY
    assert join(places, OFFICER, other, brought(places, "Z-4"), WHY) != family
    with reading(places) as connection:
        reasons = connection.execute(
            text("select content from ledger_texts where content = :why"), {"why": WHY}
        ).all()
    assert len(reasons) == 5
    assert_sound(places)


def test_what_cannot_be_together_is_said(places: Store) -> None:
    one, other, third, fourth = (brought(places, f"Z-{number}") for number in range(4))
    same = brought(places, "Z-0")
    join(places, OFFICER, one, other, WHY)
    join(places, OFFICER, third, fourth, WHY)
    assert refusal(partial(join, places, OFFICER, one, one, WHY)) == Code.RELATED_TO_ITSELF
    assert refusal(partial(join, places, OFFICER, one, same, WHY)) == Code.SAME_CASE
    assert refusal(partial(join, places, OFFICER, other, one, WHY)) == Code.TOGETHER_ALREADY
    assert refusal(partial(join, places, OFFICER, one, third, WHY)) == Code.OTHER_FAMILY
    assert refusal(partial(leave, places, OFFICER, same, WHY)) == Code.NO_FAMILY
    with pytest.raises(InvalidInput):
        join(places, OFFICER, one, same, " ")


def test_nobody_puts_or_sees_together_what_they_may_not_know_of(places: Store) -> None:
    mine, theirs = brought(places, "Z-1"), brought(places, "Z-2", THERE)
    other = brought(places, "Z-3", THERE)
    with pytest.raises(NotFound):
        join(places, OFFICER, mine, theirs, WHY)
    with pytest.raises(NotFound):
        leave(places, OFFICER, theirs, WHY)
    with pytest.raises(Forbidden):
        join(places, Actor("lid", Role.MEMBER, HERE), mine, mine, WHY)
    with pytest.raises(NotFound):
        join(places, NATIONAL, mine, theirs, WHY)
    join(places, secretary(THERE), theirs, other, WHY)
    referred_up(places, theirs)
    # It went up, and is for the national panel to know of; the other of its family is not.
    assert together(places, secretary(THERE), theirs) == {other}
    assert together(places, NATIONAL, theirs) == set()
    assert refusal(partial(leave, places, secretary(THERE), theirs, WHY)) == Access.NOT_HERE
    leave(places, NATIONAL, theirs, WHY)
    assert together(places, secretary(THERE), other) == set()


def referred_up(store: Store, one: str) -> None:
    create_panel(store, ADMINISTRATOR, "national")
    with writing(store) as connection:
        local = connection.scalar(select(panels.c.id).where(panels.c.location == THERE))
        day = today(connection)
        plan(connection, [(str(local), day)])
    up = command("consider", outcome="referred_up", reasons="Verzonnen.")
    listing = command("list", panel=local, meetingOn=day.isoformat())
    service.perform(store, secretary(THERE), one, [listing, up])


def test_any_moves_leave_what_a_plain_model_says(places: Store) -> None:
    every = [brought(places, f"Z-{number}") for number in range(6)]
    family: dict[str, int] = {}
    dice, most = Random(7), 0
    for number in range(80):
        one, other = dice.choice(every), dice.choice(every)
        if dice.random() < 0.3:
            fits = one in family
            act: Callable[[], object] = partial(leave, places, SECRETARY, one, WHY)
            leaves = True
        else:
            leaves = False
            fits = one != other and not (one in family and other in family)
            act = partial(join, places, SECRETARY, one, other, WHY)
        if not fits:
            refusal(act)
            continue
        act()
        if leaves:
            alone = [each for each in family if family[each] == family[one]]
            for each in alone if len(alone) == 2 else [one]:
                del family[each]
        else:
            family[one] = family[other] = family.get(one, family.get(other, number))
        for each in every:
            mine = {it for it in every if it != each and family.get(it, -1) == family.get(each)}
            assert together(places, SECRETARY, each) == mine
        most = max(most, len(set(family.values())))
    assert most > 1
    assert_sound(places)
