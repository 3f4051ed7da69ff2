"""An escalation taken up for a write by somebody who may know of it: the one way in for whatever
changes it, or is said beside its log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.cases import dossiers, sights
from kdt.cases.dossiers import Taken
from kdt.errors import NotFound
from kdt.procedure import State
from kdt.store.driver import Statement


@dataclass(frozen=True, slots=True)
class Seen:
    """An escalation locked, how it stands, and how access looks at it; `also` holds the rows of
    whatever else was asked."""

    taken: Taken
    state: State
    matter: Matter
    also: Sequence[list[Any]]


def take(
    connection: Connection,
    actor: Actor,
    escalation: str,
    *also: Statement,
    considering: bool = False,
) -> Seen:
    """Take it for `actor`, and ask `also`, in one round trip; `considering` as `dossiers.take`
    has it. Raises NotFound, also for what they may not know of."""
    around = sights.around([actor], escalation, writing=True)
    taken = dossiers.take(connection, escalation, around, *also, considering=considering)
    state = None if taken is None else taken.dossier.state
    if taken is not None and state is not None:
        found, *others = taken.also
        matter = sights.as_matter(state, found)
        if permissions.sees(actor, matter):
            return Seen(taken, state, matter, others)
    raise NotFound(words.say("refusal.not_found"))
