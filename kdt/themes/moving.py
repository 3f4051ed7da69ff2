"""Where a tag counts after themes were merged and split. Pure.

A tag stays what it was; what is read of it follows the moves known on the reference date. A merger
moves all tags of a theme, those recorded later too. A split moves tags of one escalation that were
recorded up to its own day: a tag given after that says the old theme again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Move:
    """Tags of `theme` count for `into` from `at`; `escalation` is None for all of them. `on` is the
    day in Amsterdam it was recorded."""

    theme: str
    into: str
    at: datetime
    on: date
    escalation: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where tags of a theme count: of one escalation, recorded after `after` and up to `until`, or
    (`escalation` None) all others."""

    theme: str
    target: str
    escalation: str | None = None
    after: date = date.min
    until: date = date.max


def redirects(moves: Iterable[Move]) -> Iterator[Redirect]:
    """Where the tags of every theme that was moved count in the end."""
    of: dict[str, list[Move]] = defaultdict(list)
    named: set[str] = set()
    for one in sorted(moves, key=lambda move: move.at):
        of[one.theme].append(one)
        if one.escalation is not None:
            named.add(one.escalation)
    for theme, its in of.items():
        everywhere = _followed(of, theme, None, None)
        if everywhere != theme:
            yield Redirect(theme, everywhere)
        for escalation in sorted(named):
            after = date.min
            # A tag recorded between two splits follows the second alone.
            for day in (*sorted({one.on for one in its if one.escalation == escalation}), date.max):
                target = _followed(of, theme, escalation, after)
                if target != everywhere:
                    yield Redirect(theme, target, escalation, after, day)
                after = day


def _followed(
    of: dict[str, list[Move]], theme: str, escalation: str | None, after: date | None
) -> str:
    """Where a tag of `theme` ends, recorded just after the day `after`."""
    here, at = theme, None
    while True:
        following = (
            one
            for one in of.get(here, ())
            if (at is None or one.at > at)
            and (one.escalation is None or one.escalation == escalation)
            # Of the tag itself: only splits of its own day or later moved it.
            and (at is not None or one.escalation is None or after is None or one.on > after)
        )
        move = next(following, None)
        if move is None:
            return here
        here, at = move.into, move.at
