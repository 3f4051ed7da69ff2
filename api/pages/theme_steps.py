"""What is said of a rode draad, and the steps of its circuit: asked for and taken."""

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn, text, ticked
from api.pages.theme_forms import PATH, Offered, edit_form, offered, read_edit, step_form
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import splitting
from kdt.errors import NotFound
from kdt.store.transaction import reading
from kdt.themes import circuit, service, stepping
from kdt.themes.stepping import Told
from kdt.vocabulary import ThemeAction

router = APIRouter()


@router.get(f"{PATH}/{{theme}}/edit")
def ask_edit(request: Request, person: SignedIn, theme: str) -> Response:
    """The form to say what a theme is called, what it is about and whose it is."""
    permissions.holding(person.actors, Right.MANAGE_THEMES)
    return changes.asked(request, edit_form(*read_edit(request, theme)))


@router.post(f"{PATH}/{{theme}}/edit")
def edit(request: Request, person: SignedIn, theme: str, posted: Posted) -> Response:
    """Say so."""
    actor = permissions.holding(person.actors, Right.MANAGE_THEMES)
    store = context(request).store

    def alter(given: Given) -> Response:
        profile = {
            "stream": given.get("stream"),
            "owner": given.get("owner"),
            "codes": tuple(given.get("codes", "").splitlines()),
            "sources": tuple(given.get("sources", "").splitlines()),
        }
        name, description = given["name"], given.get("description", "")
        stepping.alter(store, actor, theme, name=name, description=description, profile=profile)
        return see_other(request, f"{PATH}/{theme}", "theme_changed")

    return changes.answered(request, edit_form(*read_edit(request, theme)), posted, alter)


@router.get(f"{PATH}/{{theme}}/{{action}}")
def ask_step(request: Request, person: SignedIn, theme: str, action: ThemeAction) -> Response:
    """The form for a step of its circuit."""
    return changes.asked(request, _form(request, person, theme, action))


@router.post(f"{PATH}/{{theme}}/{{action}}")
def take_step(
    request: Request, person: SignedIn, theme: str, action: ThemeAction, posted: Posted
) -> Response:
    """Take it."""
    return _taken(request, person, theme, action, posted)


@router.get(f"{PATH}/{{theme}}/steps/{{number}}/correct")
def ask_correction(request: Request, person: SignedIn, theme: str, number: int) -> Response:
    """Asks why a step is to be taken back."""
    return changes.asked(request, _form(request, person, theme, ThemeAction.CORRECT, number))


@router.post(f"{PATH}/{{theme}}/steps/{{number}}/correct")
def correct(
    request: Request, person: SignedIn, theme: str, number: int, posted: Posted
) -> Response:
    """Take it back."""
    return _taken(request, person, theme, ThemeAction.CORRECT, posted, number)


def _form(
    request: Request, person: Person, theme: str, action: ThemeAction, number: int | None = None
) -> Form:
    permissions.holding(person.actors, circuit.ROW[action].right)
    if action is ThemeAction.CORRECT and number is None:
        raise NotFound(words.say("refusal.not_found"))
    with reading(context(request).store) as connection:
        found = service.found(connection, theme)
    choices = offered(request, person, found, action) if action in _CHOOSES else Offered()
    return step_form(found, action, choices, number)


# Of these the form offers what there is.
_CHOOSES = frozenset({ThemeAction.CONSULT, ThemeAction.MERGE, ThemeAction.SPLIT})


def _taken(
    request: Request,
    person: Person,
    theme: str,
    action: ThemeAction,
    posted: FormData,
    number: int | None = None,
) -> Response:
    actor = permissions.holding(person.actors, circuit.ROW[action].right)
    store = context(request).store

    def go(given: Given) -> Response:
        named = ticked(posted, "escalations")
        told = Told(
            action,
            changes.day(given, "occurredOn"),
            given.get("reasons"),
            given.get("owedBy"),
            changes.day(given, "dueOn"),
            given.get("closedAs"),
            given.get("consultation"),
            given.get("target"),
            named or None,
            number,
        )
        splitting.take(store, person.actors, actor, theme, told, key=text(posted, "key"))
        return see_other(request, f"{PATH}/{theme}", "theme_stepped")

    return changes.answered(request, _form(request, person, theme, action, number), posted, go)
