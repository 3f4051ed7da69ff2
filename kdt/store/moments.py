"""The database's clock: one for all who work with it."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Date, func, text

from kdt import clock


def now(connection: Connection) -> datetime:
    """The moment."""
    found: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    return found


def today(connection: Connection) -> date:
    """The day in Amsterdam."""
    return clock.day(now(connection))


def its_today() -> ColumnElement[date]:
    """The day in Amsterdam, as a part of queries."""
    return func.timezone("Europe/Amsterdam", func.clock_timestamp()).cast(Date)
