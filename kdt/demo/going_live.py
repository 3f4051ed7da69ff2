"""The last weeks of the example year: every location is live, and its meetings are closed."""

from datetime import date, timedelta

from sqlalchemy import func, select

from kdt.access.permissions import Actor
from kdt.cases.model import considerations
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.meetings.closing import close
from kdt.meetings.settings import go_live
from kdt.panels.model import location_go_lives, meetings, panels
from kdt.panels.queries import location_ids
from kdt.panels.slots import attested
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Attested, MeetingStatus, Role

WEEKS = 4
# Panels that left their last meeting of those weeks open: what a gap looks like.
_FORGETFUL = frozenset({"kdt-zwolle", "kdt-budel"})


def begin(store: Store, end: date) -> None:
    """Close the meetings of the weeks before the day `end`, and let all locations be live from the
    first of them; once they are, nothing happens."""
    live_on = end - timedelta(weeks=WEEKS, days=end.weekday())
    with reading(store) as connection:
        if connection.scalar(select(location_go_lives.c.location).limit(1)) is not None:
            return
        locations = location_ids(connection)
        taken = (
            select(func.count())
            .where(
                considerations.c.panel == meetings.c.panel,
                considerations.c.occurred_on == meetings.c.held_on,
            )
            .scalar_subquery()
        )
        held = connection.execute(
            select(meetings.c.panel, meetings.c.held_on, panels.c.location, taken.label("taken"))
            .join_from(meetings, panels)
            .where(
                meetings.c.held_on >= live_on,
                meetings.c.held_on < end,
                meetings.c.status == MeetingStatus.PLANNED,
                attested().is_(None),
            )
            .order_by(meetings.c.held_on, meetings.c.panel)
        ).all()
    last = {row.panel: row.held_on for row in held}
    for row in held:
        if row.panel in _FORGETFUL and row.held_on == last[row.panel]:
            continue
        what = Attested.EVERYTHING if row.taken else Attested.NOTHING
        chair = Actor(f"chair-{row.panel.removeprefix('kdt-')}", Role.CHAIR, row.location)
        close(store, [chair], row.panel, row.held_on, what, row.taken)
    administrator = next(
        one.id for one in EXAMPLE_PEOPLE if (Role.ADMINISTRATOR, None) in one.grants
    )
    # Last, for it is what tells that all of this was done.
    for location in sorted(locations):
        go_live(store, Actor(administrator, Role.ADMINISTRATOR), location, live_on)
