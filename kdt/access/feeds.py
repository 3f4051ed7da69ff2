"""Addresses at which a calendar program fetches meetings. Such a program cannot sign in: whoever
has the address may read it, until its owner revokes it or may come in no more.

The row holds a digest of the random token, so that whoever reads the table has no address.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kdt.access.model import feeds
from kdt.access.queries import Person, person
from kdt.access.sessions import digest


@dataclass(frozen=True, slots=True)
class Feed:
    """An address somebody has: of one panel, or of every panel they sit in (None)."""

    panel: str | None
    made_at: datetime


def make(connection: Connection, person_id: str, panel: str | None) -> str:
    """A new token for this feed of a person; the one before opens nothing any more."""
    token = secrets.token_urlsafe(32)
    values = {"person": person_id, "panel": panel, "digest": digest(token)}
    new = insert(feeds).values(values)
    changed = {"digest": new.excluded.digest, "made_at": func.now()}
    connection.execute(new.on_conflict_do_update(index_elements=["person", "panel"], set_=changed))
    return token


def revoke(connection: Connection, person_id: str, panel: str | None) -> None:
    """Let the token of this feed of a person open nothing any more."""
    connection.execute(delete(feeds).where(feeds.c.person == person_id, _of(panel)))


def of_person(connection: Connection, person_id: str) -> list[Feed]:
    """The addresses a person has."""
    found = connection.execute(
        select(feeds.c.panel, feeds.c.made_at).where(feeds.c.person == person_id)
    )
    return [Feed(*row) for row in found]


def find(connection: Connection, token: str) -> tuple[Person, str | None] | None:
    """Whose feed this token opens, as they stand now, and of which panel (None: of all theirs);
    None when it opens nothing, or its owner may not come in."""
    row = connection.execute(
        select(feeds.c.person, feeds.c.panel).where(feeds.c.digest == digest(token))
    ).one_or_none()
    owner = None if row is None else person(connection, row.person)
    return None if row is None or owner is None else (owner, row.panel)


def _of(panel: str | None) -> ColumnElement[bool]:
    return feeds.c.panel.is_not_distinct_from(panel)
