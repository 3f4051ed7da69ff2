"""Charts, drawn here as SVG without a script; a page shows each with the table it draws."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, lru_cache
from html import escape
from io import StringIO
from typing import TYPE_CHECKING

from babel.dates import format_date
from markupsafe import Markup

from api.pages.rendering import LOCALE

if TYPE_CHECKING:
    import altair

_FONT = "system-ui, sans-serif"
_INK, _RULE = "#16191d", "#dfe2e6"
# Distinct in lightness too, so that they can be told apart without colour; each 3:1 on white.
_COLOURS = ("#0b5577", "#3d87ad", "#1c6335", "#6b8e23", "#a06a00", "#b3261e", "#6a3d7c")
_BAR, _WIDTH, _SMALL = 22, 560, 180
_SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a bar: which bar, which kind, how long."""

    label: str
    kind: str
    amount: int


@dataclass(frozen=True, slots=True)
class Point:
    """An amount in a month (its first day), on the line of a small chart."""

    label: str
    month: date
    amount: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a month, by the mark a note below the chart explains."""

    month: date
    mark: str


@dataclass(frozen=True, slots=True)
class Reached:
    """What a line has come to after some time."""

    label: str
    time: int
    amount: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a funnel: how large it is, its percentage, and whether it is out of the limits."""

    label: str
    size: int
    share: float
    outside: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A point of a line on a funnel; `kind` tells the lines apart, `label` is what they are."""

    kind: str
    label: str
    size: int
    share: float


@lru_cache(maxsize=64)
def bars(caption: str, unit: str, pieces: tuple[Bar, ...], kinds: tuple[str, ...]) -> Markup:
    """Horizontal bars, one a label in the order given, put together from the kinds in theirs."""
    import altair as alt

    labels = list(dict.fromkeys(one.label for one in pieces))
    values = [
        {"label": one.label, "kind": one.kind, "amount": one.amount, "place": kinds.index(one.kind)}
        for one in pieces
    ]
    chart = (
        alt.Chart(alt.InlineData(values))
        .mark_bar(stroke="#fff", strokeWidth=1)
        .encode(
            x=alt.X("amount:Q").title(unit).axis(_amounts()),
            y=alt.Y("label:N").sort(labels).title(None).axis(labelLimit=320),
            color=alt.Color("kind:N")
            .scale(domain=list(kinds), range=list(_COLOURS[: len(kinds)]))
            .legend(_legend(kinds)),
            order=alt.Order("place:Q"),
        )
        .properties(
            width=_WIDTH,
            height=_BAR * len(labels),
            # The reader's letters may be wider than those it is measured with here.
            padding={"left": 40, "top": 5, "right": 20, "bottom": 5},
        )
    )
    return _drawn(caption, chart)


@lru_cache(maxsize=64)
def months(
    caption: str,
    unit: str,
    points: tuple[Point, ...],
    columns: int = 1,
    events: tuple[Event, ...] = (),
) -> Markup:
    """Columns by month; a small chart a label, all on one scale, when there is more than one. In a
    chart on its own a line stands at each of the events."""
    import altair as alt

    order = [_month(one) for one in sorted({one.month for one in points})]
    labels = list(dict.fromkeys(one.label for one in points))
    values = [
        {"label": one.label, "month": _month(one.month), "amount": one.amount} for one in points
    ]
    several = len(labels) > 1
    # All of twelve months can be named; of more, as many as fit.
    every = max(1, -(-len(order) // (3 if several else 12)))
    chart = (
        alt.Chart(alt.InlineData(values))
        .mark_bar(color=_COLOURS[0])
        .encode(
            x=alt.X("month:O").sort(order).title(None).axis(values=order[::every], labelAngle=0),
            y=alt.Y("amount:Q").title(None if several else unit).axis(_amounts()),
        )
        .properties(width=_SMALL if several else _WIDTH, height=70 if several else 160)
    )
    if events:
        return _drawn(caption, _with_events(chart, events, order))
    if not several:
        return _drawn(caption, chart)
    header = alt.Header(labelFontWeight="bold", labelFontSize=13, labelAnchor="start")
    return _drawn(
        caption,
        chart.facet(
            facet=alt.Facet("label:N").sort(labels).title(None).header(header), columns=columns
        ),
    )


def _with_events(
    chart: "altair.Chart", events: Sequence[Event], order: Sequence[str]
) -> "altair.LayerChart | altair.FacetChart":
    """The same with a dashed line at the months in which something happened, with its marks."""
    import altair as alt

    marks: dict[str, list[str]] = {}
    for one in events:
        marks.setdefault(_month(one.month), []).append(one.mark)
    held = alt.InlineData(
        [{"month": month, "mark": ", ".join(its)} for month, its in marks.items()]
    )
    month = alt.X("month:O").sort([*order])
    line = alt.Chart(held).mark_rule(color=_INK, strokeDash=[4, 3]).encode(x=month)
    mark = (
        alt.Chart(held)
        .mark_text(color=_INK, fontSize=12, fontWeight="bold", baseline="bottom", dy=-4)
        .encode(x=month, y=alt.value(0), text="mark:N")
    )
    return alt.layer(chart, line, mark)


@lru_cache(maxsize=64)
def steps(caption: str, axis: str, unit: str, points: tuple[Reached, ...]) -> Markup:
    """Percentages that rise in steps over time, a line a label; each has a dash of its own too."""
    import altair as alt

    labels = list(dict.fromkeys(one.label for one in points))
    values = [{"label": one.label, "time": one.time, "amount": one.amount} for one in points]
    chart = (
        alt.Chart(alt.InlineData(values))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X("time:Q").title(axis).axis(_amounts()),
            y=alt.Y("amount:Q").title(unit).scale(domain=[0, 100]).axis(_amounts()),
            color=alt.Color("label:N")
            .scale(domain=labels, range=list(_COLOURS[: len(labels)]))
            .legend(_legend(labels)),
            strokeDash=alt.StrokeDash("label:N").sort(labels).legend(None),
        )
        .properties(width=_WIDTH, height=220)
    )
    return _drawn(caption, chart)


@lru_cache(maxsize=64)
def funnel(
    caption: str, size: str, unit: str, points: tuple[Spot, ...], limits: tuple[Edge, ...]
) -> Markup:
    """Percentages by size, each with its name, between limits that narrow as sizes grow."""
    import altair as alt

    edges = alt.InlineData([asdict(one) for one in limits])
    names = alt.InlineData([asdict(one) for one in points])
    x = alt.X("size:Q").title(size).axis(_amounts())
    y = alt.Y("share:Q").title(unit).axis(_amounts())
    lines = (
        alt.Chart(edges)
        .mark_line(color=_COLOURS[1], strokeWidth=1.5)
        .encode(
            x=x,
            y=y,
            detail="kind:N",
            strokeDash=alt.StrokeDash("label:N")
            .scale(
                domain=list(dict.fromkeys(one.label for one in limits)),
                range=[[1, 0], [6, 3], [2, 3]],
            )
            .legend(
                alt.Legend(title=None, orient="bottom", columns=1, labelLimit=320, symbolSize=400)
            ),
        )
    )
    spots = alt.Chart(names).encode(x=x, y=y)
    dots = spots.mark_point(color=_INK, filled=True, size=70, opacity=1).encode(
        shape=alt.Shape("outside:N")
        .scale(domain=[False, True], range=["circle", "diamond"])
        .legend(None),
        color=alt.Color("outside:N")
        .scale(domain=[False, True], range=[_COLOURS[0], _COLOURS[5]])
        .legend(None),
    )
    labels = spots.mark_text(color=_INK, fontSize=12, align="left", dx=8, dy=-6).encode(
        text="label:N"
    )
    return _drawn(caption, alt.layer(lines, dots, labels).properties(width=_WIDTH, height=280))


@cache
def warm_up() -> None:
    """Draw once, for the first drawing of a process takes seconds that nobody need wait for."""
    months("", "", (Point("", date.min, 0),))


def month_name(month: date) -> str:
    """A month as a table names it: november 2026."""
    return format_date(month, "LLLL y", LOCALE)


def _month(month: date) -> str:
    return format_date(month, "LLL yy", LOCALE)


def _amounts() -> "altair.Axis":
    import altair as alt

    # Whole numbers, as the Dutch write them; halves between 0 and 1 have none.
    return alt.Axis(
        tickMinStep=1,
        tickCount=5,
        labelExpr="datum.value % 1 ? '' : replace(format(datum.value, ',d'), /,/g, '.')",
    )


def _legend(kinds: Sequence[str]) -> "altair.Legend | None":
    import altair as alt

    if len(kinds) == 1:
        return None
    return alt.Legend(
        title=None,
        orient="bottom",
        columns=2,
        columnPadding=24,
        labelLimit=320,
        symbolType="square",
    )


def _drawn(caption: str, chart: "altair.Chart | altair.FacetChart | altair.LayerChart") -> Markup:
    import altair as alt

    looks = alt.Config(
        font=_FONT,
        background="#fff",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=_INK,
            titleColor=_INK,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            gridColor=_RULE,
            domainColor=_RULE,
            tickColor=_RULE,
        ),
        legend=alt.LegendConfig(labelColor=_INK, labelFontSize=12),
    )
    drawn = StringIO()
    chart.properties(config=looks).save(drawn, format="svg")
    # Its own words for a screen reader are English; the caption and the table say it all.
    silent = _SPOKEN.sub("", drawn.getvalue())
    named = f'<svg role="img" aria-label="{escape(caption)}" '
    return Markup(silent.replace("<svg ", named, 1))  # nosec B704  # noqa: S704 - drawn by us
