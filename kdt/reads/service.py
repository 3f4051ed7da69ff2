"""The read log: a row for each time somebody is shown what was written of a case, or is refused it,
committed before they see it. What cannot be logged is not shown."""

import uuid
from dataclasses import dataclass

import psycopg
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from kdt import hashing, words
from kdt.errors import Unavailable
from kdt.reads import processing
from kdt.reads.codes import Look, Result, read_for
from kdt.reads.origin import current
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import beside, writing
from kdt.store.writing import raw
from kdt.vocabulary import Role

_log = structlog.get_logger("kdt.reads")


class NotLogged(Unavailable):
    """It cannot be logged who reads it, so it is not shown."""


@dataclass(frozen=True, slots=True)
class Read:
    """Who looks at what. Of one escalation: its id, location and case, where it is there.

    `role`: the capacity in which it is shown; `own`: they brought it or go on with it; `about`: the
    person whose reading is looked at, or for whom a case is read, being away.
    """

    person: str
    look: Look
    result: Result = Result.SHOWN
    escalation: str | None = None
    location: str | None = None
    case: str | None = None
    role: Role | None = None
    own: bool = False
    purpose: str | None = None
    about: str | None = None


def note(connection: Connection, *reads: Read) -> None:
    """Log reads for good, beside the transaction in which they are done, in one round trip for each
    kind; of what is shown of a case also its processing. Raises NotLogged."""
    asked: dict[bytes, list[dict[str, object]]] = {}
    for read in reads:
        statement, given = _logging(read)
        asked.setdefault(statement, []).append(given)
    try:
        with beside(connection) as own:
            for statement, each in asked.items():
                raw(own).cursor().executemany(statement, each)
    except (Unavailable, SQLAlchemyError, psycopg.Error) as error:
        _log.error("read_not_logged", exc_info=error)
        raise NotLogged(words.say("unavailable.read_log")) from error


def _logging(read: Read) -> tuple[bytes, dict[str, object]]:
    """The statement that logs a read, and what it is given."""
    origin, salt = current(), hashing.salt()
    given: dict[str, object] = {
        # Every reader holds it shared while its row is written; see `sealing`.
        "lock": locks.READS,
        "trace": origin.trace,
        "look": read.look,
        "result": read.result,
        "door": origin.door(),
        "escalation": read.escalation,
        "location": read.location,
        "role": read.role,
        "own": read.own,
        "purpose": read.purpose,
        "person_digest": hashing.digest(salt, read.person),
        "origin_digest": hashing.digest(salt, origin.address),
        "about_digest": read.about and hashing.digest(salt, read.about),
        "person": read.person,
        "origin": origin.address,
        "about": read.about,
        "salt": salt,
    }
    statement = _READ
    if read.result is Result.SHOWN and read.case is not None and read.role is not None:
        statement = _READ_AND_PROCESSING
        given |= {
            "span": processing.new_span(),
            "caller": origin.caller,
            "activity": read_for(read.role),
            "case": uuid.UUID(read.case),
            "version": processing.VERSION,
        }
    return statement, given


def note_whole(store: Store, by: str, look: Look) -> None:
    """Log, before anything is written, that somebody takes the whole record with its texts, and
    that all cases in it are processed. Raises NotLogged."""
    with writing(store) as connection:
        processing.note_exported(connection)
        note(connection, Read(by, look))


# The lock is held before the row gets its number, so that whoever holds it alone has seen every
# number given out.
_READ = b"""
    with held as materialized (select pg_advisory_xact_lock_shared(%(lock)s)),
    logged as (
        insert into reads (
            at, trace_id, look, result, door, escalation_id, location, role, own, purpose,
            person, origin, about
        )
        select
            clock_timestamp(), %(trace)s, %(look)s, %(result)s, %(door)s, %(escalation)s,
            %(location)s, %(role)s, %(own)s, %(purpose)s, %(person_digest)s, %(origin_digest)s,
            %(about_digest)s
        from held
        returning id
    )
    insert into read_details (read_id, person, origin, about, salt)
    select id, %(person)s, %(origin)s, %(about)s, %(salt)s from logged
"""
_READ_AND_PROCESSING = _READ.replace(
    b"insert into read_details",
    b""", processed as (
        insert into processings (
            trace_id, span_id, foreign_span_id, name, activity, data_subject, version,
            start_time, end_time
        )
        select
            %(trace)s, %(span)s, %(caller)s, %(look)s, %(activity)s, %(case)s, %(version)s,
            now(), clock_timestamp()
        from logged
    )
    insert into read_details""",
)
