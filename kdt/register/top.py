"""What became, at the top of the ladder, of what it could not or did not settle at once.

Beside "it has not yet happened that the national KDT could not settle a case" (answer 3 of
8 November 2022) belongs whatever could hide behind it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, select

from kdt.cases.model import entries
from kdt.procedure import CURRENT
from kdt.register import from_log
from kdt.register.figures import Query
from kdt.vocabulary import Action, Outcome, Phase

# How often held over before it is worth telling Parliament beside "never".
OFTEN = 3

_ENDED = (Phase.WITHDRAWN, Phase.LAPSED)


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
    """Walk every history that ever went up, as known at the reference date."""
    top = CURRENT.ladder.top
    unresolved, held_often, oldest = 0, 0, None
    ended: Counter[str] = Counter()
    became: Counter[str] = Counter()
    for walk in from_log.walks(connection, query.as_of, among=_went_up()):
        state = from_log.at_end_of(walk, query.until)
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
        if held and state.phase in _ENDED:
            ended[state.phase] += state.last_on >= query.first
        if state.unresolved_at == top:
            unresolved += 1
            end = state.phase if state.phase in _ENDED else "settled"
            became["open" if state.question_open else end] += 1
    return TopStory(unresolved, held_often, oldest, ended, became)


def _went_up() -> ColumnElement[bool]:
    """The escalations that an entry, or a correction, ever sent up."""
    sent_up = select(entries.c.escalation_id).where(
        entries.c.action.in_((Action.CONSIDER, Action.CORRECT)),
        func.convert_from(entries.c.content, "UTF8").contains(f'"{Outcome.REFERRED_UP}"'),
    )
    return entries.c.escalation_id.in_(sent_up)
