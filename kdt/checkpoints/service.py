"""Making a checkpoint: only of a record that still holds all that the one before says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import Connection

from kdt import depots, signing, words
from kdt.checkpoints import format as files
from kdt.checkpoints.format import Head
from kdt.checkpoints.heads import at, heads, older
from kdt.depots import Depot
from kdt.errors import Conflict, KdtError
from kdt.settings import Settings
from kdt.signing import Key
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.verify import alone
from kdt.verify import checkpoints as verified
from kdt.verify.alone import Chain, Checkpoint, Wrong
from kdt.verify.findings import Report

_log = structlog.get_logger("kdt.checkpoints")


class CheckpointRefused(KdtError):
    """The record is not what the last checkpoint says, so that a new one would hide it."""


def make(store: Store, place: Depot, key: Key, now: datetime) -> Checkpoint:
    """Make a checkpoint of all chains, and keep it; on disk when this returns.

    `now` is the moment by the clock of whoever signs, which those who can change the database do
    not set. Raises CheckpointRefused, CheckpointUnusable when the last one cannot be trusted,
    DepotFailed, and Conflict when somebody else made one meanwhile.
    """
    last = verified.newest(place)
    before = verified.hold(place, last, [key.public]).heads if last else {}
    with reading(store) as connection:
        now_there = heads(connection)
        wrong = list(_lost(connection, before, now_there))
        if last:
            wrong += _backdated(connection, last.checkpoint, before, now_there)
    if wrong:
        raise CheckpointRefused(_refusal(wrong))
    made = files.make(
        last.checkpoint.number + 1 if last else 1,
        now,
        now_there,
        sha256(last.content).hexdigest() if last else None,
        key,
    )
    # The heads first: a checkpoint without them says too little.
    place.keep(made.heads_name, made.heads)
    if not place.keep(made.name, made.content):
        raise Conflict(words.say("checkpoint.taken", name=made.name))
    _log.info("checkpoint_made", name=made.name, chains=len(now_there))
    return verified.find(place, made.name).checkpoint


def make_when_due(store: Store, chosen: Settings, now: datetime) -> bool:
    """What the clock does: make one when the last is old enough; whether it did.

    Several clocks may knock at once: of one number there is one checkpoint.
    """
    if chosen.checkpoint_to is None or chosen.checkpoint_key is None:
        return False
    place = depots.depot(chosen.checkpoint_to)
    last = verified.newest(place)
    if last and now - last.checkpoint.moment < timedelta(minutes=chosen.checkpoint_minutes):
        return False
    try:
        make(store, place, signing.load(chosen.checkpoint_key), now)
    except Conflict:
        return False
    return True


def _lost(
    connection: Connection, before: Mapping[Chain, alone.Head], now_there: Sequence[Head]
) -> Iterator[Wrong]:
    """What the last checkpoint saw and the record no longer has."""
    latest = {(head.kind, head.id): head for head in now_there}
    grown = [
        (*chain, head.seq)
        for chain, head in before.items()
        if chain in latest and latest[chain].seq > head.seq
    ]
    found = at(connection, grown)
    for chain, head in before.items():
        current = latest.get(chain)
        if current is None:
            yield Wrong("removed", chain)
        elif current.seq < head.seq:
            yield Wrong("cut_off", chain, current.seq + 1)
        elif (
            current.hash if current.seq == head.seq else found.get((*chain, head.seq))
        ) != head.hash:
            yield Wrong("altered", chain, head.seq)


def _backdated(
    connection: Connection,
    last: Checkpoint,
    before: Mapping[Chain, alone.Head],
    now_there: Sequence[Head],
) -> Iterator[Wrong]:
    """What came since the last checkpoint with a moment of well before it, and not by an import the
    ledger got since: signed now, nobody could tell any more."""
    heads_before = {chain: head.seq for chain, head in before.items()}
    above = [
        (head.kind, head.id, covered)
        for head in now_there
        if head.seq > (covered := heads_before.get((head.kind, head.id), 0))
    ]
    limit = last.moment - alone.GRACE
    brought: set[str] = set()
    for chain, entry in older(connection, above, limit):
        if entry.brings:
            brought.add(entry.brings)
        if entry.recorded_at < limit and entry.imported not in brought:
            yield Wrong("backdated", chain, entry.seq)


def _refusal(wrong: Sequence[Wrong]) -> str:
    report = Report()
    verified.add(report, wrong[0])
    first = report.findings[0].sentence
    return words.say(
        "checkpoint.refused", findings=words.amount("finding", len(wrong)), first=first
    )
