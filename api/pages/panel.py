"""The start page of a panel: the next meeting, what presses, and what was last considered."""

from collections.abc import Sequence
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import closing, escalations
from api.pages.places import places
from api.pages.rendering import page, url
from api.pages.rows import row
from kdt import words
from kdt.access.queries import Person
from kdt.cases import before_panel, inquiries
from kdt.cases.overview import before
from kdt.meetings.sittings import Sitting, last_considered, sittings
from kdt.panels.coverage import gaps
from kdt.register.top import OFTEN
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Phase

_AHEAD = timedelta(weeks=4)
_MOST, _LOOKED_AT = 10, 100


def start(request: Request, person: Person) -> Response:
    """The page of the first panel the person serves."""
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        panel = known.required_of(person)[0]
        planned = sittings(connection, [panel.id], now, now + _AHEAD)
        # Unresolved ones first and then those that press, whatever an agenda begins with.
        waiting = before_panel.queue(connection, panel.level, panel.location, limit=_LOOKED_AT)
        counts = before(connection, panel.id, panel.level, panel.location, often=OFTEN)
        last = last_considered(connection, panel.id)
        recent = before_panel.considered_at(connection, panel.id, last, limit=_MOST) if last else []
        rows = [row(request, one, known, now) for one in waiting]
        lately = [row(request, one.escalation, known, now) for one in recent]
        owed = [
            row(request, one, known, now)
            for one in inquiries.owed(connection, panel.level, panel.location, now, _MOST + 1)
        ]
        again = inquiries.again(connection, panel.id, now.replace(month=1, day=1))
        missing = closing.missing(gaps(connection, now, [panel.id]), known.panel_name)
    queue_href = url(request, "/queue")
    return page(
        request,
        "start_panel.html",
        title=panel.name,
        panel={"name": panel.name, "queue_href": queue_href},
        meeting=_meeting(request, planned, now),
        missing=missing,
        tallies=[
            (words.say("page.in_queue"), counts.queued, queue_href),
            (words.say("page.on_agenda"), counts.listed, None),
            (words.say("page.held_often", times=OFTEN), counts.held_often, None),
            (words.say("inquiries.ordered_again"), again, None),
        ],
        owed=owed[:_MOST],
        all_settled=escalations.address(request, panel, Phase.SETTLED)
        if len(owed) > _MOST
        else None,
        unresolved=[one for one in rows if one.unresolved],
        pressing=[one for one in rows if one.limit and one.limit.state][:_MOST],
        recent=lately,
    )


def _meeting(request: Request, planned: Sequence[Sitting], now: date) -> dict[str, object] | None:
    """Today's while it still has something to take, else the next."""
    for one in planned:
        if one.stands and (one.held_on > now or one.waiting or not one.items):
            return {
                "starts_at": one.starts_at,
                "href": url(request, f"/meetings/{one.panel}/{one.held_on.isoformat()}"),
                "listed": one.items,
                "handled": one.considered,
            }
    return None
