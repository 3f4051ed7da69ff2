"""Which escalations need to be walked for an answer: never fewer, and not all there ever were."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Text, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.cases.model import entries, escalations
from kdt.procedure.state import WAITING
from kdt.vocabulary import Action

# A correction can move a day, or undo what put an escalation where it stood.
_CORRECTED = entries.c.action == Action.CORRECT


def touching(first: date, until: date) -> ColumnElement[bool]:
    """Those of which something can count in a period."""
    return _having(or_(entries.c.occurred_on.between(first, until), _CORRECTED))


def waiting(day: date, as_of: date | None) -> ColumnElement[bool]:
    """Those that can have waited at the end of a day: they wait now, or something happened or was
    recorded since. Within `counting`."""
    since = entries.c.occurred_on > day
    if as_of is not None:
        since = or_(since, entries.c.recorded_on > as_of)
    now = select(escalations.c.id).where(escalations.c.phase.in_(WAITING))
    return or_(entries.c.escalation_id.in_(now), _having(or_(since, _CORRECTED)))


def said(code: str) -> ColumnElement[bool]:
    """Those of which a consideration, or a correction, ever said this outcome or detail."""
    return _having(says(code))


def says(code: str) -> ColumnElement[bool]:
    """The entries themselves that say so."""
    return and_(
        entries.c.action.in_((Action.CONSIDER, Action.CORRECT)),
        func.convert_from(entries.c.content, "UTF8").contains(f'"{code}"'),
    )


def did(action: Action) -> ColumnElement[bool]:
    """Those with which this was ever done."""
    return _having(entries.c.action == action)


def brought_from(location: str) -> ColumnElement[bool]:
    """Those of a location, which nothing changes. Within `counting`."""
    there = select(escalations.c.id).where(escalations.c.location == location)
    return entries.c.escalation_id.in_(there)


def corrected() -> ColumnElement[bool]:
    """Those of which anything was ever corrected."""
    return _having(_CORRECTED)


def these(ids: Collection[str]) -> ColumnElement[bool]:
    """Those with these ids, however many."""
    return entries.c.escalation_id == any_(literal(sorted(ids), ARRAY(Text)))


def _having(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return entries.c.escalation_id.in_(select(entries.c.escalation_id).where(*conditions))
