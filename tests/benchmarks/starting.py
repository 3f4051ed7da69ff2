"""Start-up: the command line, and a server until its first page on an existing record."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx

from kdt.store.embedded import Server
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, alternating, seconds

ROUNDS = 5
PORT = 8731
KDT = Path(sys.executable).with_name("kdt")


def run(held: Server) -> Iterator[Result]:
    """Two lines; the floor of both is a Python that does nothing."""
    (help_, nothing) = alternating(
        ROUNDS,
        lambda: seconds(lambda: subprocess.run([KDT, "--help"], check=True, capture_output=True)),
        lambda: seconds(lambda: subprocess.run([sys.executable, "-c", ""], check=True)),
    )
    yield Result("kdt --help", help_ * 1000, "ms", nothing * 1000, aim="300 ms")
    (served,) = alternating(ROUNDS, _first_page)
    yield Result("kdt serve until the first page", served * 1000, "ms", nothing * 1000, aim="3 s")


def _first_page() -> float:
    """Seconds until the first page answers; the database runs already."""
    environment = {"KDT_HOME": str(server.HOME), "KDT_PORT": str(PORT), "PATH": "/usr/bin:/bin"}
    start = time.perf_counter()
    with subprocess.Popen(
        [KDT, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while time.perf_counter() - start < 60:
                with suppress(httpx.TransportError):
                    # Without people it is the page that says how to sign in.
                    httpx.get(f"http://127.0.0.1:{PORT}/", timeout=5)
                    return time.perf_counter() - start
                time.sleep(0.01)
        finally:
            process.terminate()
    raise RuntimeError("kdt serve did not answer within a minute")
