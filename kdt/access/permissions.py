"""Whether somebody may see or do a thing, by the rows of `table.py`. The service asks it, and the
screens ask the same."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kdt import words
from kdt.access.table import LENT, TABLE, Acts, Knows, Right, Row, Shown
from kdt.errors import Forbidden
from kdt.procedure import CURRENT, Act, Panel, Refusal, State, theirs
from kdt.procedure import Code as Procedure
from kdt.vocabulary import Action, Purpose, Role


class Code(StrEnum):
    """Why access says no; the Dutch stands with the procedure's under `refusal`."""

    NOT_HERE = "not_here"
    NOT_YOURS = "not_yours"
    HANDED_OVER = "handed_over"
    RECUSED = "recused"
    WORKED_ON_IT = "worked_on_it"
    ANSWERED_ALREADY = "answered_already"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one capacity: `location` is None for what is national, or everywhere.

    `on_behalf_of`: the colleague, away for a while, whose capacity it is.
    """

    person: str
    role: Role
    location: str | None = None
    on_behalf_of: str | None = None

    @property
    def row(self) -> Row:
        """What this capacity may see and do."""
        return TABLE[self.role, self.location is None]

    @property
    def stands_for(self) -> str:
        """Whose cases are this actor's own."""
        return self.on_behalf_of or self.person

    @property
    def people(self) -> frozenset[str]:
        """Who acts, and for whom: what bars either bars both."""
        return frozenset({self.person, self.stands_for})


@dataclass(frozen=True, slots=True)
class Matter:
    """An escalation as access looks at it, for one person who asks.

    `themed`: whether it shows a theme; `held_by`: to whom it was handed over; `worked_on`: of the
    people the asker stands for, those who did an officer's work on its case; `purpose`: what the
    asker said to read it for today.
    """

    state: State
    themed: bool = False
    held_by: str | None = None
    recused: frozenset[str] = frozenset()
    worked_on: frozenset[str] = frozenset()
    purpose: Purpose | None = None

    @property
    def holder(self) -> str | None:
        """Who goes on with it: whoever brought it, until it is handed over."""
        return self.held_by or self.state.brought_by


# Outside the sequence: who may know of an escalation may say this of it, as the procedure allows.
_ABOUT = frozenset({Action.TAG, Action.CORRECT})
# What a panel decides of it: not for who is recused, or was at work on the case.
_DECIDES = frozenset({Action.CONSIDER, Action.REOPEN})


def scope(actors: Iterable[Actor]) -> str:
    """What the database may show of cases to these, all capacities together: as wide as `sees` and
    `sight`, and no wider. Every list in it is read by the policies on those rows."""
    every = [*actors]
    asking = sorted({one.person for one in every if has(one, Right.STATE_PURPOSE)})
    follows = ["*"] if holder(every, Right.FOLLOW) else []
    rows = _part(every)
    if holder(every, Right.HAND_OVER):
        # Whose they are is all they are told.
        rows["locations"] = ["*"]
    texts = _part(one for one in every if Shown.TEXT in one.row.shows)
    numbers = _part(one for one in every if Shown.CASE_NUMBER in one.row.shows)
    parts = {"rows": rows, "texts": texts, "numbers": numbers}
    return json.dumps({**parts, "asking": asking, "follows": follows})


def _part(actors: Iterable[Actor]) -> dict[str, list[str]]:
    part: dict[str, list[str]] = {"locations": [], "people": [], "reached": [], "themed": []}
    for actor in actors:
        match actor.row.knows:
            case Knows.OWN:
                part["people"].append(actor.stands_for)
            case Knows.LOCATION | Knows.ALL:
                part["locations"].append(actor.location or "*")
            case Knows.REFERRED_UP:
                part["reached"].append(CURRENT.ladder.top)
            case Knows.THEMED:
                part["themed"].append(actor.location or "*")
            case Knows.NONE:
                pass
    return part


def sight(actors: Iterable[Actor], matter: Matter) -> frozenset[Shown] | None:
    """What is shown of an escalation, all capacities taken together; None when none of them may
    know of it."""
    seeing = [actor.row.shows for actor in actors if sees(actor, matter)]
    return frozenset().union(*seeing) if seeing else None


def reader(actors: Iterable[Actor], matter: Matter) -> Actor | None:
    """The first of these capacities in which somebody is shown what was written; None when there is
    none."""
    reading = (one for one in actors if Shown.TEXT in one.row.shows and sees(one, matter))
    return next(reading, None)


def sees(actor: Actor, matter: Matter) -> bool:
    """Whether the actor may know of this escalation."""
    state = matter.state
    match actor.row.knows:
        case Knows.NONE:
            return False
        case Knows.OWN:
            own = actor.stands_for in (state.brought_by, matter.held_by)
            asked = matter.purpose is not None and actor.on_behalf_of is None
            return own or (asked and actor.location in (None, state.location))
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
        return _not_their_own(actor, matter)
    if action in _ABOUT:
        return None if sees(actor, matter) else Refusal(Code.NOT_HERE)
    if actor.row.acts is not Acts.BEFORE_PANEL or not before(actor, matter.state):
        return Refusal(Code.NOT_HERE)
    return barred(actor, matter) if action in _DECIDES else None


def _not_their_own(actor: Actor, matter: Matter) -> Refusal | None:
    """Why somebody who acts on what they go on with does not on this; None when they do."""
    if matter.holder == actor.stands_for:
        return None
    brought_it = matter.state.brought_by == actor.stands_for
    return Refusal(Code.HANDED_OVER if brought_it else Code.NOT_YOURS)


def barred(actor: Actor, matter: Matter) -> Refusal | None:
    """Why this actor takes no part in what a panel decides of an escalation; None when they may.

    That who brought it records no outcome the procedure says too; here it is so of all a panel
    decides, and of whoever stands in for them.
    """
    if actor.people & matter.recused:
        return Refusal(Code.RECUSED)
    if matter.state.brought_by in actor.people:
        return Refusal(Procedure.BROUGHT_IT)
    if actor.people & matter.worked_on:
        return Refusal(Code.WORKED_ON_IT)
    return None


def may_recuse(actor: Actor, matter: Matter) -> bool:
    """Whether the actor sits in the panel that has it now, and so says who takes no part in it."""
    waits = matter.state.waiting_at is not None
    return waits and has(actor, Right.RECUSE_SELF) and before(actor, matter.state)


def recusing(actors: Iterable[Actor], matter: Matter) -> Actor | None:
    """The capacity in which a person says who takes no part; rather one that recuses others than
    one that recuses oneself."""
    sitting = [one for one in actors if may_recuse(one, matter)]
    return holder(sitting, Right.RECUSE) or next(iter(sitting), None)


def suspends(actor: Actor, matter: Matter) -> Refusal | None:
    """Why this actor may not say that the term of a case does not run; None when they may: whoever
    goes on with it, or the panel that has it, as long as its question is open."""
    if not matter.state.question_open:
        return Refusal(Code.ANSWERED_ALREADY)
    if actor.row.acts is Acts.OWN:
        return None if matter.holder == actor.stands_for else Refusal(Code.NOT_YOURS)
    return None if before(actor, matter.state) else Refusal(Code.NOT_HERE)


def suspending(actors: Iterable[Actor], matter: Matter) -> Actor | None:
    """The capacity in which a person does that, or None."""
    able = (one for one in actors if has(one, Right.SUSPEND) and suspends(one, matter) is None)
    return next(able, None)


def relates(actor: Actor, matter: Matter) -> Refusal | None:
    """Why this actor may not say what an escalation belongs with; None when they may: whoever goes
    on with it, or the panel that has it."""
    if actor.row.acts is Acts.OWN:
        return _not_their_own(actor, matter)
    return None if before(actor, matter.state) else Refusal(Code.NOT_HERE)


def relating(actors: Iterable[Actor], matter: Matter) -> Actor | None:
    """The capacity in which a person does that, or None."""
    able = (one for one in actors if has(one, Right.RELATE) and relates(one, matter) is None)
    return next(able, None)


def may_propose(actor: Actor, matter: Matter) -> Refusal | None:
    """Why this actor proposes no outcome for an escalation, wherever it stands; None when they may:
    whoever goes on with it, or secretary and chair of the panel that has it, taking part."""
    if has(actor, Right.PROPOSE_OWN):
        return _not_their_own(actor, matter)
    if not has(actor, Right.PROPOSE) or not before(actor, matter.state):
        return Refusal(Code.NOT_HERE)
    return barred(actor, matter)


def may_correct(
    actor: Actor, about: Act | None, considered_by: Panel | None, matter: Matter
) -> Refusal | None:
    """What a panel decided is corrected by nobody who takes no part in it, and what it considered
    by that panel alone; what policy tagged by policy.

    `about`: the act that is corrected in the end, None when it is none of this escalation;
    `considered_by` is None for what is no consideration.
    """
    if about is None:
        return None
    if refusal := theirs(actor.role, about):
        return refusal
    if about.action not in _DECIDES:
        return None
    if matter.state.brought_by in actor.people:
        return Refusal(Procedure.BROUGHT_IT)
    if considered_by is not None and not serves(actor, considered_by.location):
        return Refusal(Code.NOT_HERE)
    return barred(actor, matter)


def may_open(actor: Actor, location: str) -> Refusal | None:
    """An officer brings cases from the own location, and in their own name."""
    if not has(actor, Right.OPEN) or actor.location not in (None, location):
        return Refusal(Code.NOT_HERE)
    return None


def serves(actor: Actor, location: str | None) -> bool:
    """Whether the actor sits in the panel of a location (None: the one that has none), or looks
    into it, and so reads its queue and agendas."""
    if has(actor, Right.LOOK_IN):
        return actor.location in (None, location)
    return has(actor, Right.SIT) and actor.location == location


def of_panel(actors: Iterable[Actor], right: Right, location: str | None) -> Actor | None:
    """The first of these capacities that has a right in the panel of a location (None: the one that
    has none), or None."""
    return next((one for one in actors if has(one, right) and one.location == location), None)


def has(actor: Actor, right: Right) -> bool:
    """Whether a capacity has a right; one that is lent has few."""
    return right in actor.row.rights and (actor.on_behalf_of is None or right in LENT)


def holder(actors: Iterable[Actor], right: Right) -> Actor | None:
    """The first of a person's capacities that has a right, or None."""
    return next((actor for actor in actors if has(actor, right)), None)


def holding(actors: Iterable[Actor], right: Right) -> Actor:
    """The same. Raises Forbidden where there is none."""
    found = holder(actors, right)
    if found is None:
        raise forbidden(right)
    return found


def require(actor: Actor, right: Right) -> None:
    """Raise Forbidden unless this capacity has a right."""
    holding([actor], right)


def forbidden(right: Right) -> Forbidden:
    """What is said to who lacks a right."""
    return Forbidden(words.say(f"forbidden.{right.name.lower()}"))


def before(actor: Actor, state: State) -> bool:
    """Whether the escalation is before the panel the actor sits in."""
    if actor.location is None:
        return state.level == CURRENT.ladder.top
    at_location = state.level is None or CURRENT.ladder.level(state.level).per_location
    return at_location and state.location == actor.location
