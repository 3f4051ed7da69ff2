"""Which cases policy said show a theme, after they were discussed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Integer, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from kdt.cases.model import entries
from kdt.themes.counting import tags
from kdt.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Added:
    """The entry by which policy tagged an escalation, and the day it says."""

    seq: int
    on: date


def added(connection: Connection, theme: str, escalations: Sequence[str]) -> dict[str, Added]:
    """Of these escalations those that policy tagged with what counts for a theme, as far as that
    stands; each by the newest entry that did."""
    of = tags(connection, theme, escalations).subquery().c
    said = cast(func.convert_from(entries.c.content, "UTF8"), JSONB)
    entry = and_(entries.c.escalation_id == of.escalation_id, entries.c.seq == of.seq)
    found = connection.execute(
        select(of.escalation_id, cast(of.seq, Integer), of.occurred_on)
        .join(entries, entry)
        .where(said["role"].astext == Role.POLICY_ADVISER)
        .order_by(of.seq)
    )
    return {escalation: Added(seq, on) for escalation, seq, on in found}
