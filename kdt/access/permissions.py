"""Whether somebody may see or do a thing, by the rows of `table.py`. The service asks it, and the
screens ask the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kdt.access.table import TABLE, Acts, Knows, Right, Row, Shown
from kdt.procedure import CURRENT, Panel, Refusal, State
from kdt.vocabulary import Action, Role


class Code(StrEnum):
    """Why access says no; the Dutch stands with the procedure's under `refusal`."""

    NOT_HERE = "not_here"
    NOT_YOURS = "not_yours"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity: `location` is None for what is national, or everywhere."""

    person: str
    role: Role
    location: str | None = None

    @property
    def row(self) -> Row:
        """What this capacity may see and do."""
        return TABLE[self.role, self.location is None]


@dataclass(frozen=True, slots=True)
class Matter:
    """An escalation as access looks at it. `themed`: whether it shows a theme."""

    state: State
    themed: bool = False


# Outside the sequence: who may know of an escalation may say this of it, as the procedure allows.
_ABOUT = frozenset({Action.TAG, Action.CORRECT})


def sight(actors: Iterable[Actor], matter: Matter) -> frozenset[Shown] | None:
    """What is shown of an escalation, all capacities taken together; None when none of them may
    know of it."""
    seeing = [actor.row.shows for actor in actors if sees(actor, matter)]
    return frozenset().union(*seeing) if seeing else None


def sees(actor: Actor, matter: Matter) -> bool:
    """Whether the actor may know of this escalation."""
    state = matter.state
    match actor.row.knows:
        case Knows.NONE:
            return False
        case Knows.OWN:
            return state.brought_by == actor.person
        case Knows.LOCATION:
            return state.location == actor.location
        case Knows.REFERRED_UP:
            return CURRENT.ladder.top in state.reached
        case Knows.THEMED:
            return matter.themed and actor.location in (None, state.location)
        case Knows.ALL:
            return True


def refused(actor: Actor, action: Action, matter: Matter) -> Refusal | None:
    """Why this actor may not do this to an escalation, whatever its phase; None when they may."""
    if actor.row.acts is Acts.OWN:
        return None if matter.state.brought_by == actor.person else Refusal(Code.NOT_YOURS)
    if action in _ABOUT:
        return None if sees(actor, matter) else Refusal(Code.NOT_HERE)
    before_them = actor.row.acts is Acts.BEFORE_PANEL and _before(actor, matter.state)
    return None if before_them else Refusal(Code.NOT_HERE)


def may_correct(actor: Actor, considered_by: Panel | None) -> Refusal | None:
    """What a panel considered is corrected by that panel alone; `considered_by` is None for what
    is no consideration."""
    if considered_by is None or actor.row.acts is Acts.OWN:
        return None
    return None if serves(actor, considered_by.location) else Refusal(Code.NOT_HERE)


def may_open(actor: Actor, location: str) -> Refusal | None:
    """An officer brings cases from the own location."""
    if not has(actor, Right.OPEN) or actor.location not in (None, location):
        return Refusal(Code.NOT_HERE)
    return None


def serves(actor: Actor, location: str | None) -> bool:
    """Whether the actor sits in the panel of a location (None: the one that has none), or looks
    into it, and so reads its queue and agendas."""
    if has(actor, Right.LOOK_IN):
        return actor.location in (None, location)
    return has(actor, Right.SIT) and actor.location == location


def has(actor: Actor, right: Right) -> bool:
    """Whether a capacity has a right."""
    return right in actor.row.rights


def holder(actors: Iterable[Actor], right: Right) -> Actor | None:
    """The first of a person's capacities that has a right, or None."""
    return next((actor for actor in actors if has(actor, right)), None)


def _before(actor: Actor, state: State) -> bool:
    """Whether the escalation is before the panel the actor sits in."""
    if actor.location is None:
        return state.level == CURRENT.ladder.top
    at_location = state.level is None or CURRENT.ladder.level(state.level).per_location
    return at_location and state.location == actor.location
