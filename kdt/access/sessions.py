"""Who is signed in: a row for each session, so that signing out, or being disabled, ends it now.

The browser holds a random token; the row holds its digest alone, so that whoever reads the table
cannot take a session over.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from kdt import words
from kdt.access import queries
from kdt.access.model import sessions
from kdt.access.queries import Person
from kdt.errors import Forbidden

# Noting every request would be a write for each; a minute more or less ends nothing too early.
_NOTED_EVERY = timedelta(minutes=1)
# How long ago somebody may have proven who they are to end a session elsewhere.
PROVEN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: at the longest, and without being used."""

    lasts: timedelta
    idle: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """A person who is signed in. A form carries `csrf`: only a page of this session has it.
    `rests` when it was a while ago that its use was noted."""

    person: Person
    csrf: str
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A session in the list of one's own. `key` names it and opens nothing."""

    key: str
    began_at: datetime
    used_at: datetime
    browser: str
    current: bool


def begin(
    connection: Connection,
    person_id: str,
    limits: Limits,
    browser: str = "",
    proven_at: datetime | None = None,
) -> tuple[str, Session] | None:
    """Sign a person in, who proved who they are at a moment that is known or not: the new token and
    session; None when there is no such person."""
    person = queries.person(connection, person_id)
    if person is None:
        return None
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(
            digest=digest(token),
            person=person.id,
            csrf=csrf,
            browser=browser,
            expires_at=func.now() + limits.lasts,
            proven_at=proven_at,
        )
    )
    return token, Session(person, csrf)


def find(connection: Connection, token: str, limits: Limits) -> Session | None:
    """The live session with this token, its person as they stand now; None when there is none."""
    found = queries.person_of(
        connection,
        and_(sessions.c.digest == digest(token), _live(limits)),
        (sessions.c.used_at < func.now() - _NOTED_EVERY).label("rests"),
    )
    return None if found is None else Session(found[0], found[1].csrf, found[1].rests)


def note_use(connection: Connection, token: str, limits: Limits) -> None:
    """Note that a session is used now; one that has ended meanwhile stays so."""
    connection.execute(
        update(sessions)
        .where(sessions.c.digest == digest(token), _live(limits))
        .values(used_at=func.now())
    )


def of_person(
    connection: Connection, person_id: str, limits: Limits, token: str
) -> Sequence[Standing]:
    """The live sessions of a person, the last used first; `token` is that of the current one."""
    rows = connection.execute(
        select(sessions)
        .where(sessions.c.person == person_id, _live(limits))
        .order_by(sessions.c.used_at.desc(), sessions.c.began_at.desc())
    )
    here = digest(token)
    return [
        Standing(row.digest.hex(), row.began_at, row.used_at, row.browser, row.digest == here)
        for row in rows
    ]


def end(connection: Connection, token: str) -> None:
    """Sign out; a token that is not known any more is fine."""
    connection.execute(delete(sessions).where(sessions.c.digest == digest(token)))


def proven(connection: Connection, token: str) -> bool:
    """Whether the person of a session proved a moment ago who they are."""
    lately = sessions.c.proven_at >= func.now() - PROVEN
    query = select(sessions.c.person).where(sessions.c.digest == digest(token), lately)
    return connection.scalar(query) is not None


def end_own(connection: Connection, token: str, person_id: str, key: str) -> None:
    """End one session of a person by its key, from the session with this token; one that has ended
    already is fine. Raises Forbidden when they proved too long ago who they are."""
    if not proven(connection, token):
        raise Forbidden(words.say("forbidden.not_proven"))
    connection.execute(
        delete(sessions).where(
            sessions.c.person == person_id, func.encode(sessions.c.digest, "hex") == key
        )
    )


def end_all(connection: Connection, person_id: str) -> None:
    """End every session of a person."""
    connection.execute(delete(sessions).where(sessions.c.person == person_id))


def forget(connection: Connection) -> int:
    """Drop the sessions that have expired; how many."""
    return connection.execute(delete(sessions).where(sessions.c.expires_at < func.now())).rowcount


def digest(token: str) -> bytes:
    """What is kept of a token in its place."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def _live(limits: Limits) -> ColumnElement[bool]:
    return and_(sessions.c.expires_at >= func.now(), sessions.c.used_at >= func.now() - limits.idle)
