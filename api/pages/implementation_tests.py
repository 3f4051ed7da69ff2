"""Implementation tests: which there were, what they looked at, and how satisfied who took part is
with what followed."""

from collections.abc import Mapping
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
from api.pages.filtering import choice_field, chosen, day_field
from api.pages.forms import Field, choices
from api.pages.rendering import capital, page, url
from api.pages.requests import SignedIn, ticked
from api.pages.telling import Screens
from kdt import words
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.errors import NotFound
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import adjustments, implementation, testing
from kdt.themes.implementation import ImplementationTest, Wanted
from kdt.themes.testing import Heard, Told
from kdt.vocabulary import INTEREST, ImplementationKind, LookedAt, Organisation, Satisfaction

router = APIRouter()

_PATH = "/implementation-tests"
_SAID = "implementation_tests"
# How satisfaction looks.
_LOOKS: Mapping[str, str] = {
    Satisfaction.SATISFIED: "done",
    Satisfaction.PARTLY: "near",
    Satisfaction.NOT_SATISFIED: "alert",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One test in the list; `heard`: of how many who took part it is known how satisfied they
    are."""

    id: str
    href: str
    title: str
    kind: str
    held_on: date
    person: str
    capability: str
    organisations: str
    heard: int
    asked: int


@dataclass(frozen=True, slots=True)
class Involved:
    """An organisation that took part, with what it said last of what followed, or none."""

    name: str
    side: str
    satisfaction: str | None
    looks: str
    said: str
    reference: str
    said_on: date | None


@router.get(_PATH)
def show_all(request: Request, person: SignedIn) -> Response:
    """Every test that was asked for."""
    wanted, fields = _asked(request)
    with reading(context(request).store) as connection:
        found = implementation.held(connection, wanted=wanted)
    return page(
        request,
        "implementation_tests.html",
        title=words.say(f"{_SAID}.title"),
        action=url(request, _PATH),
        fields=fields,
        lines=[_line(request, one) for one in found],
        add=url(request, f"{_PATH}/new") if _SCREENS.may(person) else None,
    )


def show(request: Request, person: SignedIn, test: str) -> Response:
    """One test, who took part, and what followed."""
    with reading(context(request).store) as connection:
        one = _found(connection, test)
        wanted = adjustments.Wanted(test=test)
        followed = adjustments.adjustments(connection, wanted=wanted)
    tools = ("opinion", "edit", "withdraw") if one.stands and _SCREENS.may(person) else ()
    return page(
        request,
        "implementation_test.html",
        title=one.title,
        one=one,
        line=_line(request, one),
        involved=[_involved(one, each) for each in one.organisations],
        adjustments=[
            (
                url(request, f"/adjustments/{each.id}"),
                each.title,
                capital(words.say(f"adjustment_status.{each.status}")),
            )
            for each in followed
        ],
        tools=[
            (words.say(f"{_SAID}.{each}"), url(request, f"{_PATH}/{one.id}/{each}"))
            for each in tools
        ],
    )


def _asked(request: Request) -> tuple[Wanted, list[Field]]:
    """What the address asks, and the fields it is asked in."""
    first = day_field(request, "from", words.say(f"{_SAID}.filter_from"))
    until = day_field(request, "until", words.say(f"{_SAID}.filter_until"))
    kind = chosen(request, "kind", [*ImplementationKind])
    organisation = chosen(request, "organisation", [*Organisation])
    label = words.say(f"{_SAID}.filter_organisation")
    return Wanted(kind, organisation, first.day or date.min, until.day or date.max), [
        choice_field("kind", words.say(f"{_SAID}.filter_kind"), "test_kind", kind),
        choice_field("organisation", label, "organisation", organisation),
        first.field,
        until.field,
    ]


def _fields(
    _request: Request, _person: Person, one: ImplementationTest | None
) -> tuple[Field, ...]:
    return (
        Field(
            "kind",
            _label("kind"),
            "radio",
            required=True,
            options=choices("test_kind", ImplementationKind),
            value=one.kind if one else None,
        ),
        Field("title", _label("title"), "text", required=True, value=one.title if one else None),
        Field(
            "heldOn",
            _label("held_on"),
            "date",
            required=True,
            value=one.held_on.isoformat() if one else None,
        ),
        Field(
            "person",
            _label("person"),
            "radio",
            required=True,
            options=choices("person_effect", LookedAt),
            value=one.person if one else None,
        ),
        Field(
            "capability",
            _label("capability"),
            "radio",
            required=True,
            options=choices("capability", LookedAt),
            value=one.capability if one else None,
        ),
        Field(
            "organisations",
            _label("organisations"),
            "checkboxes",
            required=True,
            options=choices("organisation", Organisation),
            value=one.organisations if one else None,
        ),
        Field(
            "findings",
            _label("findings"),
            "textarea",
            hint=words.say(f"{_SAID}.findings_hint"),
            value=one.findings if one else None,
        ),
        Field("reference", _label("reference"), "text", value=one.reference if one else None),
    )


def _opinion_fields(one: ImplementationTest) -> tuple[Field, ...]:
    return (
        Field(
            "organisation",
            _label("organisation"),
            "radio",
            required=True,
            options=choices("organisation", one.organisations),
        ),
        Field(
            "satisfaction",
            _label("satisfaction"),
            "radio",
            required=True,
            options=choices("satisfaction", Satisfaction),
        ),
        Field("saidOn", _label("said_on"), "date", required=True),
        Field("said", _label("said"), "textarea", hint=words.say(f"{_SAID}.said_hint")),
        Field("reference", _label("reference"), "text"),
    )


def _told(given: Given, posted: FormData) -> Told:
    """What was filled in. Raises InvalidInput."""
    held_on = changes.day(given, "heldOn")
    assert held_on is not None, "a required field was filled in"
    return Told(
        given["kind"],
        held_on,
        given["title"],
        ticked(posted, "organisations"),
        given["person"],
        given["capability"],
        given.get("findings", ""),
        given.get("reference", ""),
    )


def _hear(store: Store, actor: Actor, wanted: str, given: Given, key: str | None) -> None:
    """Record what was filled in. Raises InvalidInput."""
    said_on = changes.day(given, "saidOn")
    assert said_on is not None, "a required field was filled in"
    words_of_it = (given.get("said", ""), given.get("reference", ""))
    heard = Heard(given["organisation"], given["satisfaction"], said_on, *words_of_it)
    testing.hear(store, actor, wanted, heard, key=key)


def _line(request: Request, one: ImplementationTest) -> Line:
    return Line(
        one.id,
        url(request, f"{_PATH}/{one.id}"),
        one.title,
        capital(words.say(f"test_kind.{one.kind}")),
        one.held_on,
        words.say(f"person_effect.{one.person}"),
        words.say(f"capability.{one.capability}"),
        ", ".join(words.say(f"organisation.{each}") for each in one.organisations),
        len([each for each in one.organisations if each in one.last]),
        len(one.organisations),
    )


def _involved(one: ImplementationTest, organisation: str) -> Involved:
    said = one.last.get(organisation)
    side = words.say("side.interest" if organisation in INTEREST else "side.execution")
    name = capital(words.say(f"organisation.{organisation}"))
    if said is None:
        return Involved(name, side, None, "neutral", "", "", None)
    told = capital(words.say(f"satisfaction.{said.satisfaction}"))
    looks = _LOOKS[said.satisfaction]
    return Involved(name, side, told, looks, said.said, said.reference, said.said_on)


def _read(request: Request, _person: Person, wanted: str) -> ImplementationTest:
    with reading(context(request).store) as connection:
        return _found(connection, wanted)


def _found(connection: Connection, wanted: str) -> ImplementationTest:
    found = implementation.one(connection, wanted)
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    return found


def _label(name: str) -> str:
    return words.say(f"{_SAID}.label_{name}")


_SCREENS = Screens(
    testing.TESTS,
    _PATH,
    "test",
    f"{_SAID}.title",
    "tested",
    _read,
    _fields,
    _told,
    lambda one: (one.title, one.title),
)
_SCREENS.add_to(router)
_SCREENS.add_remark_to(router, "opinion", _opinion_fields, _hear, "heard")
# After the forms: `new` is nobody's id.
router.add_api_route(f"{_PATH}/{{test}}", show, methods=["GET"])
