"""A real server over a copy of a record, in a process of its own, and the people who sign in."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import httpx

from api.people import enter_examples
from kdt.store import locks
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store, connect
from tests.benchmarks import server
from tests.benchmarks.starting import KDT


@dataclass(frozen=True)
class Serving:
    """A server, and the store it serves."""

    port: int
    store: Store

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def signed_in(self, person: str) -> dict[str, str]:
        """The headers of an example person who is signed in."""
        with httpx.Client(base_url=self.base, headers={"Origin": self.base}) as client:
            client.get("/signin")
            answer = client.post("/signin", data={"person": person})
            assert answer.status_code == 303, answer.status_code
            return {"Cookie": "; ".join(f"{one}={value}" for one, value in client.cookies.items())}


@contextmanager
def serving(held: Server, template: str, port: int) -> Iterator[Serving]:
    """Serve a copy of a record at this port."""
    with server.database(held, template) as name, server.store(held, name) as store:
        _become_a_demo(held, name)
        enter_examples(store)
        # As if another process made similar cases findable: that takes a processor for a while.
        with locks.alone(store, locks.SIMILAR), _process(store.url, port):
            yield Serving(port, store)


def _become_a_demo(held: Server, name: str) -> None:
    """Example people sign in on a demonstration alone; only the owner can say it is one."""
    owner = connect(held.url(OWNER, name))
    with owner.begin() as connection:
        connection.exec_driver_sql("update record set demo = true")
    owner.dispose()


@contextmanager
def _process(url: str, port: int) -> Iterator[None]:
    environment = {
        **os.environ,
        "KDT_HOME": str(server.HOME / "serving"),
        "KDT_DATABASE_URL": url,
        "KDT_PORT": str(port),
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
                    httpx.get(f"http://127.0.0.1:{port}/live")
                    break
                time.sleep(0.1)
            yield
        finally:
            process.terminate()
