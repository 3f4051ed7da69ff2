"""How panels stand, each in one line: what waits, what was put off, and how they took the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from kdt.panels.queries import NamedPanel
from kdt.store.writing import ask

# So far back it looks at meetings.
WEEKS = 4
# How long one takes is told from the newest of those: more than any panel discusses in that time.
_NEWEST = 2000


@dataclass(frozen=True, slots=True)
class Standing:
    """How a panel stands. Of the meetings of the last weeks: what they did not come to, what they
    took by consent, what they discussed, and how long that usually took.

    `minutes`: the median between one outcome and the next, as they were recorded at the meeting
    itself; None where nothing says so.
    """

    waiting: int
    oldest: date | None
    held_over: int
    not_reached: int
    by_consent: int
    discussed: int
    minutes: float | None


def standings(
    connection: Connection, panels: Sequence[NamedPanel], today: date
) -> dict[str, Standing]:
    """How each of these panels stands today, in one round trip."""
    since = today - timedelta(weeks=WEEKS)
    ids, levels, locations = (
        [getattr(one, name) for one in panels] for name in ("id", "level", "location")
    )
    (rows,) = ask(connection, (_STANDINGS, (ids, levels, locations, *[since] * 4)))
    return {row.id: Standing(*row[1:]) for row in rows}


_WAITING = """
    select count(*) as waiting, min(waiting_since) as oldest,
        count(*) filter (where held_over > 0) as held_over
    from waiting e where e.level = p.level
"""
# A panel of one location and one without are asked apart, so that each finds its own index. What
# was imported has no moments of its own: it is counted, from an index, and not looked at.
_STANDINGS = f"""
    select p.id, w.waiting::integer, w.oldest, w.held_over::integer, n.not_reached::integer,
        c.by_consent::integer, (k.taken - c.by_consent)::integer, t.minutes::double precision
    from unnest(%s::text[], %s::text[], %s::text[]) as p (id, level, location)
    cross join lateral (
        select sum(waiting) as waiting, min(oldest) as oldest, sum(held_over) as held_over
        from (
            {_WAITING} and e.location = p.location
            union all
            {_WAITING} and p.location is null
        ) either
    ) w
    cross join lateral (
        select count(*) as not_reached from not_reached r join meetings m on m.id = r.meeting
        where m.panel = p.id and m.held_on >= %s
    ) n
    cross join lateral (
        select count(*) as taken from considerations
        where panel = p.id and occurred_on >= %s
    ) k
    cross join lateral (
        select count(*) as by_consent from considerations o join consents s on s.ref = o.ref
        where o.panel = p.id and o.occurred_on >= %s and not o.imported
    ) c
    cross join lateral (
        select percentile_cont(0.5) within group (order by lasted) as minutes
        from (
            select case when s.ref is null then extract(epoch from n.recorded_at
                - lag(n.recorded_at) over (partition by o.occurred_on order by n.recorded_at)) / 60
                end as lasted
            from (
                select * from considerations
                where panel = p.id and occurred_on >= %s and not imported
                order by occurred_on desc limit {_NEWEST}
            ) o
            join entries n on n.escalation_id = o.escalation_id and n.seq = o.seq
                and n.recorded_on = o.occurred_on
            left join consents s on s.ref = o.ref
        ) own
    ) t
""".encode()
