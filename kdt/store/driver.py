"""The driver's connection, with what it keeps planned on the server, and a way past its cursors.

The driver forgets what it prepared at every rollback, lest something was dropped meanwhile; nothing
here drops anything, but what follows has to agree with it.
"""

import hashlib
import re
from collections import OrderedDict, namedtuple
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import count
from typing import Any

import psycopg
from psycopg import abc, adapt, generators, pq
from psycopg.errors import error_from_result
from psycopg.rows import RowMaker

# A statement in the driver's own words, and its parameters.
Statement = tuple[bytes, Sequence[object]]

# How many stay planned, beyond those of one message: as many as the driver keeps of its own.
KEPT = 100


class Driver(psycopg.Connection[tuple[Any, ...]]):
    """A connection that can run several statements in one round trip without planning them anew."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._planned: OrderedDict[bytes, bytes] = OrderedDict()
        self._rollbacks = 0

    @cached_property
    def _types(self) -> abc.Transformer:
        """What writes and reads values, kept for what it learns of each type."""
        return adapt.Transformer(self)

    def rollback(self) -> None:
        """Roll back what is under way; everything will be planned anew, under other names."""
        if self.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self._planned.clear()
            self._rollbacks += 1
            super().rollback()

    def together(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """Run statements in order, in one round trip that also begins the transaction where none is
        under way; the rows of each, their columns by name.

        The cursors of the driver do this too, at twice the work.
        """
        # As text, which the server reads as whatever the statement takes.
        given = [
            self._types.dump_sequence(values, [adapt.PyFormat.TEXT] * len(values))
            for _, values in statements
        ]
        with self.lock:
            idle = self.pgconn.transaction_status == pq.TransactionStatus.IDLE
            self.pgconn.enter_pipeline_mode()
            if idle and not self.autocommit:
                self.pgconn.send_query_params(self._get_tx_start_command(), None)
            while len(self._planned) > KEPT:
                _, oldest = self._planned.popitem(last=False)
                self.pgconn.send_query_params(b"deallocate " + oldest, None)
            names = [self._name(statement) for statement, _ in statements]
            for name, values in zip(names, given, strict=True):
                self.pgconn.send_query_prepared(name, values)
            self.pgconn.pipeline_sync()
            try:
                results = self.wait(_answers(self.pgconn))
            finally:
                self.pgconn.exit_pipeline_mode()
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                raise error_from_result(result)
        return [_rows(result, self._types) for result in results[-len(statements) :]]

    def _name(self, statement: bytes) -> bytes:
        """What a statement is called on the server; one without a name is sent there first."""
        name = self._planned.get(statement)
        if name is None:
            name = f"kdt_{self._rollbacks}_{hashlib.sha256(statement).hexdigest()[:16]}".encode()
            self.pgconn.send_prepare(name, _numbered(statement))
            self._planned[statement] = name
        self._planned.move_to_end(statement)
        return name


def _answers(pgconn: pq.abc.PGconn) -> abc.PQGen[list[pq.abc.PGresult]]:
    """What the server answers to all that was sent."""
    yield from generators.send(pgconn)
    results: list[pq.abc.PGresult] = []
    while True:
        (result,) = yield from generators.fetch_many(pgconn)
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


def _rows(result: pq.abc.PGresult, types: abc.Transformer) -> list[Any]:
    types.set_pgresult(result)
    names = tuple(result.fname(place) or b"" for place in range(result.nfields))
    return types.load_rows(0, result.ntuples, _row_of(names))


@lru_cache
def _row_of(columns: tuple[bytes, ...]) -> RowMaker[Any]:
    """What makes a row of values one with names."""
    row = namedtuple("Row", [name.decode() for name in columns], rename=True)  # type: ignore[misc]
    return row._make


def _numbered(statement: bytes) -> bytes:
    """A statement with its parameters numbered, as the server knows them."""
    numbers = count(1)
    return re.sub(b"%s", lambda _: b"$%d" % next(numbers), statement)
