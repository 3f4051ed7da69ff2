"""What members of a panel say ahead of its meeting of an item on the agenda.

Each is a fact of the ledger beside the escalation's own log; of a seat the newest counts, until the
panel has considered the escalation. Whoever agrees does so with one proposal, not with the next.
Who takes no part is recused, as at any other moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, Matter, has
from kdt.access.table import Right
from kdt.cases import around, taking
from kdt.cases.around import Code
from kdt.cases.inputs import Prose
from kdt.cases.model import positions
from kdt.errors import Forbidden, Refused, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.procedure import State
from kdt.store.driver import Statement
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow, insert
from kdt.values import Problem
from kdt.vocabulary import Phase, Role, Stance


@dataclass(frozen=True, slots=True)
class Position:
    """What was said in the seat of somebody, of which proposal where there was one."""

    seq: int
    round: int
    person: str
    role: Role
    stance: Stance
    proposal: int | None
    recorded_at: datetime
    reasons: Prose | None


def give(
    store: Store,
    actor: Actor,
    escalation: str,
    stance: Stance,
    reasons: str = "",
    *,
    proposal: int | None = None,
    key: str | None = None,
) -> None:
    """Say what one thinks of an item, in one's own seat or that of whom one stands in for;
    `proposal` is the number of the one that was read. A repeat with the same key changes nothing.

    Raises NotFound, Forbidden, InvalidInput, Conflict (the key was used for something else) and
    Refused: for who takes no part, what is on no agenda of theirs, and whoever agrees with what is
    not, or no longer, proposed.
    """
    said = _said(stance, reasons)
    if stance is Stance.RECUSED:
        around.recuse(store, actor, escalation, actor.person, key=key)
        return
    repeat = repeats.of(actor, key, "position", escalation, stance, said, proposal)
    with writing(store) as connection:
        if repeat.earlier(connection):
            return
        seen = taking.take(connection, actor, escalation, _standing(escalation))
        seat([actor], seen.matter)
        ((now,),) = seen.also
        if stance is Stance.AGREE and now.proposal is None:
            raise refused(Code.NOTHING_PROPOSED)
        if stance is Stance.AGREE and now.proposal != proposal:
            raise refused(Code.OTHER_PROPOSAL)
        values = {"round": now.round, "stance": stance}
        about = {} if now.proposal is None else {"proposal": now.proposal}
        texts = {"person": actor.stands_for, "reasons": said}
        fact = Fact(Subject.ESCALATION, escalation, "position", values | about, texts)
        (made,) = append(connection, By(actor.person, actor.role), fact)
        row = (now.round, actor.stands_for, actor.role, stance, now.proposal, made.recorded_at)
        insert(connection, [(positions, [(escalation, made.seq, *row)])])
        repeat.record(connection, Subject.ESCALATION, escalation)


def seat(actors: Sequence[Actor], matter: Matter) -> Actor:
    """The seat in which somebody says what they think of an item. Raises Forbidden for who sits in
    no panel, and Refused where they take no part or it is on no agenda of theirs."""
    sitting = [one for one in actors if has(one, Right.SIT)]
    if not sitting:
        raise Forbidden(words.say("forbidden.positions"))
    here = [one for one in sitting if permissions.before(one, matter.state)]
    if not here or matter.state.phase is not Phase.LISTED:
        raise refused(Code.ON_NO_AGENDA)
    barred = [(one, permissions.barred(one, matter)) for one in here]
    found, refusal = next((pair for pair in barred if pair[1] is None), barred[0])
    if refusal is not None:
        raise Refused(refusal)
    return found


def shown_to(actors: Sequence[Actor], state: State) -> bool:
    """Whether somebody is shown what members say: who sits in the panel it is before, or looks in.
    Who brought it hears what the panel decides, also when they sit in it."""
    if any(state.brought_by in one.people for one in actors):
        return False
    sits = any(has(one, Right.SIT) and permissions.before(one, state) for one in actors)
    return sits or any(has(one, Right.LOOK_IN) for one in actors)


def asked(escalation: str) -> Statement:
    """Asks what `newest` takes, for whoever asks something else as well."""
    return _GIVEN, (escalation,)


def newest(
    found: Iterable[AnyRow], behind: int, reasons: Mapping[int, Prose]
) -> tuple[Position, ...]:
    """What counts of each seat since so many considerations, in the order said, with the reasons
    that were read of it."""
    by_seat = {
        row.person: Position(
            row.seq,
            row.round,
            row.person,
            Role(row.role),
            Stance(row.stance),
            row.proposal,
            row.recorded_at,
            reasons.get(row.seq) or None,
        )
        for row in found
        if row.round == behind
    }
    return tuple(sorted(by_seat.values(), key=lambda one: one.seq))


_GIVEN = b"select * from positions where escalation_id = %s order by seq"


def _said(stance: Stance, reasons: str) -> str:
    """The reasons as they are kept. Raises InvalidInput where they are missing, or kept nowhere."""
    said = names.text_given("reasons", reasons)
    if stance is Stance.OTHER and not said:
        raise names.invalid(Problem("missing", "reasons"))
    if stance is Stance.RECUSED and said:
        raise names.invalid(Problem("recused_without_reasons", "reasons"))
    return said


def _standing(escalation: str) -> Statement:
    """Asks how many considerations an escalation has behind it, and which proposal now counts."""
    return _STANDING, (escalation, escalation)


_STANDING = b"""
    select round, (
        select max(seq) from proposals p where p.escalation_id = %s and p.round = behind.round
    ) as proposal
    from (select count(*) as round from considerations where escalation_id = %s) behind
"""
