"""What a request to the API says besides its subject: who asks, in which role, with which version
of what they saw, and under which key a repeat is the same request."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Depends, Header, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from api import people
from api.errors import BadRequest, VersionMissing
from api.people import NotSignedIn
from api.scopes import SCOPES
from kdt import words
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.errors import Forbidden
from kdt.values import LONGEST_NAME
from kdt.vocabulary import Role

_BEARER = HTTPBearer(
    scheme_name="bearer",
    auto_error=False,
    description="Een toegangstoken (JWT volgens RFC 9068) van de aanmelddienst van uw organisatie, "
    f"met wat ermee mag als scope: {', '.join(dict.fromkeys(one.name for one in SCOPES))}. In een "
    "voorbeeldregister, op de machine zelf: `demo-` met het id van een voorbeeldpersoon, zoals "
    "`demo-officer-den-bosch-1`.",
)
_T = TypeVar("_T")
_SAFE = frozenset({"GET", "HEAD"})
_ETAG = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_NAME}}}", re.ASCII)


def asker(
    request: Request,
    _token: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Person:
    """The person asking. A session in the browser may read; to change something takes a token,
    which no foreign page can make a browser send."""
    if request.method not in _SAFE and "authorization" not in request.headers:
        known = people.session(request) is not None
        raise NotSignedIn(words.say("api.bearer_only" if known else people.how_to_sign_in(request)))
    return people.required(request)


def acting(
    person: Annotated[Person, Depends(asker)],
    role: Annotated[
        Role | None,
        Header(
            alias="Acting-Role",
            description="De rol waarin u handelt; alleen nodig voor wie er meer heeft.",
        ),
    ] = None,
) -> tuple[Actor, ...]:
    """The capacities in which the person may act here; at least one."""
    actors = tuple(actor for actor in person.actors if role in (None, actor.role))
    if not actors:
        raise Forbidden(words.say("api.no_such_role"))
    return actors


def seen_version(
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description='De ETag van de voorlegging die u zag, zoals `"3"`.'),
    ] = None,
) -> int:
    """The version of the escalation that the asker saw."""
    if if_match is None:
        raise VersionMissing(words.say("api.version_missing"))
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise BadRequest("If-Match", "bad_version")
    return int(found[1])


def idempotency_key(
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Een sleutel die u zelf kiest, zoals een UUID. Een herhaling met dezelfde "
            "sleutel krijgt twee dagen lang hetzelfde antwoord en verandert niets.",
        ),
    ] = None,
) -> str | None:
    """The key under which a repeat of this request is known."""
    if key is not None and not _KEY.fullmatch(key):
        raise BadRequest("Idempotency-Key", "bad_key")
    return key


Asker = Annotated[Person, Depends(asker)]
Acting = Annotated[tuple[Actor, ...], Depends(acting)]
SeenVersion = Annotated[int, Depends(seen_version)]
Key = Annotated[str | None, Depends(idempotency_key)]


def etag(version: int) -> str:
    """The version of an escalation as it stands in a head."""
    return f'"{version}"'


def href(request: Request, *segments: str) -> str:
    """The address of something in the API, whatever proxy stands before it."""
    return "/".join([request.scope["root_path"], *(quote(one, safe="") for one in segments)])


def next_link(request: Request, cursor: str, *segments: str) -> str:
    """The Link to what follows in the list at an address, with everything that was asked."""
    asked = [one for one in request.query_params.multi_items() if one[0] != "after"]
    return f'<{href(request, *segments)}?{urlencode([*asked, ("after", cursor)])}>; rel="next"'


def cursor(*place: str | int) -> str:
    """A place in a list, for a client to hand back unread."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(given: str, read: Callable[[list[Any]], _T]) -> _T:
    """The place a cursor stands for, read from its parts; BadRequest on one that is not ours."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
        if not isinstance(parts, list):
            raise BadRequest("after", "bad_cursor")
        return read(parts)
    except (ValueError, TypeError, IndexError, binascii.Error, RecursionError):
        raise BadRequest("after", "bad_cursor") from None
