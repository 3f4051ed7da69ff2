"""A request that comes again under the same key: of every operation that changes something."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from api.v1.app import create_v1
from api.v1.description import description
from kdt.store.engine import Store
from tests.api.conftest import OFFICER, SECRETARY, Api
from tests.api.good import GOOD, Good, furnish

# What is posted to be read alone.
READ_ALONE = frozenset({"/escalations/_search", "/escalations/_similar"})
# What is asked in the address alone, so that there is no other body.
ASKS_NOTHING = frozenset({"/data-requests/{case}/hand-overs"})
# An address that lets a program in is no part of the record and is told once: its repeats are tried
# in tests/pages/test_feeds.py.
TOLD_ONCE = frozenset({"/calendar-feeds"})
# Every change of anything else adds to one of these.
RECORDED = text("select (select count(*) from entries), (select count(*) from ledger)")


def other_body(api: Api, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body that asks something else, and is as good."""
    others: dict[str, dict[str, Any]] = {
        "/panels": {"name": "Een ander KDT"},
        "/locations": {"name": "Een andere plaats"},
        "/themes": {"name": "Een andere rode draad"},
        "/parliamentary-questions": {"asked": "Verzonnen, en anders?"},
        "/event-subscriptions": {"address": "https://voorbeeld.nl/anders"},
        "/forum-items": {"problem": "Iets anders."},
        "/forum-items/{item}/conclusions": {"reasons": "Iets anders."},
        "/themes/{theme}/steps": {"reasons": "Iets anders."},
        "/mappings": {"value": "anders"},
        "/escalations/{escalation}/recusals": {"person": SECRETARY},
        "/escalations/{escalation}/proposals": {"ruling": "against"},
        "/escalations/{escalation}/positions": {"stance": "discuss"},
        "/panels/{panel}/meetings/{heldOn}/consents": {"escalations": ["V-222222"]},
        "/panels/{panel}/meetings/{heldOn}/reopenings": {"reason": "mistaken"},
        "/panels/{panel}/meetings/{heldOn}/walk-ins": {"summary": "Iets anders."},
        "/escalations/{escalation}/family": {"reason": "Iets anders."},
        "/escalations/{escalation}/suspensions": {"ground": "agreed"},
        "/consultations": {"form": "dialogue"},
        "/signals": {"source": "other"},
        "/signals/{signal}/assessments": {"assessment": "recognised"},
        "/implementation-tests": {"kind": "ex_post"},
        "/implementation-tests/{test}/opinions": {"satisfaction": "satisfied"},
        "/adjustments": {"status": "dropped"},
        "/hand-overs": {"taker": OFFICER},
        "/stated-purposes": {"purpose": "complaint"},
        "/delegations": {"taker": SECRETARY},
        "/holds": {"reason": "Iets anders."},
        "/holds/{escalation}/liftings": {"reason": "Iets anders."},
        "/publications": {"topic": "ended"},
        "/publications/{publication}/releases": {"digest": "0" * 64},
        "/publications/{publication}/discards": {"reason": "Iets anders."},
        "/destructions": {"what": "reads"},
        "/destructions/{selection}/confirmations": {"digest": "0" * 64},
        "/destructions/{selection}/refusals": {"reason": "Iets anders."},
        "/data-requests": {"asked": "erasure"},
        "/data-requests/{case}/answers": {"reason": "Iets anders."},
    }
    return {**body, **others.get(path, {"occurredOn": api.today.isoformat()})}


def test_a_repeat_under_the_same_key_has_one_effect_and_the_same_answer(
    api: Api, store: Store, tmp_path: Path
) -> None:
    furnish(api, store, tmp_path)
    described = description(create_v1())["paths"]
    posted = {path: each["post"] for path, each in described.items() if "post" in each}
    assert posted.keys() > READ_ALONE | TOLD_ONCE
    for path in posted.keys() - READ_ALONE - TOLD_ONCE:
        names = {one["name"] for one in posted[path]["parameters"]}
        assert "Idempotency-Key" in names, path
        good = GOOD[f"POST {path}"](api)
        place = path.format(**good.path)
        before = recorded(store)
        first = sent(api, good, place, good.body)
        assert (first.status_code, recorded(store) != before) == (201, True), (path, first.text)
        after = recorded(store)
        again = sent(api, good, place, good.body)
        assert (again.status_code, again.json()) == (201, first.json()), path
        assert again.headers.get("Location") == first.headers.get("Location")
        if path in ASKS_NOTHING:
            continue
        other = sent(api, good, place, other_body(api, path, good.body))
        assert (other.status_code, other.json()["code"]) == (409, "conflict"), path
        assert recorded(store) == after, path


def sent(api: Api, good: Good, place: str, body: Mapping[str, Any]) -> httpx.Response:
    """The request under a key of its own path."""
    headers = {**good.headers, "Idempotency-Key": place.replace(" ", "-")}
    return api.client.post(f"/v1{place}", json=body, headers=headers)


def recorded(store: Store) -> tuple[int, int]:
    """How much stands in both logs."""
    with store.engine.connect() as connection:
        entries, ledger = connection.execute(RECORDED).one()
    return entries, ledger
