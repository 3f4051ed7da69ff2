"""A meeting read ahead by its members: each item with what is proposed, what one thinks of it and
what others do."""

from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.errors import trouble
from api.pages import consent, forms
from api.pages.agenda_parts import Part, asked
from api.pages.considering import Taking, taking
from api.pages.dossier import seen
from api.pages.forms import Field, Option
from api.pages.places import places
from api.pages.rendering import capital, page, see_other, url
from api.pages.requests import Posted, SignedIn, day, number
from api.pages.rows import Row, row
from kdt import words
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.cases import before_panel, positions
from kdt.cases.positions import Position
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused
from kdt.meetings import preparing
from kdt.meetings.preparing import Preparation, Prepared
from kdt.meetings.sittings import Sitting, sittings
from kdt.names import invalid
from kdt.panels.queries import NamedPanel
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Invalid, Problem, code
from kdt.vocabulary import Stance

router = APIRouter()

_PATH = "/meetings/{panel}/{held_on}/prepare"
# Which key chooses it, by hand alone.
_KEYS = {Stance.AGREE: "a", Stance.DISCUSS: "d", Stance.OTHER: "o", Stance.RECUSED: "r"}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody of the panel said of the item: who, what and why; `earlier` when they agreed
    with a proposal that was replaced since."""

    by: str
    stance: str
    reasons: str | None
    destroyed_on: date | None
    earlier: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One item: what is proposed, what oneself said of it (None: nothing that counts), how many
    others said what, and what it lacks to go without discussion (empty: nothing)."""

    row: Row
    position: int
    href: str
    current: bool
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    mine: str | None
    owed: bool
    others: str
    missing: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The item now read, with the form for what one thinks of it; `reason_if_not` says why there is
    none."""

    taking: Taking
    told: tuple[Told, ...]
    missing: str
    fields: tuple[Field, ...]
    proposal: int | None
    problem: str | None
    reason_if_not: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A meeting on somebody's desk."""

    panel: NamedPanel
    sitting: Sitting
    part: Part
    lines: tuple[Line, ...]
    # Of how many items nothing is owed any more, of those there are.
    said: int
    reading: Reading | None
    actor: Actor | None


@router.get(_PATH)
def show(
    request: Request,
    person: SignedIn,
    panel: str,
    held_on: str,
    item: str | None = None,
    part: str | None = None,
) -> Response:
    """The item to read (`item`, or the first of which one still owes a position) and the list, or
    a part of it."""
    with reading(context(request).store) as connection:
        desk = _desk(request, connection, person, panel, held_on, item, part=asked(part))
    return _page(request, desk)


@router.post(_PATH)
def give(
    request: Request, person: SignedIn, form: Posted, panel: str, held_on: str, item: str
) -> Response:
    """Record what one thinks of an item, and go on to the next."""
    given = forms.typed(form, ("stance", "reasons"))
    with reading(context(request).store) as connection:
        desk = _desk(request, connection, person, panel, held_on, item, given)
    if desk.reading is None or desk.actor is None:
        raise NotFound(words.say("refusal.not_found"))
    read = desk.reading
    if (warned := forms.with_warnings(read.fields, form)) is not None:
        return _page(request, replace(desk, reading=replace(read, fields=tuple(warned))))
    try:
        positions.give(
            context(request).store,
            desk.actor,
            item,
            _stance(given),
            given.get("reasons", ""),
            proposal=number(form, "proposal"),
        )
    except InvalidInput as wrong:
        shown = forms.with_problems(read.fields, wrong.problems)
        failed = replace(read, fields=tuple(shown))
        return _page(request, replace(desk, reading=failed), HTTPStatus.BAD_REQUEST)
    except (Refused, Conflict, Forbidden) as error:
        found = trouble(error)
        failed = replace(read, problem=found.detail)
        return _page(request, replace(desk, reading=failed), found.status)
    return see_other(request, f"/meetings/{quote(panel)}/{held_on}/prepare", "position")


def _stance(given: dict[str, str]) -> Stance:
    """Raises InvalidInput."""
    try:
        return Stance(code(given.get("stance"), list(Stance)))
    except Invalid as wrong:
        missing = Problem("missing" if wrong.code == "null" else wrong.code, "stance")
        raise invalid(missing) from wrong


def _desk(
    request: Request,
    connection: Connection,
    person: Person,
    panel: str,
    held_on: str,
    item: str | None,
    given: dict[str, str] | None = None,
    *,
    part: int | None = None,
) -> Desk:
    known, on = places(connection, now := today(connection)), day(held_on)
    mine = known.served(person, panel)
    found = sittings(connection, [panel], on, on) if on else []
    if not found or on is None:
        raise NotFound(words.say("refusal.not_found"))
    ids = before_panel.in_order(connection, panel, on, order=known.order)
    ahead = preparing.preparation(connection, mine.location, found[0].attendance, ids)
    seat = ahead.seat_of(person.actors)
    base = url(request, f"/meetings/{quote(panel)}/{on.isoformat()}/prepare")
    owed = [one.escalation for one in ahead.items if seat and one.reading.owes(seat)]
    chosen = item or next(iter([*owed, *ids]), None)
    place = ids.index(chosen) if chosen in ids else 0
    shown = Part.of(len(ids), part, place, base, item)
    rows = before_panel.agenda(
        connection, panel, on, order=known.order, among=ids[shown.first : shown.last]
    )
    lines = tuple(
        _line(row(request, one, known, now), place, read, seat, base, current=one.id == chosen)
        for place, (one, read) in enumerate(
            zip(rows, ahead.items[shown.first : shown.last], strict=True), shown.first + 1
        )
    )
    said = len(ids) - len(owed)
    if chosen is None:
        return Desk(mine, found[0], shown, lines, said, None, None)
    now_read = next((one for one in ahead.items if one.escalation == chosen), None)
    if now_read is None:
        raise NotFound(words.say("refusal.not_found"))
    read, actor = _reading(request, connection, person, now_read, ahead, base, given or {})
    return Desk(mine, found[0], shown, lines, said, read, actor)


def _reading(
    request: Request,
    connection: Connection,
    person: Person,
    item: Prepared,
    ahead: Preparation,
    base: str,
    given: dict[str, str],
) -> tuple[Reading, Actor | None]:
    dossier = seen(connection, person, item.escalation)
    case = dossier.found
    actor = reason = None
    try:
        actor = positions.seat(person.actors, case.matter)
    except (Forbidden, Refused) as error:
        reason = str(error)
    mine = None if actor is None else actor.stands_for
    before = next((one for one in case.positions if one.person == mine), None)
    filled = given or _filled(before)
    labels = {one.person: one.label for one in ahead.seats}
    known = access.labels(connection, {one.person for one in case.positions} - labels.keys())
    told = tuple(_told(one, labels | known, item) for one in case.positions if one.person != mine)
    shown = Reading(
        taking(request, dossier, f"{base}?item={item.escalation}", None),
        told,
        consent.missing(item.reading.missing),
        _fields(filled, lent=actor is not None and actor.on_behalf_of is not None),
        item.reading.proposal,
        None,
        reason,
    )
    return shown, actor


def _filled(before: Position | None) -> dict[str, str]:
    """What one said before, to be changed."""
    if before is None:
        return {}
    reasons = {"reasons": before.reasons} if isinstance(before.reasons, str) else {}
    return {"stance": str(before.stance), **reasons}


def _fields(given: dict[str, str], *, lent: bool) -> tuple[Field, ...]:
    # Who stands in for somebody recuses nobody.
    stances = [one for one in Stance if one is not Stance.RECUSED or not lent]
    options = tuple(
        Option(one, capital(words.say(f"stance.{one}")), key=_KEYS[one]) for one in stances
    )
    chosen, said = given.get("stance"), given.get("reasons")
    stance = Field("stance", words.say("prepare.stance"), "radio", True, None, options, chosen)
    hint = words.say("prepare.reasons_hint")
    reasons = Field("reasons", words.say("prepare.reasons"), "textarea", hint=hint, value=said)
    return (stance, reasons)


def _told(one: Position, labels: dict[str, str], item: Prepared) -> Told:
    return Told(
        labels.get(one.person) or capital(words.say(f"role.{one.role}")),
        words.say(f"stance.{one.stance}"),
        one.reasons if isinstance(one.reasons, str) else None,
        one.reasons if isinstance(one.reasons, date) else None,
        one.stance is Stance.AGREE and one.proposal != item.reading.proposal,
    )


def _line(
    shown: Row, place: int, item: Prepared, seat: str | None, base: str, *, current: bool
) -> Line:
    said = item.reading.counted
    mine = said.get(seat) if seat else None
    others = [one.stance for who, one in said.items() if who != seat]
    counted = [(one, others.count(one)) for one in Stance if one in others]
    return Line(
        shown,
        place,
        f"{base}?item={item.escalation}",
        current,
        item.proposed.get("outcome"),
        item.proposed.get("ruling"),
        item.proposed.get("inquiry"),
        words.say(f"stance.{mine.stance}") if mine else None,
        seat is not None and item.reading.owes(seat),
        ", ".join(f"{count} {words.say(f'stance.{one}')}" for one, count in counted),
        consent.missing(item.reading.missing),
    )


def _page(request: Request, desk: Desk, status: int = HTTPStatus.OK) -> Response:
    title = words.say("prepare.title", panel=desk.panel.name)
    return page(
        request,
        "preparing.html",
        status,
        title=title,
        heading=title,
        meeting={
            "starts_at": desk.sitting.starts_at,
            "href": url(
                request, f"/meetings/{desk.sitting.panel}/{desk.sitting.held_on.isoformat()}"
            ),
            "several": desk.panel.location is None,
            "said": desk.said,
            "items": desk.part.total,
        },
        reading=desk.reading,
        key=forms.new_key(),
        lines=desk.lines,
        part=desk.part,
    )
