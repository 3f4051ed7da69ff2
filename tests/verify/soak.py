"""Tampering with what a checkpoint covers, and with what is read of the ledger, by somebody with
full rights over the database. Each must be named, and nothing else; thousands of them are a part
of `make chaos`."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from kdt import signing
from kdt.checkpoints import proof, service
from kdt.depots import Depot, depot
from kdt.signing import Key
from kdt.store.engine import Store, connect
from kdt.verify import checkpoints as kept
from kdt.verify import examine
from kdt.verify.alone import Chain, Checkpoint, Head, Held, Proof
from kdt.verify.findings import subject
from tests.verify import furnishing, record, rewriting, standing
from tests.verify.tampering import canonical, findings, flipped, protect, tampering

# Of each kind in one round, every one on a chain of its own.
EACH = 30
# Of each kind in a long run, whatever their sum.
LEAST = 500
CHAINS = """
    select 'escalation' as kind, escalation_id as id, max(seq) as last from entries group by 2
    union all select 'ledger:' || subject, subject_id, max(seq) from ledger group by 1, 2
"""


@dataclass(slots=True)
class Tally:
    """What was done, what of that a verifier did not name, and what it named without reason."""

    done: Counter[str] = field(default_factory=Counter)
    missed: set[tuple[str, Chain]] = field(default_factory=set)
    false: set[Chain] = field(default_factory=set)


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A chain to tamper with; `last`: its number of entries."""

    kind: str
    id: str
    last: int

    def run(self, connection: Connection, statement: str, **more: object) -> Any:
        """Run a statement about {its} rows in its {log}."""
        escalation = self.kind == "escalation"
        log = "entries" if escalation else "ledger"
        its = (
            ":kind = 'escalation' and escalation_id"
            if escalation
            else "'ledger:' || subject = :kind and subject_id"
        )
        ready = text(statement.format(log=log, its=f"{its} = :id"))
        return connection.execute(ready, {"kind": self.kind, "id": self.id, **more})

    def contents(self, connection: Connection) -> list[dict[str, Any]]:
        """Its entries."""
        found = self.run(connection, "select content from {log} where {its} order by seq")
        return [json.loads(row.content) for row in found]


Tamper = Callable[[Connection, random.Random, Target], None]


def flip(connection: Connection, dice: random.Random, target: Target) -> None:
    """One bit of an entry, or of its hash."""
    seq, name = dice.randint(1, target.last), dice.choice(("content", "hash"))
    row = target.run(connection, f"select {name} from {{log}} where {{its}} and seq = :s", s=seq)
    value = flipped(dice, row.scalar_one())
    statement = f"update {{log}} set {name} = :value where {{its}} and seq = :s"
    target.run(connection, statement, value=value, s=seq)


def delete(connection: Connection, dice: random.Random, target: Target) -> None:
    """One entry."""
    target.run(
        connection, "delete from {log} where {its} and seq = :s", s=dice.randint(1, target.last)
    )


def truncate(connection: Connection, dice: random.Random, target: Target) -> None:
    """The tail, or all of it."""
    target.run(
        connection, "delete from {log} where {its} and seq >= :s", s=dice.randint(1, target.last)
    )


def swap(connection: Connection, dice: random.Random, target: Target) -> None:
    """Two entries change places, their numbers and every hash after them made right again."""
    entries = target.contents(connection)
    first, second = sorted(dice.sample(range(target.last), 2)) if target.last > 1 else (0, 0)
    entries[first], entries[second] = entries[second], entries[first]
    if first == second:
        # There is no other: its moment is another then.
        entries[0]["recordedAt"] = "2019-01-01T08:00:00Z"
    _store(connection, target, entries)


def slip_in(connection: Connection, dice: random.Random, target: Target) -> None:
    """One entry more, before the last, every hash after it made right again."""
    entries = target.contents(connection)
    at = dice.randrange(target.last)
    entries.insert(at, {**entries[at], "ref": f"slipped-in-{dice.getrandbits(64):x}"})
    what = "action" if target.kind == "escalation" else "fact"
    owner = "escalation_id" if target.kind == "escalation" else "subject, subject_id"
    target.run(
        connection,
        f"insert into {{log}} ({owner}, seq, ref, {what}, occurred_on, recorded_at, recorded_on, "
        f"import_id, content, hash) select {owner}, seq + 1, ref || '-', {what}, occurred_on, "
        "recorded_at, recorded_on, import_id, content, hash "
        "from {log} where {its} and seq = :s",
        s=target.last,
    )
    _store(connection, target, entries)


def invent(connection: Connection, dice: random.Random, target: Target) -> None:
    """A whole history that never was, dated back: a copy of another under a name of its own."""
    entries = target.contents(connection)
    head = bytes(32)
    for entry in entries:
        entry |= {"escalation": f"{target.id}-bis", "ref": f"{entry['ref']}-bis"}
        entry.pop("import", None)
        head = hashlib.sha256(head + canonical(entry)).digest()
        connection.execute(
            text(
                "insert into entries (escalation_id, seq, ref, action, occurred_on, recorded_at, "
                "recorded_on, content, hash) values (:escalation, :seq, :ref, :action, :occurredOn,"
                " :recordedAt, cast(:recordedAt as timestamptz), :content, :hash)"
            ),
            {**entry, "content": canonical(entry), "hash": head},
        )


def _store(connection: Connection, target: Target, entries: Sequence[dict[str, Any]]) -> None:
    head = bytes(32)
    for seq, entry in enumerate(entries, 1):
        content = canonical({**entry, "seq": seq})
        head = hashlib.sha256(head + content).digest()
        target.run(
            connection,
            "update {log} set content = :content, hash = :hash where {its} and seq = :s",
            content=content,
            hash=head,
            s=seq,
        )


PLAIN: tuple[Tamper, ...] = (flip, delete, truncate, swap, slip_in, invent)


def plain_round(superuser: Engine, against: "Against", seed: int, tally: Tally) -> None:
    """Tampering of every plain kind on many chains at once."""
    dice = random.Random(seed)
    with tampering(superuser) as connection:
        targets = _targets(connection, dice)
        touched: dict[Chain, str] = {}
        for tamper in PLAIN * EACH:
            if tamper is invent:
                target = targets.pop(
                    next(n for n, one in enumerate(targets) if one.kind == "escalation")
                )
            else:
                target = targets.pop()
            tamper(connection, dice, target)
            name = f"{target.id}-bis" if tamper is invent else target.id
            touched[target.kind, name] = tamper.__name__
        against.judge(connection, touched, tally)


def consistent_round(superuser: Engine, against: "Against", seed: int, tally: Tally) -> None:
    """Histories rewritten and cut off so that the record by itself is found sound."""
    dice = random.Random(seed)
    with tampering(superuser) as connection:
        every = _targets(connection, dice)
        # Whoever stood in for somebody is known from the ledger, which this leaves as it is.
        beside = {one.id for one in every if one.kind != "escalation"}
        targets = [one for one in every if one.kind == "escalation" and one.id not in beside]
        touched: dict[Chain, str] = {}
        for tamper in (rewriting.rewrite, rewriting.cut) * EACH:
            while not tamper(connection, dice, (target := targets.pop()).id):
                pass
            touched[target.kind, target.id] = f"consistent {tamper.__name__}"
        rewriting.agree(connection)
        protect(connection)
        by_itself = examine(connection)
        assert by_itself.sound, [finding.sentence for finding in by_itself.findings[:10]]
        against.judge(connection, touched, tally)


def standing_round(superuser: Engine, seed: int, tally: Tally) -> None:
    """Tampering with what is read of the ledger, which stays as it was: no checkpoint is needed,
    and the verifier that stands alone does not know these tables."""
    dice = random.Random(seed)
    with tampering(superuser) as connection:
        touched = standing.tamper(connection, dice, dice.sample(standing.kinds(), EACH))
        report = findings(connection)
        false = standing.without_reason(connection, touched, report)
    ways = standing.counted(touched)
    tally.done["projection"] += ways.total()
    tally.missed |= {("projection", ("", one)) for one in standing.unnamed(touched, report)}
    tally.false |= {("", one) for one in false}


@dataclass(frozen=True, slots=True)
class Against:
    """The checkpoint, as it stood elsewhere while the record was tampered with."""

    checkpoint: Checkpoint
    heads: dict[Chain, Head]

    def judge(self, connection: Connection, touched: dict[Chain, str], tally: Tally) -> None:
        """Have both verifiers look: each must name all that was touched, and nothing else."""
        tally.done.update(touched.values())
        for named in (self._by_kdt(connection), self._by_proof(connection)):
            tally.missed |= {(how, chain) for chain, how in touched.items() if chain not in named}
            # The two chains of one escalation speak of each other: who stood in for which entry.
            known = {one for _, one in touched}
            tally.false |= {
                chain
                for chain in named - touched.keys()
                if chain[0] not in ("escalation", "ledger:escalation") or chain[1] not in known
            }

    def _by_kdt(self, connection: Connection) -> set[Chain]:
        """What `kdt verify --checkpoint` names; the chains of the ledger by how it says them."""
        report = examine(connection, held=Held(self.checkpoint, dict(self.heads)))
        escalations = {("escalation", one.escalation) for one in report.findings if one.escalation}
        places = {one.where for one in report.findings}
        chains = {chain for chain in self.heads if chain[0] != "escalation"}
        return escalations | {
            chain
            for chain in chains
            if subject(chain[0].removeprefix("ledger:"), chain[1]) in places
        }

    def _by_proof(self, connection: Connection) -> set[Chain]:
        """What the verifier that stands alone names in a proof export."""
        lines: list[bytes] = []
        proof.write_from(connection, lines.append, [], with_texts=True)
        read = Proof(iter(map(json.loads, lines)))
        read.against(Held(self.checkpoint, dict(self.heads)))
        return {wrong.chain for wrong in read.wrong if wrong.chain[0] != "case"}


def checkpointed(store: Store, place: Depot, key: Key) -> Against:
    """Make a checkpoint of the record as it is, an hour on so that all in it is from before."""
    made = service.make(store, place, key, datetime.now(UTC) + timedelta(hours=1))
    found = kept.newest(place)
    assert found is not None
    held = kept.hold(place, found, [key.public])
    return Against(made, held.heads)


def _targets(connection: Connection, dice: random.Random) -> list[Target]:
    found = sorted(Target(*row) for row in connection.execute(text(CHAINS)))
    dice.shuffle(found)
    return found


def run(store: Store, superuser_url: str, folder: Path, amount: int) -> Tally:
    """Fill an empty record and tamper with it at least that often, in rounds."""
    tally = Tally()
    record.build(store, folder)
    furnishing.furnish(store, folder)
    against = checkpointed(
        store, depot(str(folder / "checkpoints")), signing.create(folder / "key.pem")
    )
    superuser = connect(superuser_url)
    for seed in count():
        plain_round(superuser, against, seed, tally)
        consistent_round(superuser, against, seed, tally)
        standing_round(superuser, seed, tally)
        if tally.done.total() >= amount and min(tally.done.values()) >= LEAST:
            break
    superuser.dispose()
    return tally
