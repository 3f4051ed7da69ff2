"""Who takes no part, who goes on with a case, who stands in, and who reads it for a purpose."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from api.pages.steps import uncorrectable
from kdt.access import delegating, queries
from kdt.access.permissions import Actor, Code
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import around, service, view
from kdt.cases.queries import Filter, escalations_of
from kdt.cases.view import EscalationView
from kdt.errors import Forbidden, NotFound, Refused
from kdt.ledger.service import By
from kdt.procedure import Code as Procedure
from kdt.procedure import Refusal
from kdt.retention import service as retention
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes import service as themes
from kdt.vocabulary import Action, Purpose, Role
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

HERE, ELSEWHERE = PLACES[:2]
COLLEAGUE = Actor("collega", Role.OFFICER, HERE)
OTHER = Actor("vreemde", Role.OFFICER, ELSEWHERE)
CHAIR = Actor("voorzitter", Role.CHAIR, HERE)
MEMBER = Actor("lid", Role.MEMBER, HERE)
DEPUTY = Actor("plaatsvervanger", Role.SECRETARY, HERE)
EVERYWHERE = Actor("overal", Role.OFFICER)
ADMINISTRATOR = Actor("beheer", Role.ADMINISTRATOR)
OUTCOME = command("consider", outcome="held_over", reasons="Verzonnen.")


@pytest.fixture
def today(store: Store) -> date:
    """An organisation in which everybody is known."""
    day = prepare(store)
    everyone = (
        officer(HERE), COLLEAGUE, OTHER, CHAIR, MEMBER, DEPUTY, ADMINISTRATOR, secretary(HERE),
        EVERYWHERE,
    )  # fmt: skip
    with writing(store) as connection:
        people = [Person(one.person, one.person, ((one.role, one.location),)) for one in everyone]
        enter(connection, By("beheer"), people)
    return day


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.refusal.code


def barred(store: Store, actor: Actor, escalation: str) -> str:
    """Why an actor may not record the outcome."""
    return refusal(lambda: service.perform(store, actor, escalation, [OUTCOME]))


def person(store: Store, actor: Actor) -> Person:
    with reading(store) as connection:
        found = queries.person(connection, actor.person)
    assert found is not None
    return found


def fix(ref: str) -> service.Command:
    """Correct what was recorded."""
    return command("correct", replaces=ref, reason="Verzonnen.", **{"with": {"reasons": "Anders."}})


def void(ref: str) -> service.Command:
    """Take back what was recorded."""
    return command("correct", replaces=ref, reason="Verzonnen.", void=True)


def seen(store: Store, actors: tuple[Actor, ...], escalation: str) -> EscalationView | None:
    with reading(store) as connection:
        return view.escalation(connection, actors, escalation)


def facts(store: Store) -> list[tuple[str, str]]:
    """What the ledger says of escalations, in order."""
    with reading(store) as connection:
        found = connection.execute(
            text(
                "select subject_id, fact from ledger where subject = 'escalation' order by position"
            )
        )
        return [(row.subject_id, row.fact) for row in found]


def test_who_is_recused_takes_no_part(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    around.recuse(store, secretary(HERE), case, CHAIR.person)
    assert refusal(lambda: service.perform(store, CHAIR, case, [OUTCOME])) == Code.RECUSED
    shown = seen(store, (CHAIR,), case)
    assert shown is not None
    assert shown.recused == (Role.CHAIR,)
    (offered,) = (one for one in shown.actions if one.action is Action.CONSIDER)
    assert offered.refusal == Refusal(Code.RECUSED)
    done = service.perform(store, secretary(HERE), case, [OUTCOME])
    again = fix(done.refs[0])
    assert refusal(lambda: service.perform(store, CHAIR, case, [again])) == Code.RECUSED
    assert facts(store) == [(case, "recuse")]
    assert_sound(store)


def test_a_member_recuses_only_themselves_and_only_before_it_is_taken(
    store: Store, today: date
) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    not_theirs = refusal(lambda: around.recuse(store, MEMBER, case, CHAIR.person))
    assert not_theirs == around.Code.NOT_IN_PANEL
    around.recuse(store, MEMBER, case, MEMBER.person)
    again = refusal(lambda: around.recuse(store, MEMBER, case, MEMBER.person))
    assert again == around.Code.RECUSED_ALREADY
    with pytest.raises(Forbidden):
        around.recuse(store, officer(HERE), case, CHAIR.person)
    with pytest.raises(NotFound):
        around.recuse(store, Actor("elders", Role.CHAIR, ELSEWHERE), case, CHAIR.person)
    decided = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    service.perform(store, secretary(HERE), case, [decided])
    late = refusal(lambda: around.recuse(store, DEPUTY, case, CHAIR.person))
    assert late == around.Code.NOT_BEFORE_PANEL


def test_who_worked_on_the_case_is_recused_by_itself(store: Store, today: date) -> None:
    earlier = bring(store, HERE, "Z-1", today)
    later = bring(store, HERE, "Z-1", today)
    both = Actor(officer(HERE).person, Role.CHAIR, HERE)
    assert refusal(lambda: service.perform(store, both, later.escalation, [OUTCOME])) == (
        Procedure.BROUGHT_IT
    )
    around.hand_over(store, [officer(HERE)], officer(HERE).person, COLLEAGUE.person)
    holding = Actor(COLLEAGUE.person, Role.CHAIR, HERE)
    for one in (earlier, later):
        assert barred(store, holding, one.escalation) == Code.WORKED_ON_IT
    service.perform(store, CHAIR, later.escalation, [OUTCOME])


def test_who_a_case_is_handed_over_to_goes_on_with_it(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    assert seen(store, (COLLEAGUE,), case) is None
    no_colleague = refusal(
        lambda: around.hand_over(store, [secretary(HERE)], officer(HERE).person, OTHER.person)
    )
    assert no_colleague == around.Code.NO_COLLEAGUE
    nothing = refusal(
        lambda: around.hand_over(store, [OTHER], officer(HERE).person, COLLEAGUE.person)
    )
    assert nothing == around.Code.NOTHING_TO_HAND_OVER
    assert around.hand_over(store, [ADMINISTRATOR], officer(HERE).person, COLLEAGUE.person) == (
        around.HandedOver(went=1, stayed=0)
    )
    shown = seen(store, (COLLEAGUE,), case)
    assert shown is not None
    assert (shown.holder, shown.state.brought_by) == (COLLEAGUE.person, officer(HERE).person)
    with reading(store) as connection:
        (row,) = escalations_of(connection, [COLLEAGUE], Filter(), after=None, limit=9)
    assert row.id == case
    withdraw = command("withdraw", reason="Verzonnen.")
    gone = refusal(lambda: service.perform(store, officer(HERE), case, [withdraw]))
    assert gone == Code.HANDED_OVER
    service.perform(store, COLLEAGUE, case, [withdraw])
    assert facts(store) == [(case, "hand_over")]
    assert_sound(store)


def test_what_a_colleague_cannot_go_on_with_stays(store: Store, today: date) -> None:
    here = bring(store, HERE, "Z-1", today).escalation
    there = bring(store, ELSEWHERE, "Z-2", today).escalation
    for one in (HERE, ELSEWHERE):
        around.hand_over(store, [ADMINISTRATOR], officer(one).person, EVERYWHERE.person)

    def again(*actors: Actor, taker: str = COLLEAGUE.person) -> around.HandedOver:
        return around.hand_over(store, actors, EVERYWHERE.person, taker)

    with pytest.raises(Forbidden):
        again(MEMBER)
    for nobody in (EVERYWHERE.person, CHAIR.person, "niemand"):
        said = refusal(lambda to=nobody: again(EVERYWHERE, taker=to))  # type: ignore[misc]
        assert said == around.Code.NO_COLLEAGUE
    assert again(COLLEAGUE, secretary(HERE), EVERYWHERE) == around.HandedOver(went=1, stayed=1)
    assert refusal(lambda: again(EVERYWHERE)) == around.Code.NO_COLLEAGUE
    assert refusal(lambda: again(secretary(HERE))) == around.Code.NOTHING_TO_HAND_OVER
    with reading(store) as connection:
        assert around.holders(connection, [ADMINISTRATOR]) == {
            COLLEAGUE.person: 1,
            EVERYWHERE.person: 1,
        }
    assert facts(store) == [(one, "hand_over") for one in (here, there, here)]
    assert_sound(store)


def test_a_colleague_stands_in_until_a_day_and_both_are_kept(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    assert person(store, COLLEAGUE).standing_in == ()
    made = delegating.delegate(store, officer(HERE), COLLEAGUE.person, today, today)
    delegating.delegate(
        store, secretary(HERE), COLLEAGUE.person, today + timedelta(1), today + timedelta(2)
    )
    stands = person(store, COLLEAGUE)
    assert stands.standing_in == ((Role.OFFICER, HERE, officer(HERE).person),)
    acting = stands.actors[-1]
    withdraw = command("withdraw", reason="Verzonnen.")
    service.perform(store, acting, case, [withdraw])
    shown = seen(store, stands.actors, case)
    assert shown is not None
    last = shown.entries[-1]
    assert (last.person, last.on_behalf_of) == (COLLEAGUE.person, officer(HERE).person)
    assert shown.entries[0].on_behalf_of is None
    assert facts(store) == [(case, "stand_in")]
    with pytest.raises(NotFound):
        delegating.end(store, COLLEAGUE.person, made.id)
    delegating.end(store, officer(HERE).person, made.id)
    assert person(store, COLLEAGUE).standing_in == ()
    assert_sound(store)


def test_a_stand_in_is_bound_by_what_binds_who_is_away(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    for bars, said in (
        (officer(HERE).person, Procedure.BROUGHT_IT),
        (CHAIR.person, Code.RECUSED),
    ):
        if said is Code.RECUSED:
            around.recuse(store, secretary(HERE), case, CHAIR.person)
        stand_in = Actor(DEPUTY.person, Role.CHAIR, HERE, bars)
        assert barred(store, stand_in, case) == said
    lent = Actor(DEPUTY.person, Role.OFFICER, HERE, officer(HERE).person)
    opening = command("open", case="Z-2", location=HERE, question="decision", ground="other")
    assert refusal(lambda: service.perform(store, lent, None, [opening])) == Code.NOT_HERE
    with pytest.raises(Forbidden):
        delegating.delegate(store, lent, COLLEAGUE.person, today, today)


def test_a_stand_in_reads_for_who_is_away(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    delegating.delegate(store, officer(HERE), COLLEAGUE.person, today, today)
    for actors in (person(store, COLLEAGUE).actors, (officer(HERE),)):
        assert seen(store, actors, case) is not None
    with reading(store) as connection:
        found = connection.execute(
            text(
                "select d.person, r.own, d.about from reads r join read_details d "
                "on d.read_id = r.id order by r.id"
            )
        ).fetchall()
    assert [tuple(one) for one in found] == [
        (COLLEAGUE.person, False, officer(HERE).person),
        (officer(HERE).person, True, None),
    ]


def test_a_lent_capacity_is_for_what_is_done_with_a_case_alone(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    lent = Actor(COLLEAGUE.person, Role.SECRETARY, HERE, secretary(HERE).person)
    works: tuple[Callable[[], object], ...] = (
        lambda: around.recuse(store, lent, case, CHAIR.person),
        lambda: retention.place(store, lent, case, "Verzonnen."),
        lambda: themes.add(store, lent, "Verzonnen draad"),
        lambda: around.hand_over(store, [lent], officer(HERE).person, COLLEAGUE.person),
    )
    for work in works:
        with pytest.raises(Forbidden):
            work()
    delegating.delegate(store, secretary(HERE), COLLEAGUE.person, today, today)
    service.perform(store, lent, case, [OUTCOME])


def test_nobody_stands_in_who_no_longer_works_there(store: Store, today: date) -> None:
    delegating.delegate(store, officer(HERE), COLLEAGUE.person, today, today)
    with writing(store) as connection:
        connection.execute(
            text("delete from grants where person = :person"), {"person": COLLEAGUE.person}
        )
    assert person(store, COLLEAGUE).standing_in == ()


def test_somebody_stands_in_twice_on_days_apart_alone(store: Store, today: date) -> None:
    def delegate(first: int, last: int) -> None:
        days = today + timedelta(first), today + timedelta(last)
        delegating.delegate(store, officer(HERE), COLLEAGUE.person, *days)

    delegate(5, 96)
    for first, last in ((0, 5), (6, 7), (96, 97)):
        said = refusal(lambda one=first, other=last: delegate(one, other))  # type: ignore[misc]
        assert said == delegating.Code.STANDS_IN_ALREADY
    delegate(0, 4)
    delegate(97, 98)


def test_what_a_stand_in_did_is_work_of_who_was_away_too(store: Store, today: date) -> None:
    opening = command("open", case="Z-1", location=HERE, question="decision", ground="buikpijn")
    work = service.perform(store, officer(HERE), None, [opening]).escalation
    around.hand_over(store, [ADMINISTRATOR], officer(HERE).person, COLLEAGUE.person)
    delegating.delegate(store, COLLEAGUE, DEPUTY.person, today, today)
    stands_in = Actor(DEPUTY.person, Role.OFFICER, HERE, COLLEAGUE.person)
    service.perform(store, stands_in, work, [command("submit")])
    around.hand_over(store, [ADMINISTRATOR], COLLEAGUE.person, officer(HERE).person)
    later = bring(store, HERE, "Z-1", today).escalation
    for one in (DEPUTY, COLLEAGUE):
        assert barred(store, Actor(one.person, Role.CHAIR, HERE), later) == Code.WORKED_ON_IT


@pytest.mark.parametrize("corrected", [fix, void])
def test_what_a_panel_considered_is_not_corrected_for_who_brought_it(
    store: Store, today: date, corrected: Callable[[str], service.Command]
) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    ref = service.perform(store, CHAIR, case, [OUTCOME]).refs[0]
    stands_in = Actor(COLLEAGUE.person, Role.OFFICER, HERE, officer(HERE).person)
    for actor in (officer(HERE), stands_in):
        did = refusal(lambda one=actor: service.perform(store, one, case, [corrected(ref)]))  # type: ignore[misc]
        assert did == Procedure.BROUGHT_IT
    around.hand_over(store, [officer(HERE)], officer(HERE).person, COLLEAGUE.person)
    holds = refusal(lambda: service.perform(store, COLLEAGUE, case, [corrected(ref)]))
    assert holds == Code.NOT_HERE
    shown = seen(store, (COLLEAGUE,), case)
    assert shown is not None
    why_not = uncorrectable(shown, person(store, COLLEAGUE), shown.entries[-1])
    assert why_not == Refusal(Code.NOT_HERE)
    service.perform(store, CHAIR, case, [corrected(ref)])
    assert_sound(store)


def test_who_takes_no_part_reopens_nothing_and_takes_no_reopening_back(
    store: Store, today: date
) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    around.recuse(store, secretary(HERE), case, CHAIR.person)
    decided = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    service.perform(store, secretary(HERE), case, [decided])
    reopen = command("reopen", reason="Verzonnen.")
    brought = Actor(officer(HERE).person, Role.CHAIR, HERE)
    stands_in = Actor("tweede", Role.CHAIR, HERE, officer(HERE).person)
    barring = ((brought, Procedure.BROUGHT_IT), (stands_in, Procedure.BROUGHT_IT))
    for actor, said in (*barring, (CHAIR, Code.RECUSED)):
        assert refusal(lambda one=actor: service.perform(store, one, case, [reopen])) == said  # type: ignore[misc]
    ref = service.perform(store, Actor("tweede", Role.CHAIR, HERE), case, [reopen]).refs[0]
    back = void(ref)
    for actor, said in (*barring, (officer(HERE), Procedure.BROUGHT_IT), (CHAIR, Code.RECUSED)):
        assert refusal(lambda one=actor: service.perform(store, one, case, [back])) == said  # type: ignore[misc]
    service.perform(store, secretary(HERE), case, [back])
    assert_sound(store)


@pytest.mark.parametrize(
    ("taker", "first", "last", "said"),
    [
        (COLLEAGUE.person, 0, -1, delegating.Code.ENDS_BEFORE_IT_BEGINS),
        (COLLEAGUE.person, -1, 1, delegating.Code.BEGINS_IN_THE_PAST),
        (COLLEAGUE.person, 0, 92, delegating.Code.AWAY_TOO_LONG),
        (OTHER.person, 0, 1, delegating.Code.NO_STAND_IN),
        ("niemand", 0, 1, delegating.Code.NO_STAND_IN),
    ],
)
def test_days_and_colleagues_that_will_not_do(
    store: Store, today: date, taker: str, first: int, last: int, said: str
) -> None:
    def delegate() -> None:
        days = today + timedelta(first), today + timedelta(last)
        delegating.delegate(store, officer(HERE), taker, *days)

    assert refusal(delegate) == said


def test_a_colleagues_case_is_read_for_a_stated_purpose_alone(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    elsewhere = bring(store, ELSEWHERE, "Z-2", today).escalation
    assert seen(store, (COLLEAGUE,), case) is None
    for hidden in ("Z-2", elsewhere, "Z-niet"):
        with pytest.raises(NotFound):
            around.state_purpose(store, [COLLEAGUE], hidden, Purpose.QUALITY)
    with pytest.raises(Forbidden):
        around.state_purpose(store, [CHAIR], "Z-1", Purpose.QUALITY)
    stated = around.state_purpose(store, [COLLEAGUE], "Z-1", Purpose.QUALITY)
    assert stated == around.Stated((case,), Purpose.QUALITY, today)
    shown = seen(store, (COLLEAGUE,), case)
    assert shown is not None
    assert not any(one.enabled for one in shown.actions)
    with reading(store) as connection:
        assert escalations_of(connection, [COLLEAGUE], Filter(), after=None, limit=9) == []
    assert seen(store, (OTHER,), case) is None
    with writing(store) as connection:
        connection.execute(text("update stated_purposes set stated_on = stated_on - 1"))
    assert seen(store, (COLLEAGUE,), case) is None
    assert facts(store) == [(case, "state_purpose")]
