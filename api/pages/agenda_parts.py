"""Long agendas in parts, one after another."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection

from kdt import words
from kdt.cases import before_panel
from kdt.cases.before_panel import ConsideredItem
from kdt.cases.ordering import Order
from kdt.cases.queries import EscalationRow
from kdt.meetings.sittings import Sitting
from kdt.values import Invalid, whole

# As many as other lists show at once; a meeting takes forty.
SIZE = 50
# More than any agenda has.
_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """The part of an agenda that is shown: without the `first` so many items, up to and with the
    `last`, of all there are; and where the parts before and after it are, and the first."""

    first: int
    last: int
    total: int
    restart: str | None
    previous: str | None
    following: str | None

    @classmethod
    def of(
        cls, total: int, asked: int | None, place: int, base: str, item: str | None = None
    ) -> "Part":
        """The part asked for (the first is 1), else the one in which a place is (the first is 0).
        `base`: the address of the page, `item`: what it takes, which stays."""
        parts = max(1, -(-total // SIZE))
        number = min(max(asked or place // SIZE + 1, 1), parts)

        def address(part: int) -> str:
            given = {"item": item} if item else {}
            return f"{base}?{urlencode({**given, 'part': part})}#agenda"

        return cls(
            (number - 1) * SIZE,
            min(number * SIZE, total),
            total,
            address(1) if number > 2 else None,
            address(number - 1) if number > 1 else None,
            address(number + 1) if number < parts else None,
        )

    @property
    def whole(self) -> bool:
        """Whether it is all of it, so that nothing more needs to be asked of the rest."""
        return self.last - self.first == self.total

    @property
    def said(self) -> str | None:
        """Which these are, in words; None where it is all of them."""
        if self.whole:
            return None
        first, last, total = map(words.number, (self.first + 1, self.last, self.total))
        return words.say("agenda.part", first=first, last=last, total=total)


@dataclass(frozen=True, slots=True)
class Line:
    """Where a meeting stands: its part that is shown, what was considered and what is still to be
    taken of it, and which item is taken now; `standing`: that is still to be taken."""

    part: Part
    taken: Sequence[ConsideredItem]
    waiting: Sequence[EscalationRow]
    chosen: str | None
    standing: bool
    previous: str | None
    following: str | None


def asked(given: str | None) -> int | None:
    """The part that stands in an address; None where there is none, or nonsense."""
    try:
        return None if given is None else whole(given, 1, _MOST)
    except Invalid:
        return None


def line_of(
    connection: Connection,
    sitting: Sitting,
    order: Order,
    item: str | None,
    asked: int | None,
    base: str,
) -> Line:
    """What was considered comes first, as it was recorded, and then what is still to be taken."""
    slot, done = (sitting.panel, sitting.held_on), sitting.considered
    spot = before_panel.spot(connection, *slot, item, order=order) if item else None
    place = done + spot.place if spot else done if sitting.waiting else 0
    part = Part.of(sitting.items, asked, place, base, item)
    taken, waiting = list[ConsideredItem](), list[EscalationRow]()
    if part.first < done:
        limit = min(part.last, done) - part.first
        taken = before_panel.considered_at(connection, *slot, first=part.first, limit=limit)
    # And the one that follows the first, which may be of the next part.
    first, size = max(part.first - done, 0), max(part.last - max(part.first, done), 0)
    if size:
        waiting = before_panel.agenda(connection, *slot, order=order, first=first, limit=size + 1)
    if item:
        beside = (spot.previous, spot.following) if spot else (None, None)
        return Line(part, taken, waiting[:size], item, spot is not None, *beside)
    begin = waiting
    if sitting.waiting and (first or not size):
        begin = before_panel.agenda(connection, *slot, order=order, limit=2)
    ids = [one.id for one in begin[:2]]
    chosen, following = [*ids, None, None][:2]
    return Line(part, taken, waiting[:size], chosen, bool(ids), None, following)


def last_of(connection: Connection, sitting: Sitting, line: Line) -> ConsideredItem | None:
    """What was recorded last of a meeting."""
    done = sitting.considered
    if line.taken and line.part.last >= done:
        return line.taken[-1]
    slot = (sitting.panel, sitting.held_on)
    found = before_panel.considered_at(connection, *slot, first=done - 1, limit=1) if done else []
    return found[0] if found else None
