"""The rules of law: which holds for which application, and how far ahead one is warned."""

from datetime import date

import pytest

from kdt.access.permissions import Actor
from kdt.deadlines import rules, service
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Rule, in_force, proposed
from kdt.errors import Forbidden, InvalidInput
from kdt.panels.queries import named_places
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.service.test_together import ADMINISTRATOR
from tests.support import assert_sound

SIX = Rule("Verzonnen aanvraag", "Verzonnen wet, artikel 1", Term(6, Unit.MONTHS), 9)
EIGHT = Rule("Verzonnen aanvraag", "Verzonnen wet, artikel 2", Term(8, Unit.WEEKS))


def test_an_application_has_the_rule_of_its_own_day(store: Store) -> None:
    rule = service.set_rule(store, ADMINISTRATOR, SIX, date(2020, 1, 1))
    assert service.set_rule(store, ADMINISTRATOR, EIGHT, date(2025, 1, 1), rule) == rule
    # The same again changes nothing, and of two that speak of one day the later counts.
    service.set_rule(store, ADMINISTRATOR, EIGHT, date(2025, 1, 1), rule)
    ended = Rule(SIX.name, SIX.source, SIX.term, open=False)
    service.set_rule(store, ADMINISTRATOR, SIX, date(2030, 1, 1), rule)
    service.set_rule(store, ADMINISTRATOR, ended, date(2030, 1, 1), rule)
    with reading(store) as connection:
        timeline = rules.timelines(connection)[rule]
    found = [in_force(timeline, date(year, 6, 15)) for year in (2019, 2020, 2025, 2030)]
    assert found == [None, SIX, EIGHT, None]
    assert SIX.deadline(date(2024, 8, 31), extended=False) == date(2025, 2, 28)
    assert SIX.deadline(date(2024, 8, 31), extended=True) == date(2025, 11, 30)
    assert EIGHT.deadline(date(2025, 1, 1), extended=True) == date(2025, 2, 26)
    assert_sound(store)


def test_nothing_holds_until_somebody_takes_it_over(store: Store) -> None:
    assert all(one.source and one.term.count for one in proposed())
    with reading(store) as connection:
        assert not rules.timelines(connection)


def test_one_is_warned_as_far_ahead_as_was_chosen_for_the_day(store: Store) -> None:
    service.warn_ahead(store, ADMINISTRATOR, 10, date(2026, 1, 1))
    service.warn_ahead(store, ADMINISTRATOR, 3, date(2027, 1, 1))
    with reading(store) as connection:
        days = [date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 1)]
        found = [named_places(connection, day).ahead for day in days]
    assert found == [rules.BEGINS_AT, 10, 3]
    assert_sound(store)


def test_what_is_no_term_is_refused_and_only_an_administrator_chooses(store: Store) -> None:
    day = date(2026, 1, 1)
    for wrong in (Rule("X", "Y", Term(0, Unit.DAYS)), Rule(" ", "Y", SIX.term)):
        with pytest.raises(InvalidInput):
            service.set_rule(store, ADMINISTRATOR, wrong, day)
    with pytest.raises(InvalidInput):
        service.warn_ahead(store, ADMINISTRATOR, 61)
    with pytest.raises(Forbidden):
        service.set_rule(store, Actor("chef", Role.MANAGER), SIX, day)
