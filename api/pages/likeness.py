"""What cases like the one somebody describes got, as `similar.html` draws it: no text of theirs."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.places import Places, places
from api.pages.rendering import day_long, page, url
from api.pages.requests import SignedIn
from api.pages.rows import case_name
from kdt import words
from kdt.access.queries import Person
from kdt.access.table import Shown
from kdt.cases import view
from kdt.errors import NotFound
from kdt.similar.queries import Described, Similar, similar
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes.queries import themes

router = APIRouter()

# A description says little before it is this long.
LEAST = 30


@dataclass(frozen=True, slots=True)
class Alike:
    """One case like it: what it got, where and when, whether that was carried out (a sentence), why
    it is similar (a sentence), its themes by name; `href` where its reasons can be read."""

    case: str
    href: str | None
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    panel: str | None
    on: date | None
    followed: str
    because: str
    themes: tuple[str, ...]
    # What came of those after it was answered, in sentences.
    since: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is shown beside a description: cases, or the sentence that says why there are none."""

    items: tuple[Alike, ...] = ()
    said: str | None = None


@router.get("/escalations/{escalation}/similar")
def show(request: Request, person: SignedIn, escalation: str) -> Response:
    """What cases like an escalation got, for whoever reads it; that they do is logged."""
    with reading(context(request).store) as connection:
        found = view.escalation(connection, person.actors, escalation)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        known = places(connection, today(connection))
        described = Described(
            found.summary if isinstance(found.summary, str) else "",
            found.state.question,
            found.state.ground,
            found.themes,
            besides=found.id,
            answered=True,
        )
        alike = likeness(request, connection, person, known, described)
    case = case_name(found)
    return page(
        request,
        "similar_page.html",
        title=words.say("similar.page_title", case=case),
        escalation={"case": case, "href": url(request, f"/escalations/{found.id}")},
        likeness=alike,
    )


def likeness(
    request: Request, connection: Connection, person: Person, known: Places, described: Described
) -> Likeness:
    """What is shown of it to a person, five at most."""
    if len(described.summary) < LEAST:
        return Likeness(said=words.say("similar.begin"))
    found = similar(connection, person.actors, described)
    if not found.ready:
        return Likeness(said=words.say("similar.empty_record"))
    if not found.items:
        return Likeness(said=words.say("similar.none"))
    names = {one.id: one.name for one in themes(connection)}
    return Likeness(tuple(_alike(request, one, known, names) for one in found.items))


def _alike(request: Request, found: Similar, known: Places, names: dict[str, str]) -> Alike:
    row = found.escalation
    readable = Shown.TEXT in row.sight
    panel = known.panel_at(row.level, row.location)
    return Alike(
        row.case_number or row.id,
        url(request, f"/escalations/{row.id}") if readable else None,
        row.outcome,
        row.ruling,
        row.inquiry,
        panel.name if panel else known.location_name(row.location),
        row.considered_on,
        words.say(f"similar.followed.{found.followed or 'unknown'}"),
        words.say("similar.because", reasons=", ".join(_reasons(found))),
        tuple(names.get(one, one) for one in found.themes),
        tuple(
            words.say(
                f"similar.since.{one.kind}",
                day=day_long(one.on),
                theme=names.get(one.theme, one.theme),
            )
            for one in found.since
        ),
    )


def _reasons(found: Similar) -> list[str]:
    reasons = [words.say(f"similar.same_{field}") for field in found.same]
    reasons.append(words.say("similar.strongly" if found.strongly else "similar.somewhat"))
    if found.shared_words:
        reasons.append(words.say("similar.shared", words=", ".join(found.shared_words)))
    return reasons
