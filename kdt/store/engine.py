"""The connection the application works with, as a role that cannot alter the record."""

import math
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self

import psycopg
from sqlalchemy import Dialect, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from kdt.settings import Settings
from kdt.store import embedded, migrate
from kdt.store import restoring as marks
from kdt.store.driver import Driver
from kdt.store.scope import WHOLE

# As many as a process has threads for requests, and a few for a rush.
_POOL_SIZE = 4
_POOL_OVERFLOW = 8
_RESTED_SECONDS = 1.0
# Every statement is short, and the cores are for other requests: starting workers for one took
# longer than the statement. What is streamed is read to its end, so it is planned for all of it and
# not for the first tenth: that read the whole log in order to find a few histories. A server that
# does not say it counts stays is one of the release before: what it records is noted, and walked
# until the clock has counted it.
_OPTIONS = (
    "-c timezone=UTC -c max_parallel_workers_per_gather=0 -c cursor_tuple_fraction=1.0 "
    "-c kdt.stays=counted"
)


@dataclass(frozen=True)
class Store:
    """An open database; close it, or use it as a context manager."""

    engine: Engine
    url: str
    _close: Callable[[], None]
    # In which scope what only reads is done.
    scope: str = WHOLE

    def within(self, scope: str) -> Self:
        """The same database, read in another scope."""
        return replace(self, scope=scope)

    def close(self) -> None:
        """Close all connections, and stop the embedded server if nobody else uses it."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(settings: Settings, *, restoring: bool = False) -> Store:
    """Open the database with a current schema; `restoring`: also while a backup is brought back.

    The embedded one is started and migrated; on a server, a schema that is not current is
    refused. Raises Unavailable when the database cannot be used.
    """
    with ExitStack() as undo:
        if settings.database_url is None:
            held = embedded.acquire(settings.home)
            undo.callback(held.release)
            if not restoring:
                marks.refuse(held.url())
            migrate.upgrade(held.url())
            url = held.url(embedded.APPLICATION)
        else:
            url = settings.database_url
            migrate.require_current(url)
            if not restoring:
                marks.refuse(url)
        engine = connect(url)
        undo.callback(engine.dispose)
        return Store(engine, url, undo.pop_all().close)


def connect(url: str) -> Engine:
    """An engine on that database, in UTC and known there as kdt."""
    engine = create_engine(
        url,
        # Values may be case text; they have no place in an error's message.
        hide_parameters=True,
        pool_size=_POOL_SIZE,
        max_overflow=_POOL_OVERFLOW,
        connect_args={
            "application_name": "kdt",
            "options": _OPTIONS,
            "connect_timeout": 10,
        },
    )
    event.listen(engine, "do_connect", _connected)
    event.listen(engine, "checkin", _rests)
    event.listen(engine, "checkout", _still_there)
    return engine


def _connected(_: Dialect, __: object, arguments: list[Any], named: dict[str, Any]) -> Driver:
    return Driver.connect(*arguments, **named)


def _rests(_: object, record: ConnectionPoolEntry) -> None:
    record.info["rested_at"] = time.monotonic()


def _still_there(
    connection: psycopg.Connection[tuple[object, ...]],
    record: ConnectionPoolEntry,
    _: PoolProxiedConnection,
) -> None:
    """Ask a connection that lay unused whether it still works; the pool makes another if not.

    Asking each time, as the pool itself would, costs every action a round trip.
    """
    if time.monotonic() - record.info.get("rested_at", math.inf) < _RESTED_SECONDS:
        return
    try:
        connection.execute(b"select 1")
        connection.commit()
    except psycopg.Error as error:
        raise DisconnectionError from error
