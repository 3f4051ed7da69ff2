"""What is proposed as an outcome: by whom, how long it stands, and that it moves nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text

from kdt.access.permissions import Actor
from kdt.audit.changes import changes
from kdt.cases import around, proposals, service, view
from kdt.cases.inputs import Inputs
from kdt.cases.view import EscalationView
from kdt.errors import Conflict, Forbidden, KdtError, NotFound, Refused
from kdt.ledger.table import Subject
from kdt.procedure import Code
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests import canary
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

HERE, ELSEWHERE = PLACES
MEMBER = Actor("lid", Role.MEMBER, HERE)
AUDITOR = Actor("toezicht", Role.AUDITOR)


@pytest.fixture
def today(store: Store) -> date:
    return prepare(store)


def wanted(outcome: str = "decided", **detail: str) -> Inputs:
    details = detail or ({"ruling": "in_favour"} if outcome == "decided" else {})
    return command("consider", outcome=outcome, reasons="Verzonnen.", **details).inputs


def seen(store: Store, actor: Actor, escalation: str) -> EscalationView:
    with reading(store) as connection:
        found = view.escalation(connection, [actor], escalation)
    assert found is not None
    return found


def refused(work: Callable[[], object], kind: type[KdtError] = Refused) -> str | None:
    with pytest.raises(kind) as raised:
        work()
    return raised.value.refusal.code if isinstance(raised.value, Refused) else None


def test_the_newest_counts_until_the_panel_has_considered_it(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    first = proposals.propose(store, officer(HERE), case, wanted())
    second = proposals.propose(store, secretary(HERE), case, wanted("held_over"), key="een")
    assert second == proposals.propose(store, secretary(HERE), case, wanted("held_over"), key="een")
    refused(lambda: proposals.propose(store, secretary(HERE), case, wanted(), key="een"), Conflict)
    found = seen(store, officer(HERE), case)
    assert [one.seq for one in found.proposals] == [first, second]
    assert found.proposal is not None
    assert found.proposal.values == {"outcome": "held_over"}
    assert found.proposal.role is Role.SECRETARY
    assert found.proposal.reasons == f"Verzonnen. {canary.WORD}"
    outcome = command("consider", outcome="held_over", reasons="Verzonnen.")
    done = service.perform(store, secretary(HERE), case, [outcome])
    assert seen(store, officer(HERE), case).proposal is None
    # What was undone did not happen: what was proposed then stands again.
    void = command("correct", replaces=done.refs[0], reason="Verzonnen.", void=True)
    service.perform(store, secretary(HERE), case, [void])
    assert seen(store, officer(HERE), case).proposal == found.proposal
    assert_sound(store)


def test_who_proposes_what(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation

    def propose(actor: Actor, outcome: Inputs | None = None) -> Callable[[], object]:
        return lambda: proposals.propose(store, actor, case, outcome or wanted())

    refused(propose(MEMBER), Forbidden)
    refused(propose(secretary(ELSEWHERE)), NotFound)
    assert refused(propose(secretary(HERE), wanted("unresolved"))) == Code.OUTCOME_NOT_AT_LEVEL
    assert refused(propose(secretary(HERE), wanted("held_over", ruling="other"))) == (
        Code.FIELD_NOT_ALLOWED
    )
    # Who brought it and now sits in the panel decides nothing, and proposes as who brought it.
    both = Actor(officer(HERE).person, Role.SECRETARY, HERE)
    assert refused(propose(both)) == Code.BROUGHT_IT
    service.perform(store, officer(HERE), case, [command("withdraw", reason="Verzonnen.")])
    assert refused(propose(officer(HERE))) == around.Code.WAITS_FOR_NO_PANEL
    refused(propose(Actor("ander", Role.OFFICER, HERE)), NotFound)


def test_what_is_written_of_it_is_read_with_the_case_alone(store: Store, today: date) -> None:
    case = bring(store, HERE, "Z-1", today).escalation
    proposals.propose(store, officer(HERE), case, wanted())
    (told,) = changes(store, [AUDITOR], subject=Subject.ESCALATION)
    assert told.fact == "propose"
    assert "reasons" not in told.details
    # Who may not know of the case is shown nothing of it by the database either.
    texts = text("select count(*) from ledger_texts where subject = 'escalation'")
    for scope, shown in (('{"texts": {"locations": ["Ter Apel"]}}', 0), (_HERE, 1)):
        with reading(store.within(scope)) as connection:
            assert connection.scalar(texts) == shown


_HERE = '{"rows": {"locations": ["Den Bosch"]}, "texts": {"locations": ["Den Bosch"]}}'
