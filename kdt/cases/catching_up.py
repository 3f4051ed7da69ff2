"""The stays of what a server that counts none recorded: one of the release before, while the
servers are replaced one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import Connection, delete, select

from kdt.cases import dossiers
from kdt.cases import entries as canonical
from kdt.cases.model import entries
from kdt.cases.recalling import among
from kdt.cases.staying import added
from kdt.procedure import Refusal
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import AnyRow, insert
from kdt.tallies.model import stay_deltas, stays_missed
from kdt.tallies.stays import StayCell, rows


def catch_up(store: Store) -> None:
    """Count what was missed, an escalation at a time; until then it is walked."""
    with reading(store) as connection:
        escalations = connection.scalars(select(stays_missed.c.escalation_id).distinct()).all()
    for escalation in escalations:
        mine = stays_missed.c.escalation_id == escalation
        with writing(store) as connection:
            # Nobody adds to it meanwhile.
            dossiers.take(connection, escalation, considering=False)
            missed = connection.execute(select(stays_missed).where(mine)).all()
            for _, cells in lacking(connection, missed):
                # What is no walk through the procedure stays: verification says what is wrong.
                if not isinstance(cells, Refusal):
                    insert(connection, [(stay_deltas, list(rows(cells)))])
                    connection.execute(delete(stays_missed).where(mine))


def lacking(
    connection: Connection, missed: Iterable[AnyRow]
) -> Iterator[tuple[str, Counter[StayCell] | Refusal]]:
    """The cells of the entries missed, by escalation; a refusal of what is no walk."""
    seqs: dict[str, set[int]] = defaultdict(set)
    for escalation, seq in missed:
        seqs[escalation].add(seq)
    if not seqs:
        return
    found = connection.execute(
        select(entries.c.escalation_id, entries.c.content)
        .where(among(entries.c.escalation_id, seqs))
        .order_by(entries.c.escalation_id, entries.c.seq)
    )
    for escalation, group in groupby(found, key=lambda row: row.escalation_id):
        contents = [row.content for row in group]
        acts = [canonical.act(content, None) for content in contents]
        cells: Counter[StayCell] = Counter()
        for seq, one in enumerate(added(acts, canonical.procedure_version(contents[0])), 1):
            if isinstance(one, Refusal):
                yield escalation, one
                break
            if seq in seqs[escalation]:
                cells.update(one)
        else:
            yield escalation, cells
