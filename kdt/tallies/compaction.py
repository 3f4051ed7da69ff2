"""Folding the deltas of the tallies into days and months, so that reading stays cheap."""

from sqlalchemy import Connection, text

from kdt.tallies.measures import ADDITIVE, column
from kdt.tallies.model import KEY

# One at a time; a second finds nothing left to do.
LOCK = 0x4B445443

_AMOUNTS = [column(measure) for measure in ADDITIVE]


def _fold(kind: str, key: tuple[str, ...], amounts: list[str]) -> str:
    keys = ", ".join(key)
    sums = ", ".join(f"sum({name})::int as {name}" for name in amounts)
    adds = ", ".join(f"{name} = {{0}}.{name} + excluded.{name}" for name in amounts)
    first_days = ", ".join(
        _month(name) if name in ("occurred_on", "recorded_on", "previous") else name for name in key
    )

    def upsert(table: str, source: str) -> str:
        return (
            f"insert into {table} ({keys}, {', '.join(amounts)}) "
            f"select {keys}, {sums} from {source} group by {keys} order by {keys} "
            f"on conflict ({keys}) do update set {adds.format(table)}"
        )

    return (
        f"with gone as (delete from {kind}_deltas returning *), "
        f"daily as ({upsert(f'{kind}_days', 'gone')}), "
        f"months as (select {first_days}, {', '.join(amounts)} from gone), "
        f"monthly as ({upsert(f'{kind}_months', 'months')}) "
        "select 1"
    )


def _month(name: str) -> str:
    if name == "previous":
        return (
            "array(select date_trunc('month', one)::date "
            "from unnest(previous) with ordinality as list(one, place) order by place) as previous"
        )
    return f"date_trunc('month', {name})::date as {name}"


_TALLIES = _fold("tally", KEY, _AMOUNTS)
_CASES = _fold("case", (*KEY, "previous"), ["amount"])


def compact(connection: Connection) -> None:
    """Fold all deltas, within the caller's transaction. What the tallies say does not change."""
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    connection.execute(text(_TALLIES))
    connection.execute(text(_CASES))
