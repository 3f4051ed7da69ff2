"""Closing a meeting: somebody of the panel attests that all that was discussed is recorded, or that
nothing was discussed. Until then a meeting that was planned is a gap.

What a closed meeting did not come to goes back to the queue at once, and nothing comes on its
agenda any more. It is opened again by a fact with a reason, and then closed anew.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import insert

from kdt.access import repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import refused
from kdt.ledger.table import Subject
from kdt.meetings.hall import Code, Hall, considered_on, entered, held, listed_on, tell
from kdt.meetings.keeping import carry_over
from kdt.panels.model import attestations
from kdt.panels.slots import attested_now
from kdt.store.engine import Store
from kdt.store.writing import AnyRow
from kdt.vocabulary import Attested, Reopening


def close(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    attested: Attested,
    considered: int,
) -> None:
    """Close a meeting of today or of a day gone by. `considered`: how much the person saw that was
    considered at it, for that is what they attest.

    Raises NotFound, Forbidden and Refused.
    """
    with entered(store, actors, panel, held_on, Right.ATTEST) as hall:
        left = listed_on(hall, held_on)
        row = held(hall, held_on)
        if attested_now(hall.connection, row.id):
            raise refused(Code.MEETING_CLOSED, held_on=held_on)
        now = considered_on(hall, held_on)
        if now and attested is Attested.NOTHING:
            raise refused(Code.SOMETHING_WAS_DISCUSSED, considered=now)
        if not now and attested is Attested.EVERYTHING:
            raise refused(Code.NOTHING_WAS_DISCUSSED)
        if now != considered:
            raise refused(Code.CONSIDERED_MORE, considered=now)
        said = {"attested": attested, "considered": now}
        _keep(hall, row, "attest", said)
        for one in left:
            carry_over(hall.connection, (row.id, held_on, hall.panel.location), one)


def reopen(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    why: Reopening,
    *,
    key: str | None = None,
) -> None:
    """Open a meeting again that was closed. A repeat with the same key does nothing more.

    Raises NotFound, Forbidden, Conflict (the key was used for something else) and Refused.
    """
    repeat = repeats.of(actors[0], key, "reopen_meeting", panel, held_on, why)
    with entered(store, actors, panel, held_on, Right.ATTEST) as hall:
        if repeat.earlier(hall.connection) is not None:
            return
        row = held(hall, held_on)
        if not attested_now(hall.connection, row.id):
            raise refused(Code.MEETING_NOT_CLOSED, held_on=held_on)
        _keep(hall, row, "reopen", {"reason": why})
        repeat.record(hall.connection, Subject.MEETING, str(row.id))


def _keep(hall: Hall, row: AnyRow, fact: str, said: dict[str, object]) -> None:
    told = tell(hall, row.id, fact, {"panel": row.panel, "held_on": row.held_on, **said})
    kept = {**said, "recorded_by": hall.by.person, "recorded_at": told.recorded_at}
    hall.connection.execute(insert(attestations).values(meeting=row.id, **kept))
