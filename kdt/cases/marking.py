"""What is recorded of the record as a whole: that it is a demonstration, and what was imported."""

import uuid
from collections.abc import Iterable

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
    connection: Connection,
    by: By,
    import_id: uuid.UUID,
    name: str,
    digest: bytes,
    numberless: Iterable[uuid.UUID] = (),
) -> None:
    """Record which file was imported: its name, the SHA-256 of its bytes, and the cases it brought
    whose number had been destroyed."""
    values: dict[str, object] = {"import": str(import_id), "file_digest": digest.hex()}
    if cases := sorted(map(str, numberless)):
        values["destroyed_cases"] = cases
    append(connection, by, Fact(Subject.RECORD, THE_RECORD, "import", values, {"file_name": name}))
