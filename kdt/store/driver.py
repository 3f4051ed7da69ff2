"""The driver's connection, with what it keeps planned on the server, and a way past its cursors.

On the server what is planned outlives a rollback, and is planned anew where a table it reads was
changed. The driver none the less forgets what it prepared at every one, and then has the server
forget all; here it does so after an error alone, which may come from what was planned.
"""

import re
from collections import OrderedDict, namedtuple
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


class _Planned:
    """A statement by its name on the server, with what reads its rows, once that is known."""

    def __init__(self, name: bytes, types: abc.Transformer) -> None:
        self.name = name
        self._types = types
        self._row: RowMaker[Any] | None = None

    def rows(self, result: pq.abc.PGresult) -> list[Any]:
        """The rows of a result, their columns by name; those of a statement are always alike."""
        self._types.set_pgresult(result, set_loaders=self._row is None)
        if self._row is None:
            self._row = _row_of(
                tuple(result.fname(place) or b"" for place in range(result.nfields))
            )
        return self._types.load_rows(0, result.ntuples, self._row)


class Driver(psycopg.Connection[tuple[Any, ...]]):
    """A connection that can run several statements in one round trip without planning them anew."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._planned: OrderedDict[bytes, _Planned] = OrderedDict()
        self._given_up: list[bytes] = []
        self._number = count()
        self._waiting: list[Statement] = []

    @cached_property
    def _types(self) -> abc.Transformer:
        """What writes values, kept for what it learns of each type."""
        return adapt.Transformer(self)

    def together(self, statements: Sequence[Statement]) -> list[list[Any]]:
        """Run statements in order, in one round trip that also begins the transaction where none is
        under way; the rows of each, their columns by name.

        The cursors of the driver do this too, at twice the work.
        """
        with self.lock:
            results = self.wait(self._run(statements))
        return [
            self._planned[statement].rows(result)
            for (statement, _), result in zip(statements, results, strict=True)
        ]

    def at_last(self, statement: Statement) -> None:
        """Run a statement before whatever comes next in the transaction, and in one round trip with
        that: with the commit, when nothing else does. An error in it comes from there."""
        self._waiting.append(statement)

    def _run(
        self, statements: Sequence[Statement], end: bytes | None = None
    ) -> abc.PQGen[list[pq.abc.PGresult]]:
        """Run what waits, these, and what ends the transaction; the results of these."""
        every = [*self._waiting, *statements]
        self._waiting.clear()
        # As text, which the server reads as whatever the statement takes.
        given = [
            self._types.dump_sequence(values, [adapt.PyFormat.TEXT] * len(values))
            for _, values in every
        ]
        self.pgconn.enter_pipeline_mode()
        try:
            self._send(every, given, end)
            results = yield from _answers(self.pgconn)
            self.pgconn.exit_pipeline_mode()
        except BaseException:
            # Nobody knows what the server did, or has yet to answer.
            self.pgconn.finish()
            raise
        for result in results:
            if result.status == pq.ExecStatus.FATAL_ERROR:
                self._give_up()
                raise error_from_result(result)
        last = len(results) - (end is not None)
        return results[last - len(statements) : last]

    def _send(
        self,
        statements: Sequence[Statement],
        given: Sequence[Sequence[abc.Buffer | None]],
        end: bytes | None,
    ) -> None:
        idle = self.pgconn.transaction_status == pq.TransactionStatus.IDLE
        while len(self._planned) > KEPT:
            self._given_up.append(self._planned.popitem(last=False)[1].name)
        # Before all else, and so never passed over because something failed.
        while self._given_up:
            self.pgconn.send_close_prepared(self._given_up.pop())
        if idle and not self.autocommit:
            self.pgconn.send_query_params(self._get_tx_start_command(), None)
        names = [self._name(statement) for statement, _ in statements]
        for name, values in zip(names, given, strict=True):
            self.pgconn.send_query_prepared(name, values)
        if end is not None:
            self.pgconn.send_query_params(end, None)
        self.pgconn.pipeline_sync()

    def _name(self, statement: bytes) -> bytes:
        """What a statement is called on the server; one without a name is sent there first."""
        planned = self._planned.get(statement)
        if planned is None:
            planned = _Planned(b"kdt_%d" % next(self._number), adapt.Transformer(self))
            self.pgconn.send_prepare(planned.name, _numbered(statement))
            self._planned[statement] = planned
        self._planned.move_to_end(statement)
        return planned.name

    def _start_query(self) -> abc.PQGen[None]:
        """What the cursors of the driver do first: what waits is done before what they ask."""
        yield from super()._start_query()
        if self._waiting:
            yield from self._run(())

    @contextmanager
    def _pipeline_nolock(self) -> Iterator[psycopg.Pipeline]:
        """Likewise of many rows at once."""
        if self._waiting:
            self.wait(self._run(()))
        with super()._pipeline_nolock() as pipeline:
            yield pipeline

    def _commit_gen(self) -> abc.PQGen[None]:
        if self._waiting:
            yield from self._run((), b"COMMIT")
        else:
            yield from super()._commit_gen()

    def _give_up(self) -> None:
        """After an error: what was to be planned may not be, and what was may no longer hold."""
        self._given_up.extend(planned.name for planned in self._planned.values())
        self._planned.clear()

    def _rollback_gen(self) -> abc.PQGen[None]:
        """Roll back; where nothing went wrong on the server, as when somebody is refused, what was
        planned stays. What waits is done no more."""
        self._waiting.clear()
        if self.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
            yield from self._exec_command(b"ROLLBACK")
        else:
            yield from super()._rollback_gen()

    def _deallocate(self, name: bytes | None) -> abc.PQGen[None]:
        """What the driver has the server forget: without a name all, and so what is kept here."""
        yield from super()._deallocate(name)
        if name is None:
            self._planned.clear()
            self._given_up.clear()


def _answers(pgconn: pq.abc.PGconn) -> abc.PQGen[list[pq.abc.PGresult]]:
    """What the server answers to all that was sent."""
    yield from generators.send(pgconn)
    results: list[pq.abc.PGresult] = []
    while True:
        (result,) = yield from generators.fetch_many(pgconn)
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


@lru_cache
def _row_of(columns: tuple[bytes, ...]) -> RowMaker[Any]:
    """What makes a row of values one with names."""
    row = namedtuple("Row", [name.decode() for name in columns], rename=True)  # type: ignore[misc]
    return row._make


def _numbered(statement: bytes) -> bytes:
    """A statement as the server knows it: its parameters numbered, a percent sign written once."""
    numbers = count(1)
    return re.sub(
        b"%(s|%)", lambda sign: b"$%d" % next(numbers) if sign[1] == b"s" else b"%", statement
    )
