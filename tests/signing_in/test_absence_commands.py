"""What an administrator does for who is away or left, from the command line."""

from datetime import timedelta
from pathlib import Path

from click import Command
from click.testing import CliRunner

from kdt.access import queries
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.commands import hand_over
from kdt.errors import NotFound, Refused
from kdt.ledger.service import By
from kdt.people.commands import absence
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.service.test_together import PLACES, bring, officer, prepare
from tests.support import assert_sound

HERE, ELSEWHERE = PLACES
COLLEAGUE = Actor("collega", Role.OFFICER, HERE)


def test_who_left_is_stood_in_for_and_their_cases_go_to_a_colleague(
    store: Store, tmp_path: Path
) -> None:
    def typed(command: Command, *arguments: str) -> str:
        environment = {"KDT_HOME": str(tmp_path), "KDT_DATABASE_URL": store.url}
        done = CliRunner().invoke(command, arguments, env=environment, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def said(command: Command, *arguments: str) -> str:
        """Why it is refused."""
        try:
            typed(command, *arguments)
        except (NotFound, Refused) as refused:
            return str(refused)
        raise AssertionError(arguments)

    today = prepare(store)
    left = officer(HERE).person
    both = Person(left, "Verzonnen", ((Role.OFFICER, HERE), (Role.OFFICER, ELSEWHERE)))
    with writing(store) as connection:
        enter(connection, By("beheer"), [both, Person(COLLEAGUE.person, "C", (_capacity(),))])
    bring(store, HERE, "Z-1", today, listed=False)
    days = (today.isoformat(), (today + timedelta(days=7)).isoformat())
    added = typed(
        absence, "add", left, COLLEAGUE.person, "officer", *days, "--location", HERE, "--by", "anna"
    ).strip()
    line = f"{added}\t{left}\t{COLLEAGUE.person}\tbeslismedewerker, {HERE}\t{days[0]}\t{days[1]}\n"
    assert typed(absence, "list") == line
    with reading(store) as connection:
        stands_in = queries.person(connection, COLLEAGUE.person)
    assert stands_in is not None
    assert stands_in.standing_in == ((Role.OFFICER, HERE, left),)
    not_theirs = ("add", left, COLLEAGUE.person, "chair", *days, "--location", HERE)
    assert said(absence, *not_theirs).startswith("Deze persoon heeft deze rol hier niet")
    typed(absence, "end", added, "--by", "anna")
    assert typed(absence, "list") == ""
    assert said(absence, "end", added).startswith("Deze pagina of voorlegging bestaat niet")
    assert typed(hand_over, "list") == f"{left}\t1\n"
    went = typed(hand_over, "all", left, COLLEAGUE.person, "--by", "anna")
    assert went == "Overgedragen: 1 voorlegging. Gebleven: 0 voorleggingen.\n"
    assert typed(hand_over, "list") == f"{COLLEAGUE.person}\t1\n"
    assert said(hand_over, "all", left, COLLEAGUE.person).startswith("Er is niets om over te")
    assert_sound(store)


def _capacity() -> tuple[Role, str | None]:
    return COLLEAGUE.role, COLLEAGUE.location
