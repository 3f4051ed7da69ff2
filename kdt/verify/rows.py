"""The rows of escalations, a batch at a time, so that memory stays flat."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Table, Text, any_, literal, select, union
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.model import (
    considerations,
    entries,
    entry_people,
    entry_texts,
    escalations,
    outbox,
    suspensions,
)
from kdt.store.writing import AnyRow
from kdt.tallies.model import stays_missed
from kdt.themes.model import theme_repeats, theme_tags

BATCH = 1_000

# Every table that speaks of an escalation, and the column that names it.
_TABLES: tuple[tuple[str, Table, Column[str]], ...] = (
    ("entries", entries, entries.c.escalation_id),
    ("people", entry_people, entry_people.c.escalation_id),
    ("texts", entry_texts, entry_texts.c.escalation_id),
    ("states", escalations, escalations.c.id),
    ("considerations", considerations, considerations.c.escalation_id),
    ("tags", theme_tags, theme_tags.c.escalation_id),
    ("repeats", theme_repeats, theme_repeats.c.escalation_id),
    ("outgoing", outbox, outbox.c.escalation_id),
    ("suspensions", suspensions, suspensions.c.escalation_id),
    ("missed", stays_missed, stays_missed.c.escalation_id),
)


@dataclass(slots=True)
class Rows:
    """All rows about one escalation, by table; the entries in order."""

    entries: list[AnyRow] = field(default_factory=list)
    people: list[AnyRow] = field(default_factory=list)
    texts: list[AnyRow] = field(default_factory=list)
    states: list[AnyRow] = field(default_factory=list)
    considerations: list[AnyRow] = field(default_factory=list)
    tags: list[AnyRow] = field(default_factory=list)
    repeats: list[AnyRow] = field(default_factory=list)
    outgoing: list[AnyRow] = field(default_factory=list)
    suspensions: list[AnyRow] = field(default_factory=list)
    # Entries of which no stays are counted yet.
    missed: list[AnyRow] = field(default_factory=list)


def escalation_ids(connection: Connection) -> list[str]:
    """Every escalation any table speaks of, in order: so a row without its entries is seen too."""
    return sorted(connection.scalars(union(*(select(owner) for _, _, owner in _TABLES))))


def histories(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """The rows of each escalation."""
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        gathered: dict[str, Rows] = defaultdict(Rows)
        for name, table, owner in _TABLES:
            query = select(table).where(owner == any_(literal(batch, ARRAY(Text))))
            for row in connection.execute(query):
                getattr(gathered[row._mapping[owner]], name).append(row)
        for escalation in batch:
            rows = gathered[escalation]
            rows.entries.sort(key=lambda row: row.seq)
            yield escalation, rows
