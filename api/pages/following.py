"""A meeting's page that follows the record: the stream of its changes."""

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import people
from api.context import context
from api.live import Allowed, Listener
from api.pages import requests
from api.pages.places import places
from api.pages.requests import SignedIn
from kdt import words
from kdt.access import permissions, sessions
from kdt.errors import NotFound
from kdt.meetings.following import marks
from kdt.store.moments import today
from kdt.store.transaction import reading

router = APIRouter()


@router.get("/meetings/{panel}/{held_on}/live")
def follow(
    request: Request, person: SignedIn, panel: str, held_on: str, seen: str = ""
) -> Response:
    """Tell when something of a meeting changes, to who has the mark `seen`, or that of the last
    event."""
    on = requests.day(held_on)
    with reading(context(request).store) as connection:
        known = places(connection, today(connection))
        found = known.served(person, panel)
        if on is None or not marks(connection, [(panel, on)]):
            raise NotFound(words.say("refusal.not_found"))
    listener: Listener = request.app.state.listener
    last = request.headers.get("last-event-id", seen)
    stream = listener.watch((panel, on), _allowed(request, found.location), last)
    return StreamingResponse(stream, media_type="text/event-stream")


def _allowed(request: Request, location: str | None) -> Allowed:
    """Whether whoever asks is still signed in, and still sits in the panel of a location."""
    token, limits = people.session_token(request) or "", context(request).limits

    def allowed(connection: Connection) -> bool:
        session = sessions.find(connection, token, limits)
        actors = session.person.actors if session else ()
        return any(permissions.serves(one, location) for one in actors)

    return allowed
