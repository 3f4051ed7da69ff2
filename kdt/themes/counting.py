"""How often themes were seen, at any reference date, wherever their tags count by then."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Function,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    case,
    column,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt import clock
from kdt.tallies.model import theme_days, theme_deltas
from kdt.themes.model import theme_repeats, theme_steps, theme_tags
from kdt.themes.moving import Move, Redirect, redirects
from kdt.vocabulary import ThemeAction

Span = tuple[date, date]
RECENT = timedelta(weeks=4)


def moved(connection: Connection, as_of: date | None = None) -> list[Redirect]:
    """Where tags of merged and split themes count, as known at the end of `as_of`."""
    wanted = (ThemeAction.MERGE, ThemeAction.SPLIT, ThemeAction.CORRECT)
    query = select(theme_steps).where(theme_steps.c.action.in_(wanted))
    if as_of is not None:
        query = query.where(theme_steps.c.recorded_at < clock.over(as_of))
    found = connection.execute(query.order_by(theme_steps.c.recorded_at)).all()
    gone = {(row.theme, row.replaces) for row in found}
    return [
        *redirects(
            Move(row.theme, row.target, row.recorded_at, row.recorded_on, escalation)
            for row in found
            if row.target is not None and (row.theme, row.seq) not in gone
            for escalation in (row.escalations or [None])
        )
    ]


def counts(
    connection: Connection, first: date, until: date, as_of: date | None = None
) -> dict[str, int]:
    """How many escalations were tagged with each theme from `first` to `until` (both included), as
    known at the end of `as_of`. An escalation with several themes counts for each."""
    return {
        theme: found[0] for theme, found in counted(connection, [(first, until)], as_of).items()
    }


def counted(
    connection: Connection, spans: Sequence[Span], as_of: date | None = None
) -> dict[str, tuple[int, ...]]:
    """The same for several periods at once; a theme that was seen in none is left out."""
    first, until = min(one for one, _ in spans), max(one for _, one in spans)
    elsewhere = moved(connection, as_of)
    # Only these can have tags of several themes that count for one.
    together = sorted({one for move in elsewhere for one in (move.theme, move.target)})
    parts = [
        *(_rows(part, spans, first, until, as_of, together) for part in (theme_days, theme_deltas)),
        _without_repeated(spans, first, until, as_of, together),
        _each_once(spans, _within(first, until, as_of), elsewhere, together),
    ]
    both = union_all(*parts).subquery()
    theme, *amounts = both.c
    sums = [func.sum(one).cast(BigInteger) for one in amounts]
    found = connection.execute(select(theme, *sums).group_by(theme))
    return {row[0]: tuple(row[1:]) for row in found if any(row[1:])}


def _rows(
    part: Table,
    spans: Sequence[Span],
    first: date,
    until: date,
    as_of: date | None,
    but: Sequence[str],
) -> Select[tuple[Any, ...]]:
    """How many rows there are of each theme, but of some."""
    of = part.c
    within: list[ColumnElement[bool]] = [
        of.occurred_on.between(first, until),
        of.theme.not_in(but),
    ]
    if as_of is not None:
        within.append(of.recorded_on <= as_of)
    amounts = _in_each(spans, of.occurred_on, func.sum(of.number))
    return (
        select(of.theme, *(func.coalesce(one, 0) for one in amounts))
        .where(*within)
        .group_by(of.theme)
    )


def _without_repeated(
    spans: Sequence[Span], first: date, until: date, as_of: date | None, but: Sequence[str]
) -> Select[tuple[Any, ...]]:
    """Less those of which there are several of an escalation."""
    of = theme_tags.c
    within = [*_within(first, until, as_of), _repeated(), of.theme.not_in(but)]
    amounts = _in_each(spans, of.occurred_on, func.count())
    return select(of.theme, *(-one for one in amounts)).where(*within).group_by(of.theme)


def _each_once(
    spans: Sequence[Span],
    within: Sequence[ColumnElement[bool]],
    elsewhere: Sequence[Redirect],
    together: Sequence[str],
) -> Select[tuple[Any, ...]]:
    """Of those, and of themes that count together, how many escalations there are."""
    plain = _plain([*within, theme_tags.c.theme.in_(together)])
    tags = plain.union_all(_changed(within)).subquery()
    standing = _redirected(tags, elsewhere) if elsewhere else tags
    seen = func.count(standing.c.escalation_id.distinct())
    amounts = _in_each(spans, standing.c.occurred_on, seen)
    return select(standing.c.theme, *amounts).group_by(standing.c.theme)


def _in_each(
    spans: Sequence[Span], day: ColumnElement[date], amount: Function[int]
) -> list[ColumnElement[int]]:
    return [
        amount.filter(day.between(*span)).label(f"in_{number}") for number, span in enumerate(spans)
    ]


def lately(today: date) -> tuple[Span, Span]:
    """The last four weeks up to a day, and the four weeks before those."""
    since = today - RECENT
    day = timedelta(days=1)
    return (since + day, today), (since - RECENT + day, since)


def by_month(
    connection: Connection, theme_id: str, first: date, until: date, as_of: date | None = None
) -> list[tuple[date, int]]:
    """How many escalations were tagged with a theme in each month from that of `first` to that of
    `until`, by the month's first day. One tagged twice, in two months, counts in both."""
    elsewhere = moved(connection, as_of)
    standing = _standing(first.replace(day=1), until, as_of, elsewhere, [theme_id])
    month = func.date_trunc("month", standing.c.occurred_on).cast(Date)
    found = connection.execute(
        select(month, func.count(standing.c.escalation_id.distinct()))
        .where(standing.c.theme == theme_id)
        .group_by(month)
    )
    known: dict[date, int] = {row[0]: row[1] for row in found}
    return [(day, known.get(day, 0)) for day in months(first, until)]


def showing(
    connection: Connection, theme_id: str, first: date = date.min, until: date = date.max
) -> Select[tuple[str]]:
    """The escalations that were tagged with a theme in a period, those of themes that went into it
    too."""
    standing = _standing(first, until, None, moved(connection), [theme_id])
    return select(standing.c.escalation_id).where(standing.c.theme == theme_id)


def tagged(
    connection: Connection,
    first: date,
    until: date,
    as_of: date | None = None,
    themes: Collection[str] | None = None,
    among: ColumnElement[bool] | None = None,
) -> Subquery:
    """The tags of a period as they count now, or at the end of `as_of`: theme, escalation, day; of
    all themes, or of these. `among` is about `tagged_escalations()`."""
    standing = _standing(first, until, as_of, moved(connection, as_of), themes, among)
    if themes is None:
        return standing
    return select(standing).where(standing.c.theme.in_(sorted(themes))).subquery()


def maybe_tagged(
    connection: Connection, themes: Collection[str], first: date, until: date
) -> Select[tuple[str]]:
    """The escalations that were ever tagged in a period with one of these themes, or with one that
    went into it: all that `tagged` can give of them, and what was taken back."""
    of = theme_tags.c
    return select(of.escalation_id).where(
        of.theme.in_(_sources(themes, moved(connection, until))),
        of.occurred_on.between(first, until),
    )


def tags(connection: Connection, theme_id: str, these: Sequence[str]) -> Select[tuple[Any, ...]]:
    """The tags of these escalations that count for a theme now: escalation, entry and day."""
    among = tagged_escalations().in_(these)
    standing = _standing(date.min, date.max, None, moved(connection), [theme_id], among)
    of = standing.c
    return select(of.escalation_id, of.seq, of.occurred_on).where(of.theme == theme_id)


def of_escalations(connection: Connection, which: ColumnElement[bool]) -> dict[str, int]:
    """Which themes some escalations show now, wherever their tags count, and how many show each;
    `which` is about `tagged_escalations()`."""
    standing = _standing(date.min, date.max, None, moved(connection), among=which)
    amount = func.count(standing.c.escalation_id.distinct())
    found = connection.execute(select(standing.c.theme, amount).group_by(standing.c.theme))
    return {row[0]: row[1] for row in found}


def of_each(connection: Connection, these: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which themes each of these escalations shows now, wherever its tags count; by theme."""
    among = tagged_escalations().in_(these)
    return _by_escalation(
        connection, _standing(date.min, date.max, None, moved(connection), among=among)
    )


def shown(connection: Connection, as_of: date | None = None) -> dict[str, tuple[str, ...]]:
    """Which themes every escalation that shows any showed at the end of `as_of`, wherever its tags
    counted by then; by theme."""
    standing = _standing(date.min, date.max, as_of, moved(connection, as_of))
    return _by_escalation(connection, standing)


def tagged_escalations() -> ColumnElement[str]:
    """The id of the escalation a tag is of, for `of_escalations`."""
    return theme_tags.c.escalation_id


def months(first: date, until: date) -> Iterator[date]:
    """The first days of the months from that of `first` to that of `until`."""
    for number in range(first.year * 12 + first.month - 1, until.year * 12 + until.month):
        yield date(number // 12, number % 12 + 1, 1)


def _by_escalation(connection: Connection, standing: Subquery) -> dict[str, tuple[str, ...]]:
    pairs = select(standing.c.escalation_id, standing.c.theme).distinct()
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(pairs.order_by(standing.c.theme)):
        found[row.escalation_id] = (*found.get(row.escalation_id, ()), row.theme)
    return found


def _standing(
    first: date,
    until: date,
    as_of: date | None,
    elsewhere: Sequence[Redirect],
    wanted: Collection[str] | None = None,
    among: ColumnElement[bool] | None = None,
) -> Subquery:
    """The tags of a period that were not taken back, as known at the end of `as_of`, each with the
    theme it counts for; `wanted` narrows to what may count for these, `among` to escalations."""
    within = _within(first, until, as_of)
    if among is not None:
        within.append(among)
    if wanted is not None:
        within.append(theme_tags.c.theme.in_(_sources(wanted, elsewhere)))
    standing = _plain(within).union_all(_changed(within)).subquery()
    return _redirected(standing, elsewhere) if elsewhere else standing


def _within(first: date, until: date, as_of: date | None) -> list[ColumnElement[bool]]:
    of, within = theme_tags.c, list[ColumnElement[bool]]()
    if (first, until) != (date.min, date.max):
        within.append(of.occurred_on.between(first, until))
    if as_of is not None:
        within.append(of.recorded_on <= as_of)
    return within


def _plain(within: Sequence[ColumnElement[bool]]) -> Select[tuple[Any, ...]]:
    """The tags that are the only one of their escalation and theme, and were never changed."""
    of = theme_tags.c
    return select(of.escalation_id, of.seq, of.theme, of.occurred_on, of.recorded_on).where(
        *within, ~_repeated()
    )


def _changed(within: Sequence[ColumnElement[bool]]) -> Select[tuple[Any, ...]]:
    """Of all others those that stand."""
    of = theme_tags.c
    mine = (of.escalation_id, of.seq, of.theme, of.occurred_on)
    return (
        select(*mine, func.min(of.recorded_on).label("recorded_on"))
        .where(*within, _repeated())
        .group_by(*mine)
        .having(func.sum(of.amount) > 0)
    )


def _repeated() -> ColumnElement[bool]:
    return exists().where(
        theme_repeats.c.escalation_id == theme_tags.c.escalation_id,
        theme_repeats.c.theme == theme_tags.c.theme,
    )


def _sources(wanted: Collection[str], elsewhere: Sequence[Redirect]) -> list[str]:
    """These themes, and those of which tags count for one of them."""
    return sorted({*wanted, *(one.theme for one in elsewhere if one.target in wanted)})


def _redirected(standing: Subquery, elsewhere: Sequence[Redirect]) -> Subquery:
    """The same tags, each with the theme it counts for after the moves."""
    whole = {one.theme: one.target for one in elsewhere if one.escalation is None}
    target: ColumnElement[str] = standing.c.theme
    if whole:
        target = case(whole, value=standing.c.theme, else_=standing.c.theme)
    source: FromClause = standing
    if named := [
        (one.theme, one.target, one.escalation, one.after, one.until)
        for one in elsewhere
        if one.escalation is not None
    ]:
        kinds: dict[str, type[Any]] = {
            **dict.fromkeys(("theme", "target", "escalation"), Text),
            **dict.fromkeys(("after", "until"), Date),
        }
        # As lists: a statement takes no more than 65,535 single values.
        lists = [
            literal(list(these), ARRAY(kind))
            for these, kind in zip(zip(*named, strict=True), kinds.values(), strict=True)
        ]
        fields = [column(name, kind) for name, kind in kinds.items()]
        redirect = func.unnest(*lists).table_valued(*fields, name="redirect").render_derived()
        target = func.coalesce(redirect.c.target, target)
        source = standing.outerjoin(
            redirect,
            and_(
                redirect.c.theme == standing.c.theme,
                redirect.c.escalation == standing.c.escalation_id,
                standing.c.recorded_on > redirect.c.after,
                standing.c.recorded_on <= redirect.c.until,
            ),
        )
    columns = (standing.c.escalation_id, standing.c.seq, standing.c.occurred_on)
    return select(target.label("theme"), *columns).select_from(source).subquery()
