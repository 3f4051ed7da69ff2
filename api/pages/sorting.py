"""Tables that sort: the head of a column is a link to the same list in its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from api.pages.rendering import url

# How an address names the order; without it a list has its own.
SORT = "sort"

O = TypeVar("O", bound=StrEnum)  # noqa: E741


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; `sorted` is how ARIA calls its order, when the table has it."""

    href: str
    sorted: str | None


def order(kind: type[O], asked: str | None, usual: O) -> O:
    """The order asked for in an address; the usual one when it is none of these."""
    return kind(asked) if asked in set(kind) else usual


def headings(
    request: Request,
    path: str,
    asked: Mapping[str, str],
    directions: Mapping[O, str],
    now: O,
) -> dict[str, Heading]:
    """A heading for each order; `directions` say which way each runs, `asked` what else stands in
    the address."""
    return {
        one: Heading(
            url(request, f"{path}?{urlencode({**asked, SORT: one})}"),
            direction if one is now else None,
        )
        for one, direction in directions.items()
    }
