"""The certificate of a publication: what attacks on everything published, it included, came to."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kdt import hashing
from kdt.procedure import CURRENT
from kdt.procedure.rows import At
from kdt.publications.attack import Inside, Place, Printed, Report, Rule, attack
from kdt.publications.attack.certify import nothing
from kdt.publications.attack.printed import ALL
from kdt.publications.document import VERSION
from kdt.publications.tables import THEME
from kdt.tallies.measures import DIMENSIONS
from kdt.vocabulary import Outcome

# Told at which step, and how far.
Told = Callable[[str, int, int], None]

# How many values must remain of a cell of 1 to 4; and of another's, for who knows all there is of a
# location: of a rest of one no more than two can (docs/decisions/0068).
LEAST, LEAST_INSIDE = 4, 2

_LEVEL, _LOCATION = (1 + DIMENSIONS.index(one) for one in ("level", "location"))
# What comes to wait again, by the category of the outcome; and what does so the first time.
_ENTERED = (Outcome.HELD_OVER.value, Outcome.UNRESOLVED.value, "referred")
_AT = {row.code: row.at for row in CURRENT.outcomes}


@dataclass(frozen=True, slots=True)
class Certificate:
    """What attacks came to. `over`: the publications attacked together; `narrowed`: what was given
    away, to whom (None: anybody), in which publication, and how many values remain; `wrong`: what
    does not add up, or is further off than announced."""

    over: tuple[str, ...]
    small: int
    programs: int
    insiders: int
    wrong: tuple[tuple[str, Place], ...]
    narrowed: tuple[tuple[str | None, str, Place, int], ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong and nothing given away."""
        return not self.wrong and not self.narrowed


def certified(everything: Sequence[tuple[Printed, Inside]], told: Told) -> Certificate:
    """Attack all of these together, as anybody, and as somebody of each location in turn. Raises
    Unsolved."""
    reports: list[tuple[str | None, Report]] = []
    attackers = _attackers(everything)
    for number, (who, known) in enumerate(attackers):
        watch = _watch(told, "attack" if who is None else "insiders", number, len(attackers))
        least = LEAST if who is None else LEAST_INSIDE
        found = attack(
            everything, least=least, never=never, known=known, follows=follows, watch=watch
        )
        reports.append((who, found))
        if not found.passed:
            break
    first = reports[0][1]
    return Certificate(
        tuple(one.id for one, _ in everything),
        first.small,
        sum(report.programs for _, report in reports),
        len(reports) - 1,
        (*first.not_adding, *first.outside),
        tuple(
            (who, one.publication, one.cell, one.remaining)
            for who, report in reports
            for one in report.narrowed
        ),
    )


def never(part: Place) -> bool:
    """What cannot be, by the procedure: some outcomes are for the top alone, or for what is below
    it."""
    level = part[_LEVEL]
    if level not in {one.code for one in CURRENT.ladder.levels}:
        return False
    match _AT.get(part[0], At.ANY):
        case At.TOP:
            return level != CURRENT.ladder.top
        case At.BELOW_TOP:
            return level == CURRENT.ladder.top
        case _:
            return False


def follows(printed: Collection[Place]) -> Iterator[Rule]:
    """What is never more than another number. A theme is seen at no more considerations than there
    were. What waits is what waited and entered less what left: everything referred, held over and
    unresolved entered, and only what was considered or ended left."""
    for category, *where, when in sorted(printed):
        if category.startswith(f"{THEME}:"):
            yield Rule((("considered", *where, when),), ((category, *where, when),))
        elif category == "considered":
            first, last = when.split("/")[0], when.split("/")[-1]
            more = [("stock", *where, last)]
            more += [(one, *where, when) for one in ("considered", "ended")]
            less = [("stock", *where, _month_before(first))]
            less += [(one, *where, when) for one in _ENTERED]
            yield Rule(tuple(more), tuple(less))


def _month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1)}-{(number - 2) % 12 + 1:02}"


def _watch(told: Told, step: str, number: int, of_all: int) -> Callable[[int, int], None]:
    """How far one of many attackers is, as part of the whole."""

    def watch(done: int, of: int) -> None:
        told(step, 1000 * number + 1000 * done // max(of, 1), 1000 * of_all)

    return watch


def _attackers(
    everything: Sequence[tuple[Printed, Inside]],
) -> list[tuple[str | None, Callable[[Place], bool]]]:
    """Anybody, and somebody of each location, with the parts they know."""
    every = {one: None for printed, _ in everything for one in printed.axes[_LOCATION - 1]}
    locations = [one for one in every if one != ALL]
    insiders = [(one, _knows(one)) for one in locations] if len(locations) > 1 else []
    return [(None, nothing), *insiders]


def _knows(location: str) -> Callable[[Place], bool]:
    def known(part: Place) -> bool:
        return part[_LOCATION] == location

    return known


def written(one: Certificate) -> bytes:
    """The bytes of a certificate."""
    return hashing.encoded(
        {
            "kind": "publication certificate",
            "version": VERSION,
            "over": [*one.over],
            "small": one.small,
            "least": LEAST,
            "leastInside": LEAST_INSIDE,
            "programs": one.programs,
            "insiders": one.insiders,
            "wrong": [[publication, *cell] for publication, cell in one.wrong],
            "narrowed": [
                [who, publication, *cell, remaining]
                for who, publication, cell, remaining in one.narrowed
            ],
            "passed": one.passed,
        }
    )


def read(content: bytes) -> Certificate:
    """A certificate from its bytes."""
    found: Mapping[str, Any] = json.loads(content)
    return Certificate(
        tuple(found["over"]),
        found["small"],
        found["programs"],
        found["insiders"],
        tuple((publication, tuple(cell)) for publication, *cell in found["wrong"]),
        tuple(
            (who, publication, tuple(cell), remaining)
            for who, publication, *cell, remaining in found["narrowed"]
        ),
    )
