"""An error as a page: what went wrong, and what to do next."""

from http import HTTPStatus
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from api import people
from api.errors import trouble
from api.pages.places import NotYet
from api.pages.rendering import framed, page, see_other, url
from api.people import NotSignedIn, TurnedAway
from kdt import words
from kdt.access.queries import Person
from kdt.access.sessions import Session


def error(request: Request, raised: Exception) -> Response:
    """The page for what went wrong.

    Whoever can sign in is sent to do so, and on from there; from the first page everybody, to read
    why not.
    """
    path = request.scope["path"].removeprefix(request.scope.get("root_path", "")) or "/"
    if isinstance(raised, NotSignedIn) and (path == "/" or people.may_sign_in(request)):
        return see_other(request, _sign_in(request, path))
    if isinstance(raised, NotYet):
        return _not_yet(request, raised)
    if isinstance(raised, TurnedAway):
        return _turned_away(request, raised)
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


def _sign_in(request: Request, path: str) -> str:
    if path == "/" or request.method != "GET":
        return "/signin"
    query = request.url.query
    return f"/signin?next={quote(f'{path}?{query}' if query else path, safe='')}"


def _not_yet(request: Request, raised: NotYet) -> Response:
    """A calm page: it will be here, and the way to look again."""
    here = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return _onward(request, raised, HTTPStatus.OK, "not_yet", here, "look_again")


def _turned_away(request: Request, raised: TurnedAway) -> Response:
    """Why somebody does not come in, and the way to try again."""
    return _onward(request, raised, HTTPStatus.FORBIDDEN, "turned_away", "/signin", "sign_in_again")


def _onward(
    request: Request, raised: Exception, status: int, heading: str, path: str, link: str
) -> Response:
    said = words.say(f"error.{heading}")
    return page(
        request,
        "error.html",
        status,
        title=said,
        heading=said,
        sentence=str(raised),
        advice=None,
        href=url(request, path),
        link=words.say(f"error.{link}"),
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
