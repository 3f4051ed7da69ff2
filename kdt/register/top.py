"""What became, at the top of the ladder, of what it could not or did not settle at once.

Beside "it has not yet happened that the national KDT could not settle a case" (answer 3 of
8 November 2022) belongs whatever could hide behind it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
)

from kdt.cases import dossiers
from kdt.cases.model import considerations, entries, escalations
from kdt.clock import AMSTERDAM
from kdt.procedure import CURRENT, State
from kdt.procedure.state import ENDED, WAITING
from kdt.register import from_log
from kdt.register.counting import at_end_of
from kdt.register.figures import Query
from kdt.store.scope import counting
from kdt.vocabulary import Action, Outcome

# How often held over before it is worth telling Parliament beside "never".
OFTEN = 3


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

    What neither happened nor was recorded since is read off how escalations stand; every other
    history that ever went up is walked, as it was known then.
    """
    with counting(connection):
        return _with_walked(connection, query, _standing(connection, query))


def _standing(connection: Connection, query: Query) -> TopStory:
    """Of the escalations that stand as they stood then."""
    top = CURRENT.ladder.top
    still = and_(escalations.c.phase.is_not(None), not_(_since(query)))
    held_over = and_(
        considerations.c.level == top,
        considerations.c.outcome == Outcome.HELD_OVER,
        considerations.c.occurred_on <= query.until,
    )
    lately = select(considerations.c.escalation_id).where(
        held_over, considerations.c.occurred_on >= query.first
    )
    often = (
        select(considerations.c.escalation_id)
        .join_from(considerations, escalations)
        .where(held_over, still, considerations.c.escalation_id.in_(lately))
        .group_by(considerations.c.escalation_id)
        .having(func.count() >= OFTEN)
        .subquery()
    )
    waits = and_(escalations.c.level == top, escalations.c.phase.in_(WAITING))
    held = exists().where(considerations.c.escalation_id == escalations.c.id, held_over)
    ended = (
        select(escalations.c.phase, func.count().label("number"))
        .where(still, escalations.c.phase.in_(ENDED), escalations.c.last_on >= query.first, held)
        .group_by(escalations.c.phase)
    )
    unresolved = select(escalations).where(still, escalations.c.unresolved_at == top)
    states = [dossiers.state(row) for row in connection.execute(unresolved)]
    return TopStory(
        len(states),
        connection.scalar(select(func.count()).select_from(often)) or 0,
        connection.scalar(select(func.min(escalations.c.waiting_since)).where(still, waits)),
        Counter({row.phase: row.number for row in connection.execute(ended)}),
        Counter(_became(state) for state in states if state is not None),
    )


def _with_walked(connection: Connection, query: Query, story: TopStory) -> TopStory:
    """Those of which more happened or was recorded since, walked as they were known."""
    top = CURRENT.ladder.top
    unresolved, held_often, oldest = story.unresolved, story.held_often, story.oldest
    ended, became = story.ended_after_hold.copy(), story.became.copy()
    for walk in from_log.walks(connection, query.as_of, among=_went_up(query)):
        state = at_end_of(walk, query.until)
        if state is None:
            continue
        held = [
            step.act.occurred_on
            for step in walk.steps
            if step.act.values.get("outcome") == Outcome.HELD_OVER
            and step.before is not None
            and step.before.level == top
            and step.act.occurred_on <= query.until
        ]
        held_often += len(held) >= OFTEN and held[-1] >= query.first
        if state.waiting_at == top and state.waiting_since is not None:
            oldest = min(oldest or state.waiting_since, state.waiting_since)
        if held and state.phase in ENDED:
            ended[state.phase] += state.last_on >= query.first
        if state.unresolved_at == top:
            unresolved += 1
            became[_became(state)] += 1
    return TopStory(unresolved, held_often, oldest, ended, became)


def _became(state: State) -> str:
    """How an escalation stands that was once not settled."""
    if state.question_open:
        return "open"
    return state.phase if state.phase in ENDED else "settled"


def _since(query: Query) -> ColumnElement[bool]:
    """The escalations of which something happened after the period, or was recorded after the
    reference date."""
    happened = escalations.c.last_on > query.until
    if query.as_of is None:
        return happened
    return or_(happened, _recorded_on(escalations.c.recorded_at) > query.as_of)


def _recorded_on(moment: ColumnElement[datetime]) -> ColumnElement[date]:
    """The day in Amsterdam."""
    return func.timezone(AMSTERDAM.key, moment).cast(Date)


def _went_up(query: Query) -> ColumnElement[bool]:
    """Of those since, the ones that an entry, or a correction, ever sent up."""
    sent_up = select(entries.c.escalation_id).where(
        entries.c.escalation_id.in_(select(escalations.c.id).where(_since(query))),
        entries.c.action.in_((Action.CONSIDER, Action.CORRECT)),
        func.convert_from(entries.c.content, "UTF8").contains(f'"{Outcome.REFERRED_UP}"'),
    )
    return entries.c.escalation_id.in_(sent_up)
