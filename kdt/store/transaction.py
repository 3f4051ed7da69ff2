"""One use case, one transaction: committed before anything is answered, or nothing happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as postgres
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kdt import words
from kdt.errors import Unavailable
from kdt.store.engine import Store
from kdt.store.scope import within
from kdt.store.writing import ask


@contextmanager
def writing(store: Store) -> Iterator[Connection]:
    """A transaction that commits when the block ends well. Raises Unavailable when the database is
    gone, full or too busy; then nothing was recorded, or nobody can say it was."""
    with _clear_errors(), store.engine.begin() as connection:
        yield connection


@contextmanager
def reading(store: Store) -> Iterator[Connection]:
    """One snapshot for everything read in the block, in the scope of the store; it can write
    nothing."""
    with _clear_errors(), store.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            ask(connection, within(store.scope))
            yield connection


@contextmanager
def at_once(store: Store) -> Iterator[Connection]:
    """A connection on which each statement is a transaction of its own, in one round trip: for what
    is no part of the record. Raises Unavailable as `writing` does."""
    with _clear_errors(), store.engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def beside(connection: Connection) -> Iterator[Connection]:
    """The same, beside a transaction under way: what is written here stays, however that ends."""
    with _clear_errors(), connection.engine.connect() as another:
        yield another.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(words.say("unavailable.busy")) from error
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, postgres.DiskFull):
            raise Unavailable(words.say("unavailable.disk_full")) from error
        if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
            raise Unavailable(words.say("unavailable.database")) from error
        raise
