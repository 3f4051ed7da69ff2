"""A panel's queue and recording an outcome over HTTP, many at once, on a large record.

The floor of a page is the same server's smallest one, asked as often at the same time.
"""

import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime

import httpx

from api.people import enter_examples
from kdt import clock
from kdt.cases.model import escalations
from kdt.panels.planning import plan
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store, connect
from kdt.vocabulary import Phase
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, percentile
from tests.benchmarks.starting import KDT

AT_ONCE = 20
REQUESTS = 400
PORT = 8732
BASE = f"http://127.0.0.1:{PORT}"


def run(held: Server, size: int) -> Iterator[Result]:
    """The 95th percentile of each, in milliseconds."""
    template = server.large(held, size)
    with server.database(held, template) as name, server.store(held, name) as store:
        _become_a_demo(held, name)
        enter_examples(store)
        with _serving(store.url):
            cookies = _signed_in("secretary-den-bosch-1")
            queue = _at_once([lambda client: client.get("/queue")] * REQUESTS, cookies)
            live = _at_once([lambda client: client.get("/live")] * REQUESTS, cookies)
            outcomes = _at_once(list(_outcomes(store)), None)
    note = f"{size:,} escalations, {AT_ONCE} at once"
    yield Result(
        "queue page, p95", percentile(queue, 0.95), "ms", percentile(live, 0.95), "60 ms", note
    )
    yield Result(
        "recording an outcome, p95",
        percentile(outcomes, 0.95),
        "ms",
        percentile(live, 0.95),
        "50 ms",
        note,
    )


def _become_a_demo(held: Server, name: str) -> None:
    """Example people sign in on a demonstration alone; only the owner can say it is one."""
    owner = connect(held.url(OWNER, name))
    with owner.begin() as connection:
        connection.exec_driver_sql("update record set demo = true")
    owner.dispose()


@contextmanager
def _serving(url: str) -> Iterator[None]:
    """A real server, in a process of its own."""
    environment = {
        **os.environ,
        "KDT_HOME": str(server.HOME / "serving"),
        "KDT_DATABASE_URL": url,
        "KDT_PORT": str(PORT),
        "KDT_LOG_LEVEL": "error",
        # One person asks here what hundreds would.
        "KDT_REQUESTS_PER_MINUTE": "1000000",
    }
    with subprocess.Popen(
        [KDT, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(600):
                with suppress(httpx.TransportError):
                    httpx.get(f"{BASE}/live")
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()


def _signed_in(person: str) -> dict[str, str]:
    with httpx.Client(base_url=BASE, headers={"Origin": BASE}) as client:
        client.get("/signin")
        answer = client.post("/signin", data={"person": person})
        assert answer.status_code == 303, answer.status_code
        return dict(client.cookies)


def _at_once(
    requests: list[Callable[[httpx.Client], httpx.Response]], cookies: dict[str, str] | None
) -> list[float]:
    """Milliseconds of each request, `AT_ONCE` of them under way at any time."""
    local = threading.local()

    def timed(request: Callable[[httpx.Client], httpx.Response]) -> float:
        if not hasattr(local, "client"):
            local.client = httpx.Client(
                base_url=BASE,
                cookies=cookies,
                timeout=60,
                # The server lets go of an idle connection after five seconds.
                limits=httpx.Limits(keepalive_expiry=2),
            )
        start = time.perf_counter()
        answer = request(local.client)
        taken = (time.perf_counter() - start) * 1000
        assert answer.status_code < 300, (answer.status_code, answer.text[:300])
        return taken

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(timed, requests))


def _outcomes(store: Store) -> Iterator[Callable[[httpx.Client], httpx.Response]]:
    """Outcomes for what is queued nationally and at Den Bosch, each listed for today first."""
    today = clock.day(datetime.now(clock.AMSTERDAM)).isoformat()
    panels = ("kdt-national", "kdt-den-bosch")
    with store.engine.begin() as connection:
        plan(connection, [(panel, clock.day(datetime.now(clock.AMSTERDAM))) for panel in panels])
        found = connection.execute(
            escalations.select()
            .where(
                escalations.c.phase == Phase.QUEUED,
                (escalations.c.level == "national") | (escalations.c.location == "Den Bosch"),
            )
            .limit(REQUESTS // 2)
        ).all()
    for row in found:
        national = row.level == "national"
        panel = panels[0] if national else panels[1]
        person = "secretary-national-1" if national else "secretary-den-bosch-1"
        headers = {"Authorization": f"Bearer demo-{person}"}
        path = f"/v1/escalations/{row.id}"

        def listed_then_timed(
            client: httpx.Client,
            path: str = path,
            panel: str = panel,
            headers: dict[str, str] = headers,
            version: int = row.seq + 1,
        ) -> httpx.Response:
            return client.post(
                f"{path}/considerations",
                json={"outcome": "held_over", "reasons": "Nog één vraag open."},
                headers={**headers, "If-Match": f'"{version}"'},
            )

        with httpx.Client(base_url=BASE, timeout=60) as client:
            listed = client.post(
                f"{path}/listings",
                json={"panel": panel, "meetingOn": today},
                headers={**headers, "If-Match": f'"{row.seq}"'},
            )
            assert listed.status_code < 300, listed.text[:300]
        yield listed_then_timed
