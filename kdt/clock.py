"""Days and moments. A day is a day in Amsterdam; a moment is kept in UTC."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def day(moment: datetime) -> date:
    """The day in Amsterdam on which `moment` fell."""
    return moment.astimezone(AMSTERDAM).date()


def written(moment: datetime) -> str:
    """The one way a moment is written: UTC, with microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
