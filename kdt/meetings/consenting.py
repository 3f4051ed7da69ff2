"""Recording what a panel agreed on ahead, without discussion: each item as it was proposed, by
itself, and that it went so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from kdt import words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, has
from kdt.access.table import Right
from kdt.cases import around, before_panel, dossiers, ordering, view
from kdt.cases.inputs import Inputs
from kdt.cases.model import consents, considerations
from kdt.cases.service import Command, Receipt, perform_within
from kdt.errors import Conflict, Forbidden, InvalidInput, NotFound, Refused, refused
from kdt.ledger.model import ledger_texts
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.meetings.preparing import Prepared, Seat, prepared, seats
from kdt.panels.queries import all_panels
from kdt.panels.slots import meeting
from kdt.procedure import CURRENT
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.store.writing import insert
from kdt.vocabulary import Action

_RECORDING = CURRENT.roles(Action.CONSIDER)


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """An item that could not be recorded, and why not."""

    escalation: str
    problem: str


@dataclass(frozen=True, slots=True)
class Consented:
    """What recording without discussion did; each item stands by itself."""

    done: tuple[Receipt, ...]
    failed: tuple[NotRecorded, ...]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """The meeting at which it is recorded."""

    slot: tuple[str, date]
    seats: tuple[Seat, ...]
    minimum: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """How many items a meeting took without discussion, and how many it discussed."""

    by_consent: int
    discussed: int


def record(
    store: Store,
    actors: Sequence[Actor],
    panel: str,
    held_on: date,
    *,
    only: Collection[str] | None = None,
    key: str | None = None,
) -> Consented:
    """Record what a panel agreed on ahead of a meeting (or `only` some of it) as it was proposed,
    in the order of the agenda.

    Each is an action of its own: what no longer is agreed on, or cannot be recorded by this person,
    is named, and the rest is recorded. `key` makes a repeat harmless. Raises NotFound for who does
    not sit in the panel, Forbidden for who records nothing there, and Conflict when the key was
    used for something else.
    """
    whole = repeats.of(actors[0], key, "consents", panel, held_on, sorted(only or ()))
    with reading(store) as connection:
        where = next((one for one in all_panels(connection) if one.id == panel), None)
        held = meeting(connection, panel, held_on)
        serves = where and any(permissions.serves(one, where.location) for one in actors)
        if where is None or held is None or not serves:
            raise NotFound(words.say("refusal.not_found"))
        if not records(actors, where.location):
            raise Forbidden(words.say("forbidden.consents"))
        here = _Meeting((panel, held_on), seats(connection, where.location), held.attendance)
        order = ordering.in_force(connection, moments.today(connection))
        waiting = before_panel.agenda(connection, panel, held_on, order=order)
        listed = [one.id for one in waiting]
        agreed = [
            one.escalation
            for one in prepared(connection, listed, here.seats, here.minimum)
            if one.reading.agreed
        ]
    wanted = [one for one in agreed if only is None or one in only]
    # What was ticked and is not among them any more was taken, lifted, or recorded by this request.
    wanted += sorted(set(only or ()) - set(wanted))
    with writing(store) as connection:
        wanted = whole.about(connection, Subject.PANEL, panel, wanted)
    done, failed = [], []
    for escalation in wanted:
        own_key = None if key is None else f"{key}/{escalation}"
        try:
            done.append(_record(store, actors, here, escalation, own_key))
        except (Refused, Conflict, NotFound, Forbidden, InvalidInput) as error:
            failed.append(NotRecorded(escalation, str(error)))
    return Consented(tuple(done), tuple(failed))


def records(actors: Iterable[Actor], location: str | None) -> bool:
    """Whether somebody records outcomes of the panel of a location (None: the one without)."""
    return any(
        has(one, Right.SIT) and one.location == location and one.role in _RECORDING
        for one in actors
    )


def taken(
    connection: Connection, panels: Iterable[str], first: date, last: date
) -> dict[tuple[str, date], Taken]:
    """How each meeting of panels, of the days from `first` to `last`, both included, came to its
    outcomes; one without any is left out. What was undone since is not counted."""
    consented = func.count(consents.c.ref)
    found = connection.execute(
        select(
            considerations.c.panel,
            considerations.c.occurred_on,
            consented.label("consented"),
            (func.count() - consented).label("discussed"),
        )
        .outerjoin_from(considerations, consents, consents.c.ref == considerations.c.ref)
        .where(
            considerations.c.panel.in_([*panels]),
            considerations.c.occurred_on.between(first, last),
        )
        .group_by(considerations.c.panel, considerations.c.occurred_on)
    )
    return {(row.panel, row.occurred_on): Taken(row.consented, row.discussed) for row in found}


def taken_at(connection: Connection, panel: str, held_on: date, considered: int) -> Taken:
    """How a meeting came to its outcomes, of which there are so many. What was imported went before
    there were any consents, and is not looked at."""
    query = (
        select(func.count())
        .join_from(considerations, consents, consents.c.ref == considerations.c.ref)
        .where(
            considerations.c.panel == panel,
            considerations.c.occurred_on == held_on,
            ~considerations.c.imported,
        )
    )
    by_consent = connection.execute(query).scalar_one() if considered else 0
    return Taken(by_consent, considered - by_consent)


def _record(
    store: Store, actors: Sequence[Actor], here: _Meeting, escalation: str, key: str | None
) -> Receipt:
    repeat = repeats.of(actors[0], key, "consent", escalation)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return Receipt.of_answer(earlier["receipt"])
        # Whoever still wants to talk about it waits for this, or is waited for.
        taken = dossiers.take(connection, escalation, considering=True)
        matter = view.matter(connection, actors, escalation)
        actor = None if matter is None else view.acting(actors, Action.CONSIDER, matter)
        if actor is None:
            raise NotFound(words.say("refusal.not_found"))
        (item,) = prepared(connection, [escalation], here.seats, here.minimum)
        state = taken.dossier.state if taken else None
        listed = state is not None and (state.panel, state.meeting_on) == here.slot
        if not listed or not item.reading.agreed:
            raise refused(around.Code.NOT_AGREED_ON)
        receipt = perform_within(connection, actor, escalation, [_as_proposed(connection, item)])
        (ref,) = receipt.refs
        fact = Fact(Subject.ESCALATION, escalation, "consent", {"entry": ref})
        append(connection, By(actor.person, actor.role), fact)
        insert(connection, [(consents, [(ref, escalation)])])
        repeat.record(connection, Subject.ESCALATION, escalation, receipt=receipt.as_answer())
    return receipt


def _as_proposed(connection: Connection, item: Prepared) -> Command:
    """The consideration that was proposed, with its reasons."""
    reasons = connection.scalar(
        select(ledger_texts.c.content).where(
            ledger_texts.c.subject == Subject.ESCALATION,
            ledger_texts.c.subject_id == item.escalation,
            ledger_texts.c.seq == item.reading.proposal,
            ledger_texts.c.field == "reasons",
        )
    )
    return Command(Action.CONSIDER, Inputs(item.proposed, {"reasons": str(reasons)}))
