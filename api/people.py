"""Who is asking: a person in a session of the browser, or a program with a bearer token.

One signs in with the organisation's provider. On the machine itself, and only where the record is a
demonstration, one may choose an example person instead; a program then sends the person's fixed
token, `demo-<id>`.
"""

import hmac
import time
from datetime import UTC, datetime
from typing import cast

import structlog
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from api import scopes
from api.browsers import coarse
from api.context import context, is_local, over_tls
from kdt import words
from kdt.access import queries, service, sessions
from kdt.access.queries import Person
from kdt.access.sessions import Session
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.errors import Forbidden, KdtError, NotFound
from kdt.ledger.service import PRODUCT, By
from kdt.people.service import Arrival, arrive, recognise
from kdt.store.engine import Store
from kdt.store.transaction import at_once, reading, writing
from kdt.vocabulary import Role

_log = structlog.get_logger("kdt.people")

TOKEN_PREFIX = "demo-"  # nosec B105  # noqa: S105 - no secret: what follows is the id of an invented person


class NotSignedIn(KdtError):
    """Nobody is signed in, or not in a way that is good for this."""


class TurnedAway(Forbidden):
    """Who came to sign in does not come in, or not so."""


class TokenRefused(NotSignedIn):
    """A program's token proves nothing."""


class ScopeMissing(Forbidden):
    """A program's token does not open this; `scope` would."""

    def __init__(self, scope: str) -> None:
        super().__init__(words.say("api.scope_missing", scope=scope))
        self.scope = scope


def current(request: HTTPConnection) -> Person | None:
    """The person asking, by bearer token or by session, looked up once; None when nobody is
    signed in.

    Raises NotSignedIn on a token that proves nothing, ScopeMissing on one that does not open this.
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
    if may_choose(request):
        return "api.sign_in_as_example"
    return "api.no_sign_in" if context(request).provider is None else "api.sign_in"


def may_choose(request: HTTPConnection) -> bool:
    """Whether one may sign in by choosing an example person here."""
    here = context(request)
    return here.demo and here.provider is None and is_local(request)


def may_sign_in(request: HTTPConnection) -> bool:
    """Whether one can sign in here at all."""
    return may_choose(request) or context(request).provider is not None


def session(request: HTTPConnection) -> Session | None:
    """The live session of this request, looked up once; None when there is none."""
    if not hasattr(request.state, "session"):
        token = session_token(request)
        request.state.session = None
        if token is not None and may_sign_in(request):
            request.state.session = _found(request, token)
    return cast("Session | None", request.state.session)


def session_token(request: HTTPConnection) -> str | None:
    """What the browser holds of its session, whether that is still one or not."""
    return request.cookies.get(_cookie(request))


def choose(request: Request, response: Response, person_id: str) -> Session:
    """Sign in as an example person, in a new session, and hand the browser its cookie.

    Raises NotSignedIn where one may not choose, NotFound when there is no such person.
    """
    if not may_choose(request):
        raise NotSignedIn(words.say("api.no_sign_in"))
    begun = _begin(request, response, person_id, datetime.now(UTC))
    if begun is None:
        raise NotFound(words.say("refusal.not_found"))
    return begun


def sign_in(request: Request, response: Response, arrival: Arrival) -> None:
    """Sign in whom the provider says it is, in a new session, and hand the browser its cookie.

    Raises TurnedAway, with why, when they may not come in.
    """
    with writing(context(request).store) as connection:
        turned_away = arrive(connection, arrival)
    # What they may no longer do is taken even so; hence not within.
    proven_at = _proven_at(arrival)
    if turned_away is not None or _begin(request, response, arrival.person_id, proven_at) is None:
        why = turned_away or "sign_in.disabled"
        _log.warning("sign_in_failed", person=arrival.person_id, why=why)
        raise TurnedAway(words.say(why))


def sign_out(request: Request, response: Response) -> None:
    """End the session of this request, here and in the browser."""
    ended, token = session(request), session_token(request)
    if token is not None and ended is not None:
        with writing(context(request).store) as connection:
            sessions.end(connection, token)
        _log.info("signed_out", person=ended.person.id)
    response.delete_cookie(
        _cookie(request), secure=over_tls(request), httponly=True, samesite="lax"
    )
    # Whatever the browser kept of pages that were open; cookies are not ours alone.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


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


def _proven_at(arrival: Arrival) -> datetime | None:
    """When somebody proved to the provider who they are, if it says so: not at every sign-in."""
    moment = arrival.claims.get("auth_time")
    if not isinstance(moment, int):
        return None
    return datetime.fromtimestamp(max(0, min(moment, time.time())), UTC)


def _begin(
    request: Request, response: Response, person_id: str, proven_at: datetime | None
) -> Session | None:
    limits = context(request).limits
    earlier = session_token(request)
    browser = coarse(request.headers.get("user-agent", ""))
    with writing(context(request).store) as connection:
        if earlier is not None:
            sessions.end(connection, earlier)
        begun = sessions.begin(connection, person_id, limits, browser, proven_at)
    if begun is None:
        return None
    token, signed_in = begun
    _log.info("signed_in", person=person_id)
    response.set_cookie(
        _cookie(request),
        token,
        max_age=int(limits.lasts.total_seconds()),
        secure=over_tls(request),
        httponly=True,
        samesite="lax",
    )
    return signed_in


def _found(request: HTTPConnection, token: str) -> Session | None:
    store, limits = context(request).store, context(request).limits
    with at_once(store) as connection:
        found = sessions.find(connection, token, limits)
    if found is not None and found.rests:
        with writing(store) as connection:
            sessions.note_use(connection, token, limits)
    return found


def _by_token(request: HTTPConnection, authorization: str) -> Person:
    if not may_sign_in(request):
        raise NotSignedIn(words.say("api.no_sign_in"))
    scheme, _, token = authorization.partition(" ")
    person = None
    if scheme.lower() == "bearer":
        if may_choose(request):
            person = _example(request, token)
        elif context(request).provider is not None:
            person = _program(request, token)
    if person is None:
        raise NotSignedIn(words.say("api.unknown_token"))
    return person


def _example(request: HTTPConnection, token: str) -> Person | None:
    if not token.startswith(TOKEN_PREFIX):
        return None
    with reading(context(request).store) as connection:
        return queries.person(connection, token.removeprefix(TOKEN_PREFIX))


def _program(request: HTTPConnection, token: str) -> Person | None:
    # Slow to import, and needed by none but where there is a provider.
    from api.oidc.tokens import BadToken, access_claims

    provider = context(request).provider
    assert provider is not None
    if provider.audience is None:
        raise NotSignedIn(words.say("api.no_programs"))
    try:
        claims = access_claims(provider, token)
    except BadToken as error:
        raise TokenRefused(words.say(f"token.{error.code}")) from error
    scope, held = scopes.needed(request), claims.get("scope")
    if not isinstance(held, str) or scope not in held.split():
        raise ScopeMissing(scope)
    person = recognise(context(request).store, provider.arrival(claims))
    if person is None:
        raise NotSignedIn(words.say("sign_in.disabled"))
    return person


def _cookie(request: HTTPConnection) -> str:
    # The prefix makes a browser refuse it from another host, a wider path, or without TLS.
    return "__Host-kdt" if over_tls(request) else "kdt"


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode(errors="replace"))
