"""Reading to which addresses releases are told, and what became of each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from kdt.publications.model import event_deliveries, event_subscription_terms
from kdt.store.writing import AnyRow

_PORT = 443


class Told(StrEnum):
    """What became of telling an address of a release."""

    # Claimed by whoever is sending it.
    SENDING = "sending"
    SENT = "sent"
    # Tried as often as it is tried, or refused for good.
    FAILED = "failed"
    # The subscription ended meanwhile.
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One release, told to one address: how often that was tried, what became of it (None: still
    to be told) and what went wrong at the last attempt."""

    publication: str
    released_at: datetime
    attempts: int
    told: str | None
    problem: str | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is told of releases, and since when; `id` is that of its subscription."""

    id: str
    address: str
    stands: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Subscription(Address):
    """The same with what it was told, the last first."""

    deliveries: tuple[Delivery, ...] = ()

    @property
    def last(self) -> Delivery | None:
        """The last release it was to be told of."""
        return self.deliveries[0] if self.deliveries else None


def as_received(address: str) -> str:
    """An address as its receiver sees it (RFC 9110, 4.2.3), however it was typed; what cannot be
    one is left as it is."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return address
    if not host:
        return address
    where = f"[{host}]" if ":" in host else host
    where += "" if port in (None, _PORT) else f":{port}"
    return urlunsplit((parts.scheme, where, parts.path or "/", parts.query, ""))


def addresses(connection: Connection) -> list[Address]:
    """Every one that stands, the newest first."""
    newest = (
        select(event_subscription_terms)
        .ext(distinct_on(event_subscription_terms.c.subscription))
        .order_by(
            event_subscription_terms.c.subscription,
            event_subscription_terms.c.recorded_at.desc(),
        )
        .subquery()
    )
    found = connection.execute(
        select(newest).where(newest.c.stands).order_by(newest.c.recorded_at.desc())
    )
    return [_address(row) for row in found]


def address(connection: Connection, wanted: str) -> Address | None:
    """One, ended or not; None: not there."""
    row = connection.execute(
        select(event_subscription_terms)
        .where(event_subscription_terms.c.subscription == wanted)
        .order_by(event_subscription_terms.c.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _address(row)


def subscriptions(connection: Connection) -> list[Subscription]:
    """Every address that stands, the newest first, with what it was told."""
    return _told(connection, addresses(connection))


def subscription(connection: Connection, wanted: str) -> Subscription | None:
    """One, ended or not, with what it was told; None: not there."""
    known = address(connection, wanted)
    return None if known is None else _told(connection, [known])[0]


def _address(row: AnyRow) -> Address:
    # Once they were kept as they were typed.
    return Address(row.subscription, as_received(row.address), row.stands, row.recorded_at)


def _told(connection: Connection, known: Sequence[Address]) -> list[Subscription]:
    of, ids = event_deliveries.c, [one.id for one in known]
    found = connection.execute(
        select(
            of.subscription,
            of.publication,
            of.released_at,
            of.attempts,
            of.told,
            of.problem,
            of.told_at,
        )
        .where(of.subscription == any_(literal(ids, ARRAY(Text))))
        .order_by(of.released_at.desc())
    )
    told: dict[str, list[Delivery]] = defaultdict(list)
    for one, *delivery in found:
        told[one].append(Delivery(*delivery))
    return [
        Subscription(one.id, one.address, one.stands, one.since, tuple(told[one.id]))
        for one in known
    ]
