"""A case that somebody brings while the panel meets: who takes the meeting opens it, submits it and
puts it on the agenda in one go, on behalf of the officer who brings it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from kdt.access import permissions, queries, repeats
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.table import Right
from kdt.cases import typed
from kdt.cases.inputs import Inputs
from kdt.cases.service import Command, Receipt, perform_within
from kdt.errors import refused
from kdt.ledger.table import Subject
from kdt.meetings.hall import Code, entered
from kdt.meetings.keeping import clock_of
from kdt.procedure import CURRENT
from kdt.store.engine import Store
from kdt.vocabulary import Action, Late


def officers(connection: Connection, location: str) -> list[Person]:
    """Who brings cases from a location in their own name."""
    return [
        one for one in queries.all_people(connection) if _brings(one.actors, location) is not None
    ]


def walk_in(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    brought_by: str,
    opening: Inputs,
    *,
    key: str | None = None,
) -> Receipt:
    """Open a case in the name of who brings it, from the panel's location, submit it and list it
    for this meeting.

    A repeat with the same key gives the same. Raises NotFound, Forbidden, Conflict (the key was
    used for something else) and Refused.
    """
    with entered(store, actors, panel, held_on, Right.TAKE) as hall:
        location = hall.panel.location
        typist = Actor(hall.by.person, hall.by.role, location)
        repeat = repeats.of(typist, key, "walk_in", panel, held_on, brought_by, opening)
        if earlier := repeat.earlier(hall.connection):
            return Receipt.of_answer(earlier["receipt"])
        person = queries.person(hall.connection, brought_by)
        if location is None or person is None:
            raise refused(Code.NO_OFFICER)
        officer = _brings(person.actors, location)
        if officer is None:
            raise refused(Code.NO_OFFICER)
        values = {**opening.values, "location": location}
        brought = [
            Command(Action.OPEN, Inputs(values, opening.texts)),
            Command(Action.SUBMIT, Inputs({}, {})),
        ]
        made = perform_within(hall.connection, officer, None, brought)
        typed.keep(hall.connection, hall.by, made.escalation, made.refs)
        there = Inputs({"panel": panel, "meeting_on": held_on}, {})
        listing = Command(Action.LIST, there, late=Late.WALK_IN)
        # The chair puts nothing on an agenda: then the product does, as a secretary would.
        lists = typist if typist.role in CURRENT.roles(Action.LIST) else clock_of(location)
        listed = perform_within(hall.connection, lists, made.escalation, [listing])
        receipt = replace(listed, refs=(*made.refs, *listed.refs))
        kept = receipt.as_answer()
        repeat.record(hall.connection, Subject.ESCALATION, made.escalation, receipt=kept)
    return receipt


def _brings(actors: Sequence[Actor], location: str) -> Actor | None:
    """The capacity in which somebody brings cases from a location."""
    own = (one for one in actors if permissions.may_open(one, location) is None)
    return next(own, None)
