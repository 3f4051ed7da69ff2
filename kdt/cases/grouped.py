"""Several lists of escalations at once, each with how many somebody may know of: as many statements
for many as for one, and no row is read but those that are shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Integer, Text, column, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.access.permissions import Actor
from kdt.cases import queries, sights
from kdt.cases.model import escalations
from kdt.cases.queries import EscalationRow


@dataclass(frozen=True, slots=True)
class Known:
    """Of one of the lists: how many these may know of, and the first of those by id."""

    amount: int = 0
    ids: tuple[str, ...] = ()


def known(
    connection: Connection,
    actors: Sequence[Actor],
    lists: Sequence[Collection[str]],
    limit: int | None = None,
) -> list[Known]:
    """What these may know of each list of ids, what changed last first, at most `limit` of each."""
    of = escalations.c
    pairs = [(at, one) for at, ids in enumerate(lists) for one in ids]
    asked = (
        func.unnest(
            literal([at for at, _ in pairs], ARRAY(Integer)),
            literal([one for _, one in pairs], ARRAY(Text)),
        )
        .table_valued(column("at", Integer), column("id", Text), name="asked")
        .render_derived()
    )
    ranked = (
        select(
            asked.c.at,
            of.id,
            func.count().over(partition_by=asked.c.at).label("amount"),
            func.row_number()
            .over(partition_by=asked.c.at, order_by=(of.last_on.desc(), of.id))
            .label("place"),
        )
        .join_from(asked, escalations, of.id == asked.c.id)
        .where(of.phase.is_not(None), sights.visible(actors))
        .subquery()
    )
    shown = true() if limit is None else ranked.c.place <= limit
    found: list[Known] = [Known() for _ in lists]
    for row in connection.execute(select(ranked).where(shown).order_by(ranked.c.place)):
        found[row.at] = Known(row.amount, (*found[row.at].ids, row.id))
    return found


def rows(
    connection: Connection, actors: Sequence[Actor], lists: Sequence[Known]
) -> list[list[EscalationRow]]:
    """The rows of each, in its order."""
    every = sorted({one for its in lists for one in its.ids})
    found = {
        row.id: row
        for row in queries.these(connection, actors, every, lambda of: [of.last_on.desc(), of.id])
    }
    return [[found[one] for one in its.ids] for its in lists]
