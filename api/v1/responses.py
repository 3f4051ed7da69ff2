"""The answers an operation may give besides its own, for the description of the API."""

from http import HTTPStatus
from typing import Any

from api.errors import MEDIA_TYPE
from kdt import words

PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}

Responses = dict[int | str, dict[str, Any]]


def problems(*more: int) -> Responses:
    """Those every operation may give, and `more`."""
    return {status: _problem(status) for status in sorted({400, 401, 403, 429, 500, 503, *more})}


def json_answer(schema: dict[str, Any], example: dict[str, Any]) -> dict[str, Any]:
    """A good answer whose shape no model says."""
    return {
        "description": "Gelukt",
        "content": {"application/json": {"schema": schema, "example": example}},
    }


def _problem(status: int) -> dict[str, Any]:
    known = f"api.status.{status}"
    return {
        "description": words.say(known) if words.known(known) else HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": PROBLEM_REF}},
    }


READ = problems()
READ_ONE = problems(404)
WRITE = problems(409, 413, 415)
WRITE_ONE = problems(404, 409, 413, 415)
ACT = problems(404, 409, 412, 413, 415, 428)
