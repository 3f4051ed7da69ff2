"""Where a list of escalations goes on, as it stands in an address: the day the last row seen was
ordered by, and its id."""

from collections.abc import Mapping, Sequence
from typing import Final

from kdt.cases import queries
from kdt.cases.list_order import Cursor, Order
from kdt.cases.queries import EscalationRow
from kdt.values import Invalid, day

CURSOR: Final = ("on", "after")


def after(asked: Mapping[str, str]) -> Cursor | None:
    """The place in an address; None at the beginning, and where it cannot be read."""
    try:
        return (day(asked["on"]), asked["after"]) if "after" in asked else None
    except (Invalid, KeyError):
        return None


def onward(shown: Sequence[EscalationRow], order: Order) -> dict[str, str]:
    """What goes into the address of the rows behind these."""
    on, last = queries.cursor(shown[-1], order)
    return dict(zip(CURSOR, (on.isoformat(), last), strict=True))
