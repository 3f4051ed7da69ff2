"""One escalation as a person sees it: where it stands, its history with what was corrected, its
texts, and what may be done with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Connection, select

from kdt.access import permissions
from kdt.access.permissions import Actor, Matter
from kdt.access.table import Shown
from kdt.cases import around, dossiers, families, positions, proposals, sights, texts, typed
from kdt.cases.answers import Answer, answers
from kdt.cases.families import Membership
from kdt.cases.inputs import Prose
from kdt.cases.inquiries import Ordered, ordered
from kdt.cases.model import case_numbers, escalations
from kdt.cases.positions import Position
from kdt.cases.proposals import Proposal
from kdt.cases.recording import Past
from kdt.cases.suspending import Suspension, suspensions_of
from kdt.procedure import (
    VERSIONS,
    Act,
    Available,
    History,
    Panel,
    State,
    Walk,
    available,
    outcomes_open,
)
from kdt.procedure.walk import CORRECTABLE, Standing
from kdt.store.writing import ask
from kdt.vocabulary import Action, Role

_CONSENTS = b"select ref from consents where escalation_id = %s"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry on the timeline, as recorded, and what stands of it now.

    `values` and `texts` are those recorded; `stands` are the values in force (None: voided), which
    differ where `corrected_by` names the correction in force.
    """

    seq: int
    ref: str
    action: Action
    role: Role
    person: str | None
    # The colleague they stood in for, who was away; and who typed it for them.
    on_behalf_of: str | None
    typed_by: str | None
    occurred_on: date
    recorded_at: datetime
    imported: bool
    values: Mapping[str, object]
    texts: Mapping[str, Prose]
    stands: Act | None
    corrected_by: str | None
    # The act it is, or corrects in the end.
    about: Act | None
    # The panel whose consideration it is, or corrects.
    considered_by: Panel | None
    # Whether it was recorded as proposed, without discussion.
    consented: bool

    @property
    def correctable(self) -> tuple[str, ...]:
        """The fields a correction of it may change; none for a correction itself."""
        return tuple(sorted(CORRECTABLE.get(self.action, ())))


@dataclass(frozen=True, slots=True)
class EscalationView:
    """Everything the page and the API show of one escalation, to one person.

    What is not in their `sight` is None, or left out: the case number, the case in values, and who
    brought it or did anything with it. `matter` is what rules go by, and is shown to nobody.
    """

    id: str
    version: int
    sight: frozenset[Shown]
    state: State
    matter: Matter
    case_number: str | None
    opened_on: date
    summary: Prose | None
    entries: tuple[Entry, ...]
    answers: tuple[Answer, ...]
    # Those ordered in its case, in order, as far as this person may know of them.
    inquiries: tuple[Ordered, ...]
    themes: tuple[str, ...]
    # The legal deadline that counts, None where there is none (yet), and what suspends its term.
    deadline: date | None
    suspensions: tuple[Suspension, ...]
    # The family it is in, and why, where that is read.
    family: Membership | None
    family_reason: Prose | None
    # What was proposed as its outcome, in order; and how many considerations it has behind it.
    proposals: tuple[Proposal, ...]
    round: int
    # What members of the panel it waits for say of it, where that is shown.
    positions: tuple[Position, ...]
    # Who goes on with it, and in which roles people take no part.
    holder: str | None
    recused: tuple[Role, ...]
    actions: tuple[Available, ...]
    outcomes: tuple[str, ...]

    @property
    def suspended(self) -> bool:
        """Whether its term is suspended until nobody knows when."""
        return self.state.decide_by is not None and self.deadline is None

    @property
    def answer(self) -> Answer | None:
        """The last word of a panel, or None when none has spoken."""
        return self.answers[-1] if self.answers else None

    @property
    def proposal(self) -> Proposal | None:
        """What is proposed now to the panel it waits for, or None."""
        newest = self.proposals[-1] if self.proposals else None
        stands = newest and newest.round == self.round and self.state.waiting_at is not None
        return newest if stands else None


def escalation(
    connection: Connection,
    actors: Sequence[Actor],
    escalation_id: str,
) -> EscalationView | None:
    """The escalation as a person sees it who may act as each of `actors`.

    None when it is not there, or not for this person to know of. Raises Forbidden when they may
    know of it, and read no text.
    """
    row = connection.execute(
        select(escalations, case_numbers.c.number)
        .outerjoin(case_numbers, case_numbers.c.case_id == escalations.c.case_id)
        .where(escalations.c.id == escalation_id)
    ).one_or_none()
    state = None if row is None else dossiers.state(row)
    if row is None or state is None:
        texts.refused(connection, actors, escalation_id)
        return None
    matter = sights.matter(connection, actors, escalation_id, state)
    shown = permissions.sight(actors, matter)
    if shown is None:
        texts.refused(connection, actors, escalation_id)
        return None
    read = texts.read(connection, actors, escalation_id, matter)
    written = read.entries
    past = dossiers.past(connection, escalation_id)
    behalves = around.behalves(connection, escalation_id)
    history = History([one.act for one in past])
    standing = {one.original.ref: one for one in history.standing()}
    # What was recorded was accepted, so it walks.
    walk = cast("Walk", history.walk(VERSIONS[state.version]))
    behind = sum(step.act.action is Action.CONSIDER for step in walk.steps)
    this = (escalation_id,)
    related, made, given, found, by_hand = ask(
        connection,
        families.asked(escalation_id),
        proposals.asked(escalation_id),
        positions.asked(escalation_id),
        (_CONSENTS, this),
        typed.asked(escalation_id),
    )
    hands = typed.hands(by_hand)
    consented = {one.ref for one in found}
    reasons = read.said("reasons")
    family = families.membership(related)
    return EscalationView(
        escalation_id,
        row.seq,
        shown,
        state if Shown.PEOPLE in shown else state._replace(brought_by=None),
        matter,
        row.number if Shown.CASE_NUMBER in shown else None,
        walk.steps[0].act.occurred_on,
        written.get((1, "summary")),
        tuple(
            _seen(
                _entry(one, behalves.get(one.seq), history, standing, written, consented, hands),
                shown,
            )
            for one in past
        ),
        tuple(answers(walk, past, standing, written)),
        tuple(ordered(connection, actors, escalation_id)),
        tuple(
            dict.fromkeys(
                str(step.act.values["theme"])
                for step in walk.steps
                if step.act.action is Action.TAG
            )
        ),
        row.deadline,
        tuple(suspensions_of(connection, escalation_id)),
        family,
        None if family is None else read.said("reason").get(family.number),
        tuple(
            one if Shown.PEOPLE in shown else replace(one, person=None)
            for one in proposals.made(made, reasons)
        ),
        behind,
        positions.newest(given, behind, reasons)
        if state.waiting_at is not None and positions.shown_to(actors, state)
        else (),
        matter.holder if Shown.PEOPLE in shown else None,
        tuple(around.recused_roles(connection, escalation_id)),
        actions(actors, matter),
        outcomes_open(VERSIONS[state.version], state),
    )


def matter(connection: Connection, actors: Sequence[Actor], escalation_id: str) -> Matter | None:
    """The escalation as rules go by it, nothing read of what was written; None when it is not
    there, or not for this person to know of."""
    row = connection.execute(
        select(escalations).where(escalations.c.id == escalation_id)
    ).one_or_none()
    state = None if row is None else dossiers.state(row)
    if state is None:
        return None
    found = sights.matter(connection, actors, escalation_id, state)
    return None if permissions.sight(actors, found) is None else found


def actions(actors: Sequence[Actor], matter: Matter) -> tuple[Available, ...]:
    """Every action with the reason why not, for whoever may act as each of `actors`: open when one
    of them may do it."""
    best: dict[Action, Available] = {}
    state = matter.state
    for actor in actors:
        for one in available(VERSIONS[state.version], state, actor=actor.person, role=actor.role):
            refusal = one.refusal or permissions.refused(actor, one.action, matter)
            offered = Available(one.action, refusal)
            if one.action not in best or offered.enabled:
                best[one.action] = offered
    return tuple(best.values())


def acting(actors: Sequence[Actor], action: Action, matter: Matter) -> Actor | None:
    """The capacity in which a person does something: the first that may, else that sees it."""
    seeing = [actor for actor in actors if permissions.sees(actor, matter)]
    for actor in seeing:
        offered = {one.action: one for one in actions([actor], matter)}
        if action in offered and offered[action].enabled:
            return actor
    return seeing[0] if seeing else None


def _entry(
    past: Past,
    on_behalf_of: str | None,
    history: History,
    standing: Mapping[str, Standing],
    texts: Mapping[tuple[int, str], Prose | None],
    consented: Collection[str],
    hands: Mapping[str, str],
) -> Entry:
    act = past.act
    stands, about = standing.get(act.ref), history.corrected(act.ref)
    return Entry(
        past.seq,
        act.ref,
        act.action,
        act.role,
        act.actor,
        on_behalf_of,
        hands.get(act.ref),
        act.occurred_on,
        act.recorded_at,
        past.imported,
        act.values,
        {
            field: text
            for (seq, field), text in texts.items()
            if seq == past.seq and text is not None
        },
        stands.act if stands else None,
        stands.corrected_by if stands else None,
        about,
        history.considered_by(act.ref),
        act.ref in consented,
    )


def _seen(entry: Entry, shown: Collection[Shown]) -> Entry:
    """The entry without what is not shown."""
    if Shown.PEOPLE not in shown:
        entry = replace(entry, person=None, on_behalf_of=None, typed_by=None)
    if Shown.CASE_NUMBER not in shown:
        entry = replace(
            entry,
            values=_without_case(entry.values),
            stands=_numberless(entry.stands),
            about=_numberless(entry.about),
        )
    return entry


def _numberless(act: Act | None) -> Act | None:
    return act and replace(act, values=_without_case(act.values))


def _without_case(values: Mapping[str, object]) -> Mapping[str, object]:
    """Without the id of the case, which ties escalations of one case together as a number does."""
    return {
        name: _without_case(value) if isinstance(value, Mapping) else value
        for name, value in values.items()
        if name != "case"
    }
