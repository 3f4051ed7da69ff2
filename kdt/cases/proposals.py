"""What somebody proposes as the outcome of an escalation that waits for a panel.

Each is a fact of the ledger beside the escalation's own log; the newest counts. It stands until the
panel has considered the escalation: what comes after is another question to it. When that
consideration is undone, it stands again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kdt import words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor, Matter, has
from kdt.access.table import Right
from kdt.cases import taking
from kdt.cases.around import Code
from kdt.cases.inputs import Inputs, Prose
from kdt.cases.model import proposals
from kdt.errors import Forbidden, Refused, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.procedure import CURRENT, VERSIONS, outcome_with
from kdt.store.driver import Statement
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow, insert
from kdt.vocabulary import Role

# What of the inputs of a consideration is proposed beforehand.
FIELDS = ("outcome", *CURRENT.details)
_PROPOSES = (Right.PROPOSE_OWN, Right.PROPOSE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal: by whom (None: not shown, or destroyed), and the outcome with what it carries.

    `round`: how many considerations the escalation had behind it.
    """

    seq: int
    round: int
    role: Role
    person: str | None
    recorded_at: datetime
    values: Mapping[str, str]
    reasons: Prose | None


def propose(
    store: Store, actor: Actor, escalation: str, wanted: Inputs, *, key: str | None = None
) -> int:
    """Propose an outcome, with what it carries and with reasons; its number.

    A repeat with the same key gives the same. Raises NotFound, Conflict (the key was used for
    something else), Forbidden, and Refused also for what does not fit.
    """
    repeat = repeats.of(actor, key, "propose", escalation, wanted)
    with writing(store) as connection:
        if earlier := repeat.earlier(connection):
            return int(earlier["proposal"])
        seen = taking.take(connection, actor, escalation, round_of(escalation))
        proposer([actor], seen.matter)
        values = {name: str(wanted.values[name]) for name in FIELDS if name in wanted.values}
        procedure = VERSIONS[seen.state.version]
        if refusal := outcome_with(procedure, seen.state, values["outcome"], values):
            raise Refused(refusal)
        ((now,),) = seen.also
        behind: int = now.round
        texts = {"reasons": str(wanted.texts["reasons"])}
        fact = Fact(Subject.ESCALATION, escalation, "propose", {"round": behind, **values}, texts)
        (made,) = append(connection, By(actor.person, actor.role), fact)
        details = [values.get(name) for name in FIELDS]
        row = (escalation, made.seq, behind, actor.role, *details, made.recorded_at)
        insert(connection, [(proposals, [row])])
        repeat.record(connection, Subject.ESCALATION, escalation, proposal=made.seq)
    return made.seq


def proposer(actors: Sequence[Actor], matter: Matter) -> Actor:
    """The capacity in which somebody proposes an outcome. Raises Forbidden for who never does, and
    Refused where they do not here, or it waits for no panel."""
    able = [one for one in actors if any(has(one, right) for right in _PROPOSES)]
    if not able:
        raise Forbidden(words.say("forbidden.proposes"))
    refusals = [(one, permissions.may_propose(one, matter)) for one in able]
    actor, refusal = next((pair for pair in refusals if pair[1] is None), refusals[0])
    if refusal is not None:
        raise Refused(refusal)
    if matter.state.waiting_at is None:
        raise refused(Code.WAITS_FOR_NO_PANEL)
    return actor


def may_propose(actors: Sequence[Actor], matter: Matter) -> bool:
    """Whether somebody proposes an outcome for it now."""
    waits = matter.state.waiting_at is not None
    return waits and any(permissions.may_propose(one, matter) is None for one in actors)


def round_of(escalation: str) -> Statement:
    """Asks how many considerations an escalation has behind it, those undone left out."""
    return b"select count(*) as round from considerations where escalation_id = %s", (escalation,)


def asked(escalation: str) -> Statement:
    """Asks what `made` takes, for whoever asks something else as well."""
    return _MADE, (escalation,)


def made(found: Iterable[AnyRow], reasons: Mapping[int, Prose]) -> tuple[Proposal, ...]:
    """Every proposal for an escalation, in order, with the reasons that were read of it."""
    return tuple(
        Proposal(
            row.seq,
            row.round,
            Role(row.role),
            row.person,
            row.recorded_at,
            {name: value for name in FIELDS if (value := getattr(row, name)) is not None},
            reasons.get(row.seq),
        )
        for row in found
    )


_MADE = f"""
    select made.*, who.person from proposals made
    left join ledger_people who on who.subject = '{Subject.ESCALATION}'
        and who.subject_id = made.escalation_id and who.seq = made.seq
    where made.escalation_id = %s order by made.seq
""".encode()
