"""Repeated requests: the same person with the same key gets the same answer, and nothing more
happens. Only ids and status are kept, for two days."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func

from kdt import words
from kdt.access.model import requests
from kdt.access.permissions import Actor
from kdt.errors import Conflict
from kdt.ledger.table import Subject
from kdt.store.driver import Statement
from kdt.store.writing import ask, insert

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


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request that may come again: whose it is, under which key, and what it asks, beyond
    recognition. Without a key nothing is kept, and coming again is asking again."""

    person: str
    key: str | None
    asked: bytes

    def earlier(self, connection: Connection) -> Answer | None:
        """The answer given before, or None when this is the first time.

        A repeat that comes while the first is still being handled waits for it. Raises Conflict
        when the key was used for another request.
        """
        if self.key is None:
            return None
        first, earlier = ask(
            connection,
            (_RESERVE, (self.person, self.key, self.asked, REMEMBERED)),
            (_EARLIER, (self.person, self.key)),
        )
        if first:
            return None
        if earlier[0].digest != self.asked:
            raise Conflict(words.say("refusal.key_reused"))
        return dict(earlier[0].answer)

    def about(
        self, connection: Connection, subject: Subject, subject_id: str, ids: Sequence[str]
    ) -> list[str]:
        """For what is done in several transactions, each with a key of its own: what of a subject
        it is about. A repeat is about what it was the first time, whatever came or went since.
        Raises Conflict."""
        if (earlier := self.earlier(connection)) is not None:
            return list(earlier["ids"])
        self.record(connection, subject, subject_id, ids=list(ids))
        return list(ids)

    def answered(self, answer: Answer) -> list[Statement]:
        """What keeps the answer for a repeat."""
        if self.key is None:
            return []
        return [(_ANSWERED, (json.dumps(answer), self.person, self.key))]

    def recorded(self, connection: Connection) -> str | None:
        """The id of what was recorded the first time, for what stands in the ledger; otherwise as
        `earlier`."""
        answer = self.earlier(connection)
        return None if answer is None else str(answer["id"])

    def record(
        self, connection: Connection, subject: Subject, subject_id: str, **told: object
    ) -> None:
        """Keep, for a repeat, whose chain in the ledger this request added to, and what else was
        answered: codes, ids, days and numbers."""
        insert(connection, [], *self.answered({"subject": subject, "id": subject_id, **told}))


def of(actor: Actor, key: str | None, *asked: object) -> Repeat:
    """What `actor` asks under a key; `asked` is everything that makes it this request."""
    # Of what is asked a digest alone is kept: it may hold text.
    plain = "" if key is None else json.dumps((actor, *asked), sort_keys=True, default=str)
    return Repeat(actor.person, key, hashlib.sha256(plain.encode()).digest())


def forget(connection: Connection) -> int:
    """Drop what expired; how many."""
    return connection.execute(delete(requests).where(requests.c.expires_at < func.now())).rowcount
