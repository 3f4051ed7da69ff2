"""Reading escalations. Lists carry no text; the texts of one come with `view.escalation` alone.

Lists and searches are asked on behalf of a person in all their capacities together, and give what
one of these may know of, as far as it is shown to them.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from kdt.access.model import hand_overs
from kdt.access.permissions import Actor, Matter, sight
from kdt.access.table import Shown
from kdt.cases import dossiers, sights
from kdt.cases.list_order import Columns, Cursor, Order, parts
from kdt.cases.model import case_numbers, considerations, escalations, family_members, imports
from kdt.procedure import State
from kdt.procedure.state import WAITING
from kdt.store.scope import counting
from kdt.store.writing import AnyRow, AnySelect
from kdt.themes.counting import of_escalations, showing, tagged, tagged_escalations
from kdt.vocabulary import Phase


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """An escalation in a list: codes, days and its case number, no text.

    `case_number` and `brought_by` (also that of `state`) are None where they are not shown.
    """

    id: str
    case_number: str | None
    phase: Phase
    level: str | None
    location: str
    question: str
    ground: str
    brought_by: str | None
    decide_by: date | None
    # The day that counts; None too while the term is suspended until nobody knows when.
    deadline: date | None
    waiting_since: date | None
    held_over: int
    unresolved_last: bool
    settled: bool
    panel: str | None
    meeting_on: date | None
    last_on: date
    # What its latest consideration ended in, where there was one.
    considered_on: date | None
    outcome: str | None
    ruling: str | None
    inquiry: str | None
    # By when the inquiry ordered then is due.
    due_on: date | None
    # The number of its last entry, and what the procedure goes by.
    version: int
    state: State
    # What is shown of it besides what stands here, and to whom it was handed over.
    sight: Collection[Shown]
    held_by: str | None

    @property
    def suspended(self) -> bool:
        """Whether its term is suspended until nobody knows when."""
        return self.decide_by is not None and self.deadline is None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; everything left out is not asked."""

    phases: tuple[Phase, ...] = ()
    level: str | None = None
    location: str | None = None
    question: str | None = None
    ground: str | None = None
    # The person who brought it.
    brought_by: str | None = None
    theme: str | None = None
    # These alone, by id.
    among: tuple[str, ...] | None = None


def escalations_of(
    connection: Connection,
    actors: Sequence[Actor],
    wanted: Filter,
    *,
    after: Cursor | None,
    limit: int,
    order: Order = Order.CHANGED,
) -> list[EscalationRow]:
    """The escalations these may know of, in order, at most `limit` after `after`."""
    # Who may not know who brought a case is not told by asking for each person in turn.
    needed = frozenset() if wanted.brought_by is None else frozenset({Shown.PEOPLE})
    query = standing(themed=sights.by_theme(actors)).where(
        sights.visible(actors, needed), *_conditions(connection, wanted)
    )
    found: list[AnyRow] = []
    for part, in_order in parts(query, order, after):
        if len(found) < limit:
            chosen = part.order_by(*in_order(escalations.c)).limit(limit - len(found))
            found += connection.execute(whole(chosen, in_order)).all()
    return [as_row(one, actors) for one in found]


def cursor(row: EscalationRow, order: Order) -> Cursor:
    """Where a list in this order goes on after a row."""
    match order:
        case Order.CHANGED:
            day: date | None = row.last_on
        case Order.DEADLINE:
            day = row.deadline if row.state.question_open else None
        case Order.WAITING:
            day = row.waiting_since if row.phase in WAITING else None
    return day or date.max, row.id


def search(
    connection: Connection, actors: Sequence[Actor], case_number: str
) -> list[EscalationRow]:
    """The escalations of the case with this number, as far as these may know of them by number."""
    case = select(case_numbers.c.case_id).where(case_numbers.c.number == case_number.strip())
    return _of_case(connection, actors, escalations.c.case_id == case.scalar_subquery())


def related(
    connection: Connection, actors: Sequence[Actor], escalation: str
) -> list[EscalationRow]:
    """The other escalations of the same case, and those in the same family, as far as these may
    know of them by number."""
    case = select(escalations.c.case_id).where(escalations.c.id == escalation)
    this_case = escalations.c.case_id == case.scalar_subquery()
    which = or_(this_case, _in_family(escalation))
    return _of_case(connection, actors, and_(which, escalations.c.id != escalation))


def family(connection: Connection, actors: Sequence[Actor], escalation: str) -> list[EscalationRow]:
    """The others in its family, as far as these may know of them by number."""
    which = and_(_in_family(escalation), escalations.c.id != escalation)
    return _of_case(connection, actors, which)


def _in_family(escalation: str) -> ColumnElement[bool]:
    own = aliased(family_members)
    members = (
        select(family_members.c.escalation_id)
        .join(own, own.c.family == family_members.c.family)
        .where(own.c.escalation_id == escalation)
    )
    # As a list: of a subquery beside another condition the index is of no use.
    return escalations.c.id == any_(func.array(members.scalar_subquery()))


def themes_of(connection: Connection, escalation: str) -> list[str]:
    """The themes an escalation shows now, wherever they went."""
    return sorted(of_escalations(connection, tagged_escalations() == escalation))


def themes_brought(connection: Connection, actors: Iterable[Actor]) -> dict[str, int]:
    """The themes that what these brought shows now, and how many of those show each."""
    people = {one.stands_for for one in actors}
    theirs = select(escalations.c.id).where(escalations.c.brought_by.in_(people))
    return of_escalations(connection, tagged_escalations().in_(theirs))


def imported(connection: Connection) -> int:
    """How many files were imported: each changes what was before."""
    return connection.scalar(select(func.count()).select_from(imports)) or 0


def themed_by_location(
    connection: Connection, theme: str, first: date, until: date
) -> dict[str, int]:
    """How many escalations that were tagged with a theme from `first` to `until` were brought from
    each location."""
    shown = showing(connection, theme, first, until).subquery()
    query = (
        select(escalations.c.location, func.count(shown.c.escalation_id.distinct()))
        .join_from(shown, escalations, escalations.c.id == shown.c.escalation_id)
        .group_by(escalations.c.location)
    )
    with counting(connection):
        return {row[0]: row[1] for row in connection.execute(query)}


def themes_by_location(
    connection: Connection, first: date, until: date
) -> dict[str, dict[str, int]]:
    """By location the escalations brought there that were tagged from `first` to `until`, with each
    theme."""
    shown = tagged(connection, first, until)
    # Once each, by hashing: to count distinct ids sorts them all.
    each = (
        select(escalations.c.location, shown.c.theme)
        .join_from(shown, escalations, escalations.c.id == shown.c.escalation_id)
        .group_by(escalations.c.location, shown.c.theme, shown.c.escalation_id)
        .subquery()
    )
    place = (each.c.location, each.c.theme)
    query = select(*place, func.count()).group_by(*place)
    found: dict[str, dict[str, int]] = {}
    with counting(connection):
        for location, theme, count in connection.execute(query):
            found.setdefault(location, {})[theme] = count
    return found


def _conditions(connection: Connection, wanted: Filter) -> list[ColumnElement[bool]]:
    exact = {
        escalations.c.level: wanted.level,
        escalations.c.location: wanted.location,
        escalations.c.question: wanted.question,
        escalations.c.ground: wanted.ground,
        escalations.c.brought_by: wanted.brought_by,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    if wanted.phases:
        conditions.append(escalations.c.phase.in_(wanted.phases))
    if wanted.among is not None:
        conditions.append(escalations.c.id == any_(literal(list(wanted.among), ARRAY(Text))))
    if wanted.theme is not None:
        conditions.append(escalations.c.id.in_(showing(connection, wanted.theme)))
    return conditions


def these(
    connection: Connection,
    actors: Sequence[Actor],
    ids: Sequence[str],
    in_order: Callable[[Columns], Sequence[ColumnElement[Any]]],
) -> list[EscalationRow]:
    """The escalations with these ids, as far as these may know of them, in order."""
    query = standing(themed=sights.by_theme(actors)).where(
        sights.visible(actors), escalations.c.id == any_(literal(ids, ARRAY(Text)))
    )
    return [as_row(one, actors) for one in connection.execute(whole(query, in_order))]


def _of_case(
    connection: Connection, actors: Sequence[Actor], which: ColumnElement[bool]
) -> list[EscalationRow]:
    query = standing(themed=sights.by_theme(actors)).where(
        sights.visible(actors, sights.BY_NUMBER), which
    )
    found = connection.execute(whole(query, lambda of: [of.last_on.desc(), of.id]))
    return [as_row(one, actors) for one in found]


@cache
def standing(*, themed: bool = False) -> AnySelect:
    """Every escalation that stands. `themed`: told of each whether it shows a theme; else none."""
    return select(escalations, (sights.is_themed() if themed else false()).label("themed")).where(
        escalations.c.phase.is_not(None)
    )


def whole(
    chosen: AnySelect, in_order: Callable[[Columns], Sequence[ColumnElement[Any]]]
) -> AnySelect:
    """What was chosen of `standing`, in order, with the case number and what its latest
    consideration ended in: those are looked up for what is shown alone."""
    here = chosen.subquery("here")
    latest = (
        select(
            considerations.c.occurred_on,
            considerations.c.outcome,
            considerations.c.ruling,
            considerations.c.inquiry,
            considerations.c.due_on,
        )
        .where(considerations.c.escalation_id == here.c.id)
        .order_by(considerations.c.seq.desc())
        .limit(1)
        .lateral("latest")
    )
    return (
        select(
            here,
            case_numbers.c.number,
            latest.c.occurred_on.label("considered_on"),
            latest.c.outcome.label("latest_outcome"),
            latest.c.ruling.label("latest_ruling"),
            latest.c.inquiry.label("latest_inquiry"),
            latest.c.due_on.label("latest_due_on"),
            hand_overs.c.holder,
        )
        .outerjoin_from(here, case_numbers, case_numbers.c.case_id == here.c.case_id)
        .outerjoin(hand_overs, hand_overs.c.escalation_id == here.c.id)
        .outerjoin(latest, true())
        .order_by(*in_order(here.c))
    )


def as_row(found: AnyRow, actors: Iterable[Actor] | None = None) -> EscalationRow:
    """The row as these are shown it; as whoever serves its panel is, without any."""
    # Rows without a state are not selected.
    state = cast("State", dossiers.state(found))
    shown: Collection[Shown] = frozenset(Shown)
    if actors is not None:
        shown = sight(actors, Matter(state, found.themed, found.holder)) or frozenset()
    if Shown.PEOPLE not in shown:
        state = state._replace(brought_by=None)
    return EscalationRow(
        found.id,
        found.number if Shown.CASE_NUMBER in shown else None,
        Phase(found.phase),
        found.level,
        found.location,
        found.question,
        found.ground,
        state.brought_by,
        found.decide_by,
        found.deadline,
        found.waiting_since,
        found.held_over,
        found.unresolved_last,
        found.settled,
        found.panel,
        found.meeting_on,
        found.last_on,
        found.considered_on,
        found.latest_outcome,
        found.latest_ruling,
        found.latest_inquiry,
        found.latest_due_on,
        found.seq,
        state,
        shown,
        found.holder if Shown.PEOPLE in shown else None,
    )
