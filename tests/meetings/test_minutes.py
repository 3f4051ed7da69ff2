"""The minutes: which entries they are once approved, and what is corrected afterwards."""

import json
from datetime import date

import pytest
from sqlalchemy import select, text

from kdt.access.permissions import Actor
from kdt.cases.service import Receipt, perform
from kdt.errors import Forbidden, Refused
from kdt.meetings import closing, minutes
from kdt.meetings.hall import Code
from kdt.meetings.minutes import Minutes
from kdt.panels import model
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Attested, Reopening, Role
from tests.canary import WORD
from tests.meetings.test_keeping import (
    PANEL,
    PLACE,
    SECRETARY,
    TODAY,
    brought,
    den_bosch,
    listed,
)
from tests.pages.test_statements import statements
from tests.service.test_together import command
from tests.support import assert_sound

__all__ = ["den_bosch"]
CHAIR = Actor("v-1", Role.CHAIR, PLACE)


def taken(store: Store, number: int) -> Receipt:
    one = brought(store, number)
    listed(store, one, TODAY)
    outcome = command("consider", outcome="held_over", reasons=f"Verzonnen {WORD} {number}.")
    return perform(store, SECRETARY, one, [outcome])


def read(store: Store) -> Minutes:
    with reading(store) as connection:
        found = minutes.read(connection, [CHAIR], PANEL, TODAY)
    assert found is not None
    return found


def refused(store: Store, digest: str) -> str:
    with pytest.raises(Refused) as wrong:
        minutes.approve(store, [CHAIR], PANEL, TODAY, digest)
    return str(wrong.value.refusal.code)


def corrected(store: Store, one: Receipt, **changes: object) -> None:
    given = {"replaces": one.refs[-1], "reason": "Verzonnen.", **changes}
    perform(store, SECRETARY, one.escalation, [command("correct", **given)])


def test_approved_minutes_stay_as_they_were_and_what_is_corrected_stands_beside(
    den_bosch: Store,
) -> None:
    first, second = taken(den_bosch, 1), taken(den_bosch, 2)
    left = brought(den_bosch, 3)
    listed(den_bosch, left, TODAY)
    draft = read(den_bosch)
    assert refused(den_bosch, draft.digest) == Code.MEETING_NOT_CLOSED
    closing.close(den_bosch, [SECRETARY], PANEL, TODAY, Attested.EVERYTHING, 2)
    # What was read before it was closed is not what would be approved.
    assert refused(den_bosch, draft.digest) == Code.MINUTES_CHANGED
    with pytest.raises(Forbidden):
        minutes.approve(den_bosch, [SECRETARY], PANEL, TODAY, read(den_bosch).digest)
    with reading(den_bosch) as connection:
        before = connection.scalar(text("select count(*) from reads"))
    seen = read(den_bosch)
    with reading(den_bosch) as connection:
        assert connection.scalar(text("select count(*) from reads")) == before + 2
    minutes.approve(den_bosch, [CHAIR], PANEL, TODAY, seen.digest)
    assert refused(den_bosch, seen.digest) == Code.MINUTES_APPROVED
    corrected(den_bosch, first, **{"with": {"reasons": "Beter verzonnen."}})
    corrected(den_bosch, second, void=True)
    now = read(den_bosch)
    assert now.approval is not None
    assert now.digest == seen.digest
    assert [one.answer for one in now.items] == [one.answer for one in seen.items]
    one, two = now.items
    assert one.now is not None
    assert str(one.now.reasons).startswith("Beter verzonnen.")
    assert not one.voided
    assert (two.now, two.voided) == (None, True)
    assert [row.id for row in now.not_reached] == [left]
    # Opened again it has no minutes until it is closed and they are approved anew.
    closing.reopen(den_bosch, [SECRETARY], PANEL, TODAY, Reopening.MISTAKEN)
    assert read(den_bosch).approval is None
    assert_sound(den_bosch)


def test_what_is_kept_of_minutes_is_no_text_and_outlives_the_texts(den_bosch: Store) -> None:
    one = taken(den_bosch, 1)
    closing.close(den_bosch, [SECRETARY], PANEL, TODAY, Attested.EVERYTHING, 1)
    minutes.approve(den_bosch, [CHAIR], PANEL, TODAY, read(den_bosch).digest)
    with writing(den_bosch) as connection:
        (content,) = connection.scalars(select(model.minutes.c.content))
    assert WORD not in content
    assert "Z-1" not in content
    assert [item["escalation"] for item in json.loads(content)["items"]] == [one.escalation]
    (item,) = read(den_bosch).items
    assert item.answer is not None
    assert not isinstance(item.answer.reasons, date)


def test_minutes_of_many_ask_as_much_as_of_one_and_log_each_that_is_read(den_bosch: Store) -> None:
    taken(den_bosch, 1)
    read(den_bosch)
    with statements(den_bosch) as few:
        read(den_bosch)
    for number in range(2, 9):
        taken(den_bosch, number)
    with reading(den_bosch) as connection:
        logged = "select count(*) from reads"
        before = connection.scalar(text(logged))
    with statements(den_bosch) as many:
        found = read(den_bosch)
    assert len(few) == len(many)
    assert [one.answer is not None for one in found.items] == [True] * 8
    with reading(den_bosch) as connection:
        assert connection.scalar(text(logged)) == before + 8
    # Whoever only knows of one of them reads that, and no more of the others than that they are.
    with reading(den_bosch) as connection:
        officer = Actor("ander", Role.OFFICER, PLACE)
        minutes_of = minutes.read(connection, [officer], PANEL, TODAY)
        assert minutes_of is not None
        assert [one.seen for one in minutes_of.items] == [None] * 8
    assert_sound(den_bosch)
