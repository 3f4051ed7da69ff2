"""Locations compared, as a page shows it: the funnel, its table, and what it says in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from api.pages import charts
from api.pages.charts import Edge, Spot
from kdt import words
from kdt.register import comparing_lines
from kdt.register.comparing import Basis
from kdt.register.funnel import Funnel
from kdt.register.pace import WITHIN

# So many sizes draw a smooth line.
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A location in the table: what is told of it, and whether it lies outside."""

    label: str
    values: tuple[str, ...]
    outside: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of it; `said` are sentences."""

    caption: str
    svg: Markup
    said: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def comparison(basis: Basis, found: Funnel, name: Callable[[str], str]) -> Comparison:
    """The funnel of one share."""
    of, so, caption = (
        words.say(f"compare.{part}.{basis}", within=WITHIN) for part in ("of", "so", "caption")
    )
    largest = max(one.of for one in found.places)
    spots = tuple(
        Spot(name(one.place), one.of, round(100 * one.share, 1), one.outside != 0)
        for one in found.places
    )
    svg = charts.funnel(
        caption, of, words.say("compare.percent", so=so), spots, _edges(found, largest)
    )
    told = comparing_lines.lines(basis)
    rows = tuple(
        Row(name(one.place), tuple(value(one) for value in told.values()), one.outside != 0)
        for one in found.places
    )
    said = tuple(comparing_lines.sentences(basis, found, name))
    return Comparison(caption, svg, said, tuple(told), rows)


def _edges(found: Funnel, largest: int) -> tuple[Edge, ...]:
    smallest = min(one.of for one in found.places)
    first = max(1, smallest // 2)
    last = largest + max(1, largest // 10)
    sizes: Sequence[int] = sorted(
        {round(first * (last / first) ** (step / _STEPS)) for step in range(_STEPS + 1)}
    )
    overall, near, far = (words.say(f"compare.line.{one}") for one in ("all", "near", "far"))
    edges = []
    for size in sizes:
        limits = found.limits(size)
        edges += [
            Edge("all", overall, size, round(100 * found.share, 2)),
            Edge("low_near", near, size, round(100 * limits.low_near, 2)),
            Edge("high_near", near, size, round(100 * limits.high_near, 2)),
            Edge("low_far", far, size, round(100 * limits.low_far, 2)),
            Edge("high_far", far, size, round(100 * limits.high_far, 2)),
        ]
    return tuple(edges)
