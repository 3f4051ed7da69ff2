"""Signing in and out. For now one chooses an example person, and only where that is allowed."""

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import people
from api.context import context
from api.pages.navigation import Audience, audience
from api.pages.rendering import page, see_other
from api.pages.requests import Posted, PostedByAnyone, text
from kdt import words
from kdt.access import queries
from kdt.access.queries import Person
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.store.transaction import reading

router = APIRouter()


@router.get("/signin")
def choose(request: Request) -> Response:
    """The example people, by what they come for; where nobody can sign in yet, why not."""
    if not people.may_choose(request):
        closed = words.say("api.no_sign_in")
        return page(request, "signin.html", title="Aanmelden", groups=[], closed=closed)
    with reading(context(request).store) as connection:
        known = queries.all_people(connection)
    return page(request, "signin.html", title="Aanmelden", groups=_groups(known), closed=None)


@router.post("/signin")
def sign_in(request: Request, form: PostedByAnyone) -> Response:
    """Sign in as the person chosen."""
    answer = see_other(request, "/")
    people.choose(request, answer, text(form, "person") or "")
    return answer


@router.post("/signout")
def sign_out(request: Request, _form: Posted) -> Response:
    """Sign out, here and in the browser."""
    answer = see_other(request, "/signin")
    people.sign_out(request, answer)
    return answer


def _groups(known: Iterable[Person]) -> list[tuple[str, list[dict[str, str]]]]:
    examples = {one.id for one in EXAMPLE_PEOPLE}
    groups: dict[Audience, list[dict[str, str]]] = {}
    for person in known:
        group = audience(person)
        if person.id in examples and group is not None:
            note = words.say(f"role_note.{person.grants[0][0]}")
            choice = {"id": person.id, "name": person.label, "note": note}
            groups.setdefault(group, []).append(choice)
    return [(words.say(f"audience.{one}"), groups[one]) for one in Audience if one in groups]
