"""Which escalations somebody may know of: `permissions.sees` as a part of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    any_,
    false,
    func,
    or_,
    select,
    true,
)

from kdt.access.model import hand_overs
from kdt.access.permissions import Actor, Matter, has
from kdt.access.table import Knows, Right, Shown
from kdt.cases.model import escalations
from kdt.cases.views import UNSCOPED
from kdt.procedure import CURRENT, State
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow, ask
from kdt.themes.model import theme_tags
from kdt.vocabulary import Purpose, Role

BY_NUMBER = frozenset({Shown.CASE_NUMBER})


def visible(
    actors: Iterable[Actor], needed: Collection[Shown] = frozenset()
) -> ColumnElement[bool]:
    """The rows that one of these may know of, and is shown what is `needed` of."""
    return or_(false(), *(_known(actor) for actor in actors if actor.row.shows.issuperset(needed)))


def is_themed() -> ColumnElement[bool]:
    """Whether an escalation shows a theme: one that was not taken back. Looked up for each that is
    shown, for all tags there ever were are many."""
    shown = (
        select(theme_tags.c.theme)
        .where(theme_tags.c.escalation_id == escalations.c.id)
        .group_by(theme_tags.c.theme)
        .having(func.sum(theme_tags.c.amount) > 0)
    )
    return shown.correlate(escalations).exists()


def by_theme(actors: Iterable[Actor]) -> bool:
    """Whether one of these knows escalations by their themes."""
    return any(actor.row.knows is Knows.THEMED for actor in actors)


# What an officer alone does: whoever did any of it was at work on the case.
_OFFICERS_WORK = ", ".join(
    f"'{action}'"
    for action in CURRENT.actions
    if CURRENT.roles(action) == frozenset({Role.OFFICER})
)


def officers_work(among: str, escalations: str = "escalations") -> str:
    """Who did an officer's work on the case of the escalation `e`, as part of a query: themselves,
    for whom somebody stood in, and to whom it was handed over; those for whom `among` holds."""
    return f"""
        select w.person from {escalations} o
        join entries n on n.escalation_id = o.id and n.action in ({_OFFICERS_WORK})
        cross join lateral (
            select person from entry_people where escalation_id = n.escalation_id and seq = n.seq
            union all
            select person from stand_ins where escalation_id = n.escalation_id and seq = n.seq
        ) w
        where o.case_id = e.case_id and o.phase is not null and {among.format("w.person")}
        union
        select h.holder from {escalations} o join hand_overs h on h.escalation_id = o.id
        where o.case_id = e.case_id and {among.format("h.holder")}
    """


def _around(escalations: str, which: str = "= %s") -> bytes:
    return f"""
        select e.id,
            exists (
                select from theme_tags where escalation_id = e.id
                group by theme having sum(amount) > 0
            ) as themed,
            (select holder from hand_overs where escalation_id = e.id) as held_by,
            array(select person from recusals where escalation_id = e.id) as recused,
            array({officers_work("{} = any(who.people)", escalations)}) as worked_on,
            (
                select purpose from stated_purposes
                where escalation_id = e.id and person = any(who.asking)
                  and stated_on = (clock_timestamp() at time zone 'Europe/Amsterdam')::date
            ) as purpose
        from {escalations} e, (select %s::text[] as people, %s::text[] as asking) who
        where e.id {which}
    """.encode()


_AROUND_READING, _AROUND_WRITING = _around("escalations"), _around(UNSCOPED)
_AROUND_EACH = _around("escalations", "= any(%s)")


def matter(
    connection: Connection, actors: Sequence[Actor], escalation: str, state: State
) -> Matter:
    """An escalation as access looks at it when this person asks, in all of `actors`."""
    (found,) = ask(connection, around(actors, escalation))
    return as_matter(state, found)


def matters(
    connection: Connection, actors: Sequence[Actor], states: Mapping[str, State]
) -> dict[str, Matter]:
    """The same of several, in as many statements as of one."""
    _, asked = around(actors, "")
    (found,) = ask(connection, (_AROUND_EACH, (*asked[:-1], list(states))))
    return {row.id: as_matter(states[row.id], [row]) for row in found}


def around(actors: Sequence[Actor], escalation: str, *, writing: bool = False) -> Statement:
    """What `as_matter` takes, for whoever asks something else as well. `writing`: within a
    transaction that may write."""
    people = sorted(frozenset().union(*(actor.people for actor in actors)))
    asking = sorted({one.person for one in actors if has(one, Right.STATE_PURPOSE)})
    return _AROUND_WRITING if writing else _AROUND_READING, (people, asking, escalation)


def as_matter(state: State, found: Sequence[AnyRow]) -> Matter:
    """An escalation in this state, with what was found around it."""
    (row,) = found
    return Matter(
        state,
        row.themed,
        row.held_by,
        frozenset(row.recused),
        frozenset(row.worked_on),
        row.purpose and Purpose(row.purpose),
    )


def _known(actor: Actor) -> ColumnElement[bool]:
    match actor.row.knows:
        case Knows.NONE:
            return false()
        case Knows.OWN:
            handed = select(hand_overs.c.escalation_id).where(
                hand_overs.c.holder == actor.stands_for
            )
            # As a list: beside another condition the index is of no use to a subquery.
            held = escalations.c.id == any_(func.array(handed.scalar_subquery()))
            return or_(escalations.c.brought_by == actor.stands_for, held)
        case Knows.LOCATION:
            return escalations.c.location == actor.location
        case Knows.REFERRED_UP:
            return any_(escalations.c.reached) == CURRENT.ladder.top
        case Knows.THEMED:
            here = true() if actor.location is None else escalations.c.location == actor.location
            return and_(is_themed(), here)
        case Knows.ALL:
            return true()
