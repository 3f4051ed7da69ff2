"""Meetings in one's own calendar program: the addresses somebody has, and what is fetched there."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.context import context
from api.pages.places import Places, places
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import feeds, permissions
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.panels.queries import NamedPanel
from kdt.store.moments import today
from kdt.store.transaction import reading, writing

router = APIRouter()

_PATH = "/calendar-feeds"


@dataclass(frozen=True, slots=True)
class Line:
    """A feed somebody can have: of one panel, or (an empty `panel`) of all they sit in; and since
    when they have an address of it."""

    panel: str
    name: str
    made_at: datetime | None


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Which addresses there can be, and which this person has."""
    return _page(request, person)


@router.post(_PATH)
def change(request: Request, person: SignedIn, posted: Posted) -> Response:
    """Make a new address, which is shown once, or revoke one."""
    panel, revoked = text(posted, "panel"), text(posted, "do") == "revoke"
    with reading(context(request).store) as connection:
        mine = _sits_in(places(connection, today(connection)), person)
    if panel is not None and panel not in {one.id for one in mine}:
        raise NotFound(words.say("refusal.not_found"))
    with writing(context(request).store) as connection:
        if not revoked:
            token = feeds.make(connection, person.id, panel)
        else:
            feeds.revoke(connection, person.id, panel)
    if revoked:
        return see_other(request, _PATH, "feed_revoked")
    # Behind a proxy the request itself does not know that it came over TLS.
    here = context(request).settings.base_url or str(request.base_url)
    address = f"{here.rstrip('/')}{_PATH}/{token}.ics"
    return _page(request, person, address)


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
        now = today(connection)
        mine = _sits_in(places(connection, now), person)
        wanted = {one.id: one.name for one in mine if panel in (None, one.id)}
        if not wanted:
            raise NotFound(words.say("refusal.not_found"))
        made = feed.written(connection, wanted, now)
    headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(request: Request, person: Person, address: str | None = None) -> Response:
    with reading(context(request).store) as connection:
        mine = _sits_in(places(connection, today(connection)), person)
        has = {one.panel: one.made_at for one in feeds.of_person(connection, person.id)}
    if not mine:
        raise permissions.forbidden(Right.SIT)
    lines = [Line("", words.say("feeds.own"), has.get(None))]
    lines += [Line(one.id, one.name, has.get(one.id)) for one in mine]
    return page(
        request,
        "feeds.html",
        title=words.say("feeds.title"),
        lines=lines,
        address=address,
        action=url(request, _PATH),
        back=url(request, "/meetings"),
    )


def _sits_in(known: Places, person: Person) -> list[NamedPanel]:
    """The panels a person sits in, in a capacity of their own."""
    return [
        one
        for one in known.panels.values()
        if any(
            actor.on_behalf_of is None
            and permissions.has(actor, Right.SIT)
            and actor.location == one.location
            for actor in person.actors
        )
    ]
