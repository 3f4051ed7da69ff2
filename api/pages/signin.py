"""Signing in and out: with the organisation's provider, or in a demonstration by choosing an
example person."""

import re
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import people
from api.context import context, over_tls
from api.pages.navigation import Audience, audience
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, PostedByAnyone, text
from api.people import TurnedAway
from kdt import words
from kdt.access import queries, sign_ins
from kdt.access.queries import Person
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.errors import NotFound
from kdt.store.transaction import reading, writing

if TYPE_CHECKING:
    from api.oidc.provider import Provider

router = APIRouter()

# An own address: a path, and nothing a browser could read as another site.
_OWN = re.compile(r"/(?![/\\])[!-\[\]-~]{0,1000}", re.ASCII)


@router.get("/signin")
def ask(request: Request, next: str | None = None) -> Response:  # noqa: A002 - as it is known
    """How one signs in here: with the provider, as one of the example people by what they come
    for, or where neither is possible, why not."""
    onward, groups = own(next), []
    if people.may_choose(request):
        with reading(context(request).store) as connection:
            groups = _groups(queries.all_people(connection))
    start = None
    if context(request).provider is not None:
        start = url(request, f"/signin/start?next={quote(onward, safe='')}")
    return page(
        request,
        "signin.html",
        title=words.say("sign_in.title"),
        groups=groups,
        onward=onward,
        start=start,
        closed=None if people.may_sign_in(request) else words.say("api.no_sign_in"),
    )


@router.post("/signin")
def choose(request: Request, form: PostedByAnyone) -> Response:
    """Sign in as the example person chosen."""
    answer = see_other(request, own(text(form, "next")))
    people.choose(request, answer, text(form, "person") or "")
    return answer


@router.get("/signin/start")
def start(
    request: Request,
    next: str | None = None,  # noqa: A002 - as it is known
    again: bool = False,
) -> Response:
    """Off to the provider; `again`: to prove who one is, though signed in there."""
    # Slow to import, and needed by none but where there is a provider.
    from api.oidc import flow

    provider = _provider(request)
    # A browser that is on its way in another window keeps what it holds: both may come back.
    browser = request.cookies.get(_cookie(request)) or secrets.token_urlsafe(32)
    provider.told()
    with writing(context(request).store) as connection:
        begun = sign_ins.begin(connection, browser, own(next))
    answer = RedirectResponse(flow.address(provider, begun, again=again), HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        _cookie(request),
        browser,
        max_age=int(sign_ins.LASTS.total_seconds()),
        secure=over_tls(request),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/signin/callback")
def finish(request: Request) -> Response:
    """Back from the provider: in, and on to where one wanted to be."""
    from api.oidc import flow

    provider, browser = _provider(request), request.cookies.get(_cookie(request))
    given = dict(request.query_params)
    begun = None
    if browser is not None and len(given) == len(request.query_params.multi_items()):
        with writing(context(request).store) as connection:
            begun = sign_ins.take(connection, browser, given.get("state", ""))
    if begun is None:
        raise TurnedAway(words.say("sign_in.not_begun"))
    claims = flow.claims(provider, begun, given)
    answer = see_other(request, begun.onward)
    people.sign_in(request, answer, provider.arrival(claims))
    return answer


@router.post("/signout")
def sign_out(request: Request, _form: Posted) -> Response:
    """Sign out, here and in the browser."""
    provider = context(request).provider
    answer = see_other(request, "/signin" if provider is None else "/signedout")
    people.sign_out(request, answer)
    return answer


@router.get("/signedout")
def signed_out(request: Request) -> Response:
    """That one is signed out here, and the way to sign out with the organisation too."""
    from api.oidc import flow

    return page(
        request,
        "signedout.html",
        title=words.say("sign_in.signed_out"),
        leaving=flow.leaving(_provider(request)),
    )


def own(address: str | None) -> str:
    """The address, when it is a path of our own; else the first page."""
    return address if address is not None and _OWN.fullmatch(address) else "/"


def _provider(request: Request) -> "Provider":
    provider = context(request).provider
    if provider is None:
        raise NotFound(words.say("api.no_sign_in"))
    return provider


def _cookie(request: Request) -> str:
    return "__Host-kdt-signin" if over_tls(request) else "kdt-signin"


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
