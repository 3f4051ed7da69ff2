"""The texts of a case as people read them: screens and API have no other way to them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from kdt import words
from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Shown
from kdt.cases.inputs import Prose
from kdt.cases.model import entry_texts
from kdt.errors import Forbidden


def read(
    connection: Connection, actors: Sequence[Actor], escalation: str, matter: Matter
) -> dict[tuple[int, str], Prose]:
    """The texts of an escalation by entry number and field, for a person in these capacities; of
    one that was destroyed, the day. Raises Forbidden when none of them is shown text."""
    if Shown.TEXT not in (permissions.sight(actors, matter) or ()):
        raise Forbidden(words.say("forbidden.reads_text"))
    found = connection.execute(
        select(
            entry_texts.c.seq,
            entry_texts.c.field,
            entry_texts.c.content,
            entry_texts.c.destroyed_on,
        ).where(entry_texts.c.escalation_id == escalation)
    )
    return {(one.seq, one.field): one.destroyed_on or one.content for one in found}
