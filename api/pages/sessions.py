"""One's own sessions: where one is signed in, and how to end that elsewhere."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import people
from api.context import context
from api.pages.rendering import page, see_other, url
from api.pages.requests import Posted, SignedIn, text
from kdt import words
from kdt.access import sessions
from kdt.store.transaction import reading, writing

router = APIRouter()

_PATH = "/sessions"


@router.get(_PATH)
def show(request: Request, person: SignedIn) -> Response:
    """Every session of this person that has not ended, the one looked from first marked so."""
    here, token = context(request), people.session_token(request) or ""
    with reading(here.store) as connection:
        own = sessions.of_person(connection, person.id, here.limits, token)
        proven = sessions.proven(connection, token)
    again = f"/signin/start?next={_PATH}&again=true" if here.provider else f"/signin?next={_PATH}"
    return page(
        request,
        "sessions.html",
        title=words.say("sessions.title"),
        sessions=own,
        again=None if proven else url(request, again),
        proven=int(sessions.PROVEN.total_seconds() // 60),
        idle=here.settings.session_idle_minutes,
        lasts=here.settings.session_hours,
    )


@router.post(_PATH)
def end(request: Request, person: SignedIn, posted: Posted) -> Response:
    """End one of them, by its key, after proving once more who one is."""
    token = people.session_token(request) or ""
    with writing(context(request).store) as connection:
        sessions.end_own(connection, token, person.id, text(posted, "session") or "")
    return see_other(request, _PATH, "session_ended")
