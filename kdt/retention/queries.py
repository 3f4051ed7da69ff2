"""Reading what the ledger holds on retention: terms, holds, and what was selected for destruction.

Each is read from the ledger itself; the frozen list of a selection stands beside it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from kdt.ledger.model import ledger
from kdt.ledger.queries import Step, steps
from kdt.ledger.table import Subject
from kdt.retention.model import retention_items
from kdt.retention.terms import (
    ATTENDANCE,
    KEPT,
    PEOPLE,
    READS,
    REPLIES,
    TALKS,
    Counted,
    Ending,
    Term,
    in_force,
)


class What(StrEnum):
    """What a destruction takes."""

    # Texts and case numbers.
    CONTENT = "content"
    # Who did what.
    PEOPLE = PEOPLE
    # Who read what, by the day it was read.
    READS = READS
    # Who was there, by meeting.
    ATTENDANCE = ATTENDANCE
    # Who was there and what was agreed, by talk.
    TALKS = TALKS
    # What was written, by reply.
    REPLIES = REPLIES

    @property
    def counted_in(self) -> str:
        """The word, as amounts have it, for what a list of it is of."""
        return _COUNTED_IN.get(self, "escalation")


_COUNTED_IN = {
    What.READS: "day",
    What.ATTENDANCE: "meeting",
    What.TALKS: "consultation",
    What.REPLIES: "signal",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold that stands. `person` or `reason` is None where it was destroyed."""

    escalation: str
    person: str | None
    reason: str | None
    since: datetime


class Stage(StrEnum):
    """How far a selection is."""

    PREPARED = "prepare"
    CONFIRMED = "confirm"
    REFUSED = "refuse"
    DONE = "finish"


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection and what became of it."""

    id: str
    steps: tuple[Step, ...]

    @property
    def prepared(self) -> Step:
        """How it began."""
        return self.steps[0]

    @property
    def what(self) -> What:
        """What it destroys."""
        return What(self.prepared.values["what"])

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return Stage([one.fact for one in self.steps if one.fact in set(Stage)][-1])

    def step(self, fact: str) -> Step | None:
        """The last step of a kind; None when there was none."""
        return next((one for one in reversed(self.steps) if one.fact == fact), None)


class Listed(NamedTuple):
    """An escalation on the list of a selection, by what goes together (`unit`): its last entry,
    what it ended in since when, and what became of it (None: nothing yet). Of the read log it is a
    day, with how often was read on it; of what stands beside the cases a meeting, a talk or a
    reply, with the last fact of its chain."""

    escalation: str
    unit: int
    seq: int
    ending: str
    since: date
    result: str | None = None


def timelines(connection: Connection) -> Mapping[str, list[Term]]:
    """The terms of everything kept, in the order they take effect."""
    found: dict[str, list[Term]] = {kept: [] for kept in KEPT}
    rows = connection.execute(
        select(ledger.c.subject_id, ledger.c.content)
        .where(ledger.c.subject == Subject.TERM)
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    for kept, content in rows:
        values = json.loads(content)["values"]
        counted = Counted(values.get("counted_from", Counted.CLOSED))
        term = Term(date.fromisoformat(values["effective_on"]), values.get("months"), counted)
        # Of two from the same day, the one recorded later.
        found[kept] = [one for one in found[kept] if one.effective_on != term.effective_on]
        found[kept].append(term)
    return {kept: sorted(terms, key=lambda one: one.effective_on) for kept, terms in found.items()}


def applied(connection: Connection, what: What, day: date) -> list[str]:
    """The terms in force on a day for what is destroyed, as the ledger keeps them: of what, how
    many months, counted from which day."""
    now = {kept: in_force(timeline, day) for kept, timeline in timelines(connection).items()}
    return [
        f"{kept} {term.months} {term.counted}"
        for kept, term in now.items()
        if term is not None and (kept in set(Ending) if what is What.CONTENT else kept == what)
    ]


def held(connection: Connection, escalation: str | None = None) -> dict[str, Hold]:
    """The holds that stand, by escalation: all, or that of one."""
    last = {one: its[-1] for one, its in steps(connection, Subject.HOLD, escalation).items()}
    return {
        one: Hold(one, step.person, step.reason, step.at)
        for one, step in sorted(last.items(), key=lambda item: item[1].at)
        if step.fact == "place"
    }


def selections(connection: Connection, only: str | None = None) -> list[Selection]:
    """All selections there ever were, the latest first, or the one with this id."""
    told = steps(connection, Subject.DESTRUCTION, only)
    found = [Selection(one, its) for one, its in told.items()]
    return sorted(found, key=lambda one: one.prepared.at, reverse=True)


def items(connection: Connection, selection: str) -> list[Listed]:
    """The list of a selection, in the order of its digest."""
    found = connection.execute(
        select(
            retention_items.c.escalation_id,
            retention_items.c.unit,
            retention_items.c.seq,
            retention_items.c.ending,
            retention_items.c.since,
            retention_items.c.result,
        ).where(retention_items.c.selection == selection)
    )
    return in_order(Listed(*row) for row in found)


def in_order(listed: Iterable[Listed]) -> list[Listed]:
    """A list in the one order its digest has."""
    return sorted(listed, key=lambda one: (one.unit, one.escalation))


def digest(listed: Sequence[Listed]) -> str:
    """The SHA-256 of a list in its order: a line of JSON each, as `destroy_selected` writes it."""
    lines = [
        json.dumps(
            [one.unit, one.escalation, one.seq, one.ending, one.since.isoformat()],
            ensure_ascii=False,
        )
        for one in listed
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
