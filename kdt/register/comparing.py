"""Locations compared: the share of what each first level considered, or took, against chance."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from kdt.procedure import CURRENT
from kdt.register import dashboard
from kdt.register.dashboard import Cells, Place
from kdt.register.figures import Query, provisional
from kdt.register.funnel import Funnel, funnel
from kdt.register.pace import paces
from kdt.vocabulary import Measure


class Basis(StrEnum):
    """What locations are compared on: a share of what the panel of the location considered, or of
    what was brought there and could be followed for so long (`pace.WITHIN`)."""

    HELD_OVER = "heldOver"
    DECISIONS = "decisions"
    REFERRED_UP = "referredUp"
    SETTLED_WITHIN = "settledWithin"


# Which considerations.
_MEASURES = {
    Basis.HELD_OVER: Measure.HELD_OVER,
    Basis.DECISIONS: Measure.DECISIONS,
    Basis.REFERRED_UP: Measure.REFERRED_UP,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared on which share; no funnel where there are no two locations to compare."""

    query: Query
    basis: Basis
    where: Place
    funnel: Funnel | None


def comparison(
    connection: Connection, query: Query, basis: Basis, where: Place, today: date
) -> Comparison:
    """The locations compared, at these values of question and ground."""
    if basis is Basis.SETTLED_WITHIN:
        over = followed(query, today)
        counts = paces(connection, over, where, today).in_time if over else {}
    else:
        counts = of_considerations(dashboard.of_period(connection, query).at(where), basis)
    return Comparison(query, basis, where, funnel(counts))


def of_considerations(period: Cells, basis: Basis) -> Mapping[str, tuple[int, int]]:
    """How many considerations ended so, of how many, by the location of the panel."""
    return {
        location: (amounts[_MEASURES[basis]], amounts[Measure.CONSIDERED])
        for location, amounts in period.at({"level": CURRENT.ladder.first}).by("location").items()
    }


def followed(query: Query, today: date) -> Query | None:
    """The same, followed up to the reference date or else yesterday: that day is over, so that all
    see the same. None where the period only begins after it."""
    last = query.as_of or today - timedelta(days=1)
    if query.first > last:
        return None
    return replace(query, until=min(query.until, last), as_of=last)


def as_json(found: Comparison, *, today: date) -> dict[str, object]:
    """The comparison as `kdt compare --format json` prints it."""
    query, there = found.query, found.funnel
    answer: dict[str, object] = {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "basis": found.basis.value,
        "question": found.where.get("question"),
        "ground": found.where.get("ground"),
        "share": there.share if there else None,
        "spread": there.spread if there else None,
        "locations": [
            {
                "location": one.place,
                "amount": one.so,
                "of": one.of,
                "share": one.share,
                "limits": {_KEYS[name]: value for name, value in asdict(one.limits).items()},
                "outside": one.outside,
            }
            for one in (there.places if there else ())
        ],
    }
    if provisional(query, today):
        answer["provisional"] = True
    return answer


_KEYS = {
    "low_far": "lowFar",
    "low_near": "lowNear",
    "high_near": "highNear",
    "high_far": "highFar",
}
