"""Reading implementation tests: which there were, what they looked at, and how satisfied who took
part is with what followed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock
from kdt.themes.model import implementation_test_opinions, implementation_test_terms


@dataclass(frozen=True, slots=True)
class Opinion:
    """How satisfied an organisation said to be, in what words, when, and where that stands."""

    organisation: str
    satisfaction: str
    said_on: date
    said: str
    reference: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ImplementationTest:
    """A test as told last; `stands` until it was withdrawn. `title`: which proposal; `person` and
    `capability`: whether what it does to the person, and whether they can cope, was looked at."""

    id: str
    kind: str
    held_on: date
    person: str
    capability: str
    organisations: tuple[str, ...]
    title: str
    findings: str
    reference: str
    opinions: tuple[Opinion, ...] = ()
    stands: bool = True

    @property
    def last(self) -> Mapping[str, Opinion]:
        """What each organisation said last."""
        told = sorted(self.opinions, key=lambda one: (one.said_on, one.recorded_at))
        return {one.organisation: one for one in told}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tests are asked for; None: whatever it is. The days are of holding, included."""

    kind: str | None = None
    organisation: str | None = None
    first: date = date.min
    until: date = date.max

    def has(self, one: ImplementationTest) -> bool:
        """Whether it is among them."""
        return (
            self.kind in (None, one.kind)
            and (self.organisation is None or self.organisation in one.organisations)
            and self.first <= one.held_on <= self.until
        )


def held(
    connection: Connection, *, as_of: date | None = None, wanted: Wanted | None = None
) -> list[ImplementationTest]:
    """The tests that stand, as known at the end of `as_of`, the newest first."""
    known = select(implementation_test_terms)
    opinions = select(implementation_test_opinions)
    if as_of is not None:
        known = known.where(implementation_test_terms.c.recorded_at < clock.over(as_of))
        opinions = opinions.where(implementation_test_opinions.c.recorded_at < clock.over(as_of))
    asked = wanted or Wanted()
    return sorted(
        (each for each in _read(connection, known, opinions) if each.stands and asked.has(each)),
        key=lambda each: (-each.held_on.toordinal(), each.title, each.id),
    )


def one(connection: Connection, wanted: str) -> ImplementationTest | None:
    """One test, withdrawn or not; None: not there."""
    known = select(implementation_test_terms).where(implementation_test_terms.c.test == wanted)
    opinions = select(implementation_test_opinions).where(
        implementation_test_opinions.c.test == wanted
    )
    return next(iter(_read(connection, known, opinions)), None)


def registered_since(connection: Connection, as_of: date | None = None) -> date | None:
    """The day on which the first test was recorded, in Amsterdam; None: none was by then."""
    first = connection.scalar(
        select(implementation_test_terms.c.recorded_at)
        .order_by(implementation_test_terms.c.recorded_at)
        .limit(1)
    )
    since = None if first is None else clock.day(first)
    return None if since is None or (as_of is not None and since > as_of) else since


def _read(
    connection: Connection, known: Select[Any], opinions: Select[Any]
) -> list[ImplementationTest]:
    told: dict[str, list[Opinion]] = defaultdict(list)
    for row in connection.execute(opinions.order_by(implementation_test_opinions.c.recorded_at)):
        about = (row.organisation, row.satisfaction, row.said_on)
        told[row.test].append(Opinion(*about, row.said, row.reference, row.recorded_at))
    newest = known.ext(distinct_on(implementation_test_terms.c.test)).order_by(
        implementation_test_terms.c.test, implementation_test_terms.c.recorded_at.desc()
    )
    return [
        ImplementationTest(
            row.test,
            row.kind,
            row.held_on,
            row.person,
            row.capability,
            tuple(row.organisations),
            row.title,
            row.findings,
            row.reference,
            tuple(told[row.test]),
            row.stands,
        )
        for row in connection.execute(newest)
    ]
