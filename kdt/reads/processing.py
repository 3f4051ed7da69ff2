"""The log of processings, after the standard Logboek Dataverwerkingen: what was done with whose
data, for which activity. It names no user; the read log, and the record itself, have who it was
under the same trace id.

A case stands for the person it is about, by its opaque id.
"""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from importlib.metadata import version

from sqlalchemy import Connection, text

from kdt.reads.codes import Activity
from kdt.reads.origin import current

# What did the processing: this release of KDT.
VERSION = version("kdt")


def new_span() -> str:
    """The id of an operation within a trace."""
    return secrets.token_hex(8)


def rows(
    activity: Activity, name: str, cases: Collection[str], at: datetime
) -> list[tuple[object, ...]]:
    """The rows of `processings` for one operation, to be written with what it records: one for
    each case; of several cases also one for the whole, to which they belong."""
    origin = current()

    def row(span: str, parent: str | None, case: str | None) -> tuple[object, ...]:
        subject = None if case is None else uuid.UUID(case)
        done = (name, activity, subject, VERSION, at, at)
        return (origin.trace, span, parent, origin.caller, *done)

    whole = new_span()
    if len(cases) == 1:
        return [row(whole, None, *cases)]
    return [row(whole, None, None), *(row(new_span(), whole, one) for one in sorted(cases))]


def note_imported(connection: Connection, import_id: uuid.UUID) -> None:
    """Log that all cases in an imported file were processed, within the import's transaction."""
    _note_many(connection, Activity.IMPORT, _IMPORTED, import_id)


def note_exported(connection: Connection) -> None:
    """Log that all cases are about to leave in an export."""
    _note_many(connection, Activity.EXPORT, "select id from cases")


def _note_many(
    connection: Connection, activity: Activity, cases: str, import_id: uuid.UUID | None = None
) -> None:
    origin = current()
    given = {
        "trace": origin.trace,
        "span": new_span(),
        "caller": origin.caller,
        "activity": activity,
        "version": VERSION,
    }
    if import_id is not None:
        given["import"] = str(import_id)
    connection.execute(text(_MANY.format(cases=cases)), given)


_IMPORTED = """
    select distinct case_id from escalations join entries on escalation_id = escalations.id
    where entries.import_id = cast(:import as uuid)
"""
_MANY = """
    insert into processings (
        trace_id, span_id, parent_span_id, foreign_span_id, name, activity, data_subject, version,
        start_time, end_time
    )
    select :trace, :span, null, :caller, :activity, :activity, cast(null as uuid), :version,
        now(), clock_timestamp()
    union all
    select :trace, left(replace(gen_random_uuid()::text, '-', ''), 16), :span, :caller, :activity,
        :activity, subject, :version, now(), clock_timestamp()
    from ({cases}) as found (subject)
"""
