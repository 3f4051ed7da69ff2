"""What keeps a browser and the server safe, on every page there is."""

import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from api import middleware
from kdt import words
from kdt.access import rates
from kdt.store.engine import Store
from tests.api.conftest import (
    ADMINISTRATOR,
    ADVISER,
    AUDITOR,
    OFFICER,
    SECRETARY,
    furnished,
    serving,
)
from tests.pages.conftest import Desk, Reader
from tests.pages.walking import filled, routes, titled

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
# What was released is there for other sites to read, and to keep for a while.
OPEN = {"cross-origin-resource-policy": "cross-origin", "cache-control": "public, max-age=3600"}
INLINE = re.compile(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:|<iframe|<object")


def assert_safe(answer: httpx.Response) -> None:
    released = answer.is_success and answer.url.path.startswith("/open-data/")
    for name, value in (HEADERS | OPEN if released else HEADERS).items():
        assert answer.headers[name] == value, (answer.url, name)
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {value for name, value in policy.items() if name.endswith("-src")} <= {
        "'self'",
        "'none'",
    }
    assert policy["form-action"] == "'self'"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert not INLINE.search(answer.text), (answer.url, INLINE.search(answer.text))


def test_every_page_carries_the_headers_and_nothing_inline(desk: Desk, store: Store) -> None:
    case = desk.listed()
    known = {"escalation": case.rpartition("/")[2], "panel": desk.local, "location": "Den Bosch"}
    added = desk.sign_in(ADVISER).fill("/themes/new", name="Verzonnen", description="Verzonnen.")
    known["theme"] = added.path.rpartition("/")[2]
    paths = [filled(path, **known) for method, path in routes(store) if method == "GET"]
    assert len(paths) > 25
    good = set()
    for person in (OFFICER, SECRETARY, ADVISER, ADMINISTRATOR, AUDITOR):
        reader = desk.sign_in(person)
        for path in paths:
            answer = reader.get(path).answer
            assert answer.status_code < 500, path
            assert_safe(answer)
            if answer.status_code == 200:
                good.add(path)
    # Not only the pages that say what went wrong.
    assert len(good) > len(paths) / 2, set(paths) - good


def test_under_tls_a_browser_keeps_to_it(desk: Desk) -> None:
    answer = httpx.get(desk.base.join("/signin"), headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["strict-transport-security"] == middleware._HSTS


def test_behind_a_proxy_that_takes_tls_off_too(store: Store, tmp_path: Path) -> None:
    """What makes a cookie Secure makes a browser keep to TLS: the address it is found at."""
    with serving(store, tmp_path, base_url="https://kdt.example.org") as client:
        for path in ("/signin", "/v1/openapi.json", "/nergens"):
            answer = client.get(path)
            assert answer.headers["strict-transport-security"] == middleware._HSTS


def test_no_form_is_taken_from_elsewhere(desk: Desk, store: Store) -> None:
    """Every unsafe page there is: another site, another session, no token; nothing happens."""
    case = desk.listed()
    known = {"escalation": case.rpartition("/")[2], "panel": desk.local, "location": "Den Bosch"}
    unsafe = [(method, path) for method, path in routes(store) if method != "GET"]
    assert len(unsafe) > 10
    reader, other = desk.sign_in(SECRETARY), desk.sign_in(OFFICER)
    own, foreign = {"csrf": csrf(reader)}, {"csrf": csrf(other)}
    before = reader.get(case).main
    for method, path in unsafe:
        here = filled(path, **known)
        attacks: list[tuple[dict[str, str], dict[str, str]]] = [
            (own, {"Origin": "https://elders.example"}),
            (own, {"Origin": "null"}),
            (own, {"Sec-Fetch-Site": "cross-site"}),
            (own, {"Sec-Fetch-Site": "same-site"}),
        ]
        if path != "/signin":
            # Whoever signs in has no session that a token could belong to.
            attacks += [({}, {}), (foreign, {}), ({"csrf": ""}, {})]
        for data, headers in attacks:
            answer = reader.client.request(
                method, here, data={"person": OFFICER, **data}, headers=headers,
                follow_redirects=False,
            )  # fmt: skip
            assert answer.status_code == 403, (method, path, data, headers, answer.status_code)
            assert titled(answer) == words.say("error.403")
    assert reader.get(case).main == before
    # The same form from the page itself is taken.
    assert reader.client.post("/signout", data=own).url.path == "/signin"


def csrf(reader: Reader) -> str:
    """The token in the forms of somebody's session."""
    found = re.search(r'name="csrf" value="([^"]+)"', reader.get("/").answer.text)
    assert found
    return found[1]


def test_a_form_comes_as_a_form_alone(desk: Desk) -> None:
    reader = desk.sign_in(OFFICER)
    parts = reader.client.post("/signout", files={"csrf": (None, csrf(reader))})
    assert parts.status_code == 415
    many = reader.client.post("/signout", data={f"field-{number}": "" for number in range(200)})
    assert many.status_code == 400


def test_a_body_that_trickles_in_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.3)
    with socket.create_connection((desk.base.host, desk.base.port), timeout=10) as line:
        line.sendall(
            b"POST /signin HTTP/1.1\r\nHost: kdt\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nperson="
        )
        answer = b""
        # Until the server has said so and hung up.
        while more := line.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert words.say("api.status.408").encode() in answer


def test_a_long_head_is_refused(desk: Desk) -> None:
    many = httpx.get(desk.base, headers={f"X-{number}": "1" for number in range(100)})
    assert many.status_code == 431
    assert titled(many) == words.say("error.400")
    assert httpx.get(desk.base.join("/signin"), headers={"X-Long": "x" * 12_000}).is_success
    assert httpx.get(desk.base, headers={"X-Long": "x" * 17_000}).status_code == 431
    query = httpx.get(desk.base.join("/signin"), params={"q": "x" * 17_000})
    assert query.status_code == 431


def test_whoever_asks_too_much_is_told_to_wait(store: Store, tmp_path: Path) -> None:
    """In pages and in the API alike, each person apart, and files for nothing."""
    with serving(store, tmp_path, requests_per_minute=30) as client:
        furnished(store)
        officer, secretary = (Reader(client.base_url, one) for one in (OFFICER, SECRETARY))
        said = [officer.get("/dictionary").answer for _ in range(40)]
        refused = [one for one in said if one.status_code == 429]
        assert 5 <= len(refused) <= 12
        assert refused[0].headers["retry-after"] == str(rates.WAIT_SECONDS)
        assert words.say("api.status.429") in refused[0].text
        assert officer.client.get("/static/kdt.css").status_code == 200
        token = {"Authorization": f"Bearer demo-{OFFICER}"}
        program = client.get("/v1/panels", headers=token)
        assert program.status_code == 429
        assert program.json()["code"] == "too_many_requests"
        assert program.headers["retry-after"] == str(rates.WAIT_SECONDS)
        assert secretary.get("/dictionary").status == 200
        # Whoever tries tokens is one address, however many are tried.
        tried = [
            client.get("/v1/panels", headers={"Authorization": f"Bearer demo-{number}"})
            for number in range(40)
        ]
        assert {one.status_code for one in tried} == {401, 429}
        officer.client.close()
        secretary.client.close()


def test_one_bucket_for_many_servers(any_store: Store) -> None:
    """Asked at once from everywhere: exactly what the bucket held, and it fills again."""

    def take(_: int) -> bool:
        try:
            rates.take(any_store, "person een", 60)
        except rates.TooMany:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        began = time.monotonic()
        taken = sum(pool.map(take, range(200)))
        passed = time.monotonic() - began
    assert 60 <= taken <= 60 + passed + 1
    time.sleep(1.1)
    assert take(0)
    rates.take(any_store, "person twee", 60)
    with any_store.engine.begin() as connection:
        assert rates.forget(connection) == 0
        connection.exec_driver_sql("update rates set at = at - interval '1 hour'")
        assert rates.forget(connection) == 2
