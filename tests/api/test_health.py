"""What whoever keeps it running can ask: does it live, can it serve, how does it fare."""

import re
import time
from pathlib import Path

import httpx
import psycopg

from kdt import clockwork, signing
from kdt.settings import Settings
from kdt.store.engine import Store
from tests.api.conftest import OFFICER, Api, serving

TOKEN = "alleen-voor-de-beheerder"
# What labels may hold: patterns, methods, statuses, names of jobs; of Python its own.
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
VALUES = re.compile(
    r"-|other|[A-Z]+|\d{3}|/[\w/{}:.-]*|[a-z_]+|\d+\.\d+|\+Inf|CPython|3|\d+", re.ASCII
)


def metrics(client: httpx.Client, token: str | None = TOKEN) -> httpx.Response:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return client.get("/metrics", headers=headers)


def test_it_is_ready_with_its_schema_and_says_how_the_clock_stands(api: Api, store: Store) -> None:
    assert api.client.get("/live").json() == {"status": "up"}
    ready = {"status": "up", "schema": "current", "clock": "late", "mail": "off"}
    assert api.client.get("/ready").json() == ready
    assert clockwork.knock(store, clockwork.fold_tallies)
    assert api.client.get("/ready").json() == {**ready, "clock": "on time"}
    with store.engine.begin() as connection:
        connection.exec_driver_sql("update knocks set at = at - interval '2 hours'")
    assert api.client.get("/ready").json() == ready


def test_whether_checkpoints_are_made_is_told_where_that_is_set(
    store: Store, tmp_path: Path
) -> None:
    signing.create(tmp_path / "key.pem")
    to, key = str(tmp_path / "kept"), tmp_path / "key.pem"
    with serving(store, tmp_path, checkpoint_to=to, checkpoint_key=key) as client:
        assert client.get("/ready").json()["checkpoints"] == "late"
        running = clockwork.start(store, Settings(checkpoint_to=to, checkpoint_key=key))
        until = time.monotonic() + 30
        while client.get("/ready").json()["checkpoints"] != "on time":
            assert time.monotonic() < until
            time.sleep(0.05)
        running.stop()
    assert (tmp_path / "kept" / "checkpoint-000001.json").exists()


def test_an_older_schema_is_not_ready_a_newer_one_is(api: Api, owner_url: str) -> None:
    """While servers are replaced one by one, those of the release before go on."""
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        answer = api.client.get("/ready")
        assert (answer.status_code, answer.json()["schema"]) == (200, "newer")
        connection.execute("update alembic_version set version_num = '0001'")
        answer = api.client.get("/ready")
        assert (answer.status_code, answer.json()["schema"]) == (503, "older")
        assert answer.json()["status"] == "down"


def test_metrics_are_there_for_whoever_has_the_token(store: Store, tmp_path: Path) -> None:
    with serving(store, tmp_path) as client:
        for token in (None, TOKEN, "None"):
            assert metrics(client, token).status_code == 404
    with serving(store, tmp_path, metrics_token=TOKEN) as client:
        for wrong in (None, TOKEN[:-1], TOKEN + "x", f"demo-{OFFICER}"):
            assert metrics(client, wrong).status_code == 404
        assert metrics(client).headers["content-type"].startswith("text/plain")


def test_what_is_measured_holds_no_text_and_no_id(store: Store, tmp_path: Path) -> None:
    assert clockwork.knock(store, clockwork.fold_tallies)
    with serving(store, tmp_path, metrics_token=TOKEN) as client:
        token = {"Authorization": f"Bearer demo-{OFFICER}"}
        for path in ("/v1/escalations/V-KWIKKW", "/v1/panels?q=kwikstaart", "/kwikstaart"):
            client.get(path, headers=token)
        client.request("KWIKSTAART", "/live")
        found = metrics(client).text
    assert 'kdt_requests_total{method="GET",route="/v1/escalations/{escalation}"' in found
    assert 'kdt_requests_total{method="other",route="/live",status="405"}' in found
    assert 'kdt_clock_last_done_timestamp_seconds{job="fold_tallies"}' in found
    assert "kdt_database_up 1.0" in found
    assert "kdt_schema_current 1.0" in found
    assert "kwik" not in found.lower()
    for name, value in LABEL.findall(found):
        assert VALUES.fullmatch(value) or name == "version", (name, value)
