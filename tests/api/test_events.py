"""What was recorded goes out as CloudEvents, and whoever follows the links misses nothing."""

from typing import Any

from kdt.store.engine import Store
from tests.api.conftest import AUDITOR, OFFICER, Api


def batch(api: Api, link: str) -> tuple[list[dict[str, Any]], str]:
    """One batch, and the link to what follows."""
    answer = api.get(AUDITOR, link)
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    return answer.json(), answer.links["next"]["url"].removeprefix("/v1")


def test_every_entry_goes_out_once_in_pages(api: Api) -> None:
    escalations = [api.opened(f"Z-{number}") for number in range(3)]
    found: list[dict[str, Any]] = []
    events, link = batch(api, "/events?limit=4")
    while events:
        found += events
        events, link = batch(api, link)
    assert [(one["subject"], one["data"]["seq"]) for one in found] == [
        (escalation, seq) for escalation in escalations for seq in (1, 2)
    ]
    assert len({one["id"] for one in found}) == 6
    assert {one["specversion"] for one in found} == {"1.0"}
    assert found[1]["type"] == "nl.kdt.escalation.submit"
    assert found[1]["dataref"] == f"/v1/escalations/{escalations[0]}"
    assert found[1]["time"].endswith("Z")
    api.opened("Z-4")
    assert len(batch(api, link)[0]) == 2


def test_an_entry_that_commits_late_is_not_skipped(api: Api, store: Store) -> None:
    with store.engine.connect() as slow:
        # A transaction begun first that has yet to commit holds back what began after it.
        slow.exec_driver_sql("select pg_current_xact_id()")
        api.opened("Z-1")
        events, link = batch(api, "/events")
        assert events == []
        slow.commit()
    assert len(batch(api, link)[0]) == 2


def test_events_are_not_for_everyone(api: Api) -> None:
    assert api.get(OFFICER, "/events").status_code == 403
