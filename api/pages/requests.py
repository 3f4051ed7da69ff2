"""What endpoints ask of a request: who it is, and a form that came from a page of ours."""

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends
from starlette.datastructures import FormData
from starlette.requests import Request

from api import people
from api.errors import WrongMediaType
from kdt import words
from kdt.access.queries import Person
from kdt.errors import Forbidden
from kdt.values import FIRST_DAY, LAST_DAY, Invalid
from kdt.values import day as read_day

SignedIn = Annotated[Person, Depends(people.required)]


_FORM = "application/x-www-form-urlencoded"
# The longest form there is holds some twenty fields.
_MOST_FIELDS = 100


async def _form(request: Request) -> FormData:
    # No page sends files, so nothing has to take a body in parts.
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise WrongMediaType(words.say("api.not_a_form"))
    return await request.form(max_files=0, max_fields=_MOST_FIELDS)


def same_site(request: Request) -> None:
    """Raise Forbidden when the browser says the form stood on another site.

    Browsers that say nothing are left to the token in the form.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        foreign = site != "same-origin"
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    if foreign:
        raise Forbidden(words.say("api.foreign_form"))


def _posted(request: Request, form: Annotated[FormData, Depends(_form)]) -> FormData:
    same_site(request)
    people.check_csrf(request, text(form, "csrf"))
    return form


def _posted_by_anyone(request: Request, form: Annotated[FormData, Depends(_form)]) -> FormData:
    same_site(request)
    return form


# A form of a page of this session; ask for SignedIn before it.
Posted = Annotated[FormData, Depends(_posted)]
# A form of whoever is not signed in yet.
PostedByAnyone = Annotated[FormData, Depends(_posted_by_anyone)]


def text(form: FormData, name: str) -> str | None:
    """What was typed in a field, without the white space around it; None when nothing was."""
    value = form.get(name)
    found = value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""
    return found or None


def ticked(posted: FormData, name: str) -> list[str]:
    """What was ticked of a form's choices."""
    return [one for one in posted.getlist(name) if isinstance(one, str)]


def day(given: str | None) -> date | None:
    """A day as it was typed or stands in an address; None when it is absent, no day or one that
    nothing can be reckoned from."""
    try:
        found = read_day(given)
    except Invalid:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


def number(form: FormData, name: str) -> int | None:
    """A whole number from a hidden field; None when it is absent or no number."""
    value = text(form, name)
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else None
