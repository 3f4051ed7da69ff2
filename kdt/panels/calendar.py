"""The organisation's calendar: years that begin with what is proposed, and days somebody chose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Connection, Integer, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from kdt import words
from kdt.ledger.service import PRODUCT, By, Fact, append
from kdt.ledger.table import Subject
from kdt.panels.model import calendar_days, calendar_years
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, AnySelect, ask, compiled
from kdt.workdays import Calendar, proposed


@dataclass(frozen=True, slots=True)
class Chosen:
    """A day that somebody looked at: whether it is a day off, and what it is called."""

    day: date
    off: bool
    name: str


def calendar(connection: Connection) -> Calendar:
    """The calendar as it stands."""
    (found,) = ask(connection, asked())
    return read(found)


def asked() -> Statement:
    """The question `read` takes the answers of, for whoever asks more in one round trip."""
    return _calendar()[0], ()


def read(rows: Iterable[AnyRow]) -> Calendar:
    """The calendar in the answer."""
    return Calendar({row.year: tuple(sorted(row.days or ())) for row in rows})


def days_of(connection: Connection, year: int) -> Sequence[Chosen]:
    """The days of a year as they stand; of one that was not entered, as it would be proposed."""
    latest = _latest().subquery()
    found = connection.execute(
        select(latest.c.day, latest.c.off, latest.c.name)
        .where(latest.c.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(latest.c.day)
    )
    chosen = [Chosen(*row) for row in found]
    return chosen or sorted(_proposed(year), key=lambda one: one.day)


def enter_years(connection: Connection, years: Iterable[int]) -> None:
    """See to it that each of these years was entered: by whoever comes first, as proposed."""
    wanted = insert(calendar_years).values([{"year": year} for year in sorted(set(years))])
    new = connection.scalars(wanted.on_conflict_do_nothing().returning(calendar_years.c.year)).all()
    for year in sorted(new):
        _enter(connection, By(PRODUCT), year, _proposed(year))


def set_day(connection: Connection, by: By, chosen: Chosen) -> bool:
    """Record what a day is; whether that was new. Its year is entered first."""
    year = chosen.day.year
    enter_years(connection, [year])
    if chosen in days_of(connection, year):
        return False
    _enter(connection, by, year, [chosen])
    return True


def _enter(connection: Connection, by: By, year: int, days: Sequence[Chosen]) -> None:
    facts = [
        Fact(
            Subject.CALENDAR, str(year), "set", {"day": one.day, "off": one.off}, {"name": one.name}
        )
        for one in days
    ]
    recorded = append(connection, by, *facts)
    connection.execute(
        insert(calendar_days),
        [
            {
                "day": one.day,
                "off": one.off,
                "name": one.name,
                "recorded_by": by.person,
                "recorded_at": fact.recorded_at,
            }
            for one, fact in zip(days, recorded, strict=True)
        ],
    )


def _proposed(year: int) -> list[Chosen]:
    bridge = words.say("calendar.bridge")
    return [Chosen(one.day, one.off, one.name or bridge) for one in proposed(year)]


def _latest() -> AnySelect:
    """Every day that was chosen, as it was chosen last."""
    return (
        select(calendar_days)
        .ext(distinct_on(calendar_days.c.day))
        .order_by(calendar_days.c.day, calendar_days.c.recorded_at.desc())
    )


@cache
def _calendar() -> tuple[bytes, tuple[str, ...]]:
    latest = _latest().subquery()
    day = latest.c.day
    off = latest.c.off & (func.date_part(literal_column("'isodow'"), day) <= literal_column("5"))
    days = func.array_agg(day).filter(off)
    entered = calendar_years.c.year
    year = cast(func.date_part(literal_column("'year'"), day), Integer)
    return compiled(
        select(entered, days.label("days"))
        .outerjoin_from(calendar_years, latest, year == entered)
        .group_by(entered)
    )
