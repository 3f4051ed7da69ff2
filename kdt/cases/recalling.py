"""What the record already holds of the escalations and cases that lines of a history file name,
for many at once: a fixed number of queries, however many they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases import dossiers
from kdt.cases.model import considerations, entries, escalations
from kdt.cases.recording import ConsiderationRow, Dossier
from kdt.ledger.model import ledger
from kdt.procedure import VERSIONS, State
from kdt.procedure.decide import opened


@dataclass(slots=True)
class Subject:
    """An escalation the file acts on, with the state its opening gave."""

    dossier: Dossier
    opened: State
    new: bool


def subjects(connection: Connection, ids: Iterable[str]) -> dict[str, Subject]:
    """Those of these escalations that are there, each with its past and its considerations."""
    found = connection.execute(select(escalations).where(among(escalations.c.id, ids))).all()
    known: dict[str, Subject] = {}
    pasts = dossiers.pasts(connection, [row.id for row in found])
    for row in found:
        dossier = dossiers.dossier(row)
        dossier.past = pasts[dossier.id]
        # A voided opening once gave a state.
        began = dossier.state or opened(VERSIONS[dossier.version], dossier.past[0].act).after
        known[dossier.id] = Subject(dossier, began, new=False)
    for row in connection.execute(
        select(considerations)
        .where(among(considerations.c.escalation_id, known))
        .order_by(considerations.c.seq)
    ):
        one = ConsiderationRow(*row)
        known[one.escalation_id].dossier.considerations.append(
            one._replace(case_id=str(one.case_id))
        )
    return known


def refs_of_entries(connection: Connection, refs: Iterable[str]) -> Iterable[str]:
    """Those of these that an entry has."""
    return connection.scalars(select(entries.c.ref).where(among(entries.c.ref, refs)))


def refs_of_facts(connection: Connection, refs: Iterable[str]) -> Iterable[str]:
    """Those of these that a fact in the ledger has."""
    return connection.scalars(select(ledger.c.ref).where(among(ledger.c.ref, refs)))


def among(column: ColumnElement[Any], values: Iterable[object]) -> ColumnElement[Any]:
    """Whether it is one of them, however many they are: `in` would take a parameter for each."""
    return column == any_(literal(list(values), ARRAY(column.type)))
