"""How a signal stands by what was found of it: one rule, for whoever asks.

There is no one definition of harsh (answer 8 of 8 November 2022), so no one decides alone. Of each
assessor what they found last counts. When all of those agree, and they are two or more, or it was
published by who answers for it, that is how the signal stands. One who is not answerable waits for
a second. Where they differ that is shown, and no majority makes it go away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kdt.vocabulary import SignalStanding

# So many must agree, where nobody published it.
AGREEING = 2


@dataclass(frozen=True, slots=True)
class View:
    """What one assessor found at a moment. `published`: `assessor` is who answers for it outside,
    as they are called, and somebody else recorded it."""

    assessor: str
    published: bool
    assessment: str
    reasons: str
    recorded_at: datetime


def last_of_each(views: Sequence[View]) -> list[View]:
    """What each assessor found last, the newest first."""
    last: dict[tuple[bool, str], View] = {}
    for one in sorted(views, key=lambda view: view.recorded_at):
        last[one.published, one.assessor] = one
    return sorted(last.values(), key=lambda view: view.recorded_at, reverse=True)


def standing(views: Sequence[View]) -> SignalStanding:
    """How a signal of which this was found stands."""
    last = last_of_each(views)
    if not last:
        return SignalStanding.UNASSESSED
    if len({one.assessment for one in last}) > 1:
        return SignalStanding.DIVIDED
    if len(last) < AGREEING and not any(one.published for one in last):
        return SignalStanding.AWAITS_SECOND
    return SignalStanding(last[0].assessment)
