"""Steps of a theme by somebody who knows of some escalations: a split takes no other along."""

from collections.abc import Sequence

from sqlalchemy import select

from kdt.access.permissions import Actor
from kdt.cases import sights
from kdt.cases.model import escalations
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import stepping
from kdt.themes.stepping import Told, unknown


def take(
    store: Store,
    actors: Sequence[Actor],
    actor: Actor,
    theme: str,
    told: Told,
    *,
    key: str | None = None,
) -> int:
    """Take a step as `kdt.themes.stepping.take` does, and raise as it does; what it names that none
    of this person's capacities may know of is as if it did not show this theme."""
    if named := told.escalations:
        known = select(escalations.c.id).where(escalations.c.id.in_(named), sights.visible(actors))
        with reading(store) as connection:
            knows = {*connection.scalars(known)}
        if missing := sorted({*named} - knows):
            raise unknown("escalations", missing[0])
    return stepping.take(store, actor, theme, told, key=key)
