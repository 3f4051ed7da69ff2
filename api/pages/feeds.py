"""Meetings in one's own calendar program: the addresses somebody has, and what is fetched there."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context, site
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import feeds
from kdt.access.queries import Person
from kdt.errors import NotFound
from kdt.meetings import subscribing
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()

_PATH = "/calendar-feeds"


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Which addresses there can be, and which this person has."""
    return _page(request, person)


@router.post(_PATH)
def change(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Make a new address, which is shown once, or revoke one."""
    store, panel = context(request).store, text(posted, "panel")
    if text(posted, "do") == "revoke":
        subscribing.revoke(store, person, panel)
        return see_other(request, _PATH, "feed_revoked")
    _, token = subscribing.make(store, person, panel)
    return _page(request, person, token)


@router.get(_PATH + "/{token}.ics")
def fetch(request: Request, token: str) -> Response:
    """The meetings, for whatever calendar program has the address."""
    # It takes half a second to load what writes calendars: not for who starts the product.
    from kdt.meetings import feed

    with reading(context(request).store) as connection:
        found = feeds.find(connection, token)
        if found is None:
            raise NotFound(words.say("refusal.not_found"))
        person, panel = found
        mine = subscribing.sits_in(connection, person)
        wanted = {one: name for one, name in mine.items() if panel in (None, one)}
        if not wanted:
            raise NotFound(words.say("refusal.not_found"))
        made = feed.written(connection, wanted, today(connection))
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(request: Request, person: Person, token: str | None = None) -> Response:
    with reading(context(request).store) as connection:
        own = subscribing.of_person(connection, person)
    return page(
        request,
        "feeds.html",
        title=words.say("feeds.title"),
        lines=own,
        address=subscribing.address(site(request), token) if token else None,
        action=url(request, _PATH),
        back=url(request, "/meetings"),
    )
