"""Who is asking.

Real sign-in is still to come. Until then one chooses an example person: on the machine itself, and
only where the record is a demonstration. A page does so in a session; a program sends the person's
fixed token, `demo-<id>`.
"""

import hmac
from typing import cast

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from api.context import context, is_local
from kdt import words
from kdt.access import queries, service, sessions
from kdt.access.queries import Person
from kdt.access.sessions import Session
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.errors import Forbidden, KdtError, NotFound
from kdt.ledger.service import PRODUCT, By
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role

TOKEN_PREFIX = "demo-"  # nosec B105  # noqa: S105 - no secret: what follows is the id of an invented person


class NotSignedIn(KdtError):
    """Nobody is signed in, or not in a way that is good for this."""


def current(request: HTTPConnection) -> Person | None:
    """The person asking, by bearer token or by session, looked up once; None when nobody is
    signed in.

    Raises NotSignedIn on a token that is not known.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        if not hasattr(request.state, "by_token"):
            request.state.by_token = _by_token(request, authorization)
        return cast("Person", request.state.by_token)
    signed_in = session(request)
    return None if signed_in is None else signed_in.person


def required(request: HTTPConnection) -> Person:
    """The person asking; raises NotSignedIn, with what to do about it, when nobody is."""
    person = current(request)
    if person is None:
        raise NotSignedIn(words.say(how_to_sign_in(request)))
    return person


def how_to_sign_in(request: HTTPConnection) -> str:
    """The words (by key) that say how one signs in here, or that nobody can."""
    return "api.sign_in" if may_choose(request) else "api.no_sign_in"


def may_choose(request: HTTPConnection) -> bool:
    """Whether one may sign in by choosing an example person here."""
    return context(request).demo and is_local(request)


def session(request: HTTPConnection) -> Session | None:
    """The live session of this request, looked up once; None when there is none."""
    if not hasattr(request.state, "session"):
        token = request.cookies.get(_cookie(request))
        request.state.session = None
        if token is not None and may_choose(request):
            with reading(context(request).store) as connection:
                request.state.session = sessions.find(connection, token)
    return cast("Session | None", request.state.session)


def choose(request: Request, response: Response, person_id: str) -> Session:
    """Sign in as an example person, in a new session, and hand the browser its cookie.

    Raises NotSignedIn where one may not choose, NotFound when there is no such person.
    """
    if not may_choose(request):
        raise NotSignedIn(words.say("api.no_sign_in"))
    earlier = request.cookies.get(_cookie(request))
    with writing(context(request).store) as connection:
        if earlier is not None:
            sessions.end(connection, earlier)
        begun = sessions.begin(connection, person_id)
    if begun is None:
        raise NotFound(words.say("refusal.not_found"))
    token, signed_in = begun
    response.set_cookie(
        _cookie(request),
        token,
        max_age=int(sessions.LASTS.total_seconds()),
        secure=_over_tls(request),
        httponly=True,
        samesite="lax",
    )
    return signed_in


def sign_out(request: Request, response: Response) -> None:
    """End the session of this request, here and in the browser."""
    token = request.cookies.get(_cookie(request))
    if token is not None:
        with writing(context(request).store) as connection:
            sessions.end(connection, token)
    response.delete_cookie(
        _cookie(request), secure=_over_tls(request), httponly=True, samesite="lax"
    )


def check_csrf(request: HTTPConnection, given: str | None) -> None:
    """Raise Forbidden unless the form came from a page of this session."""
    signed_in = session(request)
    if signed_in is None or given is None or not _same(signed_in.csrf, given):
        raise Forbidden(words.say("api.foreign_form"))


def enter_examples(store: Store) -> None:
    """Enter the example people, so that one can sign in while their year still plays in."""
    with writing(store) as connection:
        service.enter(
            connection,
            By(PRODUCT),
            (
                Person(one.id, one.label, tuple((Role(role), at) for role, at in one.grants))
                for one in EXAMPLE_PEOPLE
            ),
        )


def _by_token(request: HTTPConnection, authorization: str) -> Person:
    scheme, _, token = authorization.partition(" ")
    if not may_choose(request):
        raise NotSignedIn(words.say("api.no_sign_in"))
    if scheme.lower() == "bearer" and token.startswith(TOKEN_PREFIX):
        with reading(context(request).store) as connection:
            person = queries.person(connection, token.removeprefix(TOKEN_PREFIX))
        if person is not None:
            return person
    raise NotSignedIn(words.say("api.unknown_token"))


def _cookie(request: HTTPConnection) -> str:
    # The prefix makes a browser refuse it from another host, a wider path, or without TLS.
    return "__Host-kdt" if _over_tls(request) else "kdt"


def _over_tls(request: HTTPConnection) -> bool:
    return request.url.scheme == "https"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))
