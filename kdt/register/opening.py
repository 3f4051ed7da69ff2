"""A number opened: what stands behind it, of whichever measure of the catalogue that counts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from kdt.cases.model import entries
from kdt.procedure import Walk
from kdt.register import behind as counting
from kdt.register.behind import Behind, described
from kdt.register.breakdown import ONLY, Breakdown, check_known
from kdt.register.catalogue.lasting import THEMED
from kdt.register.catalogue.model import Opens
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.figures import BadQuery, Query
from kdt.register.from_log import walked
from kdt.register.lead_times import followed
from kdt.register.narrowing import these, touching
from kdt.register.stays import Span, spans
from kdt.tallies.measures import DIMENSIONS, End
from kdt.themes.counting import tagged
from kdt.vocabulary import Measure

# The measures that can be opened; behind an estimate or a ratio there is nothing that is counted.
OPENED = tuple(
    one.id for one in CATALOGUE.values() if one.opens in (Opens.ENTRIES, Opens.ESCALATIONS)
)
_ENDS = {f"leadTime{one.value[0].upper()}{one.value[1:]}": one for one in End}
_OPEN = "leadTimeOpen"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a number counts, one by one, in the order it happened."""

    measure: str
    these: Sequence[Behind]

    @property
    def amount(self) -> int:
        """The number itself."""
        if self._of_entries:
            return counting.amount(Measure(self.measure), self.these)
        return len(self.these)

    def lines(self, known: Collection[str]) -> Sequence[Behind]:
        """What is shown to whoever may know of these escalations."""
        seen = [one for one in self.these if one.escalation in known]
        return counting.lines(Measure(self.measure), seen) if self._of_entries else seen

    @property
    def _of_entries(self) -> bool:
        return self.measure in tuple(Measure)


def opened(
    connection: Connection, asked: Breakdown, at: Mapping[str, str], measure: str, *, today: date
) -> Opened:
    """What the number of a measure of `OPENED` counts in the row with these values. Lead times are
    followed up to the reference date or else `today`; with a level they are of that level, without
    one from the first queue on. Raises BadQuery."""
    if measure in tuple(Measure):
        return Opened(measure, counting.behind(connection, asked, at, Measure(measure)))
    kept = ("theme",) if measure == THEMED.id else DIMENSIONS
    if unknown := [one for one in (*at, *asked.only) if one not in kept]:
        raise BadQuery("unknown_dimension", given=unknown[0], known=", ".join(kept))
    place = {**asked.only, **at}
    check_known(connection, {one: value for one, value in place.items() if one in ONLY})
    if measure == THEMED.id:
        found = _seen(connection, asked.query, place.get("theme", ""))
    else:
        found = _stayed(connection, asked.query, place, measure, today)
    ordered = sorted(found, key=lambda one: (one.occurred_on, one.recorded_on, one.escalation))
    return Opened(measure, ordered)


def _stayed(
    connection: Connection, query: Query, place: Mapping[str, str], measure: str, today: date
) -> Iterator[Behind]:
    """The stays a lead time counts, each by the step that ended it, or else that began it."""
    last, level = followed(query, today), place.get("level")
    among = touching(query.first, query.until)
    for escalation, (walk,) in walked(connection, (query.as_of,), among=among):
        if not _at(walk, place):
            continue
        for one in spans(walk, last, by_level=level is not None):
            came = query.first <= one.begun.act.occurred_on <= query.until
            if came and one.level == level and _counts(one, measure):
                step = one.ended if one.ended and measure in _ENDS else one.begun
                yield described(escalation, walk, level or step.after.level, step)


def _at(walk: Walk, place: Mapping[str, str]) -> bool:
    return walk.state is not None and all(
        str(getattr(walk.state, one)) == value for one, value in place.items() if one != "level"
    )


def _counts(one: Span, measure: str) -> bool:
    if measure == _OPEN:
        return one.end is None
    return measure not in _ENDS or one.end is _ENDS[measure]


def _seen(connection: Connection, query: Query, theme: str) -> Iterator[Behind]:
    """The escalations that showed a theme, each by the tag that said so first."""
    tags = tagged(connection, query.first, query.until, query.as_of)
    first = (
        select(tags.c.escalation_id, func.min(tags.c.seq).label("seq"))
        .where(tags.c.theme == theme)
        .group_by(tags.c.escalation_id)
        .subquery()
    )
    said = connection.execute(
        select(entries.c.escalation_id, entries.c.ref).join(
            first,
            (first.c.escalation_id == entries.c.escalation_id) & (first.c.seq == entries.c.seq),
        )
    )
    refs = {row.escalation_id: row.ref for row in said}
    for escalation, (walk,) in walked(connection, (query.as_of,), among=these(refs)):
        for step in walk.steps:
            if step.act.ref == refs[escalation]:
                yield described(escalation, walk, step.after.level, step)
