"""Random questions, and whether three ways of counting answer them alike: the tallies, the log, and
the oracle, which was written apart from both. One question with its three answers is one check."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection

from kdt import clock
from kdt.procedure import Walk
from kdt.register import figures as tallies
from kdt.register import from_log
from kdt.register.figures import Query, as_json
from kdt.tallies.measures import DIMENSIONS
from tests.oracle.figures import figures as by_brute_force
from tests.oracle.history import History

NEAR = (date(2021, 12, 20), date(2022, 12, 31))
# Brute force looks at the day before, which the first of all days has not; nothing happened then.
DAY_2 = date.min + timedelta(days=1)


@dataclass(frozen=True)
class Check:
    """A question, and what each of the three says of it."""

    asked: Query
    from_tallies: dict[str, Any]
    from_log: dict[str, Any]
    by_hand: dict[str, Any]

    @property
    def agrees(self) -> bool:
        """Whether all rows are the same, and whether all call them provisional or none."""
        return all(
            answer["rows"] == self.by_hand["rows"]
            and answer.get("provisional") == self.by_hand.get("provisional")
            for answer in (self.from_tallies, self.from_log)
        )


def checks(
    connection: Connection,
    history: History,
    rng: Random,
    times: int,
    now: datetime,
    together: int = 1,
) -> Iterator[Check]:
    """Ask so many random questions of a record into which a history was imported, so many at a time
    at one reference date: the log is walked once for those."""
    today = clock.day(now)
    walks: list[Walk] = []
    as_of: date | None = None
    for number in range(times):
        asked = question(rng, today)
        if number % together:
            asked = replace(asked, as_of=as_of)
        else:
            as_of = asked.as_of
            walks = [*from_log.walks(connection, as_of)]
        first, until = max(asked.first, DAY_2), max(asked.until, DAY_2)
        yield Check(
            asked,
            as_json(asked, tallies.figures(connection, asked), today=today),
            as_json(asked, from_log.added_up(walks, asked), today=today),
            by_brute_force(history, first, until, asked.as_of, asked.by, now),
        )


def question(rng: Random, today: date) -> Query:
    """Any period, as known at any reference date, by any dimensions."""
    first, until = sorted((day(rng), day(rng)))
    as_of = rng.choice([None, min(day(rng), today), min(day(rng), today), today])
    by = rng.sample(DIMENSIONS, rng.randrange(len(DIMENSIONS) + 1))
    return Query(first, until, as_of, tuple(by))


def day(rng: Random) -> date:
    """Any day near the history, often the first or last of a month, now and then far away."""
    if rng.random() < 0.05:
        return rng.choice([date.min, date.max, date(2022, 2, 28), date(2024, 2, 29)])
    found = NEAR[0] + timedelta(days=rng.randrange((NEAR[1] - NEAR[0]).days + 60))
    first = found.replace(day=1)
    return rng.choice([found, found, first, first - timedelta(days=1)])
