"""The IND-wide forum: anybody brings something, and it leads to rode draden, never to a ruling."""

from datetime import date, timedelta

import pytest

from kdt.access.permissions import Actor
from kdt.errors import Forbidden, InvalidInput, NotFound, Refused
from kdt.forum.queries import Item, item, items
from kdt.forum.service import Code, Concluded, bring, conclude, withdraw
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes.queries import theme
from kdt.themes.service import add
from kdt.vocabulary import Role
from tests.support import assert_sound

POLICY = Actor("beleid", Role.POLICY_ADVISER)
AUDITOR = Actor("auditor", Role.AUDITOR)


def today(store: Store) -> date:
    with reading(store) as connection:
        return moments.today(connection)


def known(store: Store, wanted: str) -> Item:
    with reading(store) as connection:
        found = item(connection, wanted)
    assert found
    return found


@pytest.mark.parametrize("role", Role)
def test_whoever_works_with_kdt_brings_something(store: Store, role: Role) -> None:
    made = bring(store, Actor("iemand", role), "Dit komt elke week terug.", key="k")
    assert bring(store, Actor("iemand", role), "Dit komt elke week terug.", key="k") == made
    assert known(store, made).waits
    with pytest.raises(InvalidInput):
        bring(store, Actor("iemand", role), "  ")
    assert_sound(store)


def test_it_leads_to_a_theme_there_is_to_a_new_one_or_to_none_with_reasons(store: Store) -> None:
    day, there = today(store), add(store, POLICY, "Wachttijd").id
    first, second, third = (bring(store, AUDITOR, f"Probleem {number}.") for number in range(3))
    assert conclude(store, POLICY, first, Concluded(day, "", there)) == there
    new = conclude(store, POLICY, second, Concluded(day, "", name="Zorg voor ouders"), key="k")
    again = Concluded(day, "", name="Zorg voor ouders")
    assert conclude(store, POLICY, second, again, key="k") == new
    with pytest.raises(InvalidInput) as wrong:
        conclude(store, POLICY, third, Concluded(day, " "))
    assert [one.field for one in wrong.value.problems] == ["reasons"]
    assert conclude(store, POLICY, third, Concluded(day, "Komt één keer voor.")) is None
    with reading(store) as connection:
        found = theme(connection, new or "")
        assert [one.theme for one in items(connection)] == [None, new, there]
    assert found
    assert (found.name, found.description) == ("Zorg voor ouders", "Probleem 1.")
    assert_sound(store)


def test_a_conclusion_told_again_holds_and_the_first_stays_in_the_ledger(store: Store) -> None:
    day, there = today(store), add(store, POLICY, "Wachttijd").id
    made = bring(store, AUDITOR, "Probleem.")
    conclude(store, POLICY, made, Concluded(day, "Geen rode draad."))
    conclude(store, POLICY, made, Concluded(day, "Toch wel.", there))
    found = known(store, made)
    assert (found.theme, found.conclusion, found.waits) == (there, "Toch wel.", False)
    assert_sound(store)


def test_only_who_keeps_themes_says_what_came_of_it_and_only_of_a_day_that_was(
    store: Store,
) -> None:
    day, made = today(store), bring(store, AUDITOR, "Probleem.")
    with pytest.raises(Forbidden):
        conclude(store, AUDITOR, made, Concluded(day, "Nee."))
    with pytest.raises(NotFound):
        conclude(store, POLICY, "F-00000000", Concluded(day, "Nee."))
    for wrong, fields in (
        (Concluded(day + timedelta(days=1), "Nee."), ["discussedOn"]),
        (Concluded(day - timedelta(days=1), "Nee."), ["discussedOn"]),
        (Concluded(day, "", "nergens"), ["theme"]),
        (Concluded(day, "", "nergens", "Ook een naam"), ["name", "theme"]),
    ):
        with pytest.raises(InvalidInput) as error:
            conclude(store, POLICY, made, wrong)
        assert [one.field for one in error.value.problems] == fields


def test_one_takes_back_what_one_brought_before_the_forum_took_it(store: Store) -> None:
    day, made = today(store), bring(store, AUDITOR, "Probleem.")
    with pytest.raises(Forbidden):
        withdraw(store, POLICY, made)
    withdraw(store, AUDITOR, made)
    with pytest.raises(Refused) as refused:
        conclude(store, POLICY, made, Concluded(day, "Nee."))
    assert refused.value.refusal.code == Code.FORUM_ITEM_WITHDRAWN
    taken = bring(store, AUDITOR, "Nog een probleem.")
    conclude(store, POLICY, taken, Concluded(day, "Nee."))
    with pytest.raises(Refused) as refused:
        withdraw(store, AUDITOR, taken)
    assert refused.value.refusal.code == Code.FORUM_ITEM_CONCLUDED
    assert_sound(store)
