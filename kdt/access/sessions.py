"""Who is signed in: a row for each session, so that signing out, or being disabled, ends it now.

The browser holds a random token; the row holds its digest alone, so that whoever reads the table
cannot take a session over.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kdt.access import queries
from kdt.access.model import sessions
from kdt.access.queries import Person

# A working day; then one signs in again.
LASTS = timedelta(hours=10)


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is signed in. A form carries `csrf`: only a page of this session has it."""

    person: Person
    csrf: str


def begin(connection: Connection, person_id: str) -> tuple[str, Session] | None:
    """Sign a person in: the new token and session; None when there is no such person."""
    person = queries.person(connection, person_id)
    if person is None:
        return None
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(
            digest=_digest(token), person=person.id, csrf=csrf, expires_at=func.now() + LASTS
        )
    )
    return token, Session(person, csrf)


def find(connection: Connection, token: str) -> Session | None:
    """The live session with this token, its person as they stand now; None when there is none."""
    row = connection.execute(
        select(sessions.c.person, sessions.c.csrf).where(
            sessions.c.digest == _digest(token), sessions.c.expires_at >= func.now()
        )
    ).one_or_none()
    person = None if row is None else queries.person(connection, row.person)
    return None if row is None or person is None else Session(person, row.csrf)


def end(connection: Connection, token: str) -> None:
    """Sign out; a token that is not known any more is fine."""
    connection.execute(delete(sessions).where(sessions.c.digest == _digest(token)))


def forget(connection: Connection) -> int:
    """Drop the sessions that have expired; how many."""
    return connection.execute(delete(sessions).where(sessions.c.expires_at < func.now())).rowcount


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
