"""What somebody typed for the officer who brought the case: the entries are the officer's, so that
four eyes follow who brought it, and the ledger says by whose hand."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow

_TYPED = b"""
    select l.content, p.person from ledger l
    left join ledger_people p using (subject, subject_id, seq)
    where l.subject = 'escalation' and l.subject_id = %s and l.fact = 'type_in'
"""


def keep(connection: Connection, by: By, escalation: str, refs: Sequence[str]) -> None:
    """Record who typed these entries of an escalation."""
    append(connection, by, Fact(Subject.ESCALATION, escalation, "type_in", {"entries": list(refs)}))


def asked(escalation: str) -> Statement:
    """What `hands` takes, for whoever asks something else as well."""
    return _TYPED, (escalation,)


def hands(found: Iterable[AnyRow]) -> dict[str, str]:
    """By whose hand entries were typed, by their refs, where that was not who they are of."""
    return {
        ref: row.person
        for row in found
        if row.person is not None
        for ref in json.loads(row.content)["values"]["entries"]
    }
