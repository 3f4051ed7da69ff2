"""Reading a large record: figures against counting the log, and at a past reference date."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import text

from kdt import clock
from kdt.register.figures import Query, figures
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import connect
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, alternating, seconds

ROUNDS = 9

# What a program without tallies would do, given the index it would wish for.
_COUNT = text("""
    select c.level, e.location, c.outcome, count(*), count(distinct c.case_id)
    from considerations c join escalations e on e.id = c.escalation_id
    where c.occurred_on between :first and :until group by 1, 2, 3
""")
_COVERING = (
    "create index covering on considerations (occurred_on) "
    "include (escalation_id, level, outcome, case_id)"
)


def run(held: Server, size: int) -> Iterator[Result]:
    """A year's figures today and at a reference date in the past."""
    template = server.large(held, size)
    until = clock.day(datetime.now(clock.AMSTERDAM))
    year = {"first": until - timedelta(days=364), "until": until}
    past = until - timedelta(days=45)
    with server.database(held, template) as name:
        owner = connect(held.url(OWNER, name))
        with owner.begin() as connection:
            connection.execute(text(_COVERING))
            connection.execute(text("analyze"))
            count = connection.scalar(text("select count(*) from considerations"))
        owner.dispose()
        with (
            server.store(held, name) as store,
            store.engine.connect() as connection,
            store.engine.connect() as other,
        ):
            # Whoever counts the log may use every core for it; KDT leaves them to other requests.
            other.execute(text("set max_parallel_workers_per_gather = 2"))
            by = ("level", "location")
            today = Query(year["first"], until, None, by)
            as_of = Query(year["first"], until, past, by)
            ours, before, floor = alternating(
                ROUNDS,
                lambda: seconds(lambda: figures(connection, today)),
                lambda: seconds(lambda: figures(connection, as_of)),
                lambda: seconds(lambda: other.execute(_COUNT, year).all()),
            )
    note = f"{count:,} considerations"
    yield Result(
        "a year's figures, today", ours * 1000, "ms", floor * 1000, "25 ms; 1/15 of counting", note
    )
    yield Result(
        "a year's figures, past reference date", before * 1000, "ms", floor * 1000, "250 ms", note
    )
