"""What an auditor sees of who read what, on screens and as files; and that looking is logged."""

import csv
import getpass
import io
import json
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from kdt import words
from kdt.audit.commands import reads
from kdt.panels.calendar import enter_years
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.transaction import writing
from tests.api.conftest import AUDITOR, OFFICER, OTHER_OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk
from tests.reads.conftest import log

SettingsFor = Callable[[str], Settings]
SCREENS = ("/audit/reads", "/audit/unusual", "/audit/sample?seed=7", "/audit/changes")


def plain(main: str) -> str:
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def test_who_read_this_case_and_what_did_this_person_read(desk: Desk, owner: Engine) -> None:
    path = desk.brought("Z-9")
    escalation = path.rpartition("/")[2]
    assert desk.sign_in(SECRETARY).get(path).status == 200
    assert desk.sign_in(OTHER_OFFICER).get(path).status == 404
    auditor = desk.sign_in(AUDITOR)
    found = auditor.fill("/audit/reads", case="Z-9")
    assert found.path == f"/audit/escalations/{escalation}"
    said = plain(found.main)
    for told in ("Secretaris", "Geweigerd", words.say("look_result.not_known"), "127.0.0.1"):
        assert told in said, told
    assert DILEMMA not in found.text
    href = re.search(r'href="(/audit/people/[0-9a-f-]{36})">Secretaris', found.main)
    assert href is not None
    person = plain(auditor.get(href[1]).main)
    assert "Wat las" in person
    assert escalation in person
    looked = [(one["who"], one["look"], one["whom"]) for one in log(owner)][-2:]
    assert looked == [(AUDITOR, "reads_of_case", None), (AUDITOR, "reads_of_person", SECRETARY)]


@pytest.mark.parametrize("person", [OFFICER, SECRETARY, "manager-1", "administrator-1"])
def test_nobody_else_sees_it(desk: Desk, owner: Engine, person: str) -> None:
    path = desk.brought().replace("/escalations", "/audit/escalations")
    before = len(log(owner))
    reader = desk.sign_in(person)
    files = ("/audit/reads.csv?escalation=V-1", "/audit/sample.json?seed=1")
    for one in (*SCREENS, path, *files):
        assert reader.get(one).status == 403, one
    assert len(log(owner)) == before


def test_what_is_taken_along_holds_no_formula(desk: Desk, owner: Engine) -> None:
    path = desk.brought()
    desk.sign_in(SECRETARY).get(path)
    with owner.begin() as connection:
        connection.exec_driver_sql("create table kept as select * from read_details")
        connection.exec_driver_sql("update read_details set person = '=1+1', origin = '@a'")
    auditor = desk.sign_in(AUDITOR)
    which = f"escalation={path.rpartition('/')[2]}"
    rows = list(
        csv.DictReader(
            io.StringIO(
                auditor.get(f"/audit/reads.csv?{which}").answer.content.decode("utf-8-sig")
            ),
            delimiter=";",
        )
    )
    assert {one["Wie"] for one in rows} >= {"'=1+1"}
    assert not [cell for one in rows for cell in one.values() if cell.startswith(("=", "+", "@"))]
    found = json.loads(auditor.get(f"/audit/reads.json?{which}").answer.text)["reads"]
    assert found[-1]["person"] == "=1+1"
    for typed in ("escalation=Z-1", "escalation=%00", "person=x&escalation=%00", ""):
        assert auditor.get(f"/audit/reads.csv?{typed}").status == 404, typed
    assert auditor.get("/audit/escalations/%00").status == 404
    assert [one["result"] for one in log(owner)][-1] == "not_there"
    assert {one["escalation_id"] for one in log(owner)} == {path.rpartition("/")[2], None}
    with owner.begin() as connection:
        connection.exec_driver_sql(
            "update read_details d set person = k.person, origin = k.origin "
            "from kept k where k.read_id = d.read_id"
        )
        connection.exec_driver_sql("drop table kept")


def test_the_same_seed_draws_the_same_sample(desk: Desk) -> None:
    brought = {desk.brought(f"Z-{number}").rpartition("/")[2] for number in range(5)}
    auditor = desk.sign_in(AUDITOR)
    address = "/audit/sample?seed=2026-11&size=2&by=location"
    first, second = auditor.get(address), auditor.get(address)
    drawn = re.findall(r'href="/escalations/(V-\w+)"', first.main)
    assert len(drawn) == 2
    assert set(drawn) < brought
    assert re.findall(r'href="/escalations/(V-\w+)"', second.main) == drawn
    assert "2 van 5 getrokken met startgetal 2026-11" in plain(first.main)
    told = json.loads(auditor.get("/audit/sample.json?seed=2026-11&size=2").answer.text)
    assert [one["id"] for one in told["escalations"]] == drawn
    wrong = auditor.get("/audit/sample?seed=a%20b&size=0")
    assert wrong.status == 400
    assert words.say("audit.bad_seed") in wrong.main


def test_changes_read_as_a_timeline(desk: Desk, owner: Engine, store: Store) -> None:
    with writing(store) as connection:
        enter_years(connection, [desk.today.year])
    auditor = desk.sign_in(AUDITOR)
    said = plain(auditor.get("/audit/changes").main)
    assert "Locatie geopend Den Bosch" in said
    assert "Vrij ja" in plain(auditor.get("/audit/changes?subject=calendar").main)
    assert "Rol toegekend" in plain(auditor.get("/audit/changes?subject=person").main)
    assert "Rol toegekend" not in plain(auditor.get("/audit/changes?subject=panel").main)
    assert [one["look"] for one in log(owner)] == ["changes"] * 4


def test_where_nothing_was_read_every_screen_says_so_calmly(desk: Desk) -> None:
    auditor = desk.sign_in(AUDITOR)
    assert words.say("audit.title") in auditor.get("/").main
    assert words.say("audit.no_events") in auditor.get("/audit/unusual").main
    assert words.say("audit.nothing_to_draw") in plain(auditor.get("/audit/sample?seed=1").main)
    assert auditor.get("/audit/unusual?from=gisteren").status == 400
    assert auditor.fill("/audit/reads", case="Z-404").status == 400


def test_an_auditor_types_the_same_and_is_logged_under_their_own_name(
    desk: Desk, owner: Engine, server_settings: SettingsFor, database: str
) -> None:
    path = desk.brought("Z-9")
    escalation = path.rpartition("/")[2]
    assert desk.sign_in(OTHER_OFFICER).get(path).status == 404
    settings = server_settings(database)
    env = {"KDT_HOME": str(settings.home), "KDT_DATABASE_URL": settings.database_url}

    def typed(*given: str) -> str:
        done = CliRunner().invoke(reads, given, env=env)
        assert done.exit_code == 0, done.output
        return done.stdout

    said = typed("case", "Z-9")
    assert said.splitlines()[0].startswith("Wanneer,Wie,Wat,Resultaat,Voorlegging")
    assert words.say("look_result.not_known") in said
    found = json.loads(typed("person", OTHER_OFFICER, "--format", "json"))["reads"]
    assert [(one["escalation"], one["result"]) for one in found] == [(escalation, "not_known")]
    assert json.loads(typed("unusual", "--format", "json"))["events"] == []
    drawn = json.loads(typed("sample", "--seed", "7", "--format", "json"))
    assert (drawn["seed"], [one["id"] for one in drawn["escalations"]]) == ("7", [escalation])
    assert escalation in typed("sample", "--seed", "7")
    looked = [(one["who"], one["look"]) for one in log(owner)][-5:]
    kinds = ("reads_of_case", "reads_of_person", "unusual_reads", "sample", "sample")
    assert looked == [(getpass.getuser(), kind) for kind in kinds]
    wrong = CliRunner().invoke(reads, ["case", "Z-404"], env=env)
    assert str(wrong.exception) == words.say("audit.nothing_found")
