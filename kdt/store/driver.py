"""The driver's connection, with what it keeps planned on the server.

The driver forgets what it prepared at every rollback, lest something was dropped meanwhile; nothing
here drops anything, but what follows has to agree with it.
"""

import hashlib
import re
from collections.abc import Sequence
from itertools import count
from typing import Any

import psycopg
from psycopg import pq
from psycopg.rows import namedtuple_row

# A statement in the driver's own words, and its parameters.
Statement = tuple[bytes, Sequence[object]]


class Driver(psycopg.Connection[tuple[Any, ...]]):
    """A connection that can run several statements in one round trip without planning them anew."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._planned: dict[bytes, str] = {}
        self._rollbacks = 0

    def rollback(self) -> None:
        """Roll back what is under way; everything will be planned anew, under other names."""
        if self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self._planned.clear()
            self._rollbacks += 1
        super().rollback()

    def together(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """Run statements in order, in one message; the rows of each, their columns by name."""
        cursor = psycopg.ClientCursor(self, row_factory=namedtuple_row)
        cursor.execute(
            b";".join(self._by_name(statement, len(given)) for statement, given in statements),
            [parameter for _, given in statements for parameter in given],
        )
        return [result.fetchall() for result in cursor.results()]

    def _by_name(self, statement: bytes, parameters: int) -> bytes:
        """How a statement is asked for by its name. One without is given it first, once a
        connection, which takes a round trip."""
        name = self._planned.get(statement)
        if name is None:
            name = f"kdt_{self._rollbacks}_{hashlib.sha256(statement).hexdigest()[:16]}"
            self.execute(f"prepare {name} as {numbered(statement.decode())}".encode())
            self._planned[statement] = name
        given = f"({', '.join(['%s'] * parameters)})" if parameters else ""
        return f"execute {name}{given}".encode()


def numbered(statement: str) -> str:
    """A statement with its parameters numbered, as the server knows them."""
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", statement)
