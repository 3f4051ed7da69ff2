"""What is recorded of the record as a whole: that it is a demonstration, and what was imported."""

import uuid

from sqlalchemy import Connection

from kdt.cases.model import record
from kdt.ledger.service import THE_RECORD, By, Fact, append
from kdt.ledger.table import Subject


def decide(connection: Connection, by: By, *, demo: bool) -> None:
    """Decide whether an empty record is a demonstration: once, before its first entry."""
    connection.execute(record.insert().values(id=1, demo=demo))
    if demo:
        append(connection, by, Fact(Subject.RECORD, THE_RECORD, "mark_demo"))


def imported(
    connection: Connection, by: By, import_id: uuid.UUID, name: str, digest: bytes
) -> None:
    """Record which file was imported: its name, and the SHA-256 of its bytes."""
    values = {"import": str(import_id), "file_digest": digest.hex()}
    append(connection, by, Fact(Subject.RECORD, THE_RECORD, "import", values, {"file_name": name}))
