"""Repeated requests: the same person with the same key gets the same answer, and nothing more
happens. Only ids and status are kept, for two days."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func

from kdt import words
from kdt.cases.model import requests
from kdt.errors import Conflict
from kdt.store.writing import Statement, ask

REMEMBERED = timedelta(days=2)

Answer = dict[str, Any]

# What has expired makes place.
_RESERVE = b"""
    insert into requests (person, key, digest, answer, expires_at)
    values (%s, %s, %s, '{}', now() + %s)
    on conflict (person, key) do update
    set digest = excluded.digest, answer = excluded.answer, expires_at = excluded.expires_at
    where requests.expires_at < now() returning key
"""
_EARLIER = b"select digest, answer from requests where person = %s and key = %s"
_ANSWERED = b"update requests set answer = %s where person = %s and key = %s"


def digest(*parts: object) -> bytes:
    """What a request asked, beyond recognition: it may hold text."""
    plain = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).digest()


def reserve(connection: Connection, person: str, key: str, asked: bytes) -> Answer | None:
    """The answer given before, or None when this is the first time.

    A repeat that comes while the first is still being handled waits for it. Raises Conflict when
    the key was used for another request.
    """
    first, earlier = ask(
        connection, (_RESERVE, (person, key, asked, REMEMBERED)), (_EARLIER, (person, key))
    )
    if first:
        return None
    if earlier[0].digest != asked:
        raise Conflict(words.say("refusal.key_reused"))
    return dict(earlier[0].answer)


def answered(person: str, key: str, answer: Answer) -> Statement:
    """What keeps the answer for a repeat."""
    return _ANSWERED, (json.dumps(answer), person, key)


def forget(connection: Connection) -> int:
    """Drop what expired; how many."""
    return connection.execute(delete(requests).where(requests.c.expires_at < func.now())).rowcount
