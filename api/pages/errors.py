"""An error as a page: what went wrong, and what to do next."""

from http import HTTPStatus
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from api import people
from api.errors import trouble
from api.pages.places import NotYet
from api.pages.rendering import framed, page, see_other, url
from api.people import NotSignedIn
from kdt import words
from kdt.access.queries import Person
from kdt.access.sessions import Session


def error(request: Request, raised: Exception) -> Response:
    """The page for what went wrong.

    Whoever may choose a person is sent to do so; from the first page everybody, to read why not.
    """
    at_the_door = request.scope["path"].removeprefix(request.scope.get("root_path", "")) in (
        "",
        "/",
    )
    if isinstance(raised, NotSignedIn) and (at_the_door or people.may_choose(request)):
        return see_other(request, "/signin")
    if isinstance(raised, NotYet):
        return _not_yet(request, raised)
    found = trouble(raised)
    heading, advice = f"error.{found.status}", f"error_advice.{found.status}"
    said = words.say(heading if words.known(heading) else "error.400")
    unforeseen = found.status == HTTPStatus.INTERNAL_SERVER_ERROR
    answer = framed(
        request,
        "error.html",
        found.status,
        _person(request, found.status),
        title=said,
        heading=said,
        sentence=words.say("error.unforeseen") if unforeseen else found.detail,
        advice=words.say(advice) if words.known(advice) else None,
        href=None,
        link=None,
        reference=get_contextvars().get("trace") if unforeseen else None,
        conflict=None,
    )
    answer.headers.update(found.headers)
    return answer


def _not_yet(request: Request, raised: NotYet) -> Response:
    """A calm page: it will be here, and the way to look again."""
    said = words.say("error.not_yet")
    return page(
        request,
        "error.html",
        title=said,
        heading=said,
        sentence=str(raised),
        advice=None,
        href=url(request, request.url.path.removeprefix(request.scope.get("root_path", ""))),
        link=words.say("error.look_again"),
        reference=None,
        conflict=None,
    )


def _person(request: Request, status: int) -> Person | None:
    """Who is signed in; where the database may be what failed, only if that is known already."""
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        signed_in = people.session(request)
    else:
        signed_in = cast("Session | None", getattr(request.state, "session", None))
    return signed_in.person if signed_in else None
