"""Who acts on the command line."""

from kdt.access import permissions, queries
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.store.engine import Store
from kdt.store.transaction import reading


def acting(store: Store, who: str, right: Right) -> Actor:
    """A person named there, in the capacity that has a right. Raises Forbidden, also of who is not
    there."""
    with reading(store) as connection:
        person = queries.person(connection, who)
    return permissions.holding(person.actors if person else (), right)
