"""The parameters of an address: only those it knows.

A reference date with a slip of the pen in its name would be left out in silence, and the figure
would be another one than was asked for.
"""

from collections.abc import Iterator

from fastapi.dependencies.models import Dependant
from starlette.requests import Request

from api.errors import BadRequest


def only_known(request: Request) -> None:
    """Raise BadRequest when the query names a parameter that this address does not know."""
    known = dict.fromkeys(_named(request.scope["route"].dependant))
    if request.query_params.keys() - known.keys():
        code = "unknown_parameter" if known else "no_parameters"
        raise BadRequest("query", code, known=", ".join(known))


def _named(part: Dependant) -> Iterator[str]:
    for one in part.query_params:
        yield one.alias
    for other in part.dependencies:
        yield from _named(other)
