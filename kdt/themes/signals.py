"""Reading signals: which there are, and how each stands.

A reply of staff is closed: only who assesses signals reads one, and to everybody else it is as if
it were not there, but for a rounded number (`kdt.themes.replies`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from kdt import clock, words
from kdt.access import permissions
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.themes.model import signal_terms, signal_views
from kdt.themes.standing import View, standing
from kdt.vocabulary import CLOSED_SOURCES, SignalSource, SignalStanding


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal as told last; `stands` until it was withdrawn. `at_latest`: it was there by
    `received_on`, and since when is not known. `origin` is whose it is, and
    `reference` where it stands; of staff neither is told."""

    id: str
    source: str
    received_on: date
    at_latest: bool
    lawyers: str
    themes: tuple[str, ...]
    title: str
    concerns: str
    origin: str
    reference: str
    followed: str
    views: tuple[View, ...] = ()
    stands: bool = True

    @property
    def closed(self) -> bool:
        """Whether it is a reply of staff, for who assesses signals alone."""
        return self.source in CLOSED_SOURCES

    @property
    def standing(self) -> SignalStanding:
        """How it stands, by what was found of it."""
        return standing(self.views)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signals are asked for; None: whatever it is. The days are of receiving, included."""

    source: str | None = None
    standing: str | None = None
    theme: str | None = None
    first: date = date.min
    until: date = date.max

    def has(self, one: Signal) -> bool:
        """Whether it is among them."""
        return (
            self.source in (None, one.source)
            and self.standing in (None, one.standing)
            and (self.theme is None or self.theme in one.themes)
            and self.first <= one.received_on <= self.until
        )


def may_read_all(actors: Iterable[Actor]) -> bool:
    """Whether closed signals are for them too."""
    return permissions.holder(actors, Right.ASSESS_SIGNALS) is not None


def signals(
    connection: Connection, *, closed: bool, as_of: date | None = None, wanted: Wanted | None = None
) -> list[Signal]:
    """The signals that stand, as known at the end of `as_of`, the newest first; the `closed` ones
    among them only for who may read those."""
    known = select(signal_terms)
    found_of_each = select(signal_views)
    if not closed:
        known = known.where(signal_terms.c.source.not_in(CLOSED_SOURCES))
    if as_of is not None:
        known = known.where(signal_terms.c.recorded_at < clock.over(as_of))
        found_of_each = found_of_each.where(signal_views.c.recorded_at < clock.over(as_of))
    found = [one for one in _read(connection, known, found_of_each) if one.stands]
    asked = wanted or Wanted()
    return sorted(
        (one for one in found if asked.has(one)),
        key=lambda one: (-one.received_on.toordinal(), one.title, one.id),
    )


def signal(connection: Connection, wanted: str, *, closed: bool) -> Signal | None:
    """One signal, withdrawn or not; None: not there, or not for who may not read `closed` ones."""
    known = select(signal_terms).where(signal_terms.c.signal == wanted)
    views = select(signal_views).where(signal_views.c.signal == wanted)
    found = next(iter(_read(connection, known, views)), None)
    return None if found is not None and found.closed and not closed else found


def registered_since(connection: Connection, as_of: date | None = None) -> date | None:
    """The day on which the first signal was recorded, in Amsterdam; None: none was by then. Replies
    of staff are left out of it."""
    first = connection.scalar(
        select(signal_terms.c.recorded_at)
        .where(signal_terms.c.source.not_in(CLOSED_SOURCES))
        .order_by(signal_terms.c.recorded_at)
        .limit(1)
    )
    since = None if first is None else clock.day(first)
    return None if since is None or (as_of is not None and since > as_of) else since


def by_standing(found: Sequence[Signal]) -> Mapping[SignalStanding, int]:
    """How many stand how, in the order of the words; what does not occur is left out."""
    counted = Counter(one.standing for one in found)
    return {one: counted[one] for one in SignalStanding if counted[one]}


def by_source(found: Sequence[Signal]) -> Mapping[SignalSource, int]:
    """How many come from where, likewise."""
    counted = Counter(one.source for one in found)
    return {one: counted[one] for one in SignalSource if counted[one]}


def _read(connection: Connection, known: Select[Any], views: Select[Any]) -> list[Signal]:
    found: dict[str, list[View]] = defaultdict(list)
    for row in connection.execute(views.order_by(signal_views.c.recorded_at)):
        told = View(row.assessor, row.published, row.assessment, row.reasons, row.recorded_at)
        found[row.signal].append(told)
    newest = known.ext(distinct_on(signal_terms.c.signal)).order_by(
        signal_terms.c.signal, signal_terms.c.recorded_at.desc()
    )
    return [
        Signal(
            row.signal,
            row.source,
            row.received_on,
            row.at_latest,
            row.lawyers,
            tuple(row.themes),
            row.title or words.say("theme_text.destroyed"),
            row.concerns,
            row.origin,
            row.reference,
            row.followed,
            tuple(found[row.signal]),
            row.stands,
        )
        for row in connection.execute(newest)
    ]
