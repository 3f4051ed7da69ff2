"""What /v1 answers of figures, beside the page and the command that answer the same."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from click.testing import CliRunner

from kdt.cli import cli
from kdt.settings import Settings
from tests.api.conftest import SECRETARY
from tests.pages.conftest import Desk, Reader
from tests.pages.test_figure_pages import MANAGER


def worked(desk: Desk) -> Reader:
    """Two cases considered today, one of them sent on; and who may know of both."""
    for case, outcome in (("Z-1", "decided.in_favour"), ("Z-2", "referred_up.not_settled")):
        desk.listed(case)
        desk.sign_in(SECRETARY).fill(desk.meeting, outcome=outcome, reasons="Verzonnen.")
    return desk.sign_in(MANAGER)


def answered(manager: Reader, path: str) -> Any:
    page = manager.get(f"/v1{path}")
    assert page.status == 200, page.text
    return page.answer.json()


def test_a_breakdown_says_what_the_file_of_the_page_says(desk: Desk) -> None:
    manager = worked(desk)
    today = f"from={desk.today}&until={desk.today}"
    for asked in (
        "by=outcome&per=month",
        "by=outcome&by=ruling&by=theme",
        "by=level&per=week&onlyQuestion=decision",
        "onlyGround=buikpijn",
    ):
        said = answered(manager, f"/breakdowns?{today}&{asked}")
        page = manager.get(f"/figures.json?{today}&{asked}").answer.json()
        assert said == {name: value for name, value in page.items() if name != "demo"}
        assert said["total"]["considered"] == 2
        assert sum(row["considered"] for row in said["rows"]) == 2
        # And as many lines as the page shows of it.
        assert len(said["rows"]) == manager.get(f"/figures?{today}&{asked}").main.partition(
            "<tbody>"
        )[2].partition("</tbody>")[0].count("<tr>")


def test_what_stands_behind_a_number_is_what_the_page_shows(desk: Desk) -> None:
    manager = worked(desk)
    today = f"from={desk.today}&until={desk.today}"
    for measure, place in (
        ("considered", "by=outcome&outcome=decided"),
        ("stockEnd", "by=level&level=national"),
        ("leadTimeSettled", ""),
        ("leadTimeCame", "by=level&level=national"),
    ):
        at = "&".join(one for one in place.split("&") if not one.startswith("by="))
        said = answered(manager, f"/breakdowns/{measure}?{today}&{at}".rstrip("&"))
        page = manager.get(f"/figures/{measure}?{today}&{place}").main
        assert said["amount"] == len(said["items"]) == 1
        assert f": {said['amount']}</h1>" in page
        assert [one["escalation"] for one in said["items"]] == re.findall(
            r"V-\w+(?=(?:</a>)?</th>)", page
        )
    assert manager.get(f"/v1/breakdowns/leadTimeMedian?{today}").status == 404
    assert manager.get(f"/figures/leadTimeMedian?{today}").status == 404


def test_a_revision_says_what_the_command_and_the_page_say(
    desk: Desk, server_settings: Callable[[str], Settings], database: str
) -> None:
    manager = worked(desk)
    yesterday = desk.today - timedelta(days=1)
    asked = f"from={desk.today}&until={desk.today}&since={yesterday}&by=level"
    said = answered(manager, f"/revisions?{asked}")
    chosen = server_settings(database)
    env = {"KDT_HOME": str(chosen.home), "KDT_DATABASE_URL": str(chosen.database_url)}
    days = ("--from", str(desk.today), "--until", str(desk.today), "--since", str(yesterday))
    done = CliRunner().invoke(
        cli, ["revisions", *days, "--by", "level", "--format", "json"], env=env
    )
    # The description names every dimension of a number, the command those it is asked by.
    told = {
        **said,
        "numbers": [
            {name: value for name, value in one.items() if value is not None}
            for one in said["numbers"]
        ],
    }
    assert told == json.loads(done.stdout)
    page = manager.get(f"/revisions?{asked}").main
    assert len(said["numbers"]) == page.count('<td class="numeric">+') > 5
    for measure in ("considered", "casesHandled", "stockEnd"):
        changes = answered(manager, f"/revisions/{measure}?{asked}")
        moved = sum(
            one[cause][way]
            for one in said["numbers"]
            if one["measure"] == measure
            for cause in ("recorded", "voided", "reclassified")
            for way in ("came", "went")
        )
        assert changes["changes"] == len(changes["items"]) == moved > 0
        shown = manager.get(f"/revisions/{measure}?{asked}").main
        assert shown.count('<tr><th scope="row">') == moved
