"""Agenda, minutes and the extract of one case on paper: what their pages show, under the same right
and in the same read log."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.dossier import Said, head, said, seen
from api.pages.minutes import Line, Sheet, sheet_of
from api.pages.minutes import title as minutes_title
from api.pages.places import Places, places
from api.pages.rendering import capital
from api.pages.rendering import day as said_day
from api.pages.requests import SignedIn, day
from api.pages.rows import case_name
from api.pages.sheets import printed
from kdt import clock, words
from kdt.cases import before_panel
from kdt.cases.ordering import Waiting
from kdt.cases.queries import EscalationRow
from kdt.errors import NotFound
from kdt.meetings.sittings import sittings
from kdt.panels import agendas
from kdt.panels.agendas import Item as Placed
from kdt.paper import Document, Part, Since
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()

_COLUMNS = ("place", "case", "about", "why", "outcome")
_EMPTY = Part(lines=(words.say("paper.empty"),))


@router.get("/meetings/{panel}/{held_on}/minutes.pdf")
def minutes(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The minutes as they stand."""
    with reading(context(request).store) as connection:
        sheet, _ = sheet_of(request, connection, person, panel, held_on)
    held = sheet.meeting.held_on
    made = Document(
        minutes_title(sheet),
        (*_where(sheet.meeting.place), *sheet.standing, *_present(sheet)),
        tuple(_parts(sheet)),
        datetime.combine(held, sheet.meeting.starts_at, clock.AMSTERDAM),
    )
    return _sent(request, made, words.say("paper.minutes_file", panel=panel, day=held.isoformat()))


@router.get("/meetings/{panel}/{held_on}/agenda.pdf")
def agenda(request: Request, person: SignedIn, panel: str, held_on: str) -> Response:
    """The agenda as it stands: case numbers, and no text."""
    with reading(context(request).store) as connection:
        known, on = places(connection, today(connection)), day(held_on)
        mine = known.served(person, panel)
        found = sittings(connection, [panel], on, on) if on else []
        if not found:
            raise NotFound(words.say("refusal.not_found"))
        (sitting,) = found
        made = agendas.versions(connection, sitting.id) if sitting.version else []
        taken = before_panel.considered_at(connection, panel, sitting.held_on)
        waiting = before_panel.agenda(connection, panel, sitting.held_on, order=known.order)
    newest = made[-1] if made else None
    standing = (
        words.say("paper.version", version=newest.number, day=words.moment(newest.recorded_at))
        if newest
        else words.say("paper.not_drawn_up")
    )
    placed = {one.escalation: one for one in newest.items} if newest else {}
    listed = [(one.escalation, _verdict(one.outcome, one.ruling, one.inquiry)) for one in taken]
    listed += [(one, "") for one in waiting]
    rows = tuple(
        (str(place), *_row(one, known, placed.get(one.id)), outcome)
        for place, (one, outcome) in enumerate(listed, 1)
    )
    document = Document(
        words.say("paper.agenda", panel=mine.name, day=said_day(sitting.held_on)),
        (words.moment(sitting.starts_at), *_where(sitting.place), standing),
        (Part(words.say("paper.items"), head=_head(), rows=rows) if rows else _EMPTY,),
        newest.recorded_at if newest else sitting.starts_at,
        ("auto", "auto", "wide", "wide", "wide"),
    )
    name = words.say("paper.agenda_file", panel=panel, day=sitting.held_on.isoformat())
    return _sent(request, document, name)


@router.get("/escalations/{escalation}/extract.pdf")
def extract(request: Request, person: SignedIn, escalation: str) -> Response:
    """What panels said of one case."""
    with reading(context(request).store) as connection:
        dossier = seen(connection, person, escalation)
    shown, found = head(request, dossier), dossier.found
    question = words.say(f"question.{shown.question}")
    about = f"{capital(question)}, {words.say(f'ground.{shown.ground}')}, {shown.location}"
    answers = [said(one, dossier.known) for one in found.answers]
    made = Document(
        words.say("paper.extract", case=shown.case),
        (shown.number, about),
        (
            Part(
                words.say("paper.dilemma"),
                prose=_text(shown.summary),
                lines=_destroyed(shown.summary_destroyed_on),
            ),
            *(_answer(one) for one in answers),
        ),
        found.entries[-1].recorded_at,
    )
    return _sent(request, made, words.say("paper.extract_file", number=found.id))


def _sent(request: Request, document: Document, name: str) -> Response:
    """The document, which says so where it is of an example: it may lie about without its page."""
    if context(request).demo:
        document = replace(document, lead=(words.say("paper.demo"), *document.lead))
    return printed(document, name)


def _parts(sheet: Sheet) -> Iterable[Part]:
    for place, one in enumerate(sheet.items, 1):
        yield _item(sheet, place, one)
    if not sheet.items:
        yield Part(lines=(words.say("minutes.nothing"),))
    if sheet.not_reached:
        yield Part(words.say("minutes.not_reached"), lines=sheet.not_reached)


def _item(sheet: Sheet, place: int, one: Line) -> Part:
    heading = f"{place}. {one.case or one.number}"
    if one.case is None:
        return Part(heading, (words.say("minutes.not_yours"),))
    question, ground = words.say(f"question.{one.question}"), words.say(f"ground.{one.ground}")
    about = f"{capital(question)}, {ground}" + (f", {one.location}" if sheet.several else "")
    consented = [words.say("minutes.consented")] if one.consented else []
    lines = (f"{one.number}: {about}", *([one.late] if one.late else []), *consented)
    since = None
    if one.voided:
        since = Since(words.say("minutes.voided"))
    elif one.now is not None:
        since = Since(words.say("minutes.corrected"), _said(one.now), _text(one.now.reasons))
    if one.answer is None:
        return Part(heading, lines, since=since)
    lines = (*lines, *_destroyed(one.answer.destroyed_on))
    return Part(heading, lines, _said(one.answer), _text(one.answer.reasons), since)


def _present(sheet: Sheet) -> tuple[str, ...]:
    there = ", ".join(sheet.present)
    return (f"{words.say('minutes.present')}: {there}.",) if there else ()


def _answer(one: Said) -> Part:
    heading = f"{one.panel}, {words.full_day(one.date)}"
    return Part(heading, _destroyed(one.destroyed_on), _said(one), _text(one.reasons))


def _head() -> tuple[str, ...]:
    return tuple(words.say(f"paper.head_{one}") for one in _COLUMNS)


def _row(one: EscalationRow, known: Places, placed: Placed | None) -> tuple[str, str, str]:
    """The case, what is asked, and why it has its place."""
    question, ground = words.say(f"question.{one.question}"), words.say(f"ground.{one.ground}")
    asked = f"{capital(question)}, {ground}, {known.location_name(one.location)}"
    why = words.say(f"basis.{placed.basis if placed else known.order.basis(Waiting.of(one))}")
    if placed and placed.late:
        why = f"{why}, {words.say(f'late.{placed.late}')}"
    return case_name(one), asked, why


def _said(one: Said) -> str:
    """What it came to, in words."""
    return _verdict(one.outcome, one.ruling, one.inquiry)


def _verdict(outcome: str, ruling: str | None, inquiry: str | None) -> str:
    if inquiry:
        return words.say(f"choice.{outcome}.{inquiry}")
    said_outcome = capital(words.say(f"outcome.{outcome}"))
    return f"{said_outcome}: {words.say(f'ruling.{ruling}')}" if ruling else said_outcome


def _where(place: str | None) -> tuple[str, ...]:
    return (place,) if place else ()


def _text(text: str | None) -> str | None:
    return text or None


def _destroyed(on: date | None) -> tuple[str, ...]:
    return (words.say("paper.destroyed", day=words.full_day(on)),) if on else ()
