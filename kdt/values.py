"""Single values from outside, each read with its own check."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

# Names are looked up and indexed; texts are limited by the size of a request or a line alone.
LONGEST_NAME = 200
# What is reckoned goes on a while from there; so the calendar does not go to its very ends.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field. The Dutch sentence is `problem.<code>` in `kdt/words.toml`."""

    code: str
    field: str
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Invalid(ValueError):
    """One value is not what its field holds; caught where the problems are gathered."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def string(value: object) -> str:
    """A string that can be kept: no NUL, no half of a surrogate pair."""
    if not isinstance(value, str):
        raise Invalid("null" if value is None else "not_a_string")
    if "\0" in value:
        raise Invalid("bad_character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Invalid("bad_character") from None
    return value


def name(value: object) -> str:
    """An id, a case number or a name: not blank, and of a length that can be looked up."""
    text = string(value)
    if not text.strip():
        raise Invalid("blank")
    if len(text) > LONGEST_NAME:
        raise Invalid("too_long", longest=LONGEST_NAME)
    return text


def code(value: object, known: Iterable[str]) -> str:
    """One of the known codes."""
    text = string(value)
    if text not in known:
        raise Invalid("not_one_of", given=text[:LONGEST_NAME], known=", ".join(known))
    return text


def day(value: object) -> date:
    """A date, written YYYY-MM-DD."""
    found = _day(string(value))
    if found is None:
        raise Invalid("not_a_date")
    return found


def clock_time(value: object) -> time:
    """A time on the clock, written HH:MM."""
    text = string(value)
    if len(text) != len("09:30") or text[2] != ":":
        raise Invalid("not_a_time")
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Invalid("not_a_time") from None


def whole(value: object, least: int, most: int) -> int:
    """A whole number as it is typed, within bounds."""
    text = string(value)
    typed = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not typed or not least <= int(text) <= most:
        raise Invalid("not_in_range", least=least, most=most)
    return int(text)


@lru_cache(maxsize=10_000)
def _day(text: str) -> date | None:
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
