"""An error as a page."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from api import people
from api.errors import trouble
from api.pages.rendering import page, see_other
from api.people import NotSignedIn


def error(request: Request, raised: Exception) -> Response:
    """The page for what went wrong; whoever may choose a person is sent to do so."""
    if isinstance(raised, NotSignedIn) and people.may_choose(request):
        return see_other(request, "/signin")
    found = trouble(raised)
    answer = page(
        request,
        "error.html",
        found.status,
        title=HTTPStatus(found.status).phrase,
        heading="Dit lukt niet",
        sentence=found.detail,
        advice=None,
        href=None,
        link=None,
        reference=None,
        conflict=None,
    )
    answer.headers.update(found.headers)
    return answer
