"""The processings of the data of whom a case is about: what was done, and for what, without who did
it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from kdt.access.permissions import Actor
from kdt.audit.looking import looking
from kdt.cases.model import escalations
from kdt.reads.codes import Activity, Look
from kdt.reads.model import processings
from kdt.store.engine import Store

PAGE = 200
# What kind of id stands for the person: that of a case.
SUBJECT_TYPE = "urn:kdt:case"


@dataclass(frozen=True, slots=True)
class Processing:
    """A row of the log of processings; `foreign_span` is the operation of a caller."""

    id: int
    trace: str
    span: str
    parent_span: str | None
    foreign_span: str | None
    name: str
    activity: Activity
    data_subject: UUID
    version: str
    start: datetime
    end: datetime


def of_case(
    store: Store, actors: Iterable[Actor], escalation: str, *, after: int = 0, limit: int = PAGE
) -> list[Processing]:
    """The processings of the case of an escalation, oldest first, at most `limit` above number
    `after`. Raises NotFound, Forbidden and NotLogged."""
    with looking(store, actors, Look.READS_OF_CASE, escalation=escalation) as at_work:
        query = (
            select(processings)
            .join(escalations, escalations.c.case_id == processings.c.data_subject)
            .where(escalations.c.id == escalation, processings.c.id > after)
            .order_by(processings.c.id)
            .limit(limit)
        )
        return [
            Processing(
                row.id,
                row.trace_id,
                row.span_id,
                row.parent_span_id,
                row.foreign_span_id,
                row.name,
                Activity(row.activity),
                row.data_subject,
                row.version,
                row.start_time,
                row.end_time,
            )
            for row in at_work.connection.execute(query)
        ]
