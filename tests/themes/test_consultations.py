"""Talks about themes: who may tell of them, who reads what was agreed, and how often they were."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter as enter_people
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.ledger.service import By
from kdt.register.answers import answers, question
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes import consulting
from kdt.themes.consultations import consultation, consultations, overdue, with_lawyers
from kdt.themes.consulting import Told, change, enter, may_read, withdraw
from kdt.themes.service import add
from kdt.vocabulary import Role
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
OTHER = Actor("beleid-2", Role.POLICY_ADVISER)
CHAIR = Actor("voorzitter", Role.CHAIR)
TALK = Told(date(2022, 3, 1), "talk", ["vajn", "svma"], [], [], "Over drie maanden opnieuw.")


def told_on(day: date, *partners: str) -> Told:
    return replace(TALK, held_on=day, partners=list(partners))


def answer_18(store: Store, first: date, until: date, as_of: date | None = None) -> tuple[str, ...]:
    with reading(store) as connection:
        today = moments.today(connection)
        found = answers(connection, question(first, until, as_of, today=today), today=today)
    return next(one.now for one in found.answers if one.number == 18)


def test_that_it_was_held_is_open_and_what_was_agreed_is_for_who_was_there(store: Store) -> None:
    theme = add(store, ADVISER, "Wachttijd").id
    with writing(store) as connection:
        enter_people(connection, By("beheer"), [Person(OTHER.person, "Beleid 2", ())])
    made = enter(store, ADVISER, replace(TALK, themes=[theme]))
    with reading(store) as connection:
        known, inside = consultation(connection, made) or (None, None)
        assert consultations(connection) == [known]
    assert known
    assert inside
    assert (known.partners, known.themes, known.stands) == (("vajn", "svma"), (theme,), True)
    assert [may_read(one.person, inside) for one in (ADVISER, OTHER)] == [True, False]
    with pytest.raises(Forbidden):
        change(store, OTHER, made, TALK)
    change(store, ADVISER, made, replace(TALK, participants=[OTHER.person]))
    change(store, OTHER, made, replace(TALK, partners=["vwn"], agreements=""))
    with reading(store) as connection:
        known, inside = consultation(connection, made) or (None, None)
    # Whoever told it last was there; whoever they left out is not, from then on.
    assert (known and known.partners, inside and inside.participants) == (
        ("vwn",),
        (OTHER.person,),
    )
    assert_sound(store)


def test_only_a_policy_adviser_tells_of_talks_and_only_of_what_can_be(store: Store) -> None:
    with pytest.raises(Forbidden):
        enter(store, CHAIR, TALK)
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    for wrong, field in (
        (told_on(tomorrow, "vajn"), "heldOn"),
        (told_on(TALK.held_on), "partners"),
        (told_on(TALK.held_on, "iedereen"), "partners"),
        (replace(TALK, form="borrel"), "form"),
        (replace(TALK, themes=["onbekend"]), "themes"),
        (replace(TALK, participants=["niemand"]), "participants"),
        (replace(TALK, agreements="a\0b"), "agreements"),
    ):
        with pytest.raises(InvalidInput) as refused:
            enter(store, ADVISER, wrong)
        assert [one.field for one in refused.value.problems] == [field]
    with pytest.raises(NotFound):
        change(store, ADVISER, "G-00000000", TALK)
    with reading(store) as connection:
        assert consultations(connection) == []


def test_a_repeat_is_one_talk_and_one_that_was_withdrawn_counts_no_more(store: Store) -> None:
    made = enter(store, ADVISER, TALK, key="eens")
    assert enter(store, ADVISER, TALK, key="eens") == made
    with pytest.raises(Conflict):
        enter(store, ADVISER, replace(TALK, partners=["vwn"]), key="eens")
    withdraw(store, ADVISER, made)
    with pytest.raises(Refused) as refused:
        withdraw(store, ADVISER, made)
    assert refused.value.refusal.code == consulting.Code.CONSULTATION_WITHDRAWN
    with reading(store) as connection:
        assert consultations(connection) == []
        known, _ = consultation(connection, made) or (None, None)
    assert known
    assert not known.stands
    assert_sound(store)


def test_answer_18_says_how_often_and_says_so_when_nothing_was_registered(store: Store) -> None:
    year = (date(2022, 1, 1), date(2022, 12, 31))
    assert answer_18(store, *year) == ()
    enter(store, ADVISER, told_on(date(2021, 12, 1), "vwn"))
    assert "0 gesprekken" in answer_18(store, *year)[0]
    assert "nog geen gesprek" in answer_18(store, *year)[1]
    days = (date(2021, 11, 30), date(2022, 2, 1), date(2022, 4, 12), date(2022, 6, 21))
    for day, partner in zip(days, ("svma", "vajn", "svma", "vajn"), strict=True):
        enter(store, ADVISER, told_on(day, partner, "policy"))
    enter(store, ADVISER, told_on(date(2022, 5, 1), "vwn", "judiciary"))
    how_many, apart, since = answer_18(store, *year)
    assert "3 gesprekken met VAJN of SVMA" in how_many
    assert "gemiddeld 70 dagen" in apart
    assert "21 juni 2022" in apart
    assert "30 november 2021" in since
    # At a reference date from before any of it was recorded, nothing was registered.
    assert answer_18(store, *year, date(2022, 12, 31)) == ()
    with reading(store) as connection:
        found = with_lawyers(connection, date(2022, 7, 1), date(2022, 7, 31), None)
        known = consultations(connection)
    assert (found.times, found.days_apart, found.last_on) == (0, None, days[-1])
    assert overdue(known, days[-1] + timedelta(days=92)) is None
    assert overdue(known, days[-1] + timedelta(days=93)) == days[-1]
    assert overdue([], days[-1]) is None
    assert_sound(store)
