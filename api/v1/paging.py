"""Long lists in pages, where the whole is at hand: the place in it goes into the cursor."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query, Response
from starlette.requests import Request

from api.v1.asking import cursor, next_link, place

T = TypeVar("T")
PAGE, LARGEST_PAGE = 100, 1000

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
After = Annotated[str | None, Query(max_length=400)]


def page(
    request: Request,
    response: Response,
    every: Sequence[T],
    after: str | None,
    limit: int,
    *segments: str,
) -> Sequence[T]:
    """The part of a list after a cursor; where more follows, the Link in the head says where.
    `segments`: the address of the list. Raises BadRequest on a cursor that is not ours."""
    start = 0 if after is None else place(after, _place)
    end = start + limit
    if end < len(every):
        response.headers["Link"] = next_link(request, cursor(end), *segments)
    return every[start:end]


def _place(parts: list[object]) -> int:
    (start,) = parts
    if type(start) is not int or start < 0:
        raise ValueError("no place in a list")
    return start
