"""The scan of a week that is over, kept once.

What is looked at is the record as it was known at the end of that week, and the years without
change are drawn from a seed that is the week's own: so a scan can be made again, with the same
answer for as long as the locations and numbers of cases are not corrected.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Connection, insert, literal, select
from sqlalchemy.dialects.postgresql import insert as insert_once

from kdt import clock
from kdt.cases.first_tags import first_tags
from kdt.cases.queries import imported
from kdt.rising import scan
from kdt.rising.chances import LONGEST
from kdt.rising.model import rising_found, rising_scans
from kdt.rising.queries import Rise
from kdt.rising.scan import USUAL, Seen
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes.queries import first_known

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted up to a day, and the themes and locations it was counted by."""

    seen: Seen
    themes: list[str]
    locations: list[str]


def scan_when_due(store: Store, now: datetime) -> bool:
    """Scan the last week that is over, unless that was done since a file was last imported; whether
    this did it. A week nobody scanned stays so: what rose in it is still in what is looked at."""
    until = clock.last_sunday(clock.day(now))
    with reading(store) as connection:
        key = {"until": until, "imports": imported(connection)}
        if connection.scalar(select(literal(1)).select_from(rising_scans).filter_by(**key)):
            return False
        counted = count(connection, until)
    found = rises(counted, until)
    with writing(store) as connection:
        scanned = key | {"enough": counted.seen.enough}
        once = insert_once(rising_scans).values(scanned).on_conflict_do_nothing()
        if not connection.execute(once.returning(rising_scans.c.until)).all():
            return False
        if found:
            connection.execute(insert(rising_found), [key | _row(one) for one in found])
    return True


def again(store: Store, until: date) -> list[Rise]:
    """What a scan of the week that ended on a day finds now; nothing is kept of it."""
    with reading(store) as connection:
        counted = count(connection, until)
    return rises(counted, until)


def rises(counted: Counted, until: date) -> list[Rise]:
    """What rises in the week that ended on a day, by name, the least likely first."""
    return [
        Rise(
            counted.themes[one.theme],
            None if one.location is None else counted.locations[one.location],
            until - one.weeks * _WEEK + timedelta(days=1),
            until,
            one.weeks,
            one.cases,
            one.usual,
            one.yearly,
        )
        for one in scan.rises(counted.seen, until.toordinal())
    ]


def count(connection: Connection, until: date) -> Counted:
    """The cases that showed a theme for the first time, by week, as known at the end of a day: as
    far back as a scan looks, or as anything was tagged."""
    known = first_known(connection)
    tags = [one for one in first_tags(connection, until) if one.theme in known]
    began = min((one.day for one in tags), default=until)
    weeks = max(0, min(LONGEST + USUAL, (until - began).days // 7))
    start = until - weeks * _WEEK + timedelta(days=1)
    themes, locations = sorted(known), sorted({one.location for one in tags})
    cells = np.zeros((len(themes), len(locations), weeks), np.int64)
    themes_from = [_week(known[one], start) for one in themes]
    locations_from = [weeks] * len(locations)
    theme_at = {one: at for at, one in enumerate(themes)}
    location_at = {one: at for at, one in enumerate(locations)}
    for one in tags:
        theme, location = theme_at[one.theme], location_at[one.location]
        week = _week(one.day, start)
        themes_from[theme] = min(themes_from[theme], week)
        locations_from[location] = min(locations_from[location], week)
        if 0 <= week < weeks:
            cells[theme, location, week] += one.cases
    return Counted(Seen(cells, np.array(themes_from), np.array(locations_from)), themes, locations)


def _row(one: Rise) -> dict[str, object]:
    row = {name: getattr(one, name) for name in ("theme", "cases", "usual", "yearly")}
    return row | {"location": one.location or "", "span": one.weeks}


def _week(day: date, start: date) -> int:
    return (day - start).days // 7
