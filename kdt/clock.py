"""Days and moments. A day is a day in Amsterdam; a moment is kept in UTC."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def day(moment: datetime) -> date:
    """The day in Amsterdam on which `moment` fell."""
    return moment.astimezone(AMSTERDAM).date()


def over(day: date) -> datetime:
    """The moment at which a day is over in Amsterdam: what is known at its end was recorded
    before."""
    return datetime.combine(day + timedelta(days=1), time.min, AMSTERDAM)


def last_sunday(day: date) -> date:
    """The last day of the last week that is over."""
    return day - timedelta(days=day.isoweekday())


def later(day: date, months: int) -> date:
    """The same day so many months on; the last of a month that is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def written(moment: datetime) -> str:
    """The one way a moment is written: UTC, with microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
