"""How far the example year is while it plays in: a bar on every page of a demonstration."""

from starlette.requests import Request

from api.context import context
from kdt.demo.playing import percent
from kdt.store.transaction import reading


def progress(request: Request) -> int | None:
    """How many percent is in; None when nothing more is to come, which is asked once."""
    state = request.app.state
    if not context(request).demo or state.played_in:
        return None
    with reading(context(request).store) as connection:
        found = percent(connection)
    state.played_in = found is None
    return found
