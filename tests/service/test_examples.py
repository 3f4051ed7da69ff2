"""What chance does not reach through the service, and what it once got wrong, each by example."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.cases import dossiers, service
from kdt.cases.inputs import Inputs
from kdt.cases.lookups import Code as Lookup
from kdt.cases.recording import Batch, Dossier, record
from kdt.cases.service import Command, Receipt
from kdt.errors import Refused
from kdt.procedure import Act, Code, Refusal
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Phase, Role
from tests.service.reach import BY_EXAMPLE
from tests.service.test_together import (
    PLACES,
    bring,
    command,
    officer,
    prepare,
    secretary,
    together,
)
from tests.service.world import World
from tests.support import assert_sound

PLACE = PLACES[0]


def refusal(work: Callable[[], Receipt]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.refusal.code


def test_a_panel_corrects_its_own_considerations_alone(store: Store) -> None:
    today = prepare(store)
    brought = bring(store, PLACES[0], "Z-eigen", today)
    outcome = command("consider", outcome="referred_up", reasons="Verzonnen.")
    sent_up = service.perform(store, secretary(PLACES[0]), brought.escalation, [outcome])
    wish = command(
        "correct",
        replaces=sent_up.refs[0],
        reason="Verzonnen.",
        **{"with": {"outcome": "held_over"}},
    )

    def correct(actor: Actor) -> Receipt:
        return service.perform(store, actor, brought.escalation, [wish])

    national = Actor("secretaris-landelijk", Role.SECRETARY)
    assert refusal(lambda: correct(national)) == permissions.Code.NOT_HERE
    assert correct(secretary(PLACES[0])).level == "local"


def test_an_outcome_no_version_knows(store: Store) -> None:
    listed = bring(store, PLACE, "Z-1", prepare(store))
    advised = Command(Action.CONSIDER, Inputs({"outcome": "advised"}, {"reasons": "Verzonnen."}))
    perform = service.perform
    said = refusal(lambda: perform(store, secretary(PLACE), listed.escalation, [advised]))
    assert said == Code.OUTCOME_UNKNOWN


def test_a_correction_that_changes_nothing(store: Store) -> None:
    listed = bring(store, PLACE, "Z-1", prepare(store))
    given = {"replaces": listed.refs[0], "with": {}}
    nothing = Command(Action.CORRECT, Inputs(given, {"reason": "Verzonnen."}))
    perform = service.perform
    said = refusal(lambda: perform(store, secretary(PLACE), listed.escalation, [nothing]))
    assert said == Code.CORRECTS_NOTHING


def test_recorded_before_the_entry_before() -> None:
    """Only who has moments of his own, as an import has, can come here."""
    now = datetime(2022, 3, 1, 12, tzinfo=UTC)
    dossier = Dossier("V-1", seq=1, recorded_at=now)
    earlier = now - timedelta(seconds=1)
    act = Act("2", Action.SUBMIT, "x", Role.OFFICER, earlier.date(), earlier, earlier.date())
    said = record(
        dossier,
        act,
        {},
        Batch(),
        case_book=lambda _: [],
        act_book=lambda: (),
        opening_version=1,
    )
    assert said == Refusal(Code.RECORDED_BEFORE_PREVIOUS)


def test_an_officer_acts_on_own_cases_alone(store: Store) -> None:
    done = bring(store, PLACE, "Z-1", prepare(store), listed=False)
    with reading(store) as connection:
        row = connection.execute(text("select * from escalations")).one()
    state = dossiers.state(row)
    assert state is not None
    assert state.phase is Phase.QUEUED
    other = replace(officer(PLACE), person="medewerker-ander")
    said = permissions.refused(other, Action.WITHDRAW, Matter(state))
    assert said == Refusal(permissions.Code.NOT_YOURS)
    assert permissions.refused(officer(PLACE), Action.WITHDRAW, Matter(state)) is None
    assert done.escalation == row.id


def test_every_refusal_left_to_an_example_has_one() -> None:
    assert BY_EXAMPLE.keys() == {
        Code.OUTCOME_UNKNOWN,
        Code.CORRECTS_NOTHING,
        Code.RECORDED_BEFORE_PREVIOUS,
        permissions.Code.NOT_YOURS,
        permissions.Code.HANDED_OVER,
        permissions.Code.RECUSED,
        # Beside the model: each stands where its reason in `BY_EXAMPLE` says.
        permissions.Code.ANSWERED_ALREADY,
        Lookup.MEETING_CLOSED,
    }


def test_a_clock_that_ran_back_does_not_run_back_in_the_record(a_world: World) -> None:
    actor = Actor("medewerker-1", Role.OFFICER, PLACE)
    opening = {"case": "Z-1", "location": PLACE, "question": "decision", "ground": "other"}
    store, first = a_world.store, a_world.now
    done = service.perform(store, actor, None, [command("open", **opening)])
    a_world.set_clock(first - timedelta(minutes=5))
    service.perform(store, actor, done.escalation, [command("submit")])
    with reading(store) as connection:
        moments = connection.scalars(text("select recorded_at from entries order by seq")).all()
    assert moments == [first, first]


def test_a_correction_sees_what_the_same_request_did_before_it(store: Store) -> None:
    """Once it read the past from the database, where the rest of the request was not yet."""
    today = prepare(store)
    queued = bring(store, PLACE, "Z-1", today, listed=False)
    listed = bring(store, PLACE, "Z-2", today)
    change = {"replaces": queued.refs[0], "reason": "Verzonnen.", "with": {"ground": "complex"}}
    end_and_correct = [
        command("withdraw", reason="Verzonnen."),
        command("correct", **change),
        command("correct", **change),
    ]
    done = service.perform(store, officer(PLACE), queued.escalation, end_and_correct)
    assert (done.phase, done.version) == (Phase.WITHDRAWN, 5)
    again = {**change, "replaces": listed.refs[0], "with": {"occurredOn": today.isoformat()}}
    held_over = command("consider", outcome="held_over", reasons="Verzonnen.")
    both = [held_over, command("correct", **again)]
    assert service.perform(store, secretary(PLACE), listed.escalation, both).phase == Phase.QUEUED
    assert_sound(store)


def test_voided_case_numbers_do_not_wait_crosswise(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever locks one case and later another leaves time here for somebody to come between."""
    today = prepare(store)
    cases = ("Z-een", "Z-twee")
    brought = [bring(store, *pair, today) for pair in zip(PLACES, cases, strict=True)]
    with reading(store) as connection:
        query = text("select escalation_id, ref from entries where seq = 1")
        openings = {row.escalation_id: row.ref for row in connection.execute(query)}

    def correct(which: int, replaces: str, **change: object) -> Receipt:
        wish = command("correct", replaces=replaces, reason="Verzonnen.", **change)
        escalation = brought[which].escalation
        return service.perform(store, secretary(PLACES[which]), escalation, [wish])

    swapped = [
        correct(which, openings[brought[which].escalation], **{"with": {"case": cases[1 - which]}})
        for which in (0, 1)
    ]
    moment = dossiers.moment

    def slowly(connection: Connection, cases: Iterable[str] = ()) -> dossiers.Moment:
        locked = moment(connection, cases)
        time.sleep(0.1)
        return locked

    monkeypatch.setattr(dossiers, "moment", slowly)
    back = together(
        lambda: correct(0, swapped[0].refs[0], void=True),
        lambda: correct(1, swapped[1].refs[0], void=True),
    )
    assert all(isinstance(one, Receipt) for one in back), back
    assert_sound(store)
