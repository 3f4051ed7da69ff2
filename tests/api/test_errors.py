"""What goes wrong is told as a problem: a status, a code, a sentence, and never what was sent."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import make_url

from api.middleware import LARGEST_BODY
from kdt.store import cluster
from kdt.store.embedded import Server
from kdt.store.engine import Store
from tests.api.conftest import (
    ADMINISTRATOR,
    AUDITOR,
    OFFICER,
    OTHER_OFFICER,
    SECRETARY,
    Api,
    serving,
)

SECRET = "kwikstaart-geheim"


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The problem in an answer, with what every problem has."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"] == "1.0.0"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    return found


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/figures?from=2022-01-01&until=2022-12-31&asof=2022-11-08", "from, until, asOf, by"),
        (f"/themes?{SECRET}={SECRET}", "from, until, asOf"),
        (f"/dictionary?{SECRET}", None),
    ],
)
def test_a_parameter_with_a_slip_in_its_name_is_refused(
    api: Api, path: str, known: str | None
) -> None:
    found = problem(api.get(AUDITOR, path), 400)
    code = "unknown_parameter" if known else "no_parameters"
    assert [(one["field"], one["code"]) for one in found["errors"]] == [("query", code)]
    assert (known or "geen parameters") in found["errors"][0]["detail"]


@pytest.mark.parametrize("path", ["/breakdowns", "/breakdowns/considered"])
@pytest.mark.parametrize("only", ["onlyLocation", "onlyQuestion", "onlyGround", "onlyTheme"])
def test_figures_of_what_there_is_not_are_refused(api: Api, path: str, only: str) -> None:
    year = "from=2022-01-01&until=2022-12-31"
    for value, code in ((SECRET, "unknown_value"), ("%01", "unknown_value"), ("%00", None)):
        found = problem(api.get(AUDITOR, f"{path}?{year}&{only}={value}"), 400)
        assert found["code"] == (code or "invalid_input")


def test_all_bad_fields_are_named_at_once_without_what_they_held(
    api: Api, record_is_unchanged: Callable[[], bool]
) -> None:
    body = {
        "case": f" {SECRET}\0",
        "location": "Den Bosch",
        "question": SECRET,
        "decideBy": SECRET,
        "summary": [SECRET],
        SECRET: SECRET,
        "occurredOn": SECRET,
    }
    found = problem(api.post(OFFICER, "/escalations", body), 400)
    assert {(one["field"], one["code"]) for one in found["errors"]} == {
        ("occurredOn", "not_a_date"),
        ("case", "bad_character"),
        ("question", "not_one_of"),
        ("decideBy", "not_a_date"),
        ("summary", "not_a_string"),
        ("", "unknown_field"),
        ("ground", "missing"),
    }
    assert record_is_unchanged()


MALFORMED = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe{}",
    b'{"case": "a", "case": "b"}',
    b'{"case": ' + b"9" * 5000 + b"}",
    b"[" * 100_000,
    b'{"case": "\\ud800"}',
    b'{"name": "\\ud800"}',
    b'{"case": NaN}',
)


def test_malformed_and_huge_bodies(api: Api) -> None:
    headers = {"Content-Type": "application/json"}
    huge = json.dumps({"summary": SECRET * (LARGEST_BODY // len(SECRET) + 1)}).encode()
    for person, path in (
        (OFFICER, "/escalations"),
        (OFFICER, "/escalations/_search"),
        (ADMINISTRATOR, "/locations"),
    ):
        for content in MALFORMED:
            problem(api.ask(person, "POST", path, content=content, headers=headers), 400)
        problem(api.ask(person, "POST", path, content=huge, headers=headers), 413)


def test_a_body_that_grows_while_it_is_sent_is_refused(api: Api) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(LARGEST_BODY // 2**16 + 2):
            yield b" " * 2**16

    headers = {"Content-Type": "application/json"}
    problem(api.ask(OFFICER, "POST", "/escalations", content=endless(), headers=headers), 413)


def test_only_json_is_taken(api: Api) -> None:
    headers = {"Content-Type": "text/plain", "If-Match": '"1"'}
    for person, path in (
        (OFFICER, "/escalations"),
        (OFFICER, "/escalations/V-ABCDEF/reports"),
        (ADMINISTRATOR, "/panels"),
    ):
        problem(api.ask(person, "POST", path, content=b"{}", headers=headers), 415)


def test_nobody_gets_in_without_a_token(api: Api) -> None:
    answer = api.get(None, "/escalations")
    assert problem(answer, 401)["code"] == "not_signed_in"
    assert answer.headers["www-authenticate"] == "Bearer"
    problem(api.get("nobody", "/escalations"), 401)
    problem(api.ask(None, "GET", "/panels", headers={"Authorization": f"Basic {SECRET}"}), 401)


def test_the_tokens_are_worth_nothing_outside_a_demonstration(store: Store, tmp_path: Path) -> None:
    with serving(store, tmp_path, demo=False) as client:
        headers = {"Authorization": f"Bearer demo-{OFFICER}"}
        answer = client.get("/v1/escalations", headers=headers)
        assert "nog niemand" in problem(answer, 401)["detail"]


def test_what_one_may_not_know_of_is_as_what_is_not_there(api: Api) -> None:
    escalation = api.opened()
    for person in (OTHER_OFFICER, ADMINISTRATOR):
        hidden = problem(api.get(person, f"/escalations/{escalation}"), 404)
        absent = problem(api.get(person, "/escalations/V-222222"), 404)
        assert hidden == absent
        hidden = problem(
            api.post(person, f"/escalations/{escalation}/lapses", {"reason": "x"}, 2), 404
        )
        assert hidden == absent


def test_who_sees_it_but_may_not_do_it(api: Api) -> None:
    escalation = api.opened()
    before = api.get(AUDITOR, f"/escalations/{escalation}").json()
    path = f"/escalations/{escalation}/withdrawals"
    problem(api.post(AUDITOR, path, {"reason": SECRET}, 2), 403)
    assert problem(api.post(SECRETARY, path, {"reason": SECRET}, 2), 403)["code"] == "not_in_role"
    assert api.get(AUDITOR, f"/escalations/{escalation}").json() == before
    problem(api.post(OFFICER, "/panels", {"level": "local", "location": "Den Bosch"}), 403)
    problem(api.get(OFFICER, "/events"), 403)


def test_not_in_this_state(api: Api) -> None:
    path = f"/escalations/{api.opened()}"
    assert problem(api.post(OFFICER, f"{path}/submissions", {}, 2), 409)["code"] == "not_in_phase"
    problem(api.post(OFFICER, f"{path}/follow-throughs", {"result": "carried_out"}, 2), 409)


def test_the_version_seen_is_asked_for_and_held_against_what_stands(api: Api) -> None:
    path = f"/escalations/{api.opened()}/withdrawals"
    body = {"reason": "Verzonnen."}
    assert problem(api.post(OFFICER, path, body), 428)["code"] == "version_missing"
    assert problem(api.post(OFFICER, path, body, 1), 412)["code"] == "stale_version"
    for bad in ("2", "*", 'W/"2"', '"2", "3"', '"x"', '"-1"'):
        problem(api.post(OFFICER, path, body, headers={"If-Match": bad}), 400)
    assert api.post(OFFICER, path, body, 2).status_code == 201


def test_a_destroyed_text_is_for_imports_alone(api: Api) -> None:
    body = {"reason": {"destroyed": "2020-01-01"}}
    path = f"/escalations/{api.opened()}/withdrawals"
    assert problem(api.post(OFFICER, path, body, 2), 400)["errors"][0]["code"] == "not_a_string"


BAD_QUERIES = (
    "/escalations?location=a%00b",
    "/escalations?phase=kwikstaart-geheim",
    "/escalations?limit=0",
    "/escalations?after=kwikstaart-geheim",
    "/escalations?after=WzFd",
    "/figures",
    "/figures?from=2022-01-01&until=2021-01-01",
    "/figures?from=2022-01-01&until=9999-12-31",
    "/figures?from=1641024000&until=2022-12-31",
    "/figures?from=2022-01-01&until=2022-12-31&asOf=2999-01-01",
    "/lead-times?from=2022-01-01&until=2022-12-31&asOf=2999-01-01",
    "/location-comparison?from=2022-01-01&until=2022-12-31&asOf=2999-01-01",
    "/signals?asOf=2999-01-01",
    "/signal-replies?asOf=2999-01-01",
    "/consultations?asOf=2999-01-01",
    "/adjustments?asOf=2999-01-01",
    "/implementation-tests?asOf=2999-01-01",
    "/figures?from=2022-01-01&until=2022-12-31&by=kwikstaart-geheim",
    "/figures?from=2022-01-01&until=2022-12-31&by=level&by=level",
    "/panels/kdt-national/meetings/kwikstaart-geheim",
    "/panels?on=0001-01-01",
)


def test_bad_queries(api: Api) -> None:
    for query in BAD_QUERIES:
        problem(api.get(OFFICER, query), 400)


def test_bad_heads(api: Api) -> None:
    problem(api.get(OFFICER, "/escalations", headers={"Acting-Role": SECRET}), 400)
    problem(api.get(OFFICER, "/escalations", headers={"Acting-Role": "chair"}), 403)
    headers = {"Idempotency-Key": "een twee"}
    problem(api.post(OFFICER, "/escalations", {}, headers=headers), 400)


def test_addresses_that_are_not_there(api: Api) -> None:
    problem(api.get(OFFICER, f"/{SECRET}"), 404)
    problem(api.ask(OFFICER, "DELETE", "/escalations"), 405)
    problem(api.get(OFFICER, "/escalations/"), 404)


def test_a_database_that_is_gone_for_a_moment(
    api: Api, database_server: tuple[Server, int, str], database: str
) -> None:
    escalation = api.opened()
    superuser = make_url(database_server[0].url(cluster.SUPERUSER, cluster.SUPERUSER))
    address = superuser.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"alter database {database} allow_connections false")
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [database]
        )
        for answer in (
            api.get(OFFICER, f"/escalations/{escalation}"),
            api.post(OFFICER, f"/escalations/{escalation}/withdrawals", {"reason": "x"}, 2),
            api.client.get("/ready"),
        ):
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
        assert api.client.get("/live").status_code == 200
        connection.execute(f"alter database {database} allow_connections true")
    assert api.get(OFFICER, f"/escalations/{escalation}").json()["phase"] == "queued"
    assert api.client.get("/ready").status_code == 200


def test_what_nobody_foresaw_is_told_without_details(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(SECRET)

    escalation = api.opened()
    monkeypatch.setattr("kdt.cases.view.escalation", broken)
    answer = api.get(OFFICER, f"/escalations/{escalation}")
    assert "logboek" in problem(answer, 500)["detail"]
    assert answer.headers["trace-id"]
    monkeypatch.undo()
    assert api.get(OFFICER, f"/escalations/{escalation}").status_code == 200


def test_every_answer_keeps_a_browser_safe(api: Api) -> None:
    for answer in (api.get(OFFICER, "/panels"), api.client.get("/live"), api.get(None, "/panels")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert len(answer.headers["trace-id"]) == 32
