"""Telling subscribed addresses that figures were released: a CloudEvent by the NL GOV profile, over
https, signed, and tried again for as long as it is of use.

What is to be told is a row made with the release itself. Whatever the number of clocks, each row is
told by the one that claims it, with nothing locked meanwhile; killed in between it is told again
under the same id. The claim counts as the attempt, so that nothing is tried without end.
"""

import base64
import hashlib
import http.client
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, update

from kdt.publications import queries
from kdt.publications.catalogue import PATH
from kdt.publications.model import event_deliveries
from kdt.publications.queries import Publication
from kdt.publications.subscribing import global_only
from kdt.publications.subscriptions import Told
from kdt.publications.subscriptions import address as known_address
from kdt.settings import Settings
from kdt.signing import Key, own
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import AnyRow, AnySelect

SOURCE = "urn:nld:systeem:kdt"
TYPE = "nl.kdt.publication.release"
MEDIA_TYPE = "application/cloudevents+json"
# How long after an attempt the next one comes; after the last nobody tries.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
    timedelta(hours=24),
)
# Seconds to wait for somebody to say something, and for all of what is said together.
_SECONDS = 10
_IN_ALL = 15
# Seconds after which a knock begins no other: who stops the clock waits for it.
_LONGEST = 30
# After so long a claim is of somebody who is no more.
_CLAIMED = timedelta(minutes=5)
_COVERED = ("@method", "@target-uri", "content-digest", "content-type")


@dataclass(frozen=True, slots=True)
class Post:
    """With which key it is signed, where the product is, and whether an address on a network of
    one's own will do."""

    key: Key
    base_url: str | None
    local: bool


class NotTaken(Exception):
    """An attempt that failed; `problem` says how, in a code. `ever`: trying again is of no use."""

    def __init__(self, problem: str, *, ever: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.ever = ever


def post(settings: Settings) -> Post | None:
    """How it is sent; None without a key, for nothing goes out unsigned."""
    key = own(settings)
    return None if key is None else Post(key, settings.base_url, settings.tells_local)


def tell(store: Store, by: Post) -> int:
    """Tell what is due, one after another, for as long as a knock may take; how many were tried."""
    done, until = 0, time.monotonic() + _LONGEST
    while time.monotonic() < until and _one(store, by):
        done += 1
    return done


def event(one: Publication, at: datetime, base_url: str | None) -> dict[str, object]:
    """What is told of a release: ids, codes, days and a digest; no number and no text."""
    asked = one.asked
    released = one.steps[-1]
    where = {"dataref": f"{base_url.rstrip('/')}{PATH}/{one.id}/document.json"} if base_url else {}
    return {
        "specversion": "1.0",
        "id": f"{one.id}/release",
        "source": SOURCE,
        "type": TYPE,
        "subject": one.id,
        "time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        **where,
        "data": {
            "publication": one.id,
            "topic": asked.topic,
            "from": asked.period.first.isoformat(),
            "until": asked.period.until.isoformat(),
            "asOf": asked.as_of.isoformat(),
            "document": released.values["document"],
        },
    }


def headers(address: str, body: bytes, key: Key, at: datetime) -> dict[str, str]:
    """What goes above it: its digest (RFC 9530), and a signature over where it goes and what it is
    (RFC 9421, Ed25519)."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    values = {
        "@method": "POST",
        "@target-uri": address,
        "content-digest": digest,
        "content-type": MEDIA_TYPE,
    }
    covered = " ".join(f'"{one}"' for one in _COVERED)
    given = f'({covered});created={int(at.timestamp())};keyid="{key.id}";alg="ed25519"'
    lines = [f'"{one}": {values[one]}' for one in _COVERED] + [f'"@signature-params": {given}']
    signature = base64.b64encode(key.sign("\n".join(lines).encode())).decode()
    return {
        "Content-Type": MEDIA_TYPE,
        "Content-Digest": digest,
        "Signature-Input": f"kdt={given}",
        "Signature": f"kdt=:{signature}:",
        "User-Agent": "KDT",
    }


def _one(store: Store, by: Post) -> bool:
    """Deal with the oldest that nobody else is dealing with; whether there was one."""
    with writing(store) as connection:
        row = connection.execute(_due()).one_or_none()
        if row is None:
            return False
        known = known_address(connection, row.subscription)
        if known is None or not known.stands:
            _note(connection, row, Told.ENDED, None, None)
            return True
        if row.attempts > len(WAITS):
            _note(connection, row, Told.FAILED, "broken_off", None)
            return True
        _note(connection, row, Told.SENDING, None, _CLAIMED)
    with reading(store) as connection:
        publication = queries.publication(connection, row.publication)
    assert publication is not None, "what was released is there"
    body = json.dumps(event(publication, row.released_at, by.base_url)).encode()
    try:
        _handed_over(known.address, body, by)
    except NotTaken as failed:
        over = failed.ever or row.attempts >= len(WAITS)
        with writing(store) as connection:
            after = None if over else WAITS[row.attempts]
            _note(connection, row, Told.FAILED if over else None, failed.problem, after)
    else:
        with writing(store) as connection:
            _note(connection, row, Told.SENT, None, None)
    return True


def _due() -> AnySelect:
    """The oldest that is to be told now: not tried a short while ago, nor claimed by somebody who
    may still be at it."""
    of = event_deliveries.c
    return (
        select(event_deliveries)
        .where(of.told.is_(None) | (of.told == Told.SENDING), of.due_at <= func.now())
        .order_by(of.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _note(
    connection: Connection,
    row: AnyRow,
    told: Told | None,
    problem: str | None,
    again: timedelta | None,
) -> None:
    """What became of it; `again`: after how long somebody may try. A claim is an attempt."""
    of = event_deliveries.c
    connection.execute(
        update(event_deliveries)
        .where(of.subscription == row.subscription, of.publication == row.publication)
        .values(
            told=told,
            problem=problem,
            told_at=func.now(),
            attempts=of.attempts + int(told == Told.SENDING),
            due_at=of.due_at if again is None else func.now() + again,
        )
    )


def _handed_over(address: str, body: bytes, by: Post) -> None:
    """Send it, and nothing but it: no redirect is followed, and who keeps talking is cut short.
    Raises NotTaken."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 443
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    at = _looked_up(host, port, local=by.local)
    connection = _Direct(host, port, at)
    limit = threading.Timer(_IN_ALL, connection.break_off)
    limit.start()
    try:
        connection.request("POST", target, body, headers(address, body, by.key, datetime.now(UTC)))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        distrusted = isinstance(error, ssl.SSLError) and not connection.broken_off
        raise NotTaken("no_trust" if distrusted else "unreachable") from error
    finally:
        limit.cancel()
        connection.close()
    if not 200 <= status < 300:
        # 410: whoever is there wants nothing more.
        raise NotTaken(f"status_{status}", ever=status == http.client.GONE)


def _looked_up(host: str, port: int, *, local: bool) -> tuple[str, int]:
    """Where a name leads now; it is that address one connects to, so that it cannot lead elsewhere
    in between. Raises NotTaken."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotTaken("unknown_name") from error
    addresses = [(str(one[4][0]), int(one[4][1])) for one in found]
    if not local and not all(global_only(one) for one, _ in addresses):
        raise NotTaken("local_address")
    return addresses[0]


class _Direct(http.client.HTTPSConnection):
    """A connection to an address that was looked up before, to the name it was looked up by."""

    def __init__(self, host: str, port: int, at: tuple[str, int]) -> None:
        self._trust = ssl.create_default_context()
        super().__init__(host, port, timeout=_SECONDS, context=self._trust)
        self._at = at
        self.broken_off = False

    def connect(self) -> None:
        """Connect to that address."""
        plain = socket.create_connection(self._at, self.timeout)
        # Kept before anything is said, so that it can be broken off from then on.
        self.sock = self._trust.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        if self.broken_off:
            raise TimeoutError
        self.sock.do_handshake()

    def break_off(self) -> None:
        """Let whoever waits for an answer wait no longer; from any thread."""
        self.broken_off = True
        if (line := self.sock) is not None:
            with suppress(OSError):
                # Not SSLSocket's own, which takes TLS away from under who is reading.
                socket.socket.shutdown(line, socket.SHUT_RDWR)
