"""The application asked in its own process, every request undone: what it would have committed is
looked at, and rolled back."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from unittest import mock
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy import Connection, event, text

from kdt.store.engine import Store
from tests.access.organisation import Capacity

T = TypeVar("T")
Sent = tuple[int, dict[str, str], bytes]
Runs = Callable[[Coroutine[Any, Any, Sent]], Sent]
# What is recorded: every change of anything adds to one of these.
_RECORD = text("select (select count(*) from entries), (select count(*) from ledger)")


@dataclass(frozen=True)
class Call:
    """A request as a person sends it, from a page or as a program."""

    method: str
    path: str
    given: Mapping[str, Any] | None = None
    version: int | None = None

    @property
    def api(self) -> bool:
        return self.path.startswith("/v1")


@dataclass(frozen=True)
class Answer:
    """What came back; `recorded`: whether anything would have been added to the record."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    recorded: bool


class Asking:
    """The application, asked by anybody."""

    def __init__(self, app: FastAPI, run: Runs) -> None:
        self._app = app
        self._run = run
        self.changes: list[bool] = []

    def __call__(self, call: Call, capacity: Capacity | None) -> Answer:
        self.changes.clear()
        status, headers, body = self._run(self._sent(call, capacity))
        return Answer(status, headers, body, any(self.changes))

    async def _sent(self, call: Call, capacity: Capacity | None) -> Sent:
        head, body = _written(call, capacity)
        path, _, query = call.path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": call.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in head.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        sent = [{"type": "http.request", "body": body, "more_body": False}]
        answer: list[Mapping[str, Any]] = []

        async def receive() -> Mapping[str, Any]:
            if sent:
                return sent.pop()
            # Goes away once the answer has begun: a stream would go on for ever.
            while not answer:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

        async def send(message: Mapping[str, Any]) -> None:
            answer.append(message)

        await self._app(scope, receive, send)  # type: ignore[arg-type]
        headers = {name.decode(): value.decode() for name, value in answer[0]["headers"]}
        return answer[0]["status"], headers, b"".join(one.get("body", b"") for one in answer[1:])


def _written(call: Call, capacity: Capacity | None) -> tuple[dict[str, str], bytes]:
    head: dict[str, str] = {"host": "127.0.0.1"}
    if call.api:
        if capacity is not None:
            head["authorization"] = f"Bearer demo-{capacity.name}"
        if call.version is not None:
            head["if-match"] = f'"{call.version}"'
        if call.method == "GET":
            return head, b""
        head["content-type"] = "application/json"
        return head, json.dumps(call.given or {}).encode()
    if capacity is not None:
        head["cookie"] = f"kdt={capacity.token}"
    if call.method == "GET":
        return head, b""
    head["content-type"] = "application/x-www-form-urlencoded"
    form = dict(call.given or {})
    if capacity is not None:
        form["csrf"] = capacity.csrf
    if call.version is not None:
        form["version"] = call.version
    return head, urlencode(form, doseq=True).encode()


@contextmanager
def asked(app: FastAPI, store: Store) -> Iterator[Asking]:
    """Ask within the block; nothing any request does is kept."""
    loop = asyncio.new_event_loop()
    # A thread of its own: a browser opened by an earlier test keeps a loop in this one.
    worker = ThreadPoolExecutor(1)

    def run(sent: Coroutine[Any, Any, Sent]) -> Sent:
        return worker.submit(loop.run_until_complete, sent).result()

    asking = Asking(app, run)
    with store.engine.connect() as connection:
        before = connection.execute(_RECORD).one()

    def undo(connection: Connection) -> None:
        asking.changes.append(connection.execute(_RECORD).one() != before)
        connection.connection.rollback()

    async def at_once(work: Callable[..., T], *given: Any, **_: Any) -> T:
        return work(*given)

    event.listen(store.engine, "commit", undo)
    try:
        # A thread for each of tens of thousands of requests would be most of the work.
        with mock.patch.object(anyio.to_thread, "run_sync", at_once):
            yield asking
    finally:
        event.remove(store.engine, "commit", undo)
        worker.shutdown()
        loop.close()
