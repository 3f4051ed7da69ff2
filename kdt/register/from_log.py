"""The figures counted anew from the log: the second engine, which the tallies must agree with, and
the only one for what tallies cannot say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, select

from kdt.cases import entries as canonical
from kdt.cases.model import entries
from kdt.procedure import VERSIONS, History, Refusal, Walk
from kdt.register.counting import counted
from kdt.register.figures import Query, Row, finished
from kdt.vocabulary import Measure

Amounts = dict[Measure, int]

_BATCH = 5_000


class Sum:
    """Amounts by place: added up, a case once in each."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], Amounts] = defaultdict(lambda: defaultdict(int))
        self._cases: dict[tuple[str, ...], set[str]] = defaultdict(set)

    def add(self, key: tuple[str, ...], measure: Measure, case: str) -> None:
        """One more, of a case."""
        if measure is not Measure.CASES_HANDLED:
            self._rows[key][measure] += 1
        elif case not in self._cases[key]:
            self._cases[key].add(case)
            self._rows[key][measure] += 1

    def rows(self) -> list[Row]:
        """What it came to."""
        return finished(self._rows)


def figures(connection: Connection, query: Query) -> list[Row]:
    """The figures, counted from the log alone."""
    return added_up(walks(connection, query.as_of), query)


def added_up(histories: Iterable[Walk], query: Query) -> list[Row]:
    """The figures of these histories, as they were known at its reference date."""
    found = Sum()
    for walk in histories:
        if walk.state is None:
            continue
        for one in counted(walk, query.first, query.until):
            found.add(key(walk, one.level, query.by), one.measure, walk.state.case)
    return found.rows()


def key(walk: Walk, level: str, by: Iterable[str]) -> tuple[str, ...]:
    """Where something of a history stands, in each dimension: at a level, and where its escalation
    was brought from and what is asked of it now."""
    return tuple(level if one == "level" else str(getattr(walk.state, one)) for one in by)


def walks(
    connection: Connection,
    as_of: date | None = None,
    *,
    among: ColumnElement[bool] | None = None,
) -> Iterator[Walk]:
    """Every history (or those `among`) as it was known at the end of `as_of`, walked.

    Raises BrokenHistory when the log holds one that is no walk through the procedure.
    """
    return (walk for _, (walk,) in walked(connection, (as_of,), among=among))


def walked(
    connection: Connection,
    dates: tuple[date | None, ...],
    *,
    among: ColumnElement[bool] | None = None,
) -> Iterator[tuple[str, tuple[Walk, ...]]]:
    """The same by the id of the escalation, as it was known at the end of each of these days (None:
    now); one of which nothing was known then is an empty walk."""
    query = select(entries.c.escalation_id, entries.c.content, entries.c.recorded_on).order_by(
        entries.c.escalation_id, entries.c.seq
    )
    if None not in dates:
        query = query.where(entries.c.recorded_on <= max(one for one in dates if one))
    if among is not None:
        query = query.where(among)
    with connection.execute(query, execution_options={"yield_per": _BATCH}) as rows:
        for escalation, group in groupby(rows, key=lambda row: row.escalation_id):
            known = [(row.recorded_on, row.content) for row in group]
            acts = [(on, canonical.act(content, None)) for on, content in known]
            procedure = VERSIONS[canonical.procedure_version(known[0][1])]
            found = []
            for as_of in dates:
                walk = History([act for on, act in acts if as_of is None or on <= as_of]).walk(
                    procedure
                )
                if isinstance(walk, Refusal):
                    raise BrokenHistory(escalation)
                found.append(walk)
            yield escalation, tuple(found)


class BrokenHistory(ValueError):
    """The log holds a history that is no walk through the procedure; `kdt verify` says where."""
