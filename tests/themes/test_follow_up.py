"""Implementation tests and adjustments: what can be told of them, and answers 6 and 7."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.register.answers import answers, question
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import adjusting, signalling, testing
from kdt.themes.adjustments import Wanted, adjustments, tellings
from kdt.themes.implementation import held, one
from kdt.themes.service import add
from kdt.themes.testing import Heard
from kdt.vocabulary import Role
from tests.service.test_together import together
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
CHAIR = Actor("voorzitter", Role.CHAIR)
TEST = testing.Told("ex_ante", date(2022, 3, 1), "Verzonnen voorstel", ["vwn", "ind"], "yes", "no")
CHANGE = adjusting.Told("practice", "proposed", date(2022, 4, 1), "Verzonnen aanpassing")
YEAR = (date(2022, 1, 1), date(2022, 12, 31))


def answer(store: Store, number: int, as_of: date | None = None) -> str:
    with reading(store) as connection:
        today = moments.today(connection)
        found = answers(connection, question(*YEAR, as_of, today=today), today=today)
    return "\n".join(next(each.now for each in found.answers if each.number == number))


def test_only_what_can_be_is_told_of_a_test(store: Store) -> None:
    with pytest.raises(Forbidden):
        testing.enter(store, CHAIR, TEST)
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    for wrong, field in (
        (replace(TEST, kind="proef"), "kind"),
        (replace(TEST, held_on=tomorrow), "heldOn"),
        (replace(TEST, organisations=[]), "organisations"),
        (replace(TEST, organisations=["iedereen"]), "organisations"),
        (replace(TEST, person="misschien"), "person"),
        (replace(TEST, capability="misschien"), "capability"),
        (replace(TEST, title=" "), "title"),
    ):
        with pytest.raises(InvalidInput) as refused:
            testing.enter(store, ADVISER, wrong)
        assert [each.field for each in refused.value.problems] == [field]
    made = testing.enter(store, ADVISER, TEST, key="eens")
    assert testing.enter(store, ADVISER, TEST, key="eens") == made
    with pytest.raises(Conflict):
        testing.enter(store, ADVISER, replace(TEST, kind="ex_post"), key="eens")
    said = Heard("vwn", "partly", date(2022, 5, 1))
    for opinion, field in (
        (replace(said, organisation="svma"), "organisation"),
        (replace(said, satisfaction="blij"), "satisfaction"),
        (replace(said, said_on=tomorrow), "saidOn"),
    ):
        with pytest.raises(InvalidInput) as refused:
            testing.hear(store, ADVISER, made, opinion)
        assert [each.field for each in refused.value.problems] == [field]
    # The last that was said counts, whichever was recorded last.
    testing.hear(store, ADVISER, made, replace(said, satisfaction="satisfied"), key="twee")
    testing.hear(store, ADVISER, made, replace(said, satisfaction="satisfied"), key="twee")
    earlier = replace(said, satisfaction="not_satisfied", said_on=date(2022, 4, 1))
    testing.hear(store, ADVISER, made, earlier)
    with reading(store) as connection:
        known = one(connection, made)
    assert known
    assert [len(known.opinions), known.last["vwn"].satisfaction] == [2, "satisfied"]
    testing.withdraw(store, ADVISER, made)
    with pytest.raises(Refused) as gone:
        testing.hear(store, ADVISER, made, said)
    assert gone.value.refusal.code == testing.Code.TEST_WITHDRAWN
    with pytest.raises(NotFound):
        testing.withdraw(store, ADVISER, "T-00000000")
    with reading(store) as connection:
        assert held(connection) == []
    assert_sound(store)


def test_an_adjustment_answers_something_that_is_open_and_keeps_how_it_was_told(
    store: Store,
) -> None:
    theme = add(store, ADVISER, "Wachttijd").id
    told = signalling.Told("journal", date(2022, 1, 1), "Verzonnen", "Verzonnen.")
    signal = signalling.enter(store, ADVISER, told)
    reply = signalling.enter(store, ADVISER, replace(told, source="ind_staff", lawyers="no"))
    test = testing.enter(store, ADVISER, TEST)
    with pytest.raises(Forbidden):
        adjusting.enter(store, CHAIR, replace(CHANGE, themes=[theme]))
    with reading(store) as connection:
        tomorrow = moments.today(connection) + timedelta(days=1)
    good = replace(CHANGE, themes=[theme], signals=[signal], tests=[test])
    for wrong, field in (
        (CHANGE, "themes"),
        (replace(good, kind="belofte"), "kind"),
        (replace(good, status="ooit"), "status"),
        (replace(good, decided_by="iemand"), "decidedBy"),
        (replace(good, since=tomorrow), "since"),
        (replace(good, kind="none"), "reasons"),
        (replace(good, kind="none", status="in_force", reasons="Daarom."), "status"),
        (replace(good, signals=[reply]), "signals"),
        (replace(good, tests=["T-00000000"]), "tests"),
        (replace(good, title=" "), "title"),
    ):
        with pytest.raises(InvalidInput) as refused:
            adjusting.enter(store, ADVISER, wrong)
        assert [each.field for each in refused.value.problems] == [field]
    made = adjusting.enter(store, ADVISER, good, key="eens")
    assert adjusting.enter(store, ADVISER, good, key="eens") == made
    later = replace(good, status="in_force", since=date(2022, 6, 1), decided_by="ind")
    adjusting.change(store, ADVISER, made, later)
    with reading(store) as connection:
        assert [each.adjustment.status for each in tellings(connection, made)] == [
            "in_force",
            "proposed",
        ]
        for wanted, count in (
            (Wanted(kind="practice", status="in_force", decided_by="ind"), 1),
            (Wanted(theme=theme, signal=signal, test=test), 1),
            (Wanted(status="proposed"), 0),
            (Wanted(first=date(2022, 6, 2)), 0),
        ):
            assert len(adjustments(connection, wanted=wanted)) == count
        assert adjustments(connection, as_of=date(2022, 12, 31)) == []
    adjusting.withdraw(store, ADVISER, made)
    with pytest.raises(Refused) as gone:
        adjusting.change(store, ADVISER, made, later)
    assert gone.value.refusal.code == adjusting.Code.ADJUSTMENT_WITHDRAWN
    with pytest.raises(NotFound):
        adjusting.change(store, ADVISER, "A-00000000", later)
    assert_sound(store)


def test_answers_6_and_7_say_what_followed_and_how_satisfied_who_took_part_is(
    store: Store,
) -> None:
    assert [answer(store, 6), answer(store, 7)] == ["", ""]
    first = testing.enter(store, ADVISER, TEST)
    assert "1 toets afgerond" in answer(store, 6)
    # That nobody was asked is not that nobody is satisfied.
    assert answer(store, 7) == ""
    second = testing.enter(store, ADVISER, replace(TEST, kind="ex_post", capability="unknown"))
    testing.enter(store, ADVISER, replace(TEST, held_on=date(2021, 3, 1)))
    law = replace(CHANGE, kind="law", status="in_force", decided_by="legislator")
    adjusting.enter(store, ADVISER, replace(law, tests=[first, second]))
    nothing = replace(CHANGE, kind="none", status="decided", reasons="Daarom.")
    adjusting.enter(store, ADVISER, replace(nothing, tests=[second]))
    testing.hear(store, ADVISER, first, Heard("vwn", "partly", date(2022, 5, 1)))
    testing.hear(store, ADVISER, second, Heard("vwn", "not_satisfied", date(2022, 5, 1)))
    said = answer(store, 6)
    assert "2 toetsen afgerond: uitvoeringstoets (EAUT): 1, invoeringstoets: 1" in said
    assert "Bij 2 daarvan is gekeken naar het effect op de mens, bij 0 naar" in said
    assert "van 1 is een van beide niet bekend" in said
    assert "Op 2 daarvan volgden een of meer aanpassingen" in said
    assert "ingevoerd: 1. Bij 1 daarvan is vastgelegd dat er niets wordt aangepast" in said
    assert "1 aanpassing (ingevoerd: 1), en 1 keer dat er niets wordt aangepast" in said
    said = answer(store, 7)
    assert "samen 4 keer organisaties betrokken. Van 2 daarvan" in said
    assert "Uitvoeringsorganisaties: van geen enkele is het bekend." in said
    assert "tevreden: 0, deels tevreden: 1, niet tevreden: 1" in said
    # At a reference date from before any of it was recorded, nothing was registered.
    assert answer(store, 6, date(2022, 12, 31)) == ""
    assert_sound(store)


def test_what_is_named_still_stands_when_somebody_takes_it_back_at_once(store: Store) -> None:
    told = signalling.Told("journal", date(2022, 1, 1), "Verzonnen", "Verzonnen.")
    for _ in range(10):
        signal = signalling.enter(store, ADVISER, told)
        change = replace(CHANGE, signals=[signal])
        gone, made = together(
            partial(signalling.withdraw, store, ADVISER, signal),
            partial(adjusting.enter, store, ADVISER, change),
        )
        assert gone is None
        assert isinstance(made, str | InvalidInput)
        if isinstance(made, str):
            with reading(store) as connection:
                recorded = "select recorded_at from {} where {} = '{}' order by 1 desc limit 1"
                named, back = (
                    connection.scalar(text(recorded.format(*where)))
                    for where in (
                        ("adjustment_terms", "adjustment", made),
                        ("signal_terms", "signal", signal),
                    )
                )
            assert named < back
    assert_sound(store)
