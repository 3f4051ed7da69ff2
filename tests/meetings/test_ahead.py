"""A meeting read ahead: who says what of an item, what it lacks to go without discussion, and what
is then recorded so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.access.permissions import Code as Access
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import positions, proposals, service, view
from kdt.cases.around import Code
from kdt.errors import Conflict, Forbidden, InvalidInput, KdtError, NotFound, Refused
from kdt.ledger.service import By
from kdt.meetings import consenting
from kdt.meetings.agreeing import Lack, Missing, Reading, Said
from kdt.meetings.consenting import Taken
from kdt.meetings.figures import Standing, standings
from kdt.meetings.preparing import Prepared, preparation
from kdt.panels.planning import plan
from kdt.panels.queries import named_panels
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role, Stance
from tests import canary
from tests.service.test_together import (
    PLACES,
    bring,
    command,
    officer,
    prepare,
    secretary,
    together,
)
from tests.support import assert_sound

HERE, ELSEWHERE = PLACES
PANEL = "kdt-den-bosch"
CHAIR = Actor("voorzitter", Role.CHAIR, HERE)
MEMBER = Actor("lid", Role.MEMBER, HERE)
OTHER = Actor("ander lid", Role.MEMBER, HERE)
WISH = command("consider", outcome="decided", ruling="in_favour", reasons="Verzonnen.").inputs
SEATS = ("a", "b", "c", "d")


@pytest.fixture
def today(store: Store) -> date:
    """A panel of four that meets today; two must be there."""
    day = prepare(store)
    everyone = (officer(HERE), secretary(HERE), CHAIR, MEMBER, OTHER, secretary(ELSEWHERE))
    with writing(store) as connection:
        people = [Person(one.person, one.person, ((one.role, one.location),)) for one in everyone]
        enter(connection, By("beheer"), people)
        connection.execute(text("update meetings set attendance = 2"))
    return day


def refused(work: Callable[[], object], kind: type[KdtError] = Refused) -> str | None:
    with pytest.raises(kind) as raised:
        work()
    return raised.value.refusal.code if isinstance(raised.value, Refused) else None


def proposed(store: Store, today: date, case: str) -> tuple[str, int]:
    """An item with what is proposed of it."""
    one = bring(store, HERE, case, today).escalation
    return one, proposals.propose(store, officer(HERE), one, WISH)


def items(store: Store, today: date, *ids: str) -> list[Prepared]:
    with reading(store) as connection:
        return [*preparation(connection, HERE, 2, ids).items]


def agree(store: Store, one: str, proposal: int, *actors: Actor) -> None:
    for actor in actors:
        positions.give(store, actor, one, Stance.AGREE, proposal=proposal)


def test_what_is_said_of_an_item_counts_until_it_is_taken(store: Store, today: date) -> None:
    one, first = proposed(store, today, "Z-1")

    def give(
        actor: Actor, stance: Stance, reasons: str = "", proposal: int | None = None
    ) -> Callable[[], object]:
        return lambda: positions.give(store, actor, one, stance, reasons, proposal=proposal)

    refused(give(officer(HERE), Stance.DISCUSS), Forbidden)
    refused(give(secretary(ELSEWHERE), Stance.DISCUSS), NotFound)
    refused(give(MEMBER, Stance.OTHER, " "), InvalidInput)
    refused(give(MEMBER, Stance.RECUSED, "Familie."), InvalidInput)
    assert refused(give(MEMBER, Stance.AGREE)) == Code.OTHER_PROPOSAL
    give(MEMBER, Stance.OTHER, f"Verzonnen {canary.WORD}.")()
    agree(store, one, first, MEMBER, CHAIR)
    (item,) = items(store, today, one)
    assert item.proposed == {"outcome": "decided", "ruling": "in_favour"}
    assert item.reading.said[MEMBER.person] == Said(Stance.AGREE, first)
    assert item.reading.agreed
    # Another proposal is another thing to agree with.
    second = proposals.propose(store, secretary(HERE), one, WISH)
    (item,) = items(store, today, one)
    assert item.reading.owes(MEMBER.person)
    assert item.reading.missing == (Missing(Lack.AGREEMENT, 2),)
    assert refused(give(MEMBER, Stance.AGREE, proposal=first)) == Code.OTHER_PROPOSAL
    agree(store, one, second, MEMBER)
    # Who takes no part is missed by nobody, and says nothing more.
    give(CHAIR, Stance.RECUSED)()
    assert refused(give(CHAIR, Stance.DISCUSS)) == Access.RECUSED
    (item,) = items(store, today, one)
    assert {*item.reading.barred} == {CHAIR.person, officer(HERE).person}
    with reading(store) as connection:
        for actor, number in ((MEMBER, 2), (officer(HERE), 0)):
            seen = view.escalation(connection, [actor], one)
            assert seen is not None
            assert len(seen.positions) == number
        # Who brought it hears what the panel decides, also when they sit in it.
        both = [officer(HERE), Actor(officer(HERE).person, Role.MEMBER, HERE)]
        seen = view.escalation(connection, both, one)
        assert seen is not None
        assert seen.positions == ()
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    service.perform(store, secretary(HERE), one, [outcome])
    assert refused(give(MEMBER, Stance.DISCUSS)) == Code.ON_NO_AGENDA
    assert_sound(store)


def test_a_repeat_is_about_what_the_first_time_was_and_of_that_meeting_alone(
    store: Store, today: date
) -> None:
    tomorrow = today + timedelta(days=1)
    with writing(store) as connection:
        plan(connection, [(PANEL, tomorrow)])
    one, first = proposed(store, today, "Z-1")
    agree(store, one, first, MEMBER, CHAIR)
    elsewhere = consenting.record(store, [secretary(HERE)], PANEL, tomorrow, only=[one])
    assert (elsewhere.done, [left.escalation for left in elsewhere.failed]) == ((), [one])
    done = consenting.record(store, [secretary(HERE)], PANEL, today, key="twee")
    other, second = proposed(store, today, "Z-2")
    agree(store, other, second, MEMBER, CHAIR)
    assert consenting.record(store, [secretary(HERE)], PANEL, today, key="twee") == done
    assert [receipt.escalation for receipt in done.done] == [one]
    refused(
        lambda: consenting.record(store, [secretary(HERE)], PANEL, tomorrow, key="twee"), Conflict
    )
    assert items(store, today, other)[0].reading.agreed


def test_what_all_agree_on_is_recorded_at_once_and_counted_apart(store: Store, today: date) -> None:
    ids = [proposed(store, today, f"Z-{number}") for number in range(4)]
    for one, number in ids:
        agree(store, one, number, MEMBER, CHAIR)
    (lifted, _), *others = ids
    positions.give(store, OTHER, lifted, Stance.DISCUSS)
    refused(lambda: consenting.record(store, [MEMBER], "kdt-nergens", today), NotFound)
    refused(lambda: consenting.record(store, [MEMBER], PANEL, today), Forbidden)
    refused(lambda: consenting.record(store, [secretary(ELSEWHERE)], PANEL, today), NotFound)
    done = consenting.record(store, [secretary(HERE)], PANEL, today, only=[*dict(ids)], key="een")
    assert {one.escalation for one in done.done} == {one for one, _ in others}
    (left,) = done.failed
    assert left.escalation == lifted
    again = consenting.record(store, [secretary(HERE)], PANEL, today, only=[*dict(ids)], key="een")
    assert {*again.done} == {*done.done}
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    service.perform(store, secretary(HERE), lifted, [outcome])
    with reading(store) as connection:
        assert consenting.taken(connection, [PANEL], today, today) == {
            (PANEL, today): Taken(by_consent=3, discussed=1)
        }
        seen = view.escalation(connection, [secretary(HERE)], others[0][0])
    assert seen is not None
    assert seen.answer is not None
    assert (seen.answer.ruling, seen.answer.reasons) == ("in_favour", WISH.texts["reasons"])
    assert [one.consented for one in seen.entries] == [False, False, False, True]
    # Undone it counts no more, and what was said ahead counts again.
    void = command("correct", replaces=seen.answer.ref, reason="Verzonnen.", void=True)
    service.perform(store, secretary(HERE), others[0][0], [void])
    with reading(store) as connection:
        assert consenting.taken(connection, [PANEL], today, today) == {
            (PANEL, today): Taken(by_consent=2, discussed=1)
        }
    assert items(store, today, others[0][0])[0].reading.agreed
    assert_sound(store)


def test_how_a_panel_stands_is_one_line_for_each(store: Store, today: date) -> None:
    one, number = proposed(store, today, "Z-1")
    agree(store, one, number, MEMBER, CHAIR)
    consenting.record(store, [secretary(HERE)], PANEL, today)
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    for case in ("Z-2", "Z-3"):
        held = bring(store, HERE, case, today).escalation
        service.perform(store, secretary(HERE), held, [outcome])
    bring(store, ELSEWHERE, "Z-4", today, listed=False)
    with reading(store) as connection:
        panels = named_panels(connection, today)
        found = standings(connection, panels, today)
    assert found.keys() == {one.id for one in panels}
    here = found[PANEL]
    assert replace(here, minutes=None) == Standing(2, today, 2, 0, 1, 2, None)
    assert here.minutes is not None
    assert 0 <= here.minutes < 5
    assert found["kdt-ter-apel"] == Standing(1, today, 0, 0, 0, 0, None)


def test_who_lifts_an_item_while_it_is_recorded_is_first_or_too_late(
    store: Store, today: date
) -> None:
    for number in range(8):
        one, proposal = proposed(store, today, f"Z-{number}")
        agree(store, one, proposal, MEMBER, CHAIR)
        recorded, said = together(
            lambda: consenting.record(store, [secretary(HERE)], PANEL, today, only=[one]),  # noqa: B023
            lambda: positions.give(store, OTHER, one, Stance.DISCUSS),  # noqa: B023
        )
        assert isinstance(recorded, consenting.Consented)
        if recorded.done:
            assert isinstance(said, Refused)
        else:
            assert said is None
            assert recorded.failed
    assert_sound(store)


@given(
    said=st.dictionaries(
        st.sampled_from(SEATS),
        st.builds(
            Said,
            st.sampled_from([Stance.AGREE, Stance.DISCUSS, Stance.OTHER]),
            st.sampled_from([None, 1, 2]),
        ),
    ),
    barred=st.sets(st.sampled_from(SEATS)),
    proposal=st.sampled_from([None, 1, 2]),
    minimum=st.integers(0, 6),
)
def test_nothing_goes_without_discussion_that_somebody_did_not_agree_to(
    said: dict[str, Said], barred: set[str], proposal: int | None, minimum: int
) -> None:
    item = Reading(proposal, said, SEATS, barred, minimum)
    voices = {seat: one for seat, one in said.items() if seat not in barred}
    agreeing = [one for one in voices.values() if one == Said(Stance.AGREE, proposal)]
    against = [one for one in voices.values() if one.stance is not Stance.AGREE]
    enough = len(agreeing) >= max(1, min(minimum, len(SEATS) - len(barred)))
    assert item.agreed == (proposal is not None and not against and enough)
    assert item.agreed == (not item.missing)
    # What an inquiry is for is said in the meeting.
    assert not replace(item, inquiry=True).agreed
    assert all(one.count > 0 for one in item.missing)
    assert {seat for seat in SEATS if item.owes(seat)} == {
        seat for seat in SEATS if seat not in barred and seat not in item.counted
    }
