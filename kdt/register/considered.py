"""Considerations one by one, as they were known at a reference date.

Of an escalation that was never corrected they are what pages read, under the entries that recorded
them; of any other the history is walked as it was known then. Corrections are few, so that this is
far quicker than walking every history, and counts the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from kdt.cases.model import considerations, entries, escalations
from kdt.procedure import Step, Walk
from kdt.register.counting import counted, of_consideration, settles
from kdt.register.figures import Query
from kdt.register.from_log import walked
from kdt.register.narrowing import corrected, touching
from kdt.store.scope import counting
from kdt.vocabulary import Action, Measure

_OF_ITS_OWN = (
    "escalation_id",
    "case_id",
    "ref",
    "level",
    "outcome",
    "ruling",
    "inquiry",
    "referral",
    "settles",
)


@dataclass(frozen=True, slots=True)
class Considered:
    """One consideration: what recorded it, of which escalation and case, where, and what it ended
    in."""

    escalation: str
    case: str
    ref: str
    level: str
    location: str
    question: str
    ground: str
    outcome: str
    ruling: str | None
    inquiry: str | None
    referral: str | None
    settles: bool
    occurred_on: date
    recorded_on: date

    @property
    def place(self) -> Mapping[str, str]:
        """Its value in each dimension but themes; nothing where it has none."""
        return {
            "level": self.level,
            "location": self.location,
            "question": self.question,
            "ground": self.ground,
            "outcome": self.outcome,
            "ruling": self.ruling or "",
        }

    @property
    def measures(self) -> Iterator[Measure]:
        """What it counts as."""
        details = (self.ruling, self.inquiry, self.referral)
        return of_consideration(self.outcome, [one for one in details if one], self.settles)


def considered(
    connection: Connection, query: Query, *among: ColumnElement[bool]
) -> Iterator[Considered]:
    """Those of the period of `query` (its `by` is not looked at), of the escalations `among` alone:
    conditions about entries. In no order."""
    with counting(connection):
        for row in connection.execute(_standing(query, *among)):
            yield Considered(
                row.escalation_id,
                str(row.case_id),
                row.ref,
                row.level,
                row.location,
                row.question,
                row.ground,
                row.outcome,
                row.ruling,
                row.inquiry,
                row.referral,
                settles(row.outcome, row.inquiry, row.question, otherwise=row.settles),
                row.occurred_on,
                row.recorded_on,
            )
        known = and_(corrected(), touching(query.first, query.until), *among)
        for escalation, (walk,) in walked(connection, (query.as_of,), among=known):
            for one in counted(walk, query.first, query.until):
                if one.measure is Measure.CONSIDERED:
                    yield _walked(escalation, walk, one.step, one.level)


def _standing(query: Query, *among: ColumnElement[bool]) -> Select[Any]:
    """The considerations of escalations that were never corrected."""
    of = considerations.c
    found: Select[Any] = (
        select(
            *(of[name] for name in _OF_ITS_OWN),
            *(escalations.c[name] for name in ("location", "question", "ground")),
            entries.c.occurred_on,
            entries.c.recorded_on,
        )
        .join(
            considerations,
            and_(of.escalation_id == entries.c.escalation_id, of.seq == entries.c.seq),
        )
        .join(escalations, escalations.c.id == of.escalation_id)
        .where(
            entries.c.action == Action.CONSIDER,
            entries.c.occurred_on.between(query.first, query.until),
            ~corrected(),
            *among,
        )
    )
    if query.as_of is not None:
        found = found.where(entries.c.recorded_on <= query.as_of)
    return found


def _walked(escalation: str, walk: Walk, step: Step, level: str) -> Considered:
    assert walk.state is not None, "of a voided escalation nothing is counted"
    values, state = step.act.values, walk.state
    outcome = str(values["outcome"])
    ruling, inquiry, referral = (
        str(values[name]) if name in values else None for name in ("ruling", "inquiry", "referral")
    )
    return Considered(
        escalation,
        state.case,
        step.act.ref,
        level,
        state.location,
        state.question,
        state.ground,
        outcome,
        ruling,
        inquiry,
        referral,
        settles(outcome, inquiry, state.question, otherwise=step.settles),
        step.act.occurred_on,
        step.act.recorded_on,
    )
