"""A meeting is followed live, on every replica, and whoever was away misses nothing."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from kdt.store.engine import Store
from tests.api.conftest import OFFICER, SECRETARY, serving
from tests.pages.conftest import Desk, Page, Reader

CHAIR = "chair-den-bosch"
OUTCOME = {"outcome": "held_over", "reasons": "Verzonnen."}


def told(client: httpx.Client, path: str, last: str = "") -> str:
    """The mark of the first event for who has the mark `last`; nothing when the stream ends."""
    heads = {"Last-Event-ID": last} if last else {}
    with client.stream("GET", path, headers=heads) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            assert re.fullmatch(r"(: |event: changed|(id|data): [0-9a-f]{32}|)", line)
            if line.startswith("data: "):
                return line.removeprefix("data: ")
    return ""


def test_what_one_records_another_is_told_on_another_replica_and_after_being_away(
    desk: Desk, store: Store, tmp_path: Path
) -> None:
    for number in range(3):
        desk.listed(f"Z-{number}")
    secretary = desk.sign_in(SECRETARY)
    page = secretary.get(desk.meeting)

    def records() -> None:
        nonlocal page
        page = secretary.send(page, f"{desk.meeting}?item", **OUTCOME)

    with serving(store, tmp_path) as replica, ThreadPoolExecutor(1) as pool:
        chair = Reader(replica.base_url, CHAIR)
        (live,) = re.findall(r'data-live="([^"]*)"', chair.get(desk.meeting).text)
        watching = pool.submit(told, chair.client, live)
        records()
        first = watching.result(timeout=60)
        assert f"seen={first}" in chair.get(desk.meeting).text
        # Away while something happens, and back.
        records()
        second = told(chair.client, live, first)
        assert second not in ("", first)
        # Whoever signed out is told nothing more.
        watching = pool.submit(told, chair.client, live, second)
        ended = Reader(replica.base_url, CHAIR)
        ended.client.cookies = chair.client.cookies
        home = ended.get("/")
        found = re.search(r'action="/signout">.*?value="([^"]*)"', home.text, re.DOTALL)
        assert found is not None
        ended.client.post("/signout", data={"csrf": found[1]})
        records()
        assert watching.result(timeout=60) == ""
        chair.client.close()
        ended.client.close()


def test_who_does_not_sit_in_the_panel_follows_nothing(desk: Desk) -> None:
    officer = desk.sign_in(OFFICER)
    answer: Page = officer.get(f"{desk.meeting}/live")
    assert answer.status == 404
