"""Lead times in words: one line for each thing said of a row, alike on a page and a terminal."""

from collections.abc import Iterator
from typing import NamedTuple

from kdt import words
from kdt.register.catalogue.model import Opens
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.lead_times import LeadTimes
from kdt.register.stays import TimeUnit
from kdt.register.survival import Quantile, Share
from kdt.tallies.measures import End


class Line(NamedTuple):
    """What is said, under which heading and definition it stands, and its value in words; `opens`:
    the measure by which what it counts can be opened, none of an estimate."""

    heading: str
    definition: str
    label: str
    value: str
    opens: str | None


# Lines that are explained together with another.
_EXPLAINED_AT = {
    "nineInTen": "median",
    "openAfter": "settledWithin",
    "ageOldest": "ageMedian",
}
_OPENED = Opens.ESCALATIONS
_AMOUNTS = {TimeUnit.DAYS: "day", TimeUnit.WORKING_DAYS: "workday"}


def lines(row: LeadTimes, unit: TimeUnit) -> Iterator[Line]:
    """Everything said of a row, in its order; the same lines for every row."""
    yield _line("came", "came", words.number(row.came))
    for end in End:
        yield _line("came", end.value, words.number(row.ends[end]))
    yield _line("came", "open", words.number(row.open))
    yield _line("settled", "median", quantile(row.median, unit))
    yield _line("settled", "nineInTen", quantile(row.nine_in_ten, unit))
    for name in ("settledWithin", "openAfter"):
        for mark in row.marks:
            there = mark.settled if name == "settledWithin" else mark.open
            yield _line("settled", name, share(there), after=_time(mark.after, unit))
    yield _line("waits", "ageMedian", _age(row.age_median, unit))
    yield _line("waits", "ageOldest", _age(row.age_oldest, unit))
    yield _line("pace", "clearance", _percentage(row.clearance))
    yield _line("pace", "disposition", _days(row.disposition))


def definitions() -> dict[str, tuple[str, str]]:
    """What each line says and how it is worked out, by definition."""
    meant = words.group("lead_times.definition")
    return {name: (words.say(f"lead_times.term.{name}"), text) for name, text in meant.items()}


def _line(heading: str, name: str, value: str, **given: object) -> Line:
    label = words.say(f"lead_times.line.{name}", **given)
    explained = _EXPLAINED_AT.get(name, name)
    measure = f"leadTime{name[0].upper()}{name[1:]}"
    opens = measure if measure in CATALOGUE and CATALOGUE[measure].opens is _OPENED else None
    return Line(words.say(f"lead_times.heading.{heading}"), explained, label, value, opens)


def _time(value: int, unit: TimeUnit) -> str:
    return words.amount(_AMOUNTS[unit], value)


def quantile(found: Quantile, unit: TimeUnit) -> str:
    """After how long a share was settled, with its interval."""
    if found.value is None:
        if found.low is None:
            return words.say("lead_times.not_reached")
        return words.say("lead_times.not_reached_from", low=words.number(found.low))
    low = found.value if found.low is None else found.low
    key = "lead_times.from_low" if found.high is None else "lead_times.between"
    high = "" if found.high is None else words.number(found.high)
    return words.say(key, value=_time(found.value, unit), low=words.number(low), high=high)


def share(found: Share) -> str:
    """A share as a percentage, with its interval."""
    low, high = round(found.low * 100), round(found.high * 100)
    return words.say("lead_times.share", value=_percentage(found.value), low=low, high=high)


def _percentage(value: float | None) -> str:
    return words.say("lead_times.none") if value is None else f"{round(value * 100)}%"


def _age(value: int | None, unit: TimeUnit) -> str:
    return words.say("lead_times.none") if value is None else _time(value, unit)


def _days(value: float | None) -> str:
    return words.say("lead_times.none") if value is None else _time(round(value), TimeUnit.DAYS)
