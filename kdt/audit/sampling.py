"""A random sample of escalations for examination, which anybody can draw again.

The escalations are put in the order of the SHA-256 of the seed, a colon and their id; the first
ones are the sample. So the seed decides, nobody chooses, and the same seed on the same record gives
the same sample, also outside KDT. Of strata each gives its share, and at least one.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import floor

from sqlalchemy import select, true

from kdt.access.permissions import Actor
from kdt.audit.looking import looking
from kdt.cases.model import considerations, entries, escalations
from kdt.cases.sights import visible
from kdt.reads.codes import Look
from kdt.store.engine import Store

LARGEST = 500
USUAL = 25
# What can be read out over the telephone, and put in an address.
SEED = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)


class Strata(StrEnum):
    """By what the escalations are divided before drawing; the Dutch stands under `strata`."""

    NONE = "none"
    LOCATION = "location"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Question:
    """What is drawn: so many, of the escalations brought by the reference date `as_of`."""

    seed: str
    size: int
    by: Strata
    as_of: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """One escalation of a sample; `outcome` is that of its latest consideration, None without."""

    id: str
    location: str
    question: str
    phase: str
    outcome: str | None
    stratum: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn, and from how many: of each stratum how many there are and were drawn."""

    question: Question
    drawn: tuple[Drawn, ...]
    strata: Mapping[str, tuple[int, int]]

    @property
    def population(self) -> int:
        """How many there were to draw from."""
        return sum(of for of, _ in self.strata.values())


def sample(store: Store, actors: Iterable[Actor], question: Question) -> Sample:
    """Draw a sample of the escalations an auditor may know of. Raises Forbidden and NotLogged."""
    with looking(store, actors, Look.SAMPLE) as at_work:
        latest = (
            select(considerations.c.outcome)
            .where(
                considerations.c.escalation_id == escalations.c.id,
                considerations.c.occurred_on <= question.as_of,
            )
            .order_by(considerations.c.seq.desc())
            .limit(1)
            .lateral("latest")
        )
        query = (
            select(
                escalations.c.id,
                escalations.c.location,
                escalations.c.question,
                escalations.c.phase,
                latest.c.outcome,
            )
            .outerjoin_from(escalations, latest, true())
            .join(entries, (entries.c.escalation_id == escalations.c.id) & (entries.c.seq == 1))
            .where(
                visible(at_work.actors),
                escalations.c.phase.is_not(None),
                entries.c.recorded_on <= question.as_of,
            )
        )
        found = [Drawn(*row, "") for row in at_work.connection.execute(query)]
    return draw(found, question)


def draw(found: Sequence[Drawn], question: Question) -> Sample:
    """The sample of these escalations."""
    strata: dict[str, list[Drawn]] = {}
    for one in sorted(found, key=lambda one: (rank(question.seed, one.id), one.id)):
        strata.setdefault(_stratum(one, question.by), []).append(one)
    shares = allot({name: len(ones) for name, ones in strata.items()}, question.size)
    drawn = [
        Drawn(one.id, one.location, one.question, one.phase, one.outcome, name)
        for name in sorted(strata)
        for one in strata[name][: shares[name]]
    ]
    counted = {name: (len(strata[name]), shares[name]) for name in sorted(strata)}
    return Sample(question, tuple(drawn), counted)


def new_seed() -> str:
    """A seed that nobody chose."""
    return str(secrets.randbelow(10**6))


def rank(seed: str, escalation: str) -> str:
    """Where an escalation comes in the order of a seed."""
    return hashlib.sha256(f"{seed}:{escalation}".encode()).hexdigest()


def allot(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each stratum: one at least, for the rest in proportion, the largest remainders
    first. So a sample smaller than the number of strata is as large as that number."""
    total = sum(sizes.values())
    wanted = min(max(size, len(sizes)), total)
    exact = {name: wanted * of / total for name, of in sizes.items()}
    shares = {name: max(1, floor(exact[name])) for name in sizes}
    by_remainder = sorted(sizes, key=lambda name: (shares[name] - exact[name], name))
    while sum(shares.values()) < wanted:
        for name in by_remainder:
            if shares[name] < sizes[name] and sum(shares.values()) < wanted:
                shares[name] += 1
    while sum(shares.values()) > wanted:
        several = [name for name in shares if shares[name] > 1]
        most = max(several, key=lambda name: (shares[name] - exact[name], name))
        shares[most] -= 1
    return shares


def _stratum(one: Drawn, by: Strata) -> str:
    match by:
        case Strata.NONE:
            return ""
        case Strata.LOCATION:
            return one.location
        case Strata.OUTCOME:
            return one.outcome or ""
