"""Small forms apart from the procedure: a name, a day, a confirmation. What is wrong comes back at
its field, with what was typed kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from api.pages.forms import Field, new_key, typed, with_problems, with_warnings
from api.pages.rendering import page, url
from api.pages.requests import text, ticked
from kdt import words
from kdt.errors import InvalidInput, Refused
from kdt.names import invalid
from kdt.values import Invalid, Problem
from kdt.values import day as read_day

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that goes to the address it stands at. `key` is where its words stand: `<key>.title`,
    `.submit` and, where something has to be said first, `.consequence`; `about` is filled in there.
    `back` is the path and the words of where one came from."""

    key: str
    path: str
    back: tuple[str, str]
    fields: tuple[Field, ...] = ()
    about: str = ""
    danger: bool = False


def asked(request: Request, form: Form) -> Response:
    """The page with the form, as it begins."""
    return _page(request, form, form.fields, new_key())


def answered(
    request: Request, form: Form, posted: FormData, change: Callable[[Given], Response]
) -> Response:
    """Answer a form that was filled in with what `change` gives, or with the form and what is
    wrong with it."""
    key = text(posted, "key") or new_key()
    given = typed(posted, [one.name for one in form.fields])
    filled = [replace(one, value=_filled(one, posted, given)) for one in form.fields]
    problems: Sequence[Problem] = [
        Problem("missing", one.name)
        for one in form.fields
        if one.required and one.name not in given
    ]
    if not problems:
        if (warned := with_warnings(filled, posted)) is not None:
            return _page(request, form, warned, key)
        try:
            return change(given)
        except InvalidInput as wrong:
            problems = wrong.problems
        except Refused as refused:
            return _page(request, form, filled, key, str(refused), HTTPStatus.CONFLICT)
    shown = with_problems(filled, problems)
    return _page(request, form, shown, key, status=HTTPStatus.BAD_REQUEST)


def _filled(one: Field, posted: FormData, given: Given) -> str | list[str] | None:
    if one.kind == "checkboxes":
        return ticked(posted, one.name)
    return given.get(one.name)


def day(given: Given, name: str) -> date | None:
    """The day in a field; None when it was left empty. Raises InvalidInput."""
    if name not in given:
        return None
    try:
        return read_day(given[name])
    except Invalid as wrong:
        raise invalid(Problem(wrong.code, name)) from wrong


def _page(
    request: Request,
    form: Form,
    fields: Sequence[Field],
    key: str,
    problem: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    title = words.say(f"{form.key}.title", about=form.about)
    consequence = f"{form.key}.consequence"
    path, label = form.back
    return page(
        request,
        "action_form.html",
        status,
        title=title,
        heading=title,
        about={"case": None, "href": url(request, path), "line": label},
        action=url(request, form.path),
        submit=words.say(f"{form.key}.submit"),
        danger=form.danger,
        consequence=(
            words.say(consequence, about=form.about) if words.known(consequence) else None
        ),
        fields=fields,
        problem=problem,
        key=key,
        version=None,
    )
