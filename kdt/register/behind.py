"""What stands behind a number: exactly so many entries, escalations or cases as it says.

Codes, ids and days alone: no text and no case number. Who may know of which is for whoever asks.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, false

from kdt.procedure import Step, Walk
from kdt.register.breakdown import (
    EVERY,
    FURTHER,
    ONLY,
    PIECE,
    Breakdown,
    among,
    check_known,
    considered_among,
    keys,
    place_of,
)
from kdt.register.catalogue.model import MeasureUnit
from kdt.register.catalogue.table import of
from kdt.register.counting import STANDING, counted, stands_on
from kdt.register.figures import BadQuery
from kdt.register.grain import pieces
from kdt.register.narrowing import brought_from, did, said, touching, waiting
from kdt.vocabulary import Action, Measure, Outcome


@dataclass(frozen=True, slots=True)
class Behind:
    """One thing that is counted: the entry by which it is, of which escalation and case, and where.

    `ref`: of the entry; of an escalation that stood somewhere, the entry that put it there.
    `level`: none where it was at none yet. `times`: of a case handled, how many considerations of
    it this one stands for.
    """

    escalation: str
    case: str
    ref: str
    action: Action
    level: str | None
    location: str
    question: str
    ground: str
    outcome: str | None
    ruling: str | None
    occurred_on: date
    recorded_on: date
    times: int = 1


def behind(
    connection: Connection, asked: Breakdown, at: Mapping[str, str], measure: Measure
) -> list[Behind]:
    """What the number of a measure in the row of `asked` with these values counts (by `heads`; what
    is not named there is taken together), in the order it happened; of cases every consideration,
    for `amount` and `lines`. Raises BadQuery."""
    if unknown := [one for one in at if one not in asked.heads]:
        raise BadQuery("unknown_dimension", given=unknown[0], known=", ".join(asked.heads))
    check_known(connection, {one: at[one] for one in ONLY if at.get(one)})
    kept = [one for one in EVERY if one in of(measure).divisions]
    if undivided := [one for one in at if one in FURTHER and one not in kept]:
        raise BadQuery("unknown_dimension", given=undivided[0], known=", ".join(kept))
    first, until = _period(asked, at.get(PIECE))
    here = replace(asked, by=tuple(one for one in asked.by if one in at), per=None)
    here = replace(here, query=replace(here.query, first=first, until=until))
    find = _considered if of(measure).actions == (Action.CONSIDER,) else _counted
    found = [*find(connection, here, at, measure)]
    found.sort(key=lambda one: (one.occurred_on, one.recorded_on, one.escalation, one.ref))
    return found


def _considered(
    connection: Connection, here: Breakdown, at: Mapping[str, str], measure: Measure
) -> Iterator[Behind]:
    """Considerations, one by one."""
    wanted = tuple(at[one] for one in here.by)
    for one, shows in considered_among(connection, here):
        if measure in one.measures and wanted in keys(here, one.place, shows):
            yield Behind(
                one.escalation,
                one.case,
                one.ref,
                Action.CONSIDER,
                one.level,
                one.location,
                one.question,
                one.ground,
                one.outcome,
                one.ruling,
                one.occurred_on,
                one.recorded_on,
            )


def _counted(
    connection: Connection, here: Breakdown, at: Mapping[str, str], measure: Measure
) -> Iterator[Behind]:
    """Anything else, in the histories it can be of."""
    query, wanted = here.query, tuple(at[one] for one in here.by)
    narrowed = [*_needed(measure, query.first, query.until, query.as_of)]
    if at.get("location"):
        narrowed.append(brought_from(at["location"]))
    for escalation, walk, shows in among(connection, here, *narrowed):
        for one in counted(walk, query.first, query.until):
            if one.measure is measure and wanted in keys(here, place_of(walk, one), shows):
                yield described(escalation, walk, one.level, one.step)


def amount(measure: Measure, found: Collection[Behind]) -> int:
    """The number these make: of a measure of cases, how many cases they are of."""
    return len({one.case for one in found} if _of_cases(measure) else found)


def lines(measure: Measure, known: Sequence[Behind]) -> Sequence[Behind]:
    """What is shown to whoever may know of these: of a measure of cases one line a case, that says
    nothing of what they may not know."""
    return _by_case(known) if _of_cases(measure) else known


def described(escalation: str, walk: Walk, level: str | None, step: Step) -> Behind:
    """Something counted at a level by a step, as it is shown."""
    assert walk.state is not None, "of a voided escalation nothing is counted"
    act, values = step.act, step.act.values
    return Behind(
        escalation,
        walk.state.case,
        act.ref,
        act.action,
        level,
        walk.state.location,
        walk.state.question,
        walk.state.ground,
        str(values["outcome"]) if "outcome" in values else None,
        str(values["ruling"]) if "ruling" in values else None,
        act.occurred_on,
        act.recorded_on,
    )


def _needed(
    measure: Measure, first: date, until: date, as_of: date | None
) -> Iterator[ColumnElement[bool]]:
    """The escalations a measure can count something of, but for considerations."""
    if measure is Measure.OPEN_AFTER_UNRESOLVED:
        yield said(Outcome.UNRESOLVED)
    elif measure in STANDING:
        day = stands_on(measure, first, until)
        yield waiting(day, as_of) if day else false()
    else:
        actions = of(measure).actions
        yield touching(first, until)
        if len(actions) == 1:
            yield did(actions[0])


def _period(asked: Breakdown, piece: str | None) -> tuple[date, date]:
    """The piece of that name, or the whole period."""
    if piece is None or asked.per is None:
        return asked.query.first, asked.query.until
    for one in pieces(asked.per, asked.query.first, asked.query.until):
        if one.name == piece:
            return one.first, one.until
    raise BadQuery("unknown_piece", given=piece)


def _of_cases(measure: Measure) -> bool:
    return of(measure).unit is MeasureUnit.CASE


def _by_case(found: Iterable[Behind]) -> list[Behind]:
    """The first of each case, for all there are of it."""
    cases: dict[str, Behind] = {}
    for one in found:
        known = cases.get(one.case)
        cases[one.case] = one if known is None else replace(known, times=known.times + 1)
    return [*cases.values()]
