"""Reading the slots of panels: meetings, whether a panel is open then, and what was attested."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Connection, false, func, literal_column, select

from kdt.panels.model import attestations, meetings, panel_terms
from kdt.vocabulary import MeetingStatus


@dataclass(frozen=True, slots=True)
class Meeting:
    """One slot of a panel: a sitting, or where one was moved away or cancelled.

    `cut_off`: when its agenda is drawn up, None for by hand alone; `version`: that of its agenda, 0
    as long as it is not drawn up; `attested`: what was attested when it was closed, None as long as
    it is not.
    """

    id: int
    panel: str
    held_on: date
    starts_at: time
    kind: str
    status: str
    moved_to: date | None
    place: str | None
    capacity: int | None
    item_minutes: int | None
    attendance: int | None
    cut_off: datetime | None
    version: int
    attested: str | None

    @property
    def items(self) -> int | None:
        """How many items there is time for; None where that is not known."""
        if self.capacity is None or self.item_minutes is None:
            return None
        return self.capacity // self.item_minutes


def meetings_of(connection: Connection, panel: str, first: date, last: date) -> Sequence[Meeting]:
    """The meetings of a panel that stand, from `first` to `last`, both included, in order.

    What was planned for a day on which the panel has been closed since is left out.
    """
    found = connection.execute(
        select(*_MEETING)
        .where(
            meetings.c.panel == panel,
            meetings.c.held_on.between(first, last),
            meetings.c.status == MeetingStatus.PLANNED,
            open_on(meetings.c.panel, meetings.c.held_on),
        )
        .order_by(meetings.c.held_on)
    )
    return [Meeting(*row) for row in found]


def meeting(connection: Connection, panel: str, held_on: date) -> Meeting | None:
    """The slot of a panel on a day, whatever became of its meeting; None where there is none."""
    found = connection.execute(
        select(*_MEETING).where(meetings.c.panel == panel, meetings.c.held_on == held_on)
    ).one_or_none()
    return None if found is None or found.status == MeetingStatus.DROPPED else Meeting(*found)


def open_on(
    panel: ColumnElement[str], day: ColumnElement[date], before: datetime | None = None
) -> ColumnElement[bool]:
    """Whether a panel is open on a day, as part of a query; as was known at the moment `before`.
    Of a panel that this record did not know by then, which came with a history file, as it was
    known first."""
    of_day = (
        select(panel_terms.c.open)
        .where(panel_terms.c.panel == panel, panel_terms.c.effective_on <= day)
        .limit(1)
        .correlate_except(panel_terms)
    )
    newest = of_day.order_by(panel_terms.c.effective_on.desc(), panel_terms.c.recorded_at.desc())
    if before is None:
        return func.coalesce(newest.scalar_subquery(), false())
    known = newest.where(panel_terms.c.recorded_at < before)
    oldest = of_day.order_by(panel_terms.c.recorded_at, panel_terms.c.effective_on.desc())
    return func.coalesce(known.scalar_subquery(), oldest.scalar_subquery(), false())


def attested(before: datetime | None = None) -> ColumnElement[str | None]:
    """What was attested of a meeting, as part of a query; null where it is not closed, or was not
    yet at the moment `before`."""
    latest = (
        select(attestations.c.attested)
        .where(attestations.c.meeting == meetings.c.id)
        .order_by(attestations.c.recorded_at.desc())
        .limit(literal_column("1"))
        .correlate(meetings)
    )
    if before is not None:
        latest = latest.where(attestations.c.recorded_at < before)
    return latest.scalar_subquery()


def attested_now(connection: Connection, number: int) -> str | None:
    """What was attested of the meeting with a number; None where it is not closed."""
    return connection.scalar(select(attested()).where(meetings.c.id == number))


_MEETING = tuple(
    attested().label("attested") if one.name == "attested" else meetings.c[one.name]
    for one in fields(Meeting)
)
