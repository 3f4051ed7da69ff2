"""What became of cases at the top, by walking every history there is: the slow way round."""

from collections import Counter

from sqlalchemy import Connection

from kdt.register import from_log
from kdt.register.counting import at_end_of
from kdt.register.figures import Query
from kdt.register.top import TopStory


def story(connection: Connection, query: Query) -> TopStory:
    unresolved, held_often, oldest = 0, 0, None
    ended: Counter[str] = Counter()
    became: Counter[str] = Counter()
    for walk in from_log.walks(connection, query.as_of):
        state = at_end_of(walk, query.until)
        if state is None:
            continue
        held = [
            step.act.occurred_on
            for step in walk.steps
            if step.act.values.get("outcome") == "held_over"
            and step.before is not None
            and step.before.level == "national"
            and step.act.occurred_on <= query.until
        ]
        if len(held) >= 3 and held[-1] >= query.first:
            held_often += 1
        if state.phase in ("queued", "listed") and state.level == "national":
            assert state.waiting_since is not None
            oldest = min(oldest or state.waiting_since, state.waiting_since)
        gone = state.phase in ("withdrawn", "lapsed")
        if gone and held and state.last_on >= query.first:
            ended[state.phase] += 1
        if state.unresolved_at == "national":
            unresolved += 1
            became["open" if state.question_open else state.phase if gone else "settled"] += 1
    return TopStory(unresolved, held_often, oldest, ended, became)
