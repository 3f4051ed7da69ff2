"""Small charts side by side, all on one scale, light enough to be drawn with every page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.charts import month_name
from kdt import words

# In units of the drawing; the page gives it the size there is room for.
WIDTH, HEIGHT = 180, 64
_GAP = 0.2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a small chart, from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Small:
    """One chart: what it is of, its last amount, what it shows in words, and its columns."""

    label: str
    last: int
    said: str
    columns: tuple[Column, ...]
    amounts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Multiples:
    """The charts with what they share: a caption, the scale's highest amount, and the months."""

    caption: str
    highest: int
    months: tuple[str, ...]
    charts: tuple[Small, ...]
    width: int = WIDTH
    height: int = HEIGHT


def multiples(
    caption: str, months: Sequence[date], series: Mapping[str, Sequence[int]]
) -> Multiples:
    """A chart of each series, an amount a month."""
    highest = max((max(amounts) for amounts in series.values()), default=0)
    names = tuple(month_name(month) for month in months)
    return Multiples(
        caption,
        highest,
        names,
        tuple(
            Small(
                label,
                amounts[-1],
                _said(label, names, amounts),
                _columns(amounts, max(1, highest)),
                tuple(amounts),
            )
            for label, amounts in series.items()
        ),
    )


def _said(label: str, months: Sequence[str], amounts: Sequence[int]) -> str:
    return words.say(
        "dashboard.small",
        label=label,
        first=words.number(amounts[0]),
        first_month=months[0],
        last=words.number(amounts[-1]),
        last_month=months[-1],
        most=words.number(max(amounts)),
    )


def _columns(amounts: Sequence[int], highest: int) -> tuple[Column, ...]:
    step = WIDTH / len(amounts)
    return tuple(
        Column(
            round((at + _GAP / 2) * step, 2),
            round(HEIGHT * (1 - amount / highest), 2),
            round((1 - _GAP) * step, 2),
            round(HEIGHT * amount / highest, 2),
        )
        for at, amount in enumerate(amounts)
    )
