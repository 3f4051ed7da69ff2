"""What became, at the top of the ladder, of what it could not or did not settle at once.

Beside "it has not yet happened that the national KDT could not settle a case" (answer 3 of
8 November 2022) belongs whatever could hide behind it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    union,
)

from kdt.cases import dossiers
from kdt.cases.model import considerations, entries, escalations
from kdt.clock import over
from kdt.procedure import CURRENT, State, Walk
from kdt.procedure.state import ENDED, WAITING
from kdt.register import from_log
from kdt.register.counting import at_end_of
from kdt.register.figures import Query
from kdt.register.narrowing import corrected, says, these
from kdt.store.scope import counting
from kdt.vocabulary import Outcome

# How often held over before it is worth telling Parliament beside "never".
OFTEN = 3
# How many histories are walked before it is asked whether more need to be.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class TopStory:
    """How it stood at the end of the period, as known at the reference date.

    All count escalations. `unresolved`: with an unresolved outcome, ever; `became`: how those
    stand; `held_often`: held over `OFTEN` times or more, last in the period; `oldest`: the day
    since which the longest waiting one waits; `ended_after_hold`: ended in the period, by how.
    """

    unresolved: int
    held_often: int
    oldest: date | None
    ended_after_hold: Counter[str]
    became: Counter[str]


def top_story(connection: Connection, query: Query) -> TopStory:
    """The story, as known at the reference date.

    What neither happened nor was recorded since is read off how escalations stand; of what did,
    the histories that can tell of this are walked, as they were known then.
    """
    with counting(connection):
        return _with_walked(connection, query, _standing(connection, query))


def _standing(connection: Connection, query: Query) -> TopStory:
    """Of the escalations that stand as they stood then."""
    top = CURRENT.ladder.top
    still = and_(escalations.c.phase.is_not(None), not_(_since(query)))
    held = _held_over(query)
    often = (
        select(func.count())
        .join_from(held, escalations, escalations.c.id == held.c.id)
        .where(still, held.c.times >= OFTEN, held.c.last_on >= query.first)
    )
    once = exists().where(considerations.c.escalation_id == escalations.c.id, *_holds(query))
    ended = (
        # Nothing comes down from the top: what was held over there ended there.
        select(func.count(), escalations.c.phase)
        .where(still, once, escalations.c.level == top)
        .where(escalations.c.phase.in_(ENDED), escalations.c.last_on >= query.first)
        .group_by(escalations.c.phase)
    )
    waits = and_(escalations.c.level == top, escalations.c.phase.in_(WAITING))
    unresolved = select(escalations).where(still, escalations.c.unresolved_at == top)
    states = [dossiers.state(row) for row in connection.execute(unresolved)]
    return TopStory(
        len(states),
        connection.scalar(often) or 0,
        connection.scalar(select(func.min(escalations.c.waiting_since)).where(still, waits)),
        Counter({phase: number for number, phase in connection.execute(ended)}),
        Counter(_became(state) for state in states if state is not None),
    )


def _with_walked(connection: Connection, query: Query, story: TopStory) -> TopStory:
    """Those of which more happened or was recorded since, walked as they were known."""
    top = CURRENT.ladder.top
    unresolved, held_often, oldest = story.unresolved, story.held_often, story.oldest
    ended, became = story.ended_after_hold.copy(), story.became.copy()
    for walk, state in _walked(connection, query, _told_of(connection, query)):
        held = [
            step.act.occurred_on
            for step in walk.steps
            if step.act.values.get("outcome") == Outcome.HELD_OVER
            and step.before is not None
            and step.before.level == top
            and step.act.occurred_on <= query.until
        ]
        held_often += len(held) >= OFTEN and held[-1] >= query.first
        oldest = _older(oldest, state)
        if held and state.phase in ENDED:
            ended[state.phase] += state.last_on >= query.first
        if state.unresolved_at == top:
            unresolved += 1
            became[_became(state)] += 1
    oldest = _oldest(connection, query, oldest)
    return TopStory(unresolved, held_often, oldest, ended, became)


def _oldest(connection: Connection, query: Query, oldest: date | None) -> date | None:
    """The same, or the day since which one that moved on since had waited longer. They are walked
    in the order they came up, until none that is left can have waited as long."""
    came_on = func.min(considerations.c.occurred_on)
    came = connection.execute(_sent_up(query).add_columns(came_on).order_by(came_on)).all()
    for start in range(0, len(came), _BATCH):
        if oldest is not None and oldest <= came[start][1]:
            break
        batch = [escalation for escalation, _ in came[start : start + _BATCH]]
        for _, state in _walked(connection, query, batch):
            oldest = _older(oldest, state)
    return oldest


def _older(oldest: date | None, state: State) -> date | None:
    if state.waiting_at != CURRENT.ladder.top or state.waiting_since is None:
        return oldest
    return min(oldest or state.waiting_since, state.waiting_since)


def _walked(
    connection: Connection, query: Query, among: Sequence[str]
) -> Iterator[tuple[Walk, State]]:
    """These as they were known, each with how it stood at the end of the period."""
    if not among:
        return
    for walk in from_log.walks(connection, query.as_of, among=these(among)):
        state = at_end_of(walk, query.until)
        if state is not None:
            yield walk, state


def _became(state: State) -> str:
    """How an escalation stands that was once not settled."""
    if state.question_open:
        return "open"
    return state.phase if state.phase in ENDED else "settled"


def _since(query: Query) -> ColumnElement[bool]:
    """The escalations of which something happened after the period, or was recorded after the
    reference date."""
    happened = and_(escalations.c.phase.is_not(None), escalations.c.last_on > query.until)
    if query.as_of is None:
        return happened
    return or_(happened, escalations.c.recorded_at >= over(query.as_of))


def _held_over(query: Query) -> Subquery:
    """What was held over at the top up to the end of the period: how often, and when last."""
    of = considerations.c
    times, last_on = func.count().label("times"), func.max(of.occurred_on).label("last_on")
    return (
        select(of.escalation_id.label("id"), times, last_on)
        .where(*_holds(query))
        .group_by(of.escalation_id)
        .subquery()
    )


def _holds(query: Query) -> Sequence[ColumnElement[bool]]:
    """That a consideration held over at the top, up to the end of the period."""
    of = considerations.c
    return (
        of.level == CURRENT.ladder.top,
        of.outcome == Outcome.HELD_OVER,
        of.occurred_on <= query.until,
    )


def _told_of(connection: Connection, query: Query) -> list[str]:
    """Of those since, the ones of which more than how long they waited can be told. What was ever
    corrected can have been another story: of that all an entry or a correction ever sent up."""
    since, held = _since(query), _held_over(query)
    told = (held.c.times >= OFTEN) | escalations.c.phase.in_(ENDED)
    at_top = escalations.c.unresolved_at == CURRENT.ladder.top
    among = entries.c.escalation_id.in_(select(escalations.c.id).where(since))
    found = union(
        select(held.c.id)
        .join_from(held, escalations, escalations.c.id == held.c.id)
        .where(since, told),
        select(escalations.c.id).where(since, at_top),
        select(entries.c.escalation_id).where(among, corrected(), says(Outcome.REFERRED_UP)),
    )
    return [*connection.scalars(found)]


def _sent_up(query: Query) -> Select[tuple[str]]:
    """Of those since, the ones sent up in time; what was corrected is told of already."""
    of = considerations.c
    return (
        select(of.escalation_id)
        .join_from(considerations, escalations, escalations.c.id == of.escalation_id)
        .where(_since(query), of.outcome == Outcome.REFERRED_UP, of.occurred_on <= query.until)
        .group_by(of.escalation_id)
    )
