"""Talks about themes: which there were, and what was agreed for who was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Given
from api.pages.forms import Field, Option, choices
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn, ticked
from api.pages.telling import Screens
from api.pages.theme_forms import theme_choices
from kdt import words
from kdt.access.queries import Person, all_people
from kdt.errors import NotFound
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes import consultations, consulting
from kdt.themes.consultations import Consultation, Inside
from kdt.themes.consulting import Told
from kdt.themes.queries import Theme, themes
from kdt.vocabulary import ConsultationForm, Partner

router = APIRouter()

_PATH = "/consultations"


@dataclass(frozen=True, slots=True)
class Line:
    """One talk in the list."""

    id: str
    href: str
    held_on: date
    form: str
    partners: str
    themes: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a form offers to choose from: themes, and who else may have been there."""

    themes: Sequence[Theme]
    others: Sequence[Person]


@router.get(_PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """Every talk there was, and how often the lawyers' associations were spoken with."""
    with reading(context(request).store) as connection:
        today = today_in(connection)
        found = consultations.consultations(connection)
        named = {one.id: one.name for one in themes(connection)}
    return page(
        request,
        "consultations.html",
        title=words.say("consultations.title"),
        lines=[
            Line(
                one.id,
                url(request, f"{_PATH}/{one.id}"),
                one.held_on,
                capital(words.say(f"consultation_form.{one.form}")),
                _partners(one),
                ", ".join(named.get(theme, theme) for theme in one.themes),
            )
            for one in found
        ],
        overdue=consultations.overdue(found, today),
        add=url(request, f"{_PATH}/new") if _SCREENS.may(person) else None,
    )


def show(request: Request, person: SignedIn, consultation: str) -> Response:
    """One talk; with what was agreed, for who was there."""
    with reading(context(request).store) as connection:
        known, inside = _found(connection, consultation)
        named = {one.id: one.name for one in themes(connection)}
        people = {one.id: one.label for one in all_people(connection)}
    mine = consulting.may_read(person.id, inside)
    changes_it = mine and known.stands and _SCREENS.may(person)
    return page(
        request,
        "consultation.html",
        title=words.say("consultations.one", day=words.full_day(known.held_on)),
        one=known,
        form=capital(words.say(f"consultation_form.{known.form}")),
        partners=_partners(known),
        themes=[(named.get(one, one), url(request, f"/themes/{one}")) for one in known.themes],
        agreements=inside.agreements if mine else None,
        participants=[people.get(one, one) for one in inside.participants] if mine else None,
        tools=[
            (words.say(f"consultations.{one}"), url(request, f"{_PATH}/{known.id}/{one}"))
            for one in (("edit", "withdraw") if changes_it else ())
        ],
    )


def _fields(
    request: Request, person: Person, told: tuple[Consultation, Inside] | None
) -> tuple[Field, ...]:
    known = _known(request, person)
    one, inside = told or (None, None)
    return (
        Field(
            "heldOn",
            _label("held_on"),
            "date",
            required=True,
            value=one.held_on.isoformat() if one else None,
        ),
        Field(
            "form",
            _label("form"),
            "radio",
            required=True,
            options=choices("consultation_form", ConsultationForm),
            value=one.form if one else None,
        ),
        Field(
            "partners",
            _label("partners"),
            "checkboxes",
            required=True,
            options=choices("partner", Partner),
            value=one.partners if one else None,
        ),
        Field(
            "themes",
            _label("themes"),
            "checkboxes",
            options=theme_choices(known.themes, one.themes if one else ()),
            value=one.themes if one else None,
        ),
        Field(
            "participants",
            _label("participants"),
            "checkboxes",
            hint=words.say("consultations.participants_hint"),
            options=tuple(Option(who.id, who.label) for who in known.others),
            value=inside.participants if inside else None,
        ),
        Field(
            "agreements",
            _label("agreements"),
            "textarea",
            hint=words.say("consultations.agreements_hint"),
            value=inside.agreements if inside else None,
        ),
    )


def _told(given: Given, posted: FormData) -> Told:
    """What was filled in. Raises InvalidInput."""
    held_on = changes.day(given, "heldOn")
    assert held_on is not None, "a required field was filled in"
    chosen = {name: ticked(posted, name) for name in ("partners", "themes", "participants")}
    return Told(held_on, given["form"], **chosen, agreements=given.get("agreements", ""))


def _known(request: Request, person: Person) -> _Known:
    with reading(context(request).store) as connection:
        others = [
            one for one in all_people(connection) if one.id != person.id and _SCREENS.may(one)
        ]
        return _Known(themes(connection), others)


def _mine(request: Request, person: Person, wanted: str) -> tuple[Consultation, Inside]:
    """One talk, for who was there. Raises NotFound and Forbidden."""
    with reading(context(request).store) as connection:
        found = _found(connection, wanted)
    consulting.check_there(person.id, found[1])
    return found


def _named(told: tuple[Consultation, Inside]) -> tuple[str, str]:
    day = words.full_day(told[0].held_on)
    return words.say("consultations.one", day=day), day


def _found(connection: Connection, wanted: str) -> tuple[Consultation, Inside]:
    found = consultations.consultation(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _partners(one: Consultation) -> str:
    return ", ".join(words.say(f"partner.{partner}") for partner in one.partners)


def _label(name: str) -> str:
    return words.say(f"consultations.label_{name}")


_SCREENS = Screens(
    consulting.CONSULTATIONS,
    _PATH,
    "consultation",
    "consultations.title",
    "consulted",
    _mine,
    _fields,
    _told,
    _named,
)
_SCREENS.add_to(router)
# After the forms: `new` is nobody's id.
router.add_api_route(f"{_PATH}/{{consultation}}", show, methods=["GET"])
