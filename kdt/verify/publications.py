"""What was published: the bytes kept are those the ledger speaks of, what was released was safe,
and two people decided."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, select

from kdt.ledger.model import ledger, ledger_people
from kdt.publications.model import publications
from kdt.verify.findings import Report, subject

_SUBJECT = "publication"
_BYTES = ("document", "inside", "certificate")


class _Said(NamedTuple):
    values: Mapping[str, Any]
    person: str | None


def check(connection: Connection, report: Report) -> None:
    """Name each publication that is not as it was recorded, or was released as it should not be."""
    kept = {row.publication: row for row in connection.execute(select(publications))}
    for one, facts in _told(connection, report).items():
        where = subject(_SUBJECT, one)
        try:
            row, prepared = kept.pop(one, None), facts.get("prepare")
            if (row is None) != (prepared is None):
                report.add("publication_bytes", where=where)
                continue
            if row is not None and prepared is not None:
                digests = [hashlib.sha256(getattr(row, each)).hexdigest() for each in _BYTES]
                if digests != [prepared.values[each] for each in _BYTES]:
                    report.add("publication_bytes", where=where)
                elif json.loads(row.certificate)["passed"] != bool(prepared.values["passed"]):
                    report.add("publication_unsafe", where=where)
            if "release" in facts:
                _check_release(where, facts, report)
        except (ValueError, KeyError, TypeError, AttributeError):
            report.add("unreadable", where=where, part="values")
    for one in kept:
        report.add("publication_bytes", where=subject(_SUBJECT, one))


def _check_release(where: str, facts: Mapping[str, _Said], report: Report) -> None:
    prepared, release, asked = facts.get("prepare"), facts["release"], facts["ask"]
    if prepared is None or release.values["document"] != prepared.values["document"]:
        report.add("publication_bytes", where=where)
    elif not prepared.values["passed"]:
        report.add("publication_unsafe", where=where)
    if asked.person is not None and asked.person == release.person:
        report.add("publication_alone", where=where)


def _told(connection: Connection, report: Report) -> dict[str, dict[str, _Said]]:
    """The facts of every publication by kind, as far as they can be read."""
    found: dict[str, dict[str, _Said]] = defaultdict(dict)
    rows = connection.execute(
        select(ledger, ledger_people.c.person)
        .outerjoin_from(
            ledger,
            ledger_people,
            and_(
                ledger.c.subject == ledger_people.c.subject,
                ledger.c.subject_id == ledger_people.c.subject_id,
                ledger.c.seq == ledger_people.c.seq,
            ),
        )
        .where(ledger.c.subject == _SUBJECT)
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    for row in rows:
        try:
            values = dict(json.loads(row.content)["values"])
        except (ValueError, KeyError, TypeError):
            report.add(
                "unreadable", seq=row.seq, where=subject(_SUBJECT, row.subject_id), part="values"
            )
            continue
        found[row.subject_id][row.fact] = _Said(values, row.person)
    return found
