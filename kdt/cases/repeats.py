"""Repeated requests: the same person with the same key gets the same answer, and nothing more
happens. Only ids and status are kept, for two days."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from kdt import words
from kdt.cases.model import requests
from kdt.errors import Conflict

REMEMBERED = timedelta(days=2)

Answer = dict[str, Any]


def digest(*parts: object) -> bytes:
    """What a request asked, beyond recognition: it may hold text."""
    plain = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).digest()


def reserve(connection: Connection, person: str, key: str, asked: bytes) -> Answer | None:
    """The answer given before, or None when this is the first time.

    A repeat that comes while the first is still being handled waits for it. Raises Conflict when
    the key was used for another request.
    """
    fresh = {"digest": asked, "answer": {}, "expires_at": func.now() + REMEMBERED}
    first = connection.scalar(
        insert(requests)
        .values(person=person, key=key, **fresh)
        .on_conflict_do_update(
            index_elements=[requests.c.person, requests.c.key],
            set_=fresh,
            where=requests.c.expires_at < func.now(),
        )
        .returning(requests.c.key)
    )
    if first is not None:
        return None
    earlier = connection.execute(
        select(requests.c.digest, requests.c.answer).where(
            requests.c.person == person, requests.c.key == key
        )
    ).one()
    if earlier.digest != asked:
        raise Conflict(words.say("refusal.key_reused"))
    return dict(earlier.answer)


def remember(connection: Connection, person: str, key: str, answer: Answer) -> None:
    """Keep the answer for a repeat."""
    connection.execute(
        update(requests)
        .where(requests.c.person == person, requests.c.key == key)
        .values(answer=answer)
    )


def forget(connection: Connection) -> int:
    """Drop what expired; how many."""
    return connection.execute(delete(requests).where(requests.c.expires_at < func.now())).rowcount
