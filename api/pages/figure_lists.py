"""Figures as a list: a line a row of the answer, for what is asked by piece of time, by outcome,
ruling or theme, or of some escalations alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from api.pages.figure_questions import Known, parameters
from api.pages.rendering import capital, day_long, url
from kdt import words
from kdt.register.breakdown import Breakdown, Broken
from kdt.register.catalogue import table as catalogue
from kdt.register.catalogue.model import Division
from kdt.register.figures import Row
from kdt.vocabulary import Measure

# What a list shows where everything was counted; the files hold all of it.
_MAIN = (
    Measure.REFERRED,
    Measure.CASES_HANDLED,
    Measure.CONSIDERED,
    Measure.DECISIONS,
    Measure.REFERRED_UP,
    Measure.HELD_OVER,
    Measure.UNRESOLVED,
    Measure.STOCK_END,
)
# More lines than this are for a file.
MOST_LINES = 400

# Where what stands behind a number is shown: by its measure (of the catalogue) and its place.
Link = Callable[[str, Mapping[str, str]], str | None]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, and where what stands behind it is shown."""

    number: int
    href: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its place in words, and its numbers."""

    place: str
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The list: its caption, what its lines are by, its measures (and whether their numbers add up
    to the total), its lines and the total; `more`: how many lines are left out."""

    caption: str
    head: str
    measures: tuple[tuple[Measure, bool], ...]
    lines: tuple[Line, ...]
    total: tuple[Amount, ...]
    more: int


def listing(asked: Breakdown, found: Broken, known: Known, link: Link) -> Listing:
    """The list for an answer."""
    shown = [one for one in asked.measures if asked.further or one in _MAIN]
    divided = {Division(one) for one in asked.by} | ({Division.TIME} if asked.per else set())
    query = asked.query
    period = words.say("figures.caption", first=day_long(query.first), until=day_long(query.until))
    return Listing(
        capital(period),
        _joined(words.say(f"dimension.{dimension(one)}") for one in asked.heads),
        tuple((one, catalogue.of(one).adds_up >= divided) for one in shown),
        tuple(_line(asked, row, shown, known, link) for row in found.rows[:MOST_LINES]),
        tuple(Amount(found.total.amounts[one], link(one, {})) for one in shown),
        max(0, len(found.rows) - MOST_LINES),
    )


def linked(request: Request, asked: Breakdown) -> Link:
    """Where what stands behind the numbers of a question is shown."""
    kept = parameters(asked)

    def link(measure: str, at: Mapping[str, str]) -> str:
        place = urlencode([*kept, *at.items()])
        return url(request, f"/figures/{measure}?{place}")

    return link


def unlinked(_measure: str, _at: Mapping[str, str]) -> None:
    """For whoever may know of nothing that is counted."""


def _line(asked: Breakdown, row: Row, shown: list[Measure], known: Known, link: Link) -> Line:
    at = dict(zip(asked.heads, row.key, strict=True))
    return Line(
        placed(asked, row.key, known),
        tuple(Amount(row.amounts[one], link(one, at)) for one in shown),
    )


def placed(asked: Breakdown, key: Sequence[str], known: Known) -> str:
    """Where a row stands, in words; without a place it is all together."""
    at = zip(asked.heads, key, strict=False)
    return _joined(known.word(dimension(name), value) for name, value in at)


def _joined(these: Iterable[str]) -> str:
    return capital(", ".join(these) or words.say("figures.all"))


def dimension(head: str) -> str:
    """The dimension that stands at the head of a column."""
    return "time" if head == "period" else head
