"""Reading to which addresses releases are told, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt.publications.model import event_deliveries, event_subscription_terms


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
class Subscription:
    """An address that is told of releases, since when, and what it was told, the last first."""

    id: str
    address: str
    stands: bool
    since: datetime
    deliveries: tuple[Delivery, ...] = ()

    @property
    def last(self) -> Delivery | None:
        """The last release it was to be told of."""
        return self.deliveries[0] if self.deliveries else None


def subscriptions(connection: Connection) -> list[Subscription]:
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
    return [
        Subscription(
            row.subscription,
            row.address,
            row.stands,
            row.recorded_at,
            _deliveries(connection, row.subscription),
        )
        for row in found
    ]


def subscription(connection: Connection, wanted: str) -> Subscription | None:
    """One, ended or not; None: not there."""
    row = connection.execute(
        select(event_subscription_terms)
        .where(event_subscription_terms.c.subscription == wanted)
        .order_by(event_subscription_terms.c.recorded_at.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Subscription(
        wanted, row.address, row.stands, row.recorded_at, _deliveries(connection, wanted)
    )


def _deliveries(connection: Connection, wanted: str) -> tuple[Delivery, ...]:
    of = event_deliveries.c
    found = connection.execute(
        select(of.publication, of.released_at, of.attempts, of.told, of.problem, of.told_at)
        .where(of.subscription == wanted)
        .order_by(of.released_at.desc())
    )
    return tuple(Delivery(*row) for row in found)
