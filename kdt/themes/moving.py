"""Where a tag counts after themes were merged and split. Pure.

A tag stays what it was; what is read of it follows the moves known on the reference date. A merger
moves all tags of a theme, those recorded later too. A split moves tags of one escalation that were
recorded up to its own day: a tag given after that says the old theme again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge


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
    of = _Moves(moves)
    for theme in of.themes:
        everywhere = _followed(of, theme, None, None)
        if everywhere != theme:
            yield Redirect(theme, everywhere)
        for escalation in of.named_from(theme):
            after = date.min
            days = {one.on for one in of.own(theme, escalation)}
            # A tag recorded between two splits follows the second alone.
            for day in (*sorted(days), date.max):
                target = _followed(of, theme, escalation, after)
                if target != everywhere:
                    yield Redirect(theme, target, escalation, after, day)
                after = day


class _Moves:
    """Moves by theme: of whole themes, and of one escalation's tags, each in order of recording."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self._whole: dict[str, list[Move]] = defaultdict(list)
        self._own: dict[str, dict[str, list[Move]]] = defaultdict(lambda: defaultdict(list))
        self._into: dict[str, set[str]] = defaultdict(set)
        for one in sorted(moves, key=lambda move: move.at):
            self._into[one.theme].add(one.into)
            if one.escalation is None:
                self._whole[one.theme].append(one)
            else:
                self._own[one.theme][one.escalation].append(one)
        self.themes = tuple(self._into)

    def own(self, theme: str, escalation: str | None) -> Sequence[Move]:
        """The moves out of a theme of one escalation's tags alone."""
        if escalation is None or theme not in self._own:
            return ()
        return self._own[theme].get(escalation, ())

    def out_of(self, theme: str, escalation: str | None) -> Iterable[Move]:
        """The moves out of a theme that one escalation's tags follow (None: those of all)."""
        whole = self._whole.get(theme, ())
        return merge(whole, self.own(theme, escalation), key=lambda move: move.at)

    def named_from(self, theme: str) -> Iterable[str]:
        """The escalations with a move of their own on some way out of a theme."""
        waiting, seen = [theme], {theme}
        while waiting:
            here = self._into.get(waiting.pop(), set()) - seen
            seen |= here
            waiting += here
        return sorted({name for one in seen if one in self._own for name in self._own[one]})


def _followed(of: _Moves, theme: str, escalation: str | None, after: date | None) -> str:
    """Where a tag of `theme` ends, recorded just after the day `after`."""
    here, at = theme, None
    while True:
        following = (
            one
            for one in of.out_of(here, escalation)
            if (at is None or one.at > at)
            # Of the tag itself: only splits of its own day or later moved it.
            and (at is not None or one.escalation is None or after is None or one.on > after)
        )
        move = next(following, None)
        if move is None:
            return here
        here, at = move.into, move.at
