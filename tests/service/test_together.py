"""Several people at once on real connections: one is first, nobody waits for ever, nothing is lost.

Names and cases are invented.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import text

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases import service
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command, Receipt
from kdt.errors import Conflict, KdtError, Refused
from kdt.meetings import service as meetings
from kdt.panels.planning import plan
from kdt.register import from_log
from kdt.register.figures import Query
from kdt.register.figures import figures as from_tallies
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Measure, Role
from tests import canary
from tests.support import assert_sound

ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
PLACES = ("Den Bosch", "Ter Apel")
# Each a chance for two writers to meet in another order.
ROUNDS = 3_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 300
AT_ONCE = 6
T = TypeVar("T")


def command(action: str, **given: object) -> Command:
    inputs = read(Action(action), canary.told(given))
    assert isinstance(inputs, Inputs), inputs
    return Command(Action(action), inputs)


def prepare(store: Store) -> date:
    """Two locations whose panels meet today; gives the day."""
    with store.engine.begin() as connection:
        today = clock.day(connection.execute(text("select clock_timestamp()")).scalar_one())
    for place in PLACES:
        meetings.create_location(store, ADMINISTRATOR, place)
    with store.engine.begin() as connection:
        plan(connection, [(panel, today) for panel in connection.scalars(text(_PANELS))])
    return today


_PANELS = "select id from panels"


def bring(store: Store, place: str, case: str, today: date, *, listed: bool = True) -> Receipt:
    """An escalation, on today's agenda of its local panel unless said otherwise."""
    opening = {"case": case, "location": place, "question": "decision", "ground": "buikpijn"}
    opening["decideBy"] = "2030-01-01"
    done = service.perform(
        store, officer(place), None, [command("open", **opening), command("submit")]
    )
    if not listed:
        return done
    with reading(store) as connection:
        panel = connection.scalar(
            text("select id from panels where location = :place"), {"place": place}
        )
    to_list = command("list", panel=panel, meetingOn=today.isoformat())
    return service.perform(store, secretary(place), done.escalation, [to_list])


def officer(place: str) -> Actor:
    return Actor(f"medewerker-{place}", Role.OFFICER, place)


def secretary(place: str) -> Actor:
    return Actor(f"secretaris-{place}", Role.SECRETARY, place)


def together(*work: Callable[[], T]) -> list[T | KdtError]:
    """Start all at the same moment, each on a thread and a connection of its own."""
    start = Barrier(len(work))

    def begin(one: Callable[[], T]) -> T | KdtError:
        start.wait()
        try:
            return one()
        except KdtError as error:
            return error

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(begin, work))


def agree(store: Store, today: date) -> dict[Measure, int]:
    """Today's figures, the same from the tallies and from the log."""
    with reading(store) as connection:
        for by in ((), ("level", "location", "question", "ground")):
            query = Query(today, today, by=by)
            assert from_tallies(connection, query) == from_log.figures(connection, query)
        rows = from_tallies(connection, Query(today, today))
    return dict(rows[0].amounts)


def test_of_many_with_the_same_version_one_succeeds(any_store: Store) -> None:
    today = prepare(any_store)
    outcomes = ("held_over", "information_requested")
    for number in range(10):
        listed = bring(any_store, PLACES[0], f"Z-{number}", today)

        def consider(which: int, listed: Receipt = listed) -> Receipt:
            wish = command("consider", outcome=outcomes[which % 2], reasons="Verzonnen.")
            return service.perform(
                any_store, secretary(PLACES[0]), listed.escalation, [wish], version=listed.version
            )

        said = together(*[lambda which=which: consider(which) for which in range(AT_ONCE)])
        assert len([one for one in said if isinstance(one, Receipt)]) == 1
        assert len([one for one in said if isinstance(one, Conflict)]) == AT_ONCE - 1
    assert agree(any_store, today)[Measure.CONSIDERED] == 10
    assert_sound(any_store)


def test_of_many_who_saw_no_version_one_considers(any_store: Store) -> None:
    today = prepare(any_store)
    for number in range(10):
        listed = bring(any_store, PLACES[0], f"Z-{number}", today)
        wish = command("consider", outcome="held_over", reasons="Verzonnen.")

        def consider(listed: Receipt = listed, wish: Command = wish) -> Receipt:
            return service.perform(any_store, secretary(PLACES[0]), listed.escalation, [wish])

        said = together(*[consider] * AT_ONCE)
        assert len([one for one in said if isinstance(one, Receipt)]) == 1
        refused = [one for one in said if isinstance(one, Refused)]
        assert Counter(one.refusal.code for one in refused) == {"not_in_phase": AT_ONCE - 1}
    assert agree(any_store, today)[Measure.CONSIDERED] == 10
    assert_sound(any_store)


@pytest.mark.slow
def test_two_panels_take_up_one_case_at_the_same_moment(store: Store) -> None:
    """Each case, brought from two locations, counts once in all and once at each."""
    today = prepare(store)
    for number in range(ROUNDS):
        both = [bring(store, place, f"Z-{number}", today) for place in PLACES]

        def consider(which: int, both: Sequence[Receipt] = tuple(both)) -> Receipt:
            wish = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
            return service.perform(store, secretary(PLACES[which]), both[which].escalation, [wish])

        said = together(lambda: consider(0), lambda: consider(1))
        assert all(isinstance(one, Receipt) for one in said), said
    amounts = agree(store, today)
    assert amounts[Measure.CONSIDERED] == 2 * ROUNDS
    assert amounts[Measure.CASES_HANDLED] == ROUNDS
    with reading(store) as connection:
        rows = from_tallies(connection, Query(today, today, by=("location",)))
    assert [row.amounts[Measure.CASES_HANDLED] for row in rows] == [ROUNDS, ROUNDS]
    assert_sound(store)


@pytest.mark.slow
def test_case_numbers_corrected_crosswise_never_wait_for_each_other(store: Store) -> None:
    """To and fro: giving a case the other's number, and voiding that, which brings the old one
    back without naming it."""
    today = prepare(store)
    cases = ("Z-een", "Z-twee")
    ids = []
    for place, case in zip(PLACES, cases, strict=True):
        done = bring(store, place, case, today)
        wish = command("consider", outcome="held_over", reasons="Verzonnen.")
        service.perform(store, secretary(place), done.escalation, [wish])
        ids.append(done.escalation)
    with reading(store) as connection:
        query = "select ref from entries where escalation_id = :id and seq = 1"
        openings = [str(connection.scalar(text(query), {"id": one})) for one in ids]

    def correct(which: int, replaces: str, **change: object) -> Receipt:
        wish = command("correct", replaces=replaces, reason="Verzonnen.", **change)
        return service.perform(store, secretary(PLACES[which]), ids[which], [wish])

    for number in range(ROUNDS // 6):
        swapped = together(
            lambda: correct(0, openings[0], **{"with": {"case": cases[1]}}),
            lambda: correct(1, openings[1], **{"with": {"case": cases[0]}}),
        )
        refs = [one.refs[0] for one in swapped if isinstance(one, Receipt)]
        assert len(refs) == 2, swapped
        back = together(*[partial(correct, which, refs[which], void=True) for which in (0, 1)])
        assert all(isinstance(one, Receipt) for one in back), back
        new = together(
            *[
                lambda which=which, number=number: correct(
                    which, openings[which], **{"with": {"case": f"Z-nieuw-{number}"}}
                )
                for which in (0, 1)
            ]
        )
        assert all(isinstance(one, Receipt) for one in new), new
        assert agree(store, today)[Measure.CASES_HANDLED] == 1
    assert_sound(store)


def test_one_key_used_at_once_has_one_effect_and_one_answer(any_store: Store) -> None:
    prepare(any_store)
    opening = {"location": PLACES[0], "question": "decision", "ground": "buikpijn"}
    for number in range(15):
        wish = command("open", case=f"Z-{number}", **opening)

        def open_it(wish: Command = wish, key: str = f"sleutel-{number}") -> Receipt:
            return service.perform(any_store, officer(PLACES[0]), None, [wish], key=key)

        said = together(*[open_it] * AT_ONCE)
        assert all(isinstance(one, Receipt) for one in said), said
        assert len({one.refs for one in said if isinstance(one, Receipt)}) == 1
    with reading(any_store) as connection:
        assert connection.scalar(text("select count(*) from entries")) == 15
    assert_sound(any_store)


def test_many_who_bring_one_new_case_number_make_one_case(store: Store) -> None:
    today = prepare(store)
    for number in range(15):
        said = together(
            *[
                lambda place=place, number=number: bring(
                    store, place, f"Z-{number}", today, listed=False
                )
                for place in PLACES * 2
            ]
        )
        assert all(isinstance(one, Receipt) for one in said), said
    with reading(store) as connection:
        assert connection.scalar(text("select count(*) from cases")) == 15
    assert_sound(store)
