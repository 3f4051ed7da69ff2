"""The term of a case is suspended: by whom, and what follows for its deadline."""

from collections.abc import Callable
from datetime import date

import pytest

from kdt.access.permissions import Actor
from kdt.access.permissions import Code as Access
from kdt.cases import service, suspending
from kdt.cases.before_panel import queue
from kdt.cases.suspending import Code, Suspension
from kdt.errors import Conflict, Forbidden, NotFound, Refused
from kdt.meetings.service import create_location
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role, SuspensionGround
from tests.service.test_together import ADMINISTRATOR, command, officer, secretary
from tests.support import assert_sound

HERE = "Den Bosch"
OFFICER, SECRETARY = officer(HERE), secretary(HERE)
GROUND = SuspensionGround.INCOMPLETE
FIRST, LAST = date(2029, 12, 10), date(2029, 12, 19)


@pytest.fixture
def den_bosch(store: Store) -> Store:
    create_location(store, ADMINISTRATOR, HERE)
    return store


def brought(store: Store, case: str, decide_by: str | None) -> str:
    opening = {"case": case, "location": HERE, "question": "decision", "ground": "other"}
    given = opening if decide_by is None else {**opening, "decideBy": decide_by}
    commands = [command("open", **given), command("submit")]
    return service.perform(store, OFFICER, None, commands).escalation


def deadlines(store: Store) -> list[tuple[str | None, date | None, bool]]:
    """Of what waits, in order: the case, its deadline, and whether that is suspended."""
    with reading(store) as connection:
        found = queue(connection, "local", HERE)
    return [(one.case_number, one.deadline, one.suspended) for one in found]


def test_the_deadline_and_the_place_follow(den_bosch: Store) -> None:
    first, second = brought(den_bosch, "Z-1", "2030-01-01"), brought(den_bosch, "Z-2", "2030-01-05")
    brought(den_bosch, "Z-3", None)
    made = suspending.suspend(den_bosch, SECRETARY, first, FIRST, None, GROUND)
    # Of those without a day the order hangs on their ids.
    first_one, *rest = deadlines(den_bosch)
    assert first_one == ("Z-2", date(2030, 1, 5), False)
    assert sorted(rest, key=str) == [("Z-1", None, True), ("Z-3", None, False)]
    assert suspending.end(den_bosch, OFFICER, first, made.number, LAST).last_on == LAST
    assert suspending.end(den_bosch, OFFICER, first, made.number, LAST).last_on == LAST
    assert deadlines(den_bosch)[1] == ("Z-1", date(2030, 1, 11), False)
    suspending.withdraw(den_bosch, OFFICER, first, made.number)
    assert deadlines(den_bosch)[0] == ("Z-1", date(2030, 1, 1), False)
    suspending.suspend(den_bosch, OFFICER, second, FIRST, LAST, GROUND)
    assert_sound(den_bosch)


def test_a_corrected_deadline_is_moved_as_the_first_was(den_bosch: Store) -> None:
    case = brought(den_bosch, "Z-1", "2030-01-01")
    suspending.suspend(den_bosch, OFFICER, case, FIRST, LAST, GROUND)
    with den_bosch.engine.connect() as connection:
        ref = connection.exec_driver_sql("select ref from entries where seq = 1").scalar_one()
    correction = {"replaces": ref, "reason": "Verzonnen.", "with": {"decideBy": "2030-02-01"}}
    done = service.perform(den_bosch, OFFICER, case, [command("correct", **correction)])
    assert deadlines(den_bosch) == [("Z-1", date(2030, 2, 11), False)]
    undone = {"replaces": done.refs[0], "reason": "Verzonnen.", "void": True}
    service.perform(den_bosch, OFFICER, case, [command("correct", **undone)])
    assert deadlines(den_bosch) == [("Z-1", date(2030, 1, 11), False)]
    assert_sound(den_bosch)


def test_a_repeat_gives_the_same_and_another_request_does_not(den_bosch: Store) -> None:
    case = brought(den_bosch, "Z-1", "2030-01-01")

    def once(last: date | None) -> Suspension:
        return suspending.suspend(den_bosch, OFFICER, case, FIRST, last, GROUND, key="sleutel")

    assert once(LAST) == once(LAST)
    with pytest.raises(Conflict):
        once(None)
    with reading(den_bosch) as connection:
        assert len(suspending.suspensions_of(connection, case)) == 1


def test_what_cannot_be_is_refused(den_bosch: Store) -> None:
    case, without = brought(den_bosch, "Z-1", "2030-01-01"), brought(den_bosch, "Z-2", None)

    def code(work: Callable[[], object]) -> object:
        with pytest.raises(Refused) as refused:
            work()
        return refused.value.refusal.code

    def tried(actor: Actor, one: str, first: date, last: date | None = None) -> object:
        return code(lambda: suspending.suspend(den_bosch, actor, one, first, last, GROUND))

    assert tried(OFFICER, without, FIRST) == Code.NO_TERM
    assert tried(OFFICER, case, date(2030, 1, 2)) == Code.TERM_PASSED
    assert tried(OFFICER, case, LAST, FIRST) == Code.ENDS_BEFORE_IT_BEGINS
    assert tried(OFFICER, case, FIRST, date(2050, 1, 1)) == Code.SUSPENDED_TOO_LONG
    made = suspending.suspend(den_bosch, OFFICER, case, FIRST, LAST, GROUND)
    again = date(2029, 12, 20)
    ended = code(lambda: suspending.end(den_bosch, OFFICER, case, made.number, again))
    assert ended == Code.SUSPENSION_ENDED
    with pytest.raises(NotFound):
        suspending.end(den_bosch, OFFICER, case, made.number + 1, LAST)
    with pytest.raises(NotFound):
        suspending.withdraw(den_bosch, officer("Ter Apel"), case, made.number)
    with pytest.raises(Forbidden):
        suspending.withdraw(den_bosch, Actor("lid", Role.MEMBER, HERE), case, made.number)
    service.perform(den_bosch, OFFICER, case, [command("withdraw", reason="Verzonnen.")])
    assert tried(OFFICER, case, FIRST) == Access.ANSWERED_ALREADY
