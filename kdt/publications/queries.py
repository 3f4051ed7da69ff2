"""Reading publications: what was asked for, what became of it, and what was made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from sqlalchemy import Connection, select

from kdt import words
from kdt.ledger.queries import Step, steps
from kdt.ledger.table import Subject
from kdt.publications import periods
from kdt.publications.model import publication_progress, publications
from kdt.publications.periods import Period, PeriodKind

# What is kept of a publication, each under its SHA-256 in the ledger.
BYTES = ("document", "inside", "certificate")


class Stage(StrEnum):
    """How far a publication is."""

    ASKED = "ask"
    PREPARED = "prepare"
    FAILED = "fail"
    RELEASED = "release"
    DISCARDED = "discard"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be published: a topic over a fixed period, as known at the end of a reference
    date, by dimensions, with its months or without."""

    topic: str
    period: Period
    as_of: date
    by: tuple[str, ...]
    by_month: bool

    @property
    def about(self) -> tuple[str, Period]:
        """Its topic and its period."""
        return self.topic, self.period

    @property
    def table(self) -> tuple[object, ...]:
        """What makes two publications the same table, at whatever reference date."""
        return (self.topic, self.period.key, self.by, self.by_month)


@dataclass(frozen=True)
class Publication:
    """A publication and what became of it."""

    id: str
    steps: tuple[Step, ...]

    @property
    def stage(self) -> Stage:
        """How far it is."""
        return Stage(self.steps[-1].fact)

    @cached_property
    def asked(self) -> Asked:
        """What was asked."""
        values = self.steps[0].values
        kind, until = PeriodKind(values["period"]), date.fromisoformat(values["last_on"])
        return Asked(
            values["topic"],
            periods.of(kind, until),
            date.fromisoformat(values["as_of"]),
            tuple(values["by"]),
            bool(values["by_month"]),
        )

    @property
    def asker(self) -> str | None:
        """Who asked for it, and so may not release it."""
        return self.steps[0].person

    @property
    def passed(self) -> bool:
        """Whether its certificate says that nothing is given away."""
        made = self.step(Stage.PREPARED)
        return made is not None and bool(made.values["passed"])

    def step(self, stage: Stage) -> Step | None:
        """The step of a kind; None when there was none."""
        return next((one for one in self.steps if one.fact == stage), None)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of one: the bytes."""

    document: bytes
    inside: bytes
    certificate: bytes


def stage(one: Publication) -> str:
    """How far a publication is, in a word."""
    unsafe = one.stage is Stage.PREPARED and not one.passed
    return words.say(f"publication.stage.{'unsafe' if unsafe else one.stage}")


def all_publications(connection: Connection, only: str | None = None) -> list[Publication]:
    """All there ever were, the latest asked first; or the one with this id."""
    told = steps(connection, Subject.PUBLICATION, only)
    found = [Publication(one, its) for one, its in told.items()]
    return sorted(found, key=lambda one: one.steps[0].at, reverse=True)


def publication(connection: Connection, wanted: str) -> Publication | None:
    """One publication; None: not there."""
    return next(iter(all_publications(connection, wanted)), None)


def released(connection: Connection) -> list[Publication]:
    """What was released, in that order."""
    found = [one for one in all_publications(connection) if one.stage is Stage.RELEASED]
    return sorted(found, key=lambda one: one.steps[-1].at)


def made(connection: Connection, wanted: str) -> Made | None:
    """What was made of one; None: nothing yet."""
    row = connection.execute(
        select(publications.c.document, publications.c.inside, publications.c.certificate).where(
            publications.c.publication == wanted
        )
    ).one_or_none()
    return None if row is None else Made(*row)


def documents(connection: Connection, wanted: Collection[str]) -> Mapping[str, bytes]:
    """What leaves the house of these, as far as they were made."""
    of = publications.c
    found = connection.execute(
        select(of.publication, of.document).where(of.publication.in_(wanted))
    )
    return {row.publication: row.document for row in found}


def progress(connection: Connection, wanted: str) -> tuple[str, int, int] | None:
    """How far the making of one is: at which step, how much of how much; None: not begun."""
    row = connection.execute(
        select(
            publication_progress.c.step, publication_progress.c.done, publication_progress.c.total
        ).where(publication_progress.c.publication == wanted)
    ).one_or_none()
    return None if row is None else (row.step, row.done, row.total)
