"""How often one may ask: every page and every operation takes one request from who asks it. What
stands still, the static files and the description of the API, takes none."""

from starlette.requests import Request

from api import people
from api.context import context
from api.people import NotSignedIn, ScopeMissing
from kdt.access import rates


def limited(request: Request) -> None:
    """A dependency of every endpoint; raises TooMany."""
    parts = context(request)
    rates.take(parts.store, _who(request), parts.settings.requests_per_minute)


def _who(request: Request) -> str:
    try:
        person = people.current(request)
    except (NotSignedIn, ScopeMissing):
        # Whoever tries tokens has one bucket for all of them.
        person = None
    if person is not None:
        return f"person {person.id}"
    return f"address {request.client.host if request.client else '-'}"
