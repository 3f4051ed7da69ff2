"""The weekly scan in a record: made once however many clocks knock, made again with the same
answer, and shown to all with the cases behind it for who may know of them."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from api.pages import rising as page_of_rises
from kdt.access.permissions import Actor, scope
from kdt.cases.importing import import_history
from kdt.clock import last_sunday
from kdt.rising.commands import rising
from kdt.rising.keeping import again, scan_when_due
from kdt.rising.model import rising_scans
from kdt.rising.queries import Scan, behind, ids_behind, last_scan
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, OFFICER, SECRETARY, Api, furnished, serving
from tests.pages.conftest import Reader
from tests.pages.test_statements import statements

HERE, THERE = "Den Bosch", "Ter Apel"
ONWARD = re.compile(r'href="([^"]+)" rel="next"')
LISTED = re.compile(r'href="/escalations/(E-\d+)"')
WEEKS = 40
NOW = datetime.now(UTC)


def history(folder: Path, until: date) -> Path:
    """Forty weeks with a case of each of three themes at both locations; in the last three weeks
    there are twelve a week of `kou` in Den Bosch. One of its cases was brought twice, and one of
    the other location was brought in Den Bosch again."""
    lines: list[dict[str, object]] = [{"kind": "history", "version": 2}]
    for theme in ("kou", "pleeg", "stukken"):
        told = {"id": theme, "name": theme.capitalize(), "description": "Verzonnen."}
        lines.append({"kind": "theme", **told})
    number, again = 0, ""
    for week in range(WEEKS):
        day = until - timedelta(days=7 * (WEEKS - week) - 2)
        for theme in ("kou", "pleeg", "stukken"):
            for location in (HERE, THERE):
                rising = (theme, location) == ("kou", HERE) and week >= WEEKS - 3
                for _ in range(12 if rising else 1):
                    number += 1
                    again = f"Z-{number}" if rising else again
                    lines += _case(number, f"Z-{number}", day, theme, location)
    lines += _case(number + 1, again, until, "kou", HERE)
    lines += _case(number + 2, "Z-2", until, "kou", HERE)
    file = folder / "rising.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def _case(number: int, case: str, day: date, theme: str, location: str) -> list[dict[str, object]]:
    def act(place: int, action: str, **more: object) -> dict[str, object]:
        minutes, seconds = divmod(2 * number + place, 60)
        return {
            "ref": f"{number}-{place}",
            "recordedAt": f"{day}T12:{minutes % 60:02d}:{seconds:02d}+01:00",
            "occurredOn": day.isoformat(),
            "actor": "officer-1",
            "role": "officer",
            "action": action,
            "escalation": f"E-{number}",
            **more,
        }

    opening = {"case": case, "location": location, "question": "decision", "ground": "buikpijn"}
    return [act(0, "open", **opening, summary="Verzonnen."), act(1, "tag", theme=theme)]


@pytest.fixture
def record(store: Store, tmp_path: Path) -> Store:
    furnished(store)
    with reading(store) as connection:
        until = last_sunday(today(connection))
    assert import_history(store, history(tmp_path, until), by="beheer").bad == []
    return store


def scan_of(store: Store) -> Scan:
    with reading(store) as connection:
        scan = last_scan(connection)
    assert scan is not None
    return scan


def test_a_week_is_scanned_once_and_again_when_something_was_imported(
    record: Store, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(4) as clocks:
        done = [*clocks.map(lambda _: scan_when_due(record, NOW), range(4))]
    assert sorted(done) == [False, False, False, True]
    scan = scan_of(record)
    assert scan.until == last_sunday(NOW.date())
    assert {(one.theme, one.location) for one in scan.rises} >= {("kou", HERE)}
    assert {one.theme for one in scan.rises} == {"kou"}
    (here,) = (one for one in scan.rises if one.location == HERE)
    # The case that was brought again counts once.
    assert here.cases == 12 * min(here.weeks, 3) + max(0, here.weeks - 3)
    assert here.first == scan.until - timedelta(days=7 * here.weeks - 1)
    assert {*again(record, scan.until)} == {*scan.rises}
    more = tmp_path / "more.jsonl"
    lines = [{"kind": "history", "version": 2}, *_case(1_700, "Z-x", scan.until, "pleeg", HERE)]
    more.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert import_history(record, more, by="beheer").bad == []
    assert scan_when_due(record, NOW)
    assert not scan_when_due(record, NOW)
    with reading(record) as connection:
        assert connection.scalar(select(func.count()).select_from(rising_scans)) == 2


def test_what_rises_is_shown_to_all_and_its_cases_to_who_may_know_of_them(
    record: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_of_rises, "_PAGE", 20)
    with serving(record, tmp_path) as client:
        api = Api(client, "kdt-den-bosch", "kdt-national", NOW.date())
        manager, adviser, officer = (
            Reader(client.base_url, one) for one in ("manager-1", ADVISER, OFFICER)
        )
        before = manager.get("/rising").main
        assert "Er is nog geen week bekeken" in before
        assert api.get("manager-1", "/rises").json()["until"] is None
        scan_when_due(record, NOW)
        (here,) = (one for one in scan_of(record).rises if one.location == HERE)
        said = f"Den Bosch: {here.cases} zaken in {here.weeks} weken, gewoonlijk"
        for path in ("/rising", "/themes/kou"):
            assert said in manager.get(path).main
        assert "Stijgt" in manager.get("/themes").main
        board = manager.get("/themes").main
        assert board.index('id="t-kou"') < board.index('id="t-pleeg"') < board.index("t-stukken")
        assert "Stijgt" in manager.get("/").main
        page = adviser.get("/rising").main
        assert "hooguit een van de 52 weken" in page
        assert page.count(f"Alle {here.cases} zaken") >= 1
        assert page.count("/escalations/E-") == 10 * len(scan_of(record).rises)
        hidden = officer.get("/rising").main
        assert said in hidden
        assert "/escalations/E-" not in hidden
        there = f"/rising?theme=kou&location={HERE}"
        pages = [adviser.get(there).main]
        while onward := ONWARD.search(pages[-1]):
            pages.append(adviser.get(unescape(onward[1])).main)
        assert all(said in one for one in pages)
        assert [len(LISTED.findall(one)) for one in pages] == [20, here.cases - 20]
        assert len({one for page in pages for one in LISTED.findall(page)}) == here.cases
        assert "Naar het begin van de lijst" in pages[1]
        assert "Er is geen zaak bij die u mag zien" in officer.get(there).main
        for elsewhere in ("/rising?theme=pleeg", f"/rising?theme=kou&location={THERE}"):
            assert adviser.get(elsewhere).status == 404
        told = api.get(ADVISER, "/rises").json()
        (mine,) = (one for one in told["items"] if one["location"] == HERE)
        assert (len(mine["escalations"]), mine["cases"]) == (here.cases, here.cases)
        (theirs,) = (
            one for one in api.get(OFFICER, "/rises").json()["items"] if one["location"] == HERE
        )
        assert theirs == {**mine, "escalations": []}
        # Who knows of one location is shown just what was counted there.
        (local,) = (
            one for one in api.get(SECRETARY, "/rises").json()["items"] if one["location"] == HERE
        )
        assert {*local["escalations"]} == {*mine["escalations"]}
        for one in (manager, adviser, officer):
            one.client.close()


def test_the_cases_behind_many_rises_are_asked_as_those_behind_one(record: Store) -> None:
    scan_when_due(record, NOW)
    scan = scan_of(record)
    actors = (Actor(ADVISER, Role.POLICY_ADVISER),)
    amounts, found = [], []
    for rises in (scan.rises[:1], scan.rises, scan.rises * 4):
        within = record.within(scope(actors))
        with reading(within) as connection, statements(record) as made:
            found.append(behind(connection, actors, replace(scan, rises=rises), 10))
        amounts.append(len(made))
    assert len(set(amounts)) == 1
    assert found[0] == found[1][:1]
    assert found[2] == found[1] * 4
    assert [one.amount for one in found[1]] == [one.cases for one in scan.rises]
    with reading(record.within(scope(actors))) as connection:
        ids = [*ids_behind(connection, actors, scan)]
    for one, (rise, every) in zip(found[1], ids, strict=True):
        assert (one.rise, one.amount) == (rise, len(every))
        assert [row.id for row in one.rows] == [*every[:10]]


def test_the_command_tells_what_rises_and_that_it_comes_out_the_same(
    record: Store, server_settings: Callable[[str], Settings], database: str
) -> None:
    chosen = server_settings(database)
    env = {"KDT_HOME": str(chosen.home), "KDT_DATABASE_URL": str(chosen.database_url)}
    result = CliRunner().invoke(rising, ["--again"], env=env)
    assert result.exit_code == 0, result.output
    assert "kou\tDen Bosch\t" in result.output
    assert "hetzelfde" in result.output
