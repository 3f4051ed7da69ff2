"""Cases alike with another answer, in a record: what is compared, and who sees it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kdt.access.permissions import Actor, scope
from kdt.cases.importing import import_history
from kdt.clock import day, last_sunday
from kdt.differences.commands import differences
from kdt.differences.keeping import compare_when_due
from kdt.differences.queries import Comparison, behind, last_comparison
from kdt.settings import Settings
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.api.conftest import ADVISER, OFFICER, Api, serving
from tests.pages.conftest import Reader
from tests.pages.test_statements import statements

HERE, THERE = "Den Bosch", "Ter Apel"
NOW = datetime.now(UTC)
BEGAN = datetime.combine(last_sunday(day(NOW)) - timedelta(days=60), datetime.min.time(), UTC)
SEES = ("secretary-national-1", "chair-national", "member-national-1", ADVISER)
DOES_NOT = (
    OFFICER, "secretary-den-bosch-1", "chair-den-bosch", "manager-1", "administrator-1",
    "auditor-1",
)  # fmt: skip


def history() -> Iterator[dict[str, Any]]:
    """Thirty cases about each of two themes, half of them at each location: of `kou` nearly all
    were granted here and nearly none there, of `pleeg` half of them at both."""
    yield {"kind": "history", "version": 2}
    for place in (HERE, THERE):
        yield {
            "kind": "panel",
            "id": f"kdt-{place[:3].lower()}",
            "level": "local",
            "location": place,
        }
    for theme in ("kou", "pleeg"):
        yield {
            "kind": "theme",
            "id": theme,
            "name": theme.capitalize(),
            "description": "Verzonnen.",
        }
    for number in range(60):
        theme, place = ("kou", "pleeg")[number % 2], (HERE, THERE)[number // 2 % 2]
        nth = number // 4
        granted = nth % 2 == 0 if theme == "pleeg" else (nth > 0) is (place == HERE)
        yield from _case(number, place, theme, "in_favour" if granted else "against")
    # Two more of the first case: granted once, and then not after all.
    yield from _case(60, HERE, "kou", "in_favour", case="Z-0")
    yield from _case(61, HERE, "kou", "against", case="Z-0")


def _case(
    number: int, place: str, theme: str, ruling: str, case: str | None = None
) -> Iterator[dict[str, Any]]:
    at = BEGAN + timedelta(minutes=10 * number)
    panel = {"panel": f"kdt-{place[:3].lower()}", "meetingOn": day(at).isoformat()}
    opening = {"case": case or f"Z-{number}", "location": place, "question": "decision"}
    steps: list[dict[str, Any]] = [
        {"action": "open", **opening, "ground": "complex", "summary": "Verzonnen."},
        {"action": "submit"},
        {"action": "list", "role": "secretary", "actor": "secretaris", **panel},
        {
            "action": "consider",
            "role": "chair",
            "actor": "voorzitter",
            "outcome": "decided",
            "ruling": ruling,
            "reasons": "Verzonnen.",
        },
        {"action": "tag", "role": "secretary", "actor": "secretaris", "theme": theme},
    ]
    for step, given in enumerate(steps):
        yield {
            "ref": f"{number}-{step}",
            "escalation": f"V-{number}",
            "actor": "iemand",
            "role": "officer",
            "occurredOn": day(at).isoformat(),
            "recordedAt": (at + timedelta(seconds=step)).isoformat(),
            **given,
        }


@pytest.fixture
def record(store: Store, tmp_path: Path) -> Store:
    file = tmp_path / "differences.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in history()))
    assert import_history(store, file, by="beheer").bad == []
    return store


def found(store: Store) -> Comparison:
    with reading(store) as connection:
        comparison = last_comparison(connection)
    assert comparison is not None
    return comparison


def test_a_year_is_compared_once_a_week_by_question_and_theme(record: Store) -> None:
    assert compare_when_due(record, NOW)
    assert not compare_when_due(record, NOW)
    comparison = found(record)
    assert comparison.profiles == 2
    (one,) = comparison.differences
    assert (one.question, one.theme) == ("decision", "kou")
    # The case that was answered three times counts once, as it was answered last.
    assert one.cases[HERE] == {"in_favour": 14, "against": 1}
    assert one.cases[THERE] == {"in_favour": 1, "against": 14}
    assert len(one.cases) == 2
    assert one.amount == 30
    assert one.chance < 0.001
    assert comparison.until == last_sunday(day(NOW))


def test_the_national_kdt_and_policy_see_it_and_nobody_else(record: Store, tmp_path: Path) -> None:
    compare_when_due(record, NOW)
    with serving(record, tmp_path) as client:
        api = Api(client, "kdt-den", "kdt-national", day(NOW))
        for person in SEES:
            reader = Reader(client.base_url, person)
            page = reader.get("/differences").main
            assert ">Kou</a>: " in page
            assert "Pleeg" not in page
            assert page.index(f">{HERE}<") < page.index(f">{THERE}<")
            assert "geen rangorde" in page
            assert "Vergelijkbare zaken" in reader.get("/themes").main
            (item,) = api.get(person, "/differences").json()["items"]
            assert item["theme"] == "kou"
            # What was never referred up is not for the national KDT; a theme's cases are policy's.
            assert bool(item["escalations"]) is (person == ADVISER)
            assert ("/escalations/V-" in page) is (person == ADVISER)
            reader.client.close()
        for person in DOES_NOT:
            reader = Reader(client.base_url, person)
            assert reader.get("/differences").status == 403
            assert "/differences" not in reader.get("/themes").text
            refused = api.get(person, "/differences")
            assert (refused.status_code, "kou" in refused.text) == (403, False)
            reader.client.close()


def test_who_knows_of_one_location_is_shown_just_the_cases_that_count_there(
    record: Store, tmp_path: Path
) -> None:
    more = tmp_path / "more.jsonl"
    # A case of the other location is answered here too, and counts at one of them alone.
    lines = ({"kind": "history", "version": 2}, *_case(62, HERE, "kou", "against", case="Z-2"))
    more.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert import_history(record, more, by="beheer").bad == []
    compare_when_due(record, NOW)
    comparison = found(record)
    (one,) = comparison.differences
    for place in (HERE, THERE):
        actors = (Actor("iemand-anders", Role.SECRETARY, place),)
        with reading(record.within(scope(actors))) as connection:
            with statements(record) as made:
                ((_, cases),) = behind(connection, actors, comparison)
            with statements(record) as made_of_many:
                many = replace(comparison, differences=comparison.differences * 3)
                assert [*behind(connection, actors, many)] == [(one, cases)] * 3
            assert len(made_of_many) == len(made)
            shown = [case.location for case in cases]
        assert shown == [place] * sum(one.cases[place].values())


def test_the_command_tells_it(
    record: Store, server_settings: Callable[[str], Settings], database: str
) -> None:
    chosen = server_settings(database)
    env = {"KDT_HOME": str(chosen.home), "KDT_DATABASE_URL": str(chosen.database_url)}
    result = CliRunner().invoke(differences, [], env=env)
    assert result.exit_code == 0, result.output
    assert "decision\tkou\tDen Bosch\tin_favour\t14\t0.0" in result.output
    assert "pleeg" not in result.output
