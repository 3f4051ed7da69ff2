"""Calendar feeds: addresses at which a calendar program fetches one's own meetings."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Response
from starlette.requests import Request

from api.context import context, site
from api.v1 import models
from api.v1.asking import Asker, Key, href
from api.v1.inputs import In, Name
from api.v1.responses import READ, WRITE_ONE
from kdt.meetings import subscribing
from kdt.store.transaction import reading

router = APIRouter(prefix="/calendar-feeds", tags=["meetings"])

# In an address, the feed of every panel somebody sits in.
_ALL = "all"


class NewCalendarFeed(In):
    """Of one panel; without it, of every panel you sit in."""

    panel: Name | None = None


@router.get(
    "",
    summary="Uw agenda-adressen",
    response_model=models.Items[models.CalendarFeed],
    responses=READ,
)
def list_feeds(request: Request, person: Asker) -> Mapping[str, Any]:
    """Waarvan u een adres kunt hebben, en sinds wanneer u er een heeft. Het adres zelf is daarna
    niet meer te zien."""
    with reading(context(request).store) as connection:
        return {"items": subscribing.of_person(connection, person)}


@router.post(
    "",
    status_code=201,
    summary="Maak een agenda-adres",
    response_model=models.NewAddress,
    responses=WRITE_ONE,
)
def make_feed(
    request: Request, response: Response, person: Asker, key: Key, new: NewCalendarFeed
) -> models.NewAddress:
    """Een agendaprogramma haalt er de overleggen op, zonder zich aan te melden: geef het aan
    niemand. Het vorige adres werkt niet meer. Een herhaling met dezelfde sleutel maakt geen nieuw
    adres, en toont het niet nog eens."""
    own, token = subscribing.make(context(request).store, person, new.panel, key=key)
    response.headers["Location"] = href(request, "calendar-feeds")
    made = None if token is None else subscribing.address(site(request), token)
    return models.NewAddress(**asdict(own), address=made)


@router.delete("/{feed}", status_code=204, summary="Trek een agenda-adres in", responses=WRITE_ONE)
def revoke_feed(request: Request, person: Asker, feed: Name) -> None:
    """Het adres werkt niet meer. `feed` is het KDT, of `all`: dat van al uw overleggen."""
    subscribing.revoke(context(request).store, person, None if feed == _ALL else feed)
