"""Reading the forum: what waits for it, and what came of the rest."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from kdt.themes.model import forum_steps


@dataclass(frozen=True, slots=True)
class Item:
    """What somebody brought. `discussed_on`: the day of the forum that took it, None as long as it
    waits; then `theme` is what it led to (None: no rode draad) and `conclusion` why."""

    id: str
    brought_on: date
    brought_by: str
    problem: str
    escalation: str | None
    withdrawn: bool = False
    discussed_on: date | None = None
    theme: str | None = None
    conclusion: str | None = None

    @property
    def waits(self) -> bool:
        """Whether the forum still has to take it."""
        return self.discussed_on is None and not self.withdrawn


def items(connection: Connection) -> list[Item]:
    """Everything that was brought, the newest first."""
    found: dict[str, Item] = {}
    rows = connection.execute(select(forum_steps).order_by(forum_steps.c.recorded_at))
    for row in rows:
        known = found.get(row.item)
        if known is None:
            found[row.item] = Item(
                row.item, row.occurred_on, row.recorded_by, row.words, row.escalation
            )
            continue
        said = (row.occurred_on, row.theme, row.words) if row.fact == "conclude" else (None,) * 3
        found[row.item] = Item(
            known.id,
            known.brought_on,
            known.brought_by,
            known.problem,
            known.escalation,
            row.fact == "withdraw",
            *said,
        )
    return [*reversed(found.values())]


def item(connection: Connection, wanted: str) -> Item | None:
    """One, or None."""
    return next((one for one in items(connection) if one.id == wanted), None)
