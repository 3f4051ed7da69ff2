"""An administrator's work on panels and locations, from the command line."""

from sqlalchemy import text

from kdt import words
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.service import perform
from kdt.ledger.service import By
from kdt.meetings.closing import close
from kdt.meetings.service import create_location
from kdt.panels.planning import plan
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.vocabulary import Attested, Role
from tests.service.test_together import ADMINISTRATOR, bring, command, secretary
from tests.typing_in import Kdt


def test_minutes_are_read_and_approved_by_command(kdt: Kdt, store: Store) -> None:
    create_location(store, ADMINISTRATOR, "Den Bosch")
    with writing(store) as connection:
        day = moments.today(connection)
        plan(connection, [("kdt-den-bosch", day)])
        chair = Person("v-1", "Vera", ((Role.CHAIR, "Den Bosch"),))
        enter(connection, By("beheer"), [chair, Person("m-1", "Mo", ((Role.MANAGER, None),))])
    bring(store, "Den Bosch", "Z-1", day)
    taken = bring(store, "Den Bosch", "Z-2", day)
    decided = command("consider", outcome="decided", ruling="against", reasons="Verzonnen.")
    perform(store, secretary("Den Bosch"), taken.escalation, [decided])
    close(store, list(chair.actors), "kdt-den-bosch", day, Attested.EVERYTHING, 1)
    this = ("meetings", "minutes", "kdt-den-bosch", day.isoformat())
    status, said, _ = kdt(*this, "--by", "v-1")
    assert status == 0
    assert "Z-2\n  Besloten: afwijzen\n  Verzonnen." in said
    assert "Niet aan de beurt gekomen: Z-1" in said
    assert words.say("minutes.draft") in said
    digest = said.rstrip().rpartition(" ")[2]
    assert kdt(*this, "--by", "m-1")[0] == 1
    assert kdt(*this, "--by", "v-1", "--approve", "0" * 64)[0] == 1
    status, said, _ = kdt(*this, "--by", "v-1", "--approve", digest)
    assert status == 0
    assert f"Vastgesteld op {words.full_day(day)} door Vera." in said
    # Whoever read it by command is in the log as from a page.
    with writing(store) as connection:
        readers = connection.scalars(text("select distinct person from read_details")).all()
    assert readers == ["v-1"]


def test_locations_and_their_panels_are_made_renamed_closed_and_listed(kdt: Kdt) -> None:
    assert kdt("panels", "add", "national") == (0, "kdt-national\n", "")
    assert kdt("locations", "add", "Den Bosch") == (0, "Den Bosch\n", "")
    assert kdt("panels", "rename", "kdt-den-bosch", "KDT Zuid") == (0, "", "")
    assert kdt("locations", "close", "Den Bosch", "--on", "2100-01-01") == (0, "", "")
    assert kdt("locations", "list") == (
        0,
        "Den Bosch\tDen Bosch, open; vanaf 1 januari 2100: Den Bosch, gesloten\n",
        "",
    )
    assert kdt("panels", "list")[1] == (
        "kdt-den-bosch\tlokaal KDT\tKDT Zuid, open\n"
        "kdt-national\tlandelijk KDT\tLandelijk KDT, open\n"
    )


def test_what_may_not_be_is_one_sentence(kdt: Kdt) -> None:
    kdt("locations", "add", "Den Bosch")
    status, out, error = kdt("panels", "close", "kdt-den-bosch")
    assert (status, out) == (1, "")
    assert error == (
        "De locatie Den Bosch is dan nog open; sluit die eerst, dan komt er niets meer bij.\n"
    )


def test_meetings_are_listed_added_moved_cancelled_and_closed_in_the_role_one_has(
    kdt: Kdt, store: Store
) -> None:
    kdt("locations", "add", "Den Bosch")
    with writing(store) as connection:
        secretary = Person("s-1", "Secretaris", ((Role.SECRETARY, "Den Bosch"),))
        enter(connection, By("beheer"), [secretary])
        plan(connection, [("kdt-den-bosch", today := moments.today(connection))])
    panel, by = "kdt-den-bosch", ("--by", "s-1")
    why = ("--reason", "Verzonnen.")
    assert kdt("meetings", "add", panel, "2099-12-30", *why)[0] == 1
    assert kdt("meetings", "add", panel, "2099-12-30", "--written", *why, *by) == (0, "", "")
    assert kdt("meetings", "move", panel, "2099-12-30", "2099-12-31", *why, *by) == (0, "", "")
    assert kdt("meetings", "cancel", panel, "2099-12-31", *why, *by) == (0, "", "")
    assert kdt("meetings", "list", panel)[1].startswith(f"{today}\t09:00\tgepland\n")
    there = ("meetings", "attendance", panel, str(today))
    assert kdt(*there, "--arrived", "s-1", *by) == (0, "s-1\tSecretaris\taanwezig\n", "")
    assert kdt(*there, "--left", "s-1", *by)[1] == "s-1\tSecretaris\tweg\n"
    assert kdt("meetings", "close", panel, str(today), "0", *by) == (0, "", "")
    assert kdt("meetings", "list", panel)[1].startswith(f"{today}\t09:00\tgesloten, niets")
    reopen = ("meetings", "reopen", panel, str(today), "--reason", "mistaken")
    assert kdt(*reopen, *by) == (0, "", "")
    assert kdt("meetings", "gaps") == (0, "", "")
