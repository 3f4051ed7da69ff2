"""The load of the HTTP benchmarks: a small client in a process of its own, so that what is measured
is the server. It shares the machine with it, and takes as little as it can.

`load` starts it; as a program it reads its task from standard input and writes what it saw.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Ask:
    """One request: its path and, when it posts JSON, what."""

    path: str
    headers: Mapping[str, str]
    posts: str | None = None

    def raw(self, host: str) -> bytes:
        """As it goes over the line."""
        body = (self.posts or "").encode()
        head = [f"{'GET' if self.posts is None else 'POST'} {self.path} HTTP/1.1", f"Host: {host}"]
        head += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.posts is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*head, "", ""]).encode() + body


@dataclass(frozen=True)
class Seen:
    """Milliseconds of each answer, and the seconds all of them took."""

    milliseconds: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds


def load(port: int, asks: Sequence[Ask], *, users: int, every: float | None = None) -> Seen:
    """Ask all of it, spread over `users`, each on a connection of their own: one after another
    without a pause, or each `every` so many seconds. Raises when an answer is no success."""
    task = {"port": port, "users": users, "every": every, "asks": [asdict(one) for one in asks]}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.client"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return Seen(**json.loads(done.stdout))


async def _run(port: int, users: int, every: float | None, asks: Sequence[Ask]) -> Seen:
    raw = [one.raw(f"127.0.0.1:{port}") for one in asks]
    start = time.perf_counter()
    found = await asyncio.gather(
        *(_user(port, raw[at::users], every, at / users * (every or 0)) for at in range(users))
    )
    return Seen([one for seen in found for one in seen], time.perf_counter() - start)


async def _user(port: int, raw: Sequence[bytes], every: float | None, first: float) -> list[float]:
    """One user; the pace is kept whatever an answer takes, and a late one counts from when it was
    due."""
    seen = []
    begin = time.perf_counter() + first
    connection = None
    for number, request in enumerate(raw):
        due = time.perf_counter()
        if every is not None:
            due = begin + number * every
            await asyncio.sleep(max(0, due - time.perf_counter()))
        if connection is None:
            connection = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        if await _answer(*connection, request):
            connection = None
        seen.append((time.perf_counter() - due) * 1000)
    return seen


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> bool:
    """Whether the server closes the connection after it."""
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    body = await reader.readexactly(int(head.partition("content-length: ")[2].split("\r\n")[0]))
    status = int(head.split(" ", 2)[1])
    if status >= 300:
        raise RuntimeError(f"{request[:80]!r}: {status} {body[:300]!r}")
    return "connection: close" in head


if __name__ == "__main__":
    given = json.load(sys.stdin)
    asked = [Ask(**one) for one in given.pop("asks")]
    json.dump(asdict(asyncio.run(_run(asks=asked, **given))), sys.stdout)
