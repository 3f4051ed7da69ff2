"""Which themes an escalation was ever tagged with, in the record and in what an import brings."""

from collections.abc import Container, Sequence
from datetime import date

from sqlalchemy import Connection, select

from kdt.cases.model import escalations
from kdt.cases.recording import TagRow
from kdt.themes.model import theme_tags


class Tagged:
    """The tags of a batch, looked up by their escalation as they are added to it."""

    def __init__(
        self,
        connection: Connection,
        known: Container[str],
        tags: Sequence[TagRow],
        *,
        alone: bool,
    ) -> None:
        """`known`: the escalations that are there as far as that was asked; `alone`: and no others
        are, for the record held nothing before."""
        self._connection = connection
        self._known = known
        self._tags = tags
        self.alone = alone
        self._seen = 0
        self._of: dict[str, set[tuple[str, date]]] = {}

    def of(self, escalation: str) -> set[tuple[str, date]] | None:
        """Its themes, each with the day it was recorded, those taken back since too; None where
        there is no such escalation."""
        for tag in self._tags[self._seen :]:
            self._of.setdefault(tag.escalation_id, set()).add((tag.theme, tag.recorded_on))
        self._seen = len(self._tags)
        found = self._of.get(escalation, set())
        if self.alone:
            return found if escalation in self._known else None
        mine = theme_tags.c.escalation_id == escalation
        kept = select(theme_tags.c.theme, theme_tags.c.recorded_on).where(mine)
        found = found | {(row.theme, row.recorded_on) for row in self._connection.execute(kept)}
        return found if found or self._is_there(escalation) else None

    def _is_there(self, escalation: str) -> bool:
        there = select(escalations.c.id).where(escalations.c.id == escalation)
        return escalation in self._known or self._connection.scalar(there) is not None
