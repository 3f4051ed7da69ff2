"""Reading what the last scan found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, tuple_

from kdt.access.permissions import Actor
from kdt.cases import first_tags, grouped
from kdt.cases.first_tags import Showing
from kdt.cases.list_order import Cursor
from kdt.cases.queries import EscalationRow, Filter, escalations_of
from kdt.rising.model import rising_found, rising_scans

_FOUND = ("theme", "location", "span", "cases", "usual", "yearly")


@dataclass(frozen=True, slots=True)
class Rise:
    """A theme that rises nationwide, or at a location: distinct cases from `first` to `until`
    (`weeks` of them), where `usual` is usual. Where nothing changes, something as unlikely turns up
    `yearly` times a year."""

    theme: str
    location: str | None
    first: date
    until: date
    weeks: int
    cases: int
    usual: float
    yearly: float


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of the week that ended on `until`, with what rose then, the least likely first;
    `enough`: whether the weeks before it were enough to say anything."""

    until: date
    scanned_at: datetime
    enough: bool
    rises: tuple[Rise, ...]

    def of(self, theme: str) -> tuple[Rise, ...]:
        """What was found of one theme: nationwide first."""
        mine = (one for one in self.rises if one.theme == theme)
        return tuple(sorted(mine, key=lambda one: (one.location is not None, one.location)))


def last_scan(connection: Connection) -> Scan | None:
    """The last scan, or None as long as there was none."""
    of = rising_scans.c
    newest = select(of.until, of.imports).order_by(of.until.desc(), of.imports.desc()).limit(1)
    found = connection.execute(
        select(rising_scans, *(rising_found.c[name] for name in _FOUND))
        .outerjoin_from(rising_scans, rising_found)
        .where(tuple_(of.until, of.imports) == newest.scalar_subquery())
        .order_by(rising_found.c.yearly, rising_found.c.location, rising_found.c.theme)
    ).all()
    if not found:
        return None
    one = found[0]
    rises = tuple(_rise(row) for row in found if row.theme is not None)
    return Scan(one.until, one.scanned_at, one.enough, rises)


def _rise(row: Row[Any]) -> Rise:
    first = row.until - timedelta(days=7 * row.span - 1)
    location = row.location or None
    return Rise(row.theme, location, first, row.until, row.span, row.cases, row.usual, row.yearly)


def rising(connection: Connection) -> dict[str, tuple[Rise, ...]]:
    """What rose in the last scan, by theme; the least likely first."""
    scan = last_scan(connection)
    return {one.theme: scan.of(one.theme) for one in scan.rises} if scan else {}


@dataclass(frozen=True, slots=True)
class Behind:
    """A rise, how many of the escalations that make it somebody may know of, and the first of
    those."""

    rise: Rise
    amount: int
    rows: tuple[EscalationRow, ...]


def behind(connection: Connection, actors: Sequence[Actor], scan: Scan, limit: int) -> list[Behind]:
    """Each rise with what these may know of the escalations that make it: what changed last first,
    at most `limit` of each."""
    lists = grouped.known(connection, actors, _behind(connection, scan.rises, scan.until), limit)
    found = grouped.rows(connection, actors, lists)
    return [
        Behind(rise, its.amount, tuple(rows))
        for rise, its, rows in zip(scan.rises, lists, found, strict=True)
    ]


def ids_behind(
    connection: Connection, actors: Sequence[Actor], scan: Scan
) -> Iterable[tuple[Rise, tuple[str, ...]]]:
    """Each rise with all of those by id."""
    lists = grouped.known(connection, actors, _behind(connection, scan.rises, scan.until))
    return zip(scan.rises, (its.ids for its in lists), strict=True)


def cases_behind(
    connection: Connection,
    actors: Sequence[Actor],
    rise: Rise,
    *,
    after: Cursor | None,
    limit: int,
) -> list[EscalationRow]:
    """The escalations that make one rise, as far as these may know of them: what changed last
    first, at most `limit` after `after`."""
    (ids,) = _behind(connection, [rise], rise.until)
    wanted = Filter(among=tuple(sorted(ids)))
    return escalations_of(connection, actors, wanted, after=after, limit=limit)


def _behind(connection: Connection, rises: Sequence[Rise], until: date) -> list[set[str]]:
    asked = [Showing(one.theme, one.location, one.first) for one in rises]
    return first_tags.behind(connection, asked, until)
