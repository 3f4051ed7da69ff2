"""What the answers say of signals (answer 9 of 8 November 2022)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from kdt import words
from kdt.register.figures import Query
from kdt.register.wording import Counted, Known, Since, parts
from kdt.themes import signals
from kdt.themes.replies import replies
from kdt.themes.signals import Signal
from kdt.vocabulary import FromLawyers, SignalSource

# So many are named; the rest stand on their page.
_NAMED = 12


def told_of_signals(connection: Connection, query: Query) -> Known:
    """The words by which the sentences are filled in; nothing while no signal was recorded."""
    since = signals.registered_since(connection, query.as_of)
    if since is None:
        return {}
    every = signals.signals(connection, closed=False, as_of=query.as_of)
    known = [one for one in every if one.received_on <= query.until]
    return {
        "signals_since": Since(since),
        "signals_known": Counted(len(known), "signal"),
        "signals_period": Counted(len([one for one in known if one.received_on >= query.first])),
        "signals_named": _named(known),
        "signals_sources": parts("signal_source", signals.by_source(known)),
        "signals_standings": parts("signal_standing", signals.by_standing(known)),
        "signals_lawyers": _of_lawyers(known, FromLawyers.YES),
        "signals_lawyers_unknown": _of_lawyers(known, FromLawyers.UNKNOWN),
        "signals_replies": _replies(replies(connection, query.as_of)),
    }


def _named(known: Sequence[Signal]) -> str:
    named = [
        words.say("answers.signals_named", title=one.title, origin=one.origin)
        if one.origin
        else one.title
        for one in known[:_NAMED]
    ]
    if len(known) > _NAMED:
        more = words.amount("signal", len(known) - _NAMED)
        named.append(words.say("answers.signals_more", more=more))
    return "; ".join(named) or words.say("answers.signals_none")


def _of_lawyers(known: Sequence[Signal], wanted: FromLawyers) -> Counted:
    return Counted(len([one for one in known if one.lawyers == wanted]), "signal")


def _replies(found: Mapping[SignalSource, int]) -> str:
    if not found:
        return words.say("answers.replies_few")
    return words.say("answers.replies_some", replies=parts("signal_source", found))
