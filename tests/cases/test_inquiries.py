"""The guard against one more inquiry: what for, whether it was ordered before, who owes it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from kdt.cases import inquiries, service, view
from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.cases.inquiries import Debt
from kdt.errors import InvalidInput, Refused
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

PLACE = PLACES[0]
TOLD = "Verzonnen."
FOR = {"sought": TOLD, "consequences": TOLD}


def order(store: Store, escalation: str, due_on: date, **given: str) -> None:
    outcome = {"outcome": "inquiry_ordered", "inquiry": "interview", "reasons": TOLD}
    wish = command("consider", **outcome, **FOR, dueOn=due_on.isoformat(), **given)
    service.perform(store, secretary(PLACE), escalation, [wish])


def ordered_twice(store: Store, today: date) -> str:
    """An interview that was ordered, held, and ordered again."""
    escalation = bring(store, PLACE, "Z-1", today).escalation
    order(store, escalation, today)
    back = [command("report_back", findings=TOLD)]
    service.perform(store, officer(PLACE), escalation, back)
    panel = {"panel": f"kdt-{PLACE.lower().replace(' ', '-')}", "meetingOn": today.isoformat()}
    service.perform(store, secretary(PLACE), escalation, [command("list", **panel)])
    order(store, escalation, today)
    return escalation


def test_ordering_one_asks_what_for_and_by_when(store: Store) -> None:
    today = prepare(store)
    escalation = bring(store, PLACE, "Z-1", today).escalation
    outcome = {"outcome": "inquiry_ordered", "inquiry": "interview", "reasons": TOLD}
    with pytest.raises(InvalidInput) as wrong:
        service.perform(
            store, secretary(PLACE), escalation, [command("consider", **outcome, sought=TOLD)]
        )
    assert [one.field for one in wrong.value.problems] == ["consequences", "dueOn"]
    with pytest.raises(InvalidInput) as wrong:
        order(store, escalation, today - timedelta(days=1))
    assert [one.code for one in wrong.value.problems] == ["due_before_ordered"]
    order(store, escalation, today)
    with reading(store) as connection:
        seen = view.escalation(connection, [secretary(PLACE)], escalation)
    assert seen is not None
    assert seen.answer is not None
    assert str(seen.answer.sought).startswith(TOLD)
    assert str(seen.answer.consequences).startswith(TOLD)
    assert seen.answer.due_on == today
    assert_sound(store)


def test_a_second_order_is_counted_and_what_is_owed_comes_back(store: Store) -> None:
    today = prepare(store)
    escalation = ordered_twice(store, today)
    tomorrow = today + timedelta(days=1)
    with reading(store) as connection:
        found = inquiries.ordered(connection, [secretary(PLACE)], escalation)
        panel = connection.exec_driver_sql("select distinct panel from considerations").scalar_one()
        assert inquiries.again(connection, panel, today) == 1
        assert inquiries.again(connection, panel, tomorrow) == 0
        assert inquiries.owed(connection, "local", PLACE, today, 10) == []
        late = inquiries.owed(connection, "local", PLACE, tomorrow, 10)
        assert inquiries.debts(connection, tomorrow) == [Debt("local", PLACE, 1, 0)]
    assert [one.inquiry for one in found] == ["interview", "interview"]
    assert [(one.id, one.due_on) for one in late] == [(escalation, today)]
    settled = bring(store, PLACE, "Z-2", today).escalation
    decided = {"outcome": "decided", "ruling": "other", "reasons": TOLD}
    service.perform(store, secretary(PLACE), settled, [command("consider", **decided)])
    with reading(store) as connection:
        assert inquiries.debts(connection, today) == [Debt("local", PLACE, 0, 1)]
    assert_sound(store)


def test_what_is_owed_of_one_case_hides_nothing_of_another(store: Store) -> None:
    today = prepare(store)
    tomorrow = today + timedelta(days=1)
    twice = ordered_twice(store, today)
    once = bring(store, PLACE, "Z-2", today).escalation
    order(store, once, today)
    with reading(store) as connection:
        late = inquiries.owed(connection, "local", PLACE, tomorrow, 10)
        assert inquiries.debts(connection, tomorrow) == [Debt("local", PLACE, 2, 0)]
    assert {one.id for one in late} == {twice, once}


def test_another_outcome_is_explained_by_nothing_of_it(store: Store) -> None:
    today = prepare(store)
    escalation = bring(store, PLACE, "Z-1", today).escalation
    wish = command("consider", outcome="held_over", reasons=TOLD, sought=TOLD)
    with pytest.raises(Refused) as refused:
        service.perform(store, secretary(PLACE), escalation, [wish])
    assert refused.value.refusal.details["field"] == "sought"


def test_it_travels_in_a_history_file_from_the_fourth_version_on(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    today = prepare(store)
    ordered_twice(store, today)
    first, second = tmp_path / "eerst.jsonl", tmp_path / "opnieuw.jsonl"
    export_history(store, first, by="beheer")
    assert first.read_text("utf-8").startswith('{"kind": "history", "version": 5}')
    assert import_history(elsewhere, first, by="beheer").bad == []
    export_history(elsewhere, second, by="beheer")
    assert first.read_bytes() == second.read_bytes()
    older = first.read_text("utf-8").replace('"version": 5', '"version": 3', 1)
    old = tmp_path / "ouder.jsonl"
    old.write_text(older, "utf-8")
    bad = import_history(elsewhere, old, by="beheer").bad
    assert any("sought" in sentence for one in bad for sentence in one.problems)
