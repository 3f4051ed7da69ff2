"""Which cells of the tallies answer a question: each part of the record exactly once.

Months that lie whole in the period, or before it, are read as months, as far as they were recorded
in a month that was over at the reference date. The months that the period cuts, and what was
recorded in the reference date's own month, are read by day; what is not folded yet, as deltas.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

_UP_TO = "occurred_on <= :until"
_WITHIN = "occurred_on between :first and :until"
# Of the whole months in the period those there are: a list of them lets the index go from one to
# the next, and a period may begin centuries ago.
_MONTHS = """occurred_on = any(array(
    select month::date from generate_series(
        greatest(:whole_first, (select min(occurred_on) from case_months where grouping = :grouping)
            )::timestamp,
        least(:whole_last, (select max(occurred_on) from case_months where grouping = :grouping)
            )::timestamp,
        interval '1 month') as each(month)))"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts for a period from `first` to `until`, as known at the end of `as_of` (None: now).

    What it makes is SQL that is given `parameters`, and for cases `grouping` too.
    """

    first: date
    until: date
    as_of: date | None

    def tallies(self, columns: str) -> str:
        """Every cell up to the end of the period: what stands on a day is all that went before."""
        return _union(columns, self._tallies(_UP_TO))

    def tallies_within(self, columns: str) -> str:
        """The cells in the period alone."""
        return _union(columns, self._tallies(_WITHIN))

    def cases(self, columns: str) -> str:
        """The considerations in the period that have none of the same case before them in it, in
        this grouping."""
        new = "(previous[:grouping + 1] is null or previous[:grouping + 1] < :first)"
        by_day = (f"{one} and {new}" for one in self._by_day("case", _WITHIN))
        return _union(columns, chain(self._whole_case_months(), by_day))

    @property
    def parameters(self) -> dict[str, object]:
        """What the statements are given."""
        given: dict[str, object] = {"first": self.first, "until": self.until}
        for at, (start, end) in enumerate(self._cut):
            given |= {f"cut_{at}": start, f"cut_until_{at}": end}
        if self._whole is not None:
            given |= dict(zip(("whole_first", "whole_last"), self._whole, strict=True))
        if self.as_of is not None:
            given |= {"as_of": self.as_of, "over": _over(self.as_of)}
        return given

    @property
    def _cut(self) -> list[tuple[date, date]]:
        """The months the period cuts, each from its first day as far as the period goes."""
        starts = {self.first.replace(day=1)} if self.first.day > 1 else set()
        if not _ends_month(self.until):
            starts.add(self.until.replace(day=1))
        return [(start, min(_month_end(start), self.until)) for start in sorted(starts)]

    @property
    def _whole(self) -> tuple[date, date] | None:
        """The first and the last month (their first days) that lie whole in the period."""
        start = _month(self.first) + (self.first.day > 1)
        end = _month(self.until) - (not _ends_month(self.until))
        return (_first_day(start), _first_day(end)) if start <= end else None

    def _tallies(self, within: str) -> Iterator[str]:
        cut = "".join(f" and occurred_on <> :cut_{at}" for at, _ in enumerate(self._cut))
        yield f"tally_months where {within}{cut}{self._recorded_before}"
        yield from self._by_day("tally", within)

    def _whole_case_months(self) -> Iterator[str]:
        if self._whole is not None:
            for before in ("previous is null", "previous < :first"):
                yield (
                    f"case_months where grouping = :grouping and {_MONTHS} and {before}"
                    f"{self._recorded_before}"
                )

    def _by_day(self, kind: str, within: str) -> Iterator[str]:
        """The months cut, what was recorded too late to stand in a month that was over, and what
        is not folded."""
        known = " and recorded_on <= :as_of" if self.as_of is not None else ""
        cuts = [
            f"occurred_on between :cut_{at} and :cut_until_{at}" for at, _ in enumerate(self._cut)
        ]
        for cut in cuts:
            yield f"{kind}_days where {within} and {cut}{known}"
        if self.as_of is not None and _over(self.as_of) <= self.as_of:
            elsewhere = "".join(f" and not {cut}" for cut in cuts)
            yield f"{kind}_days where {within} and recorded_on between :over and :as_of{elsewhere}"
        yield f"{kind}_deltas where {within}{known}"

    @property
    def _recorded_before(self) -> str:
        return " and recorded_on < :over" if self.as_of is not None else ""


def _union(columns: str, sources: Iterable[str]) -> str:
    return " union all ".join(f"select {columns} from {source}" for source in sources)


def _over(as_of: date) -> date:
    """The day before which every month was over at the end of `as_of`."""
    if _ends_month(as_of) and as_of < date.max:
        return as_of + timedelta(days=1)
    return as_of.replace(day=1)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _ends_month(day: date) -> bool:
    return day == _month_end(day)
