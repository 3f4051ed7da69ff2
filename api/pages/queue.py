"""A panel's queue, which is the draft of its next agenda."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import escalations, forms, panel_figures, requests, sorting
from api.pages.forms import Field, Option
from api.pages.places import Places, places
from api.pages.rendering import day, page, see_other, url
from api.pages.requests import Posted, SignedIn, text, ticked
from api.pages.rows import Row, pressing, row
from api.pages.steps import offered, reason
from kdt import clock, words
from kdt.access.permissions import Matter
from kdt.access.queries import Person
from kdt.cases import before_panel, ordering, view
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound
from kdt.meetings.agendas import NotListed, list_all
from kdt.meetings.figures import Standing, standings
from kdt.meetings.sittings import Sitting, sittings
from kdt.panels.agendas import WHY_LATE
from kdt.panels.queries import NamedPanel
from kdt.store import moments
from kdt.store.transaction import reading
from kdt.vocabulary import Action, Late, Phase

router = APIRouter()

# Twice what a meeting takes; what comes after it in the order follows when these are listed, and
# all of it stands in the list of escalations.
_SHOWN = 100
_AHEAD = timedelta(weeks=4)


class Order(StrEnum):
    """What the lines are ordered by; their places on the agenda stay."""

    AGENDA = "agenda"
    LOCATION = "location"
    WAITING = "waiting"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a panel, and where it can go."""

    panel: NamedPanel
    panels: tuple[NamedPanel, ...]
    found: tuple[EscalationRow, ...]
    # Whether more waits than is shown.
    more: bool
    planned: tuple[Sitting, ...]
    known: Places
    moment: datetime
    # How the panel stands.
    stands: Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the draft, with why it stands where it stands."""

    row: Row
    position: int
    drafted: bool
    order_reason: str


@router.get("/queue")
def show(
    request: Request, person: SignedIn, panel: str | None = None, sort: str | None = None
) -> Response:
    """The queue in the order in which it would be taken, ticked and ready to be listed."""
    with reading(context(request).store) as connection:
        waiting = _waiting(connection, person, panel)
    return _page(request, person, waiting, order=sorting.order(Order, sort, Order.AGENDA))


@router.post("/queue")
def draft(request: Request, person: SignedIn, form: Posted) -> Response:
    """Put what is ticked on the agenda of a meeting."""
    with reading(context(request).store) as connection:
        waiting = _waiting(connection, person, text(form, "panel"))
    chosen = ticked(form, "escalation")
    held_on = requests.day(text(form, "meetingOn"))
    if held_on is None or not chosen:
        problem = words.say("page.tick_one" if held_on else "page.choose_meeting")
        return _page(request, person, waiting, problem=problem, chosen=chosen)
    why = text(form, "late")
    fixed = any(one.version for one in waiting.planned if one.held_on == held_on)
    if fixed and why not in WHY_LATE:
        problem = words.say("agenda.why_late")
        return _page(request, person, waiting, problem=problem, chosen=chosen)
    matters = {one.id: Matter(one.state) for one in waiting.found}
    matter = next((matters[one] for one in chosen if one in matters), None)
    actor = view.acting(person.actors, Action.LIST, matter) if matter else person.actors[0]
    if actor is None:
        raise NotFound(words.say("refusal.not_found"))
    done = list_all(
        context(request).store,
        actor,
        waiting.panel.id,
        held_on,
        only=chosen,
        late=Late(why) if why in WHY_LATE else Late.UNSTATED,
        key=text(form, "key"),
    )
    if done.failed:
        return _failed(request, person, waiting.panel.id, done.failed)
    return see_other(request, f"/meetings/{waiting.panel.id}/{held_on.isoformat()}", "listed")


def _failed(
    request: Request, person: Person, panel: str, failed: tuple[NotListed, ...]
) -> Response:
    with reading(context(request).store) as connection:
        waiting = _waiting(connection, person, panel)
    sentences = dict.fromkeys(one.problem for one in failed)
    problem = words.say("page.not_listed", count=len(failed), why=" ".join(sentences))
    return _page(request, person, waiting, problem=problem)


def _waiting(connection: Connection, person: Person, panel: str | None) -> Waiting:
    moment = moments.now(connection)
    known = places(connection, now := clock.day(moment))
    mine = tuple(known.required_of(person))
    chosen = next((one for one in mine if panel in (None, one.id)), None)
    if chosen is None:
        raise NotFound(words.say("refusal.not_found"))
    found = before_panel.queue(
        connection,
        chosen.level,
        chosen.location,
        order=known.order,
        phases=[Phase.QUEUED],
        limit=_SHOWN + 1,
    )
    coming = sittings(connection, [chosen.id], now, now + _AHEAD)
    planned = [one for one in coming if one.stands and one.attested is None]
    shown, more = tuple(found[:_SHOWN]), len(found) > _SHOWN
    stands = standings(connection, [chosen], now)[chosen.id]
    return Waiting(chosen, mine, shown, more, tuple(planned), known, moment, stands)


def _page(
    request: Request,
    person: Person,
    waiting: Waiting,
    *,
    problem: str | None = None,
    chosen: list[str] | None = None,
    order: Order = Order.AGENDA,
) -> Response:
    panel, today = waiting.panel, clock.day(waiting.moment)
    refusal = None
    if waiting.found:
        actions = view.actions(person.actors, Matter(waiting.found[0].state))
        refusal = reason(offered(actions, Action.LIST))
    if not waiting.planned:
        refusal = refusal or words.say("page.no_meeting")
    status = HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK
    lines = [
        Line(
            row(request, one, waiting.known, today),
            place,
            chosen is None or one.id in chosen,
            _why(waiting.known, one),
        )
        for place, one in enumerate(waiting.found, 1)
    ]
    return page(
        request,
        "queue.html",
        status,
        title=f"Wachtrij {panel.name}",
        panel={"name": panel.name, "id": panel.id, "several": panel.location is None},
        panels=[(one.name, one.id) for one in waiting.panels],
        begun=[one for one in waiting.planned if one.starts_at <= waiting.moment],
        meeting=next((one for one in waiting.planned if one.starts_at > waiting.moment), None),
        meetings=_choice(waiting.planned),
        late=_late(waiting.planned),
        draft={
            "action": url(request, "/queue"),
            "enabled": refusal is None,
            "reason_if_not": refusal,
        },
        pressing=pressing([one.row for one in lines], waiting.known),
        rows=sorted(lines, key=_BY[order]),
        more=waiting.more,
        everything=escalations.address(request, panel, Phase.QUEUED) if waiting.more else None,
        headings=sorting.headings(request, "/queue", {"panel": panel.id}, _DIRECTIONS, order),
        order_note=waiting.known.order_note,
        stands=panel_figures.line(waiting.stands, waiting.known, today),
        problem=problem,
        key=forms.new_key(),
    )


def _choice(planned: tuple[Sitting, ...]) -> Field | None:
    if not planned:
        return None
    options = [
        Option(
            one.held_on.isoformat(),
            words.say(
                "page.meeting_fixed" if one.version else "page.meeting_choice",
                day=day(one.held_on),
                items=one.items,
            ),
        )
        for one in planned
    ]
    return Field(
        "meetingOn",
        words.say("page.for_meeting"),
        "select",
        required=True,
        options=tuple(options),
        value=next(
            (one.held_on.isoformat() for one in planned if not one.version), options[0].value
        ),
    )


def _late(planned: tuple[Sitting, ...]) -> Field | None:
    """Why something still comes on an agenda that is drawn up; asked as long as there is one."""
    return forms.why_late() if any(one.version for one in planned) else None


_BY: Mapping[Order, Callable[[Line], tuple[object, ...]]] = {
    Order.AGENDA: lambda one: (one.position,),
    Order.LOCATION: lambda one: (one.row.location, one.position),
    Order.WAITING: lambda one: (one.row.since, one.position),
    Order.DEADLINE: lambda one: ((one.row.limit and one.row.limit.date) or date.max, one.position),
}
# Which way each runs, as its column shows it.
_DIRECTIONS: Mapping[Order, str] = {
    Order.AGENDA: "ascending",
    Order.LOCATION: "ascending",
    Order.WAITING: "descending",
    Order.DEADLINE: "ascending",
}


def _why(known: Places, one: EscalationRow) -> str:
    """What put it at this place: the first of the agenda's order that says something of it."""
    return words.say(f"basis.{known.order.basis(ordering.Waiting.of(one))}")
