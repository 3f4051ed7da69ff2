"""What is counted of a process for whoever keeps it running: requests by the pattern of their
address, how long they took, and what the database and the clock are doing. No id, no name and no
text is a label, and nothing anybody can make up."""

from collections.abc import Iterator

from prometheus_client import Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy.pool import QueuePool

from kdt.errors import Unavailable
from kdt.store import knocks, migrate
from kdt.store.engine import Store
from kdt.store.migrate import Standing
from kdt.store.transaction import reading

_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_requests = Counter("kdt_requests", "Requests answered.", ("method", "route", "status"))
_seconds = Histogram(
    "kdt_request_seconds",
    "How long answering took, without streams.",
    ("method", "route"),
    buckets=_SECONDS,
)
_unforeseen = Counter("kdt_unforeseen_errors", "Errors nobody foresaw; the log has them.")


def answered(method: str, route: str, status: int | None, seconds: float, *, stream: bool) -> None:
    """Count a request. `route` is a pattern; a stream lasts as long as somebody listens, so its
    time says nothing."""
    known = method if method in _METHODS else "other"
    _requests.labels(known, route, str(status or "-")).inc()
    if not stream:
        _seconds.labels(known, route).observe(seconds)


def unforeseen() -> None:
    """Count an error that nobody foresaw."""
    _unforeseen.inc()


def text(store: Store) -> bytes:
    """Everything counted, in Prometheus' text."""
    now = CollectorRegistry()
    now.register(_Now(store))
    return generate_latest(REGISTRY) + generate_latest(now)


class _Now(Collector):
    """What is asked at the moment somebody looks."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of the database and the clock."""
        pool = self._store.engine.pool
        if isinstance(pool, QueuePool):
            yield GaugeMetricFamily(
                "kdt_connections_in_use", "Connections to the database at work.", pool.checkedout()
            )
        yield from self._of_the_database()

    def _of_the_database(self) -> Iterator[GaugeMetricFamily]:
        last = GaugeMetricFamily(
            "kdt_clock_last_done_timestamp_seconds", "When a job was last done.", labels=["job"]
        )
        try:
            with reading(self._store) as connection:
                schema = migrate.standing(connection)
                for job, at in knocks.last(connection).items():
                    last.add_metric([job], at.timestamp())
        except Unavailable:
            yield GaugeMetricFamily("kdt_database_up", "Whether the database answers.", 0)
            return
        yield GaugeMetricFamily("kdt_database_up", "Whether the database answers.", 1)
        yield GaugeMetricFamily(
            "kdt_schema_current",
            "Whether the schema is the one of this release.",
            int(schema is Standing.CURRENT),
        )
        yield last
