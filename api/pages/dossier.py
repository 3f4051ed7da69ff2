"""One escalation: where it stands, its answer, its history, and what one may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import families, holds, proposals, suspending
from api.pages.forms import Option, new_key
from api.pages.places import Places, places
from api.pages.proposals import Proposed
from api.pages.rendering import capital, day_long, page, url
from api.pages.requests import SignedIn
from api.pages.rows import Limit, case_name, limit
from api.pages.steps import buttons, ladder
from api.pages.timeline import Timeline, people
from kdt import words
from kdt.access import permissions
from kdt.access import queries as access
from kdt.access.queries import Person
from kdt.cases import view
from kdt.cases.answers import Answer
from kdt.cases.proposals import may_propose
from kdt.cases.queries import themes_of
from kdt.cases.view import EscalationView
from kdt.clock import AMSTERDAM
from kdt.errors import NotFound
from kdt.meetings.agendas import Expected, expected_meeting
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes.queries import Theme, themes

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Dossier:
    """An escalation with all that is needed to draw it."""

    found: EscalationView
    known: Places
    today: date
    themes: Mapping[str, Theme]
    # Those it shows now, wherever what it was tagged with went.
    shows: Sequence[str]
    timeline: Timeline
    # Who goes on with it, by name where that is shown.
    holder: str | None
    # What is proposed now, and what was before.
    proposal: Proposed | None
    earlier_proposals: list[Proposed]


@dataclass(frozen=True, slots=True)
class Head:
    """The escalation itself, as its page shows it."""

    id: str
    number: str
    case: str
    question: str
    ground: str
    phase: str
    location: str
    # Whether the question is still open, and with whom it then is.
    open: bool
    panel: str | None
    opened_by: str
    # To whom it was handed over since, by name.
    held_by: str | None
    # In which roles people take no part.
    recused: tuple[str, ...]
    summary: str | None
    summary_destroyed_on: date | None
    limit: Limit | None
    themes: tuple[dict[str, str | None], ...]
    proposal: Proposed | None
    earlier_proposals: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a panel answered."""

    outcome: str
    ruling: str | None
    inquiry: str | None
    settles: bool
    panel: str
    reasons: str | None
    destroyed_on: date | None
    date: date


@dataclass(frozen=True, slots=True)
class Meeting:
    """When it is expected to be discussed, and the deadline that comes first, if one does."""

    panel: str
    starts_at: datetime
    href: str | None
    late_for: date | None


@router.get("/escalations/{escalation}")
def show(request: Request, person: SignedIn, escalation: str) -> Response:
    """The page of one escalation."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
        related = families.shown(request, connection, person, dossier.found)
        expected = _expected(connection, dossier)
        hold = holds.shown(request, connection, person, escalation)
    found, state = dossier.found, dossier.found.state
    return page(
        request,
        "escalation.html",
        title=f"Zaak {case_name(found)}",
        escalation=head(request, dossier),
        steps=ladder(state, found.opened_on),
        answer=said(found.answer, dossier.known) if found.answer else None,
        expected=_meeting(request, dossier, person, expected),
        entries=dossier.timeline.entries(request, person),
        actions=buttons(request, found),
        related=related,
        recuse=url(request, f"/escalations/{found.id}/recuse")
        if any(permissions.may_recuse(one, found.matter) for one in person.actors)
        else None,
        propose=url(request, f"/escalations/{found.id}/propose")
        if may_propose(person.actors, found.matter)
        else None,
        hold=hold,
        term=suspending.shown(request, person, found),
        key=new_key(),
        version=found.version,
    )


def seen(connection: Connection, person: Person, escalation: str) -> Dossier:
    """The escalation as a person sees it. Raises NotFound, also when it is not for them."""
    found = view.escalation(connection, person.actors, escalation)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    now = today(connection)
    known = places(connection, now)
    proposers = {one.person or "" for one in found.proposals}
    named = people(found.entries) | {found.holder or ""} | proposers
    labels = access.labels(connection, named)
    listed = {one.id: one for one in themes(connection)}
    shows = themes_of(connection, escalation) if found.themes else []
    return Dossier(
        found,
        known,
        now,
        listed,
        shows,
        Timeline(found, known, labels, listed),
        labels.get(found.holder or "", found.holder),
        proposals.shown(found.proposal, labels) if found.proposal else None,
        [
            proposals.shown(one, labels)
            for one in reversed(found.proposals)
            if one is not found.proposal
        ],
    )


def head(request: Request, dossier: Dossier) -> Head:
    """What stands on top of every page about an escalation."""
    found, known, state = dossier.found, dossier.known, dossier.found.state
    summary = found.summary
    return Head(
        found.id,
        found.id,
        case_name(found),
        state.question,
        state.ground,
        state.phase,
        known.location_name(state.location),
        state.question_open,
        known.holder(state) or capital(words.say("role.officer")),
        dossier.timeline.who(found.entries[0]),
        dossier.holder if found.holder != state.brought_by else None,
        tuple(words.say(f"role.{one}") for one in found.recused),
        summary if isinstance(summary, str) else None,
        summary if isinstance(summary, date) else None,
        limit(found, dossier.today, known),
        tuple(became(request, dossier.themes[one]) for one in dossier.shows),
        dossier.proposal,
        tuple(dossier.earlier_proposals),
    )


def became(request: Request, theme: Theme) -> dict[str, str | None]:
    """What became of a theme, for whoever brought what shows it: where it is, and since when."""
    since, state = theme.standing.since, words.say(f"theme_state.{theme.state}")
    return {
        "name": theme.name,
        "href": url(request, f"/themes/{theme.id}"),
        "state": state,
        "since": words.say("themes.since", day=day_long(since)) if since else None,
    }


def said(answer: Answer, known: Places) -> Said:
    """An answer as it is shown."""
    reasons = answer.reasons
    return Said(
        answer.outcome,
        answer.ruling,
        answer.inquiry,
        answer.settles,
        known.panel_name(answer.panel),
        reasons if isinstance(reasons, str) else None,
        reasons if isinstance(reasons, date) else None,
        answer.on,
    )


def about(request: Request, dossier: Dossier) -> dict[str, str]:
    """What a form about an escalation says it is about."""
    shown = head(request, dossier)
    line = f"{words.say(f'question.{shown.question}')}, {words.say(f'ground.{shown.ground}')}"
    return {
        "case": shown.case,
        "number": shown.number,
        "href": url(request, f"/escalations/{shown.id}"),
        "line": line,
    }


def _expected(connection: Connection, dossier: Dossier) -> Expected | None:
    state = dossier.found.state
    if state.waiting_at is None or state.meeting_on is not None:
        return None
    return expected_meeting(
        connection, state.waiting_at, state.location, dossier.today, deadline=dossier.found.deadline
    )


def _meeting(
    request: Request, dossier: Dossier, person: Person, expected: Expected | None
) -> Meeting | None:
    state, known = dossier.found.state, dossier.known
    if expected is not None:
        return Meeting(expected.panel_name, expected.starts_at, None, expected.late_for)
    if state.panel is None or state.meeting_on is None:
        return None
    panel = known.panels[state.panel]
    starts_at = datetime.combine(state.meeting_on, panel.starts_at, AMSTERDAM)
    deadline = dossier.found.deadline
    return Meeting(
        panel.name,
        starts_at,
        url(request, f"/meetings/{panel.id}/{state.meeting_on.isoformat()}")
        if panel in known.served_by(person)
        else None,
        deadline if deadline is not None and deadline < state.meeting_on else None,
    )


def earlier(answers: Sequence[Answer], known: Places) -> list[Said]:
    """The answers given before, the latest first."""
    return [said(one, known) for one in reversed(answers)]


def open_themes(dossier: Dossier) -> list[Option]:
    """The themes it can still be tagged with."""
    return [
        Option(one.id, one.name, one.description or None)
        for one in dossier.themes.values()
        if one.open and one.id not in dossier.shows
    ]
