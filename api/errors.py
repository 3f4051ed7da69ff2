"""What went wrong, as it is told: a status, one sentence, and for bad input every bad field.

Programs get problem+json (RFC 9457), people a page. Neither repeats what was sent: it may be a
case number or a text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.people import NotSignedIn, ScopeMissing, TokenRefused
from kdt import words
from kdt.access import rates
from kdt.access.permissions import Code as Access
from kdt.access.rates import TooMany
from kdt.cases.inputs import key
from kdt.cases.lookups import Code as Lookup
from kdt.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    KdtError,
    NotFound,
    Refused,
    Stale,
    Unavailable,
)
from kdt.procedure import Code, Refusal
from kdt.register.figures import BadQuery
from kdt.register.from_log import BrokenHistory
from kdt.values import Problem as FieldProblem

RETRY_AFTER_SECONDS = 30
MEDIA_TYPE = "application/problem+json"


class VersionMissing(KdtError):
    """A change came without saying which version was seen."""


class WrongMediaType(KdtError):
    """A body came in another form than is taken there."""


class BadRequest(KdtError):
    """Something in the head or the query cannot be read; `code` says what (`api.<code>`)."""

    def __init__(self, field: str, code: str, **details: object) -> None:
        super().__init__(words.say(f"api.{code}", **details))
        self.field = field
        self.code = code


@dataclass(frozen=True, slots=True)
class Wrong:
    """One bad field: its name as sent, a code, and the sentence."""

    field: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as it goes out. `code` is for programs to go by."""

    status: int
    code: str
    detail: str
    wrong: Sequence[Wrong] = ()

    @property
    def headers(self) -> dict[str, str]:
        """What belongs in the answer's head."""
        if self.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return {"Retry-After": str(RETRY_AFTER_SECONDS)}
        if self.status == HTTPStatus.UNAUTHORIZED:
            return {"WWW-Authenticate": "Bearer"}
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return {"Retry-After": str(rates.WAIT_SECONDS)}
        return {}


def trouble(error: Exception) -> Trouble:
    """What an error is called outside; what nobody foresaw is a 500 without details."""
    match error:
        case Refused():
            return _refused(error.refusal, str(error))
        case InvalidInput():
            return invalid([_wrong(one) for one in error.problems])
        case BadRequest():
            return invalid([Wrong(error.field, error.code, str(error))])
        case BadQuery():
            # The sentence would name what was given.
            return Trouble(400, error.code, words.say(f"api.query.{error.code}"))
        case BrokenHistory():
            return Trouble(500, "broken_history", words.say("query.broken_history"))
        case RequestValidationError():
            return invalid([_unread(one) for one in error.errors()])
        case HTTPException():
            return _plain(error.status_code)
        case KdtError():
            for kind, status, code in _KINDS:
                if isinstance(error, kind):
                    return Trouble(status, code, str(error))
        case _:
            pass
    return _plain(500)


def invalid(wrong: Sequence[Wrong]) -> Trouble:
    """Bad input: every field that is wrong, together."""
    return Trouble(400, "invalid_input", words.say("api.status.400"), wrong)


def problem(found: Trouble) -> Response:
    """An error as problem+json."""
    content: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(found.status).phrase,
        "status": found.status,
        "detail": found.detail,
        "code": found.code,
    }
    if found.wrong:
        content["errors"] = [
            {"field": one.field, "code": one.code, "detail": one.detail} for one in found.wrong
        ]
    return JSONResponse(content, found.status, found.headers, media_type=MEDIA_TYPE)


async def as_problem(_request: Request, error: Exception) -> Response:
    """The handler of errors in `/v1`."""
    answer = problem(trouble(error))
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    # In the words of RFC 6750.
    if isinstance(error, TokenRefused):
        answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if isinstance(error, ScopeMissing):
        challenge = f'Bearer error="insufficient_scope", scope="{error.scope}"'
        answer.headers["WWW-Authenticate"] = challenge
    return answer


# The more special before the more general.
_KINDS: tuple[tuple[type[KdtError], int, str], ...] = (
    (TokenRefused, 401, "invalid_token"),
    (NotSignedIn, 401, "not_signed_in"),
    (ScopeMissing, 403, "insufficient_scope"),
    (Forbidden, 403, "forbidden"),
    (NotFound, 404, "not_found"),
    (Stale, 412, "stale_version"),
    (Conflict, 409, "conflict"),
    (WrongMediaType, 415, "wrong_media_type"),
    (VersionMissing, 428, "version_missing"),
    (TooMany, 429, "too_many_requests"),
    (Unavailable, 503, "unavailable"),
)

# What the procedure says no to for who one is, and for what was filled in; all else is about the
# state the escalation is in.
_NOT_FOR_YOU = frozenset[StrEnum]({Code.NOT_IN_ROLE, Code.BROUGHT_IT, *Access})
_FILLED_IN_WRONG: Mapping[StrEnum, str | None] = {
    Code.IN_THE_FUTURE: "occurredOn",
    Code.OUTCOME_UNKNOWN: "outcome",
    Code.FIELD_REQUIRED: None,
    Code.FIELD_NOT_ALLOWED: None,
    Code.CORRECTS_UNKNOWN: "replaces",
    Code.CORRECTS_NOTHING: "with",
    Code.VOID_OR_WITH: "void",
    Lookup.LOCATION_UNKNOWN: "location",
    Lookup.PANEL_UNKNOWN: "panel",
    Lookup.THEME_UNKNOWN: "theme",
}
# Sentences that would repeat what was sent, or speak of a file, have one of their own here.
_OWN = frozenset[str](
    {
        Code.OUTCOME_UNKNOWN,
        Code.CORRECTS_UNKNOWN,
        Lookup.LOCATION_UNKNOWN,
        Lookup.PANEL_UNKNOWN,
        Lookup.THEME_UNKNOWN,
        "not_one_of",
        "unknown_field",
        "field_twice",
        "not_utf8",
        "not_json",
    }
)


def _refused(refusal: Refusal, sentence: str) -> Trouble:
    if refusal.code in _NOT_FOR_YOU:
        return Trouble(403, refusal.code, sentence)
    if refusal.code not in _FILLED_IN_WRONG:
        return Trouble(409, refusal.code, sentence)
    field = _FILLED_IN_WRONG[refusal.code] or key(str(refusal.details["field"]))
    if refusal.code in _OWN:
        sentence = words.say(f"api.{refusal.code}")
    return invalid([Wrong(field, refusal.code, sentence)])


def _wrong(found: FieldProblem) -> Wrong:
    if found.code == "unknown_field":
        return Wrong("", found.code, words.say("api.unknown_field"))
    prefix = "api" if found.code in _OWN else "problem"
    sentence = words.say(f"{prefix}.{found.code}", **{**found.details, "field": found.field})
    return Wrong(found.field, found.code, sentence)


# What pydantic calls a problem, in the words of our own reader of inputs.
_PYDANTIC = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_type": "not_a_string",
    "string_unicode": "bad_character",
    "string_too_short": "blank",
    "model_attributes_type": "not_an_object",
    "dict_type": "not_an_object",
    "date_type": "not_a_date",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
}


def _unread(found: Mapping[str, Any]) -> Wrong:
    code = _PYDANTIC.get(found["type"], "not_valid")
    if code == "unknown_field":
        return Wrong("", code, words.say("api.unknown_field"))
    # The first part says where it stood: in the query, the body, the path or the head.
    field = ".".join(str(part) for part in found["loc"][1:])
    prefix = "api" if code == "not_valid" else "problem"
    return Wrong(field, code, words.say(f"{prefix}.{code}", field=field))


def _plain(status: int) -> Trouble:
    key = f"api.status.{status}"
    sentence = words.say(key if words.known(key) else f"api.status.{400 if status < 500 else 500}")
    return Trouble(status, HTTPStatus(status).phrase.lower().replace(" ", "_"), sentence)
