"""Meetings followed live. One listener in a process asks the record, every second, what changed of
all meetings that somebody here watches: never a thread for each who watches.

It sends what stands, not what happened: a mark that is another as soon as anything is. So whoever
was away, or came from another process, learns by the mark they had last whether they missed
something, and nothing that commits late is passed over.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from kdt.errors import Unavailable
from kdt.meetings.following import Slot, marks
from kdt.store.engine import Store
from kdt.store.transaction import reading

_log = structlog.get_logger("kdt.live")

_EVERY_SECONDS = 1.0
# So often something is sent at least, or nobody would see that somebody went away.
_BEAT_SECONDS = 15.0
_BEAT = b": \n\n"

# Whether somebody may still watch, by the record as it stands.
Allowed = Callable[[Connection], bool]


@dataclass(eq=False, slots=True)
class _Watcher:
    slot: Slot
    allowed: Allowed
    # The mark they have; None when theirs ends.
    mark: str | None
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Listener:
    """Those who watch here, and the one task that listens for all of them."""

    def __init__(self, store: Store) -> None:
        """`store`: in its whole scope; what is sent of it are marks."""
        self._store = store
        self._watchers: set[_Watcher] = set()
        self._task: asyncio.Task[None] | None = None

    async def watch(self, slot: Slot, allowed: Allowed, seen: str) -> AsyncIterator[bytes]:
        """The events of a meeting for somebody who has the mark `seen`, until they go away or may
        watch no more."""
        watcher = _Watcher(slot, allowed, seen)
        self._watchers.add(watcher)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        try:
            yield _BEAT
            while watcher.mark is not None:
                try:
                    async with asyncio.timeout(_BEAT_SECONDS):
                        await watcher.news.wait()
                except TimeoutError:
                    yield _BEAT
                    continue
                watcher.news.clear()
                if watcher.mark is not None:
                    yield f"id: {watcher.mark}\nevent: changed\ndata: {watcher.mark}\n\n".encode()
        finally:
            self._watchers.discard(watcher)

    async def _listen(self) -> None:
        while self._watchers:
            try:
                found = await run_in_threadpool(self._look, tuple(self._watchers))
            except Unavailable as error:
                # What changed meanwhile shows by its mark once the record is back.
                _log.warning("not_listening", why=str(error))
                found = []
            for watcher, mark in found:
                watcher.mark = mark
                watcher.news.set()
            await asyncio.sleep(_EVERY_SECONDS)

    def _look(self, watchers: tuple[_Watcher, ...]) -> list[tuple[_Watcher, str | None]]:
        """Whose meeting changed, with the mark it has now; None for who may watch no more."""
        with reading(self._store) as connection:
            now = marks(connection, {one.slot for one in watchers})
            return [
                (one, now[one.slot] if one.allowed(connection) else None)
                for one in watchers
                if one.slot in now and now[one.slot] != one.mark
            ]
