"""What the record knows beyond its figures: the rest of what the answers' sentences are filled in
by, and since when each of it is registered at all."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, func, select

from kdt import words
from kdt.cases.model import entries
from kdt.procedure import CURRENT
from kdt.register.figures import Query, figures
from kdt.register.signals import told_of_signals
from kdt.register.tested import told_of_tests
from kdt.register.top import top_story
from kdt.register.wording import Counted, Known, Since
from kdt.themes.consultations import Frequency, consultations, frequency
from kdt.vocabulary import Action, Measure, Phase, Question

# What answers about panels rest on.
CONSIDERED_SINCE = "considered_since"
# Days of recording: what is told there may be of days before.
RECORDED_SINCE = frozenset({"signals_since", "tests_since", "opinions_since"})


def considered_since(connection: Connection, query: Query, live: Sequence[date]) -> date | None:
    """From which day considerations are registered, as known at the reference date: the first that
    was held, or the first day on which a panel took part (`live`). None: they are not."""
    considered = select(func.min(entries.c.occurred_on)).where(entries.c.action == Action.CONSIDER)
    if query.as_of is not None:
        considered = considered.where(entries.c.recorded_on <= query.as_of)
    first = connection.scalar(considered)
    return min([*live, *([first] if first else [])], default=None)


def known(
    connection: Connection,
    query: Query,
    total: Mapping[Measure, int],
    levels: Mapping[str, Mapping[Measure, int]],
    first: date | None,
) -> Known:
    """What the sentences are filled in by, and since when what each rests on is registered;
    `first`: since when considerations are."""
    said: dict[str, str | Counted | Since] = {one.value: Counted(of) for one, of in total.items()}
    said |= _counted(connection, query, total, levels)
    said |= _top(connection, query)
    said |= _consulted(connection, query)
    said |= told_of_signals(connection, query)
    said |= told_of_tests(connection, query)
    if first is not None:
        said[CONSIDERED_SINCE] = Since(first)
    return said


def _counted(
    connection: Connection,
    query: Query,
    total: Mapping[Measure, int],
    levels: Mapping[str, Mapping[Measure, int]],
) -> Known:
    """What follows from the figures themselves."""
    questions = figures(connection, Query(query.first, query.until, query.as_of, ("question",)))
    rulings = (Measure.DECISIONS_IN_FAVOUR, Measure.DECISIONS_AGAINST, Measure.DECISIONS_OTHER)
    why = (Measure.REFERRED_UP_NOT_SETTLED, Measure.REFERRED_UP_BELONGS_NATIONALLY)
    inquiries = [one.amounts for one in questions if one.key[0] != Question.DECISION]
    return {
        "cases": Counted(total[Measure.CASES_HANDLED], "case"),
        "considerations": Counted(total[Measure.CONSIDERED], "consideration"),
        "decided": Counted(sum(total[one] for one in rulings)),
        "referred_up_unsaid": Counted(total[Measure.REFERRED_UP] - sum(total[one] for one in why)),
        "considered_inquiries": Counted(sum(one[Measure.CONSIDERED] for one in inquiries)),
        **{
            f"considered_{one.code}": Counted(levels.get(one.code, {}).get(Measure.CONSIDERED, 0))
            for one in CURRENT.ladder.levels
        },
    }


def _top(connection: Connection, query: Query) -> Known:
    """What became of what the top level could not settle, and what waits there."""
    top = top_story(connection, query)
    until = min(query.until, query.as_of or query.until)
    oldest = words.say("answers.nothing_waits")
    if top.oldest is not None:
        days = Counted((until - top.oldest).days, "day")
        oldest = words.say("answers.oldest", since=words.full_day(top.oldest), days=days)
    return {
        "withdrawn_after_hold": Counted(top.ended_after_hold[Phase.WITHDRAWN]),
        "lapsed_after_hold": Counted(top.ended_after_hold[Phase.LAPSED]),
        "became_settled": Counted(top.became["settled"]),
        "became_withdrawn": Counted(top.became[Phase.WITHDRAWN]),
        "became_lapsed": Counted(top.became[Phase.LAPSED]),
        "unresolved_ever": Counted(top.unresolved, "escalation"),
        "held_three_times": Counted(top.held_often, "escalation"),
        "oldest": oldest,
    }


def _consulted(connection: Connection, query: Query) -> Known:
    talks = consultations(connection, as_of=query.as_of)
    if not talks:
        return {}
    lawyers = frequency([one for one in talks if one.held_on <= query.until], query.first)
    said: dict[str, str | Counted | Since] = {
        "consulted": Counted(lawyers.times, "talk"),
        "consulted_since": Since(min(one.held_on for one in talks)),
        "consulted_apart": _apart(lawyers),
    }
    if lawyers.days_apart is not None:
        said["consulted_days_apart"] = Counted(lawyers.days_apart)
    return said


def _apart(lawyers: Frequency) -> str:
    """How long there is between two talks, and when the last was; as much as is known."""
    said = []
    if lawyers.days_apart is not None:
        days = words.amount("day", lawyers.days_apart)
        said.append(words.say("answers.consulted_apart", days=days))
    if lawyers.last_on is not None:
        said.append(words.say("answers.consulted_last", day=words.full_day(lawyers.last_on)))
    return " ".join(said) or words.say("answers.consulted_never")
