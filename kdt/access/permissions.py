"""Who may see and do what: the one place. The service asks it, and the screens ask the same.

The plain version: who brought a case acts on it; secretary and chair act for their own panel. Finer
roles come with real sign-in.
"""

from dataclasses import dataclass
from enum import StrEnum

from kdt.procedure import CURRENT, Panel, Refusal, State
from kdt.vocabulary import Action, Role

PANEL_ROLES = frozenset({Role.SECRETARY, Role.CHAIR, Role.MEMBER})


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


def refused(actor: Actor, action: Action, state: State) -> Refusal | None:
    """Why this actor may not do this to an escalation, whatever its phase; None when they may."""
    if actor.role is Role.OFFICER:
        return None if state.brought_by == actor.person else Refusal(Code.NOT_YOURS)
    if action in (Action.TAG, Action.CORRECT):
        return None if sees(actor, state) else Refusal(Code.NOT_HERE)
    return None if _own_panel(actor, state) else Refusal(Code.NOT_HERE)


def may_correct(actor: Actor, considered_by: Panel | None) -> Refusal | None:
    """What a panel considered is corrected by that panel alone; `considered_by` is None for what
    is no consideration."""
    if considered_by is None or actor.role is Role.OFFICER:
        return None
    return None if serves(actor, considered_by.location) else Refusal(Code.NOT_HERE)


def may_open(actor: Actor, location: str) -> Refusal | None:
    """An officer brings cases from the own location."""
    if actor.role is not Role.OFFICER or actor.location not in (None, location):
        return Refusal(Code.NOT_HERE)
    return None


def sees(actor: Actor, state: State) -> bool:
    """Whether the actor may know of this escalation and read its texts."""
    if actor.role is Role.OFFICER:
        return state.brought_by == actor.person
    if actor.role in PANEL_ROLES:
        if actor.location is not None:
            return actor.location == state.location
        return CURRENT.ladder.top in state.reached
    return actor.role is Role.AUDITOR


def serves(actor: Actor, location: str | None) -> bool:
    """Whether the actor sits in the panel of a location (None: the one that has none), or audits
    it, and so reads its queue and agendas."""
    if actor.role is Role.AUDITOR:
        return True
    return actor.role in PANEL_ROLES and actor.location == location


def follows(actor: Actor) -> bool:
    """Whether the actor may read all that is recorded, in ids and codes."""
    return actor.role in (Role.AUDITOR, Role.ADMINISTRATOR)


def administers(actor: Actor) -> bool:
    """Whether the actor manages panels and locations."""
    return actor.role is Role.ADMINISTRATOR


def proposes_themes(actor: Actor) -> bool:
    """Whether the actor may propose a theme: whoever sees cases, and who keeps the list."""
    return actor.role is Role.OFFICER or actor.role in PANEL_ROLES or manages_themes(actor)


def manages_themes(actor: Actor) -> bool:
    """Whether the actor keeps the list of themes."""
    return actor.role is Role.POLICY_ADVISER


def _own_panel(actor: Actor, state: State) -> bool:
    """Whether the escalation is before the panel the actor serves."""
    if actor.location is None:
        return state.level == CURRENT.ladder.top
    at_location = state.level is None or CURRENT.ladder.level(state.level).per_location
    return at_location and state.location == actor.location
