"""The first page, made for whoever looks."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages import audit, management, officers, panel
from api.pages.navigation import Audience, audience
from api.pages.requests import SignedIn
from kdt import words
from kdt.access.queries import Person
from kdt.errors import Forbidden

router = APIRouter()

_STARTS: Mapping[Audience, Callable[[Request, Person], Response]] = {
    Audience.OFFICER: officers.start,
    Audience.PANEL: panel.start,
    Audience.MANAGEMENT: management.start,
    Audience.ADMINISTRATION: management.start,
    Audience.AUDIT: audit.start,
}


@router.get("/")
def start(request: Request, person: SignedIn) -> Response:
    """The start page of the person's audience."""
    group = audience(person)
    if group is None:
        raise Forbidden(words.say("api.no_role"))
    return _STARTS[group](request, person)
