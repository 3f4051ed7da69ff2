"""Dates and moments as a history file writes them: exact, and with Amsterdam's days."""

import re
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# [0-9], not \d: that also matches the digits of other scripts.
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def parse_date(text: str) -> date:
    """Read a full-date of RFC 3339; ValueError for anything else."""
    found = DATE.fullmatch(text)
    if not found:
        raise ValueError(text)
    return date(*map(int, found.groups()))


def parse_moment(text: str) -> Fraction:
    """Read a date-time of RFC 3339 as seconds since 1970, exactly; ValueError otherwise."""
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    *clock, fraction, sign, hours, minutes = found.groups()
    local = datetime(*map(int, clock), tzinfo=UTC)  # type: ignore[misc,arg-type]
    offset = timedelta()
    if sign:
        if int(hours) > 23 or int(minutes) > 59:
            raise ValueError(text)
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * int(sign + "1")
    whole = (local - EPOCH - offset) // timedelta(seconds=1)
    moment = whole + Fraction("0" + fraction if fraction else 0)
    amsterdam_day(moment)
    return moment


def to_moment(instant: datetime) -> Fraction:
    """Seconds since 1970 of an instant with a time zone."""
    return Fraction((instant - EPOCH) // timedelta(microseconds=1), 1_000_000)


def amsterdam_day(moment: Fraction) -> date:
    """Say which day it is in Amsterdam; ValueError outside the years 1 to 9999."""
    try:
        return (EPOCH + timedelta(seconds=moment // 1)).astimezone(AMSTERDAM).date()
    except OverflowError as error:
        raise ValueError(moment) from error
