"""An escalation in a list, as `macros/rows.html` draws it: codes, days and names, no text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request

from api.pages.places import Places
from api.pages.rendering import capital, url, workdays
from kdt import words
from kdt.access.table import Shown
from kdt.cases.discussed import Discussed
from kdt.cases.queries import EscalationRow
from kdt.cases.view import EscalationView
from kdt.clock import AMSTERDAM
from kdt.register.top import OFTEN
from kdt.vocabulary import Phase
from kdt.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Limit:
    """A legal deadline: the day (None as long as its term is suspended), `near` or `overdue`
    where it is, and how far off."""

    date: date | None
    state: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    id: str
    version: int
    # None where a person may read no further.
    href: str | None
    case: str
    question: str
    ground: str
    location: str
    phase: str
    # Whether its question still waits for an answer, and with whom it then is.
    open: bool
    panel: str | None
    changed: date
    since: date
    waiting: int | None
    held_over: int
    held_often: bool
    unresolved: bool
    limit: Limit | None
    expected: datetime | None
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    # How long an inquiry is past the day it was due; None where it is not.
    late: str | None
    date: date | None


def row(
    request: Request,
    found: EscalationRow,
    known: Places,
    today: date,
    next_meetings: Mapping[str, datetime] | None = None,
) -> Row:
    """A line for what was found; `next_meetings` by panel gives what is expected."""
    state = found.state
    panel = known.panel_at(state.waiting_at, state.location)
    expected = (next_meetings or {}).get(panel.id) if panel else None
    if panel and state.meeting_on:
        expected = datetime.combine(state.meeting_on, panel.starts_at, AMSTERDAM)
    holder = panel.name if panel else capital(words.say("role.officer"))
    since = state.waiting_since if state.waiting_at else None
    return Row(
        found.id,
        found.version,
        url(request, f"/escalations/{found.id}") if Shown.TEXT in found.sight else None,
        case_name(found),
        found.question,
        found.ground,
        known.location_name(found.location),
        found.phase,
        state.question_open,
        holder if state.question_open else None,
        found.last_on,
        since or found.last_on,
        waited(since, today, known.calendar),
        found.held_over,
        found.held_over >= OFTEN,
        found.unresolved_last,
        limit(found, today, known),
        expected,
        found.outcome,
        found.ruling,
        found.inquiry,
        _late(found, today, known.calendar),
        found.considered_on,
    )


def case_name(found: EscalationRow | EscalationView | Discussed) -> str:
    """The case number, or that it was destroyed; where it is not shown, the escalation's id."""
    if Shown.CASE_NUMBER not in found.sight:
        return found.id
    return found.case_number or words.say("page.case_destroyed")


def waited(since: date | None, today: date, calendar: Calendar) -> int | None:
    """The working days since a day."""
    return None if since is None else calendar.count(since + timedelta(days=1), today)


def _late(found: EscalationRow, today: date, calendar: Calendar) -> str | None:
    waits = found.state.phase is Phase.IN_INQUIRY and found.state.question_open
    if not waits or found.due_on is None or found.due_on >= today:
        return None
    over = calendar.count(found.due_on + timedelta(days=1), today)
    return words.say("page.overdue", time=workdays(over))


def limit(found: EscalationRow | EscalationView, today: date, known: Places) -> Limit | None:
    """The legal deadline as seen from today, as long as its question is open."""
    if not found.state.question_open:
        return None
    deadline = found.deadline
    if deadline is None:
        said = words.say("page.suspended")
        return Limit(None, None, said) if found.suspended else None
    if deadline < today:
        late = known.calendar.count(deadline + timedelta(days=1), today)
        return Limit(deadline, "overdue", words.say("page.overdue", time=workdays(late)))
    left = known.calendar.count(today + timedelta(days=1), deadline)
    near = "near" if left <= known.ahead else None
    if deadline == today:
        return Limit(deadline, near, words.say("page.today"))
    return Limit(deadline, near, words.say("page.left", time=workdays(left)))


def pressing(rows: Iterable[Row], known: Places) -> str | None:
    """What is said on top of a list in which deadlines press; None where none does."""
    states = [one.limit.state for one in rows if one.limit]
    return that_press(states.count("overdue"), states.count("near"), known)


def that_press(late: int, near: int, known: Places) -> str | None:
    """The same of so many that are past their deadline, and so many that are near it."""
    said = [words.amount("late_case", late)] if late else []
    if near:
        ahead = workdays(known.ahead)
        said.append(words.say("page.near", cases=words.amount("near_case", near), ahead=ahead))
    return " ".join(said) or None
