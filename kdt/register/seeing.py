"""Who may know of what stands behind a number."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.access.permissions import Actor
from kdt.access.table import Knows, Shown
from kdt.cases import sights
from kdt.cases.model import escalations

_TEXT = frozenset({Shown.TEXT})


def knows_any(actors: Sequence[Actor]) -> bool:
    """Whether there is any escalation these may know of."""
    return any(actor.row.knows is not Knows.NONE for actor in actors)


def known(
    connection: Connection, actors: Sequence[Actor], these: Collection[str]
) -> dict[str, bool]:
    """Which of these escalations somebody may know of, and whether they read what was written."""
    ids = literal(sorted(these), ARRAY(Text))
    found = connection.execute(
        select(escalations.c.id, sights.visible(actors, _TEXT).label("reads")).where(
            escalations.c.id == any_(ids), sights.visible(actors)
        )
    )
    return {row.id: row.reads for row in found}
