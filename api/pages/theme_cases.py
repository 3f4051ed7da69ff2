"""A case that shows a rode draad, as policy sees it afterwards: said from the page of the theme."""

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes, forms
from api.pages.changes import Form, Given
from api.pages.forms import Field
from api.pages.rendering import see_other
from api.pages.requests import Posted, SignedIn, text
from api.pages.theme_forms import PATH
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import view
from kdt.cases.inputs import Inputs
from kdt.cases.queries import themes_of
from kdt.cases.service import Command, perform
from kdt.names import invalid
from kdt.procedure.rows import Field as Input
from kdt.procedure.rows import Kind
from kdt.store.transaction import reading
from kdt.themes import service
from kdt.values import Problem
from kdt.vocabulary import Action

router = APIRouter()

_WHEN = Input("occurred_on", Kind.DAY, required=False)


@router.get(f"{PATH}/{{theme}}/cases/new")
def ask(request: Request, person: SignedIn, theme: str) -> Response:
    """Asks which case shows it, and why."""
    return changes.asked(request, _form(request, person, theme))


@router.post(f"{PATH}/{{theme}}/cases/new")
def add(request: Request, person: SignedIn, theme: str, posted: Posted) -> Response:
    """Say so."""
    store = context(request).store

    def tag(given: Given) -> Response:
        escalation = given["escalation"]
        with reading(store) as connection:
            matter = view.matter(connection, person.actors, escalation)
            shows = themes_of(connection, escalation) if matter else []
        if matter is None:
            raise invalid(Problem("escalation_unseen", "escalation"))
        if theme in shows:
            raise invalid(Problem("shows_already", "escalation"))
        actor = view.acting(person.actors, Action.TAG, matter) or person.actors[0]
        inputs = Inputs({"theme": theme}, {"reason": given["reason"]})
        command = Command(Action.TAG, inputs, changes.day(given, "occurredOn"))
        perform(store, actor, escalation, [command], key=text(posted, "key"))
        return see_other(request, f"{PATH}/{theme}", "recorded")

    return changes.answered(request, _form(request, person, theme), posted, tag)


def _form(request: Request, person: Person, theme: str) -> Form:
    """Raises Forbidden for who keeps no themes, and NotFound."""
    permissions.holding(person.actors, Right.MANAGE_THEMES)
    with reading(context(request).store) as connection:
        found = service.found(connection, theme)
    here = f"{PATH}/{theme}"
    label, hint = words.say("tag_case.label_escalation"), words.say("tag_case.escalation_hint")
    (reason,) = forms.fields(Action.TAG, only=["reason"])
    fields = (
        Field("escalation", label, "text", required=True, hint=hint),
        replace(reason, required=True),
        forms.described(Action.TAG, _WHEN),
    )
    return Form("tag_case", f"{here}/cases/new", (here, found.name), fields, found.name)
