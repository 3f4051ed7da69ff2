"""What was published: the bytes kept are those the ledger speaks of, what was released was safe,
and two people decided."""

import hashlib
import json
from collections.abc import Mapping

from sqlalchemy import Connection, select

from kdt.publications.model import publications
from kdt.verify.findings import Report, subject
from kdt.verify.said import UNREADABLE, Said, said

_SUBJECT = "publication"
_BYTES = ("document", "inside", "certificate")


def check(connection: Connection, report: Report) -> None:
    """Name each publication that is not as it was recorded, or was released as it should not be."""
    kept = {row.publication: row for row in connection.execute(select(publications))}
    for one, facts in said(connection, _SUBJECT, report).items():
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
        except UNREADABLE:
            report.add("unreadable", where=where, part="values")
    for one in kept:
        report.add("publication_bytes", where=subject(_SUBJECT, one))


def _check_release(where: str, facts: Mapping[str, Said], report: Report) -> None:
    prepared, release, asked = facts.get("prepare"), facts["release"], facts["ask"]
    if prepared is None or release.values["document"] != prepared.values["document"]:
        report.add("publication_bytes", where=where)
    elif not prepared.values["passed"]:
        report.add("publication_unsafe", where=where)
    if asked.person is not None and asked.person == release.person:
        report.add("publication_alone", where=where)
