"""The start page of whoever brings cases: what waits for them, what came back, what waits for a
panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.dossier import became
from api.pages.places import places
from api.pages.rendering import page, url
from api.pages.rows import Row, row
from api.pages.steps import button_label
from kdt import words
from kdt.access.permissions import Actor, Matter
from kdt.access.queries import Person
from kdt.access.table import Knows
from kdt.cases.queries import EscalationRow, Filter, escalations_of, themes_brought
from kdt.cases.view import actions
from kdt.meetings.sittings import next_meetings
from kdt.procedure import State, To
from kdt.procedure.state import ENDED, WAITING
from kdt.procedure.table import VERSIONS
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes.queries import Theme, themes
from kdt.vocabulary import Action, Phase, Role

# As many as one person can have in hand; the whole list is a press away.
_MOST = 200
_RECENT = timedelta(days=30)
_OPEN = tuple(phase for phase in Phase if phase not in ENDED)


@dataclass(frozen=True, slots=True)
class Owed:
    """A line with what the officer is to do, or none."""

    row: Row
    todo: str | None
    todo_href: str | None


def start(request: Request, person: Person) -> Response:
    """The page."""
    actors = [one for one in person.actors if one.row.knows is Knows.OWN]
    with reading(context(request).store) as connection:
        known = places(connection, now := today(connection))
        found = escalations_of(connection, actors, Filter(phases=_OPEN), after=None, limit=_MOST)
        meetings = next_meetings(connection, now)
        brought = themes_brought(connection, actors)
        listed = themes(connection) if brought else []
        rows = [(one, row(request, one, known, now, meetings)) for one in found]
    return page(
        request,
        "start_officer.html",
        title="Start",
        # What is past the day it was due comes back on top.
        owed=sorted(
            (_owed(request, actors, *one) for one in rows if _with_me(one[0].state)),
            key=lambda one: one.row.late is None,
        ),
        answered=[_owed(request, actors, *one) for one in rows if _answered(one[0], now)],
        waiting=_waiting(rows),
        themes=[
            (became(request, one), words.amount("brought_with", brought[one.id]))
            for one in sorted(listed, key=_since, reverse=True)
            if one.id in brought
        ],
        pressing=[one for _, one in rows if one.limit and one.limit.state],
    )


def _since(theme: Theme) -> tuple[date, str]:
    """What something was done with last, comes first."""
    return theme.standing.since or date.min, theme.name


def _with_me(state: State) -> bool:
    return state.question_open and state.waiting_at is None


def _answered(found: EscalationRow, now: date) -> bool:
    """What came back with an answer and still has to be followed through, or lately had."""
    if found.state.question_open or found.considered_on is None:
        return False
    return not _done(found) or found.last_on >= now - _RECENT


def _done(found: EscalationRow) -> bool:
    """Whether whoever has it in hand has nothing left to do with it."""
    matter = Matter(found.state, held_by=found.held_by)
    return _next([Actor(matter.holder or "", Role.OFFICER)], matter) is None


def _owed(request: Request, actors: Sequence[Actor], found: EscalationRow, shown: Row) -> Owed:
    action = _next(actors, Matter(found.state, held_by=found.held_by))
    if action is None:
        return Owed(shown, None, None)
    return Owed(shown, button_label(action), url(request, f"/escalations/{found.id}"))


def _next(actors: Sequence[Actor], matter: Matter) -> Action | None:
    """The first action open to the officer that takes the escalation on and does not end it; once
    the question is answered, rather one that leaves it so."""
    state = matter.state
    onward: list[tuple[bool, Action]] = []
    for one in actions(actors, matter):
        rule = VERSIONS[state.version].by_place.get((one.action, state.phase))
        if one.enabled and rule and isinstance(rule.to, To) and rule.to.phase not in ENDED:
            onward.append((state.settled and rule.to.phase in WAITING, one.action))
    return min(onward, key=lambda found: found[0])[1] if onward else None


def _waiting(rows: Sequence[tuple[EscalationRow, Row]]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for found, shown in rows:
        if found.state.waiting_at is not None:
            groups.setdefault(found.phase, []).append(shown)
    return [(phase, groups[phase]) for phase in Phase if phase in groups]
