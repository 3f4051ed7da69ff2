"""Folding the deltas of the tallies into days and months, so that reading stays cheap."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from kdt.store import locks
from kdt.tallies.cells import GROUPINGS, grouping
from kdt.tallies.measures import ADDITIVE, DIMENSIONS, column
from kdt.tallies.model import GROUPED, KEY, STAY_KEY

_AMOUNTS = [column(measure) for measure in ADDITIVE]
_MONTHS = [f"date_trunc('month', {day})::date as {day}" for day in ("occurred_on", "recorded_on")]


def _upsert(table: str, key: Iterable[str], amounts: Iterable[str], source: str) -> str:
    keys = ", ".join(key)
    sums = ", ".join(f"sum({name})::int as {name}" for name in amounts)
    adds = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in amounts)
    return (
        f"insert into {table} ({keys}, {', '.join(amounts)}) "
        f"select {keys}, {sums} from {source} group by {keys} order by {keys} "
        f"on conflict ({keys}) do update set {adds}"
    )


def _fold(
    kind: str, key: tuple[str, ...], amounts: list[str], months: str, by: Iterable[str]
) -> str:
    """All deltas into days; and as `months` gives them, keyed `by`, into months."""
    return (
        f"with gone as (delete from {kind}_deltas returning *), "
        f"daily as ({_upsert(f'{kind}_days', key, amounts, 'gone')}), "
        f"months as ({months}), "
        f"monthly as ({_upsert(f'{kind}_months', by, amounts, 'months')}) "
        "select 1"
    )


def _by_grouping() -> str:
    """Each case cell once for each grouping: what it looks at, and the day before in it."""
    places = ", ".join(
        f"case when grouping & {grouping([name])} <> 0 then {name} end as {name}"
        for name in DIMENSIONS
    )
    return (
        f"select grouping, {places}, {', '.join(_MONTHS)}, "
        "previous[grouping + 1] as previous, amount "
        f"from gone cross join generate_series(0, {len(GROUPINGS) - 1}) as every(grouping)"
    )


_TALLIES = _fold(
    "tally",
    KEY,
    _AMOUNTS,
    f"select {', '.join([*DIMENSIONS, *_MONTHS, *_AMOUNTS])} from gone",
    KEY,
)
_CASES = _fold("case", (*KEY, "previous"), ["amount"], _by_grouping(), GROUPED)
_BY_THEME = ("occurred_on", "theme", "recorded_on")
# Themes are few: their days need no months.
_THEMES = (
    "with gone as (delete from theme_deltas returning *), "
    f"daily as ({_upsert('theme_days', _BY_THEME, ['number'], 'gone')}) select 1"
)
# How long a stay was hangs on both its days.
_STAYS = (
    "with gone as (delete from stay_deltas returning *), "
    f"daily as ({_upsert('stay_days', STAY_KEY, ['amount'], 'gone')}) select 1"
)


def compact(connection: Connection) -> None:
    """Fold all deltas, within the caller's transaction. What the tallies say does not change."""
    # A second finds nothing left to do.
    locks.hold(connection, locks.TALLIES_FOLDED)
    connection.execute(text(_TALLIES))
    connection.execute(text(_CASES))
    connection.execute(text(_THEMES))
    connection.execute(text(_STAYS))
