"""Reading a JSON body, and an action's inputs from it: by the same reader as forms and files."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, cast

from fastapi import Depends
from starlette.requests import Request

from api.errors import WrongMediaType
from kdt import words
from kdt.cases import inputs
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command
from kdt.errors import InvalidInput
from kdt.panels.agendas import WHY_LATE
from kdt.values import Invalid, Problem, code, day
from kdt.vocabulary import Action, Late


def only_json(request: Request) -> None:
    """Raise WrongMediaType when a body comes that does not say it is JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    # What takes something away takes no body.
    if request.method not in ("GET", "HEAD", "DELETE") and media_type != "application/json":
        raise WrongMediaType(words.say("api.wrong_media_type"))


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object. Raises InvalidInput."""
    try:
        found = json.loads(await request.body(), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise invalid([Problem("not_utf8", "")]) from None
    except Invalid as problem:
        raise invalid([Problem(problem.code, "")]) from None
    except (ValueError, RecursionError):
        raise invalid([Problem("not_json", "")]) from None
    if not isinstance(found, dict):
        raise invalid([Problem("not_an_object", "")])
    return found


Body = Annotated[dict[str, Any], Depends(json_object)]


def command(action: Action) -> Callable[[Body], Command]:
    """The dependency that reads one action from the body."""

    def commanded(body: Body) -> Command:
        return read_command(action, body)

    return commanded


def read_command(action: Action, body: Mapping[str, object]) -> Command:
    """An action as a program asks for it. Raises InvalidInput with everything that is wrong."""
    given = dict(body)
    problems: list[Problem] = []
    occurred_on: date | None = None
    if "occurredOn" in given:
        try:
            occurred_on = day(given.pop("occurredOn"))
        except Invalid as problem:
            problems.append(Problem(problem.code, "occurredOn", problem.details))
    late = Late.UNSTATED
    if action is Action.LIST and "late" in given:
        try:
            late = Late(code(given.pop("late"), WHY_LATE))
        except Invalid as problem:
            problems.append(Problem(problem.code, "late", problem.details))
    found = read(action, given)
    if isinstance(found, list):
        problems += found
    else:
        # Only an import knows of texts that retention destroyed.
        problems += [
            Problem("not_a_string", inputs.key(name))
            for name, text in found.texts.items()
            if not isinstance(text, str)
        ]
    if problems:
        raise invalid(problems)
    return Command(action, cast("Inputs", found), occurred_on, late)


def invalid(problems: list[Problem]) -> InvalidInput:
    """The error for bad input, with every bad field."""
    return InvalidInput(problems, words.say("api.status.400"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Invalid("field_twice")
    return found
