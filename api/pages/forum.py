"""The IND-wide forum: anybody brings something; what came of it is for everybody to read."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages import changes
from api.pages.changes import Form, Given
from api.pages.forms import Field, Option
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.forum import queries, service
from kdt.forum.service import Concluded
from kdt.store.transaction import reading
from kdt.themes.queries import themes

router = APIRouter()

_PATH = "/forum"
_BACK = (_PATH, words.say("forum.title"))


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """What waits for the forum, and what came of the rest."""
    with reading(context(request).store) as connection:
        found = [one for one in queries.items(connection) if not one.withdrawn]
        named = {one.id: one.name for one in themes(connection)}
    keeps = permissions.holder(person.actors, Right.MANAGE_THEMES) is not None
    return page(
        request,
        "forum.html",
        title=words.say("forum.title"),
        waiting=[one for one in found if one.waits],
        taken=[
            (one, (named[one.theme], url(request, f"/themes/{one.theme}")) if one.theme else None)
            for one in found
            if not one.waits
        ],
        me=person.id,
        keeps=keeps,
        add=url(request, f"{_PATH}/new"),
    )


@router.get("/forum/new")
def ask_new(request: Request, _person: SignedIn) -> Response:
    """The form to bring something; about the escalation in the address, where one is named."""
    return changes.asked(request, _new_form(request.query_params.get("escalation")))


@router.post("/forum/new")
def bring(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Bring it."""

    def go(given: Given) -> Response:
        store, actor = context(request).store, person.actors[0]
        service.bring(
            store, actor, given["problem"], given.get("escalation"), key=text(posted, "key")
        )
        return see_other(request, _PATH, "forum_brought")

    return changes.answered(request, _new_form(None), posted, go)


@router.get("/forum/{item}/withdraw")
def ask_withdraw(request: Request, person: SignedIn, item: str) -> Response:
    """Asks whether to take it back."""
    return changes.asked(request, _withdraw_form(request, person, item))


@router.post("/forum/{item}/withdraw")
def withdraw(request: Request, person: SignedIn, item: str, posted: Posted) -> Response:
    """Take it back."""

    def go(_given: Given) -> Response:
        service.withdraw(context(request).store, person.actors[0], item)
        return see_other(request, _PATH, "forum_withdrawn")

    return changes.answered(request, _withdraw_form(request, person, item), posted, go)


@router.get("/forum/{item}/conclude")
def ask_conclude(request: Request, person: SignedIn, item: str) -> Response:
    """The form for what the forum made of it."""
    permissions.holding(person.actors, Right.MANAGE_THEMES)
    return changes.asked(request, _conclude_form(request, item))


@router.post("/forum/{item}/conclude")
def conclude(request: Request, person: SignedIn, item: str, posted: Posted) -> Response:
    """Record it."""
    actor = permissions.holding(person.actors, Right.MANAGE_THEMES)

    def go(given: Given) -> Response:
        discussed_on = changes.day(given, "discussedOn")
        assert discussed_on is not None, "a required field was filled in"
        told = Concluded(
            discussed_on, given.get("reasons", ""), given.get("theme"), given.get("name")
        )
        service.conclude(context(request).store, actor, item, told, key=text(posted, "key"))
        return see_other(request, _PATH, "forum_concluded")

    return changes.answered(request, _conclude_form(request, item), posted, go)


def _new_form(escalation: str | None) -> Form:
    fields = (
        Field(
            "problem",
            words.say("forum.problem"),
            "textarea",
            required=True,
            hint=words.say("forum.problem_hint"),
        ),
        Field(
            "escalation",
            words.say("forum.escalation"),
            "text",
            hint=words.say("forum.escalation_hint"),
            value=escalation,
        ),
    )
    return Form("forum_new", "/forum/new", _BACK, fields)


def _withdraw_form(request: Request, person: Person, item: str) -> Form:
    with reading(context(request).store) as connection:
        known = queries.item(connection, item)
    if known is None:
        raise NotFound(words.say("refusal.not_found"))
    service.check_brought(person.id, known)
    return Form("forum_withdraw", f"{_PATH}/{item}/withdraw", _BACK, danger=True)


def _conclude_form(request: Request, item: str) -> Form:
    with reading(context(request).store) as connection:
        if queries.item(connection, item) is None:
            raise NotFound(words.say("refusal.not_found"))
        listed = [Option(one.id, one.name) for one in themes(connection)]
    fields = (
        Field("discussedOn", words.say("forum.discussed_on"), "date", required=True),
        Field("theme", words.say("forum.theme"), "select", options=tuple(listed)),
        Field("name", words.say("forum.name"), "text", hint=words.say("forum.name_hint")),
        Field(
            "reasons", words.say("forum.reasons"), "textarea", hint=words.say("forum.reasons_hint")
        ),
    )
    return Form("forum_conclude", f"{_PATH}/{item}/conclude", _BACK, fields)
