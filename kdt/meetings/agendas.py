"""From queue to agenda: what waits is listed for a meeting, and when a question comes up."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from kdt import clock, words
from kdt.access.permissions import Actor
from kdt.cases import ordering
from kdt.cases.before_panel import queue
from kdt.cases.inputs import Inputs
from kdt.cases.service import Command, Receipt, perform
from kdt.errors import Conflict, NotFound, Refused
from kdt.panels.model import meetings, panels
from kdt.panels.queries import named_panels
from kdt.panels.slots import open_on
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Late, MeetingStatus, Phase


@dataclass(frozen=True, slots=True)
class NotListed:
    """An escalation that could not be listed, and why not."""

    escalation: str
    problem: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What listing several did; each stands by itself."""

    done: tuple[Receipt, ...]
    failed: tuple[NotListed, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """The meeting at which a question can be discussed. `late_for`: the legal deadline, when that
    comes first."""

    panel: str
    panel_name: str
    held_on: date
    starts_at: datetime
    late_for: date | None


def list_all(
    store: Store,
    actor: Actor,
    panel: str,
    held_on: date,
    *,
    only: Collection[str] | None = None,
    late: Late = Late.UNSTATED,
    key: str | None = None,
) -> Listed:
    """Put what waits for a panel (or `only` some of it) on the agenda of a meeting, in its order;
    `late` says why where that agenda is drawn up already.

    Each is an action of its own: what somebody else was quicker with is named, and the rest is
    listed. `key` makes a repeat harmless. Raises NotFound and Unavailable.
    """
    with reading(store) as connection:
        place = connection.execute(select(panels).where(panels.c.id == panel)).one_or_none()
        if place is None:
            raise NotFound(words.say("refusal.not_found"))
        order = ordering.in_force(connection, moments.today(connection))
        waiting = queue(connection, place.level, place.location, order=order, phases=[Phase.QUEUED])
    wanted = [row.id for row in waiting if only is None or row.id in only]
    # What is no longer there was withdrawn, or listed by somebody else, or by this very request.
    wanted += sorted(set(only or ()) - set(wanted))
    done, failed = [], []
    command = Command(Action.LIST, Inputs({"panel": panel, "meeting_on": held_on}, {}), late=late)
    for escalation in wanted:
        own_key = None if key is None else f"{key}/{escalation}"
        try:
            done.append(perform(store, actor, escalation, [command], key=own_key))
        except (Refused, Conflict, NotFound) as error:
            failed.append(NotListed(escalation, str(error)))
    return Listed(tuple(done), tuple(failed))


def expected_meeting(
    connection: Connection,
    level: str,
    location: str | None,
    today: date,
    *,
    deadline: date | None = None,
) -> Expected | None:
    """The first meeting after today of the panel that takes this and whose agenda is still open,
    however long its queue; None when none is planned."""
    found = connection.execute(
        select(meetings.c.panel, meetings.c.held_on, meetings.c.starts_at)
        .join_from(meetings, panels)
        .where(
            panels.c.level == level,
            panels.c.location.is_(None) | (panels.c.location == location),
            meetings.c.held_on > today,
            meetings.c.status == MeetingStatus.PLANNED,
            meetings.c.version == 0,
            open_on(meetings.c.panel, meetings.c.held_on),
        )
        .order_by(meetings.c.held_on)
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    named = {one.id: one.name for one in named_panels(connection, found.held_on)}
    return Expected(
        found.panel,
        named[found.panel],
        found.held_on,
        datetime.combine(found.held_on, found.starts_at, clock.AMSTERDAM),
        deadline if deadline is not None and deadline < found.held_on else None,
    )
