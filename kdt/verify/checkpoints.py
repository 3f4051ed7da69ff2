"""Checkpoints as whoever verifies reads them: with code of its own, from where they are kept."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from kdt import depots, words
from kdt.depots import Depot
from kdt.errors import KdtError
from kdt.verify import alone
from kdt.verify.alone import Checkpoint, Held, Unreadable, Wrong
from kdt.verify.findings import Report, subject

# A knock every five minutes, and none in one hour of the night.
LATE = timedelta(minutes=75)


class CheckpointUnusable(KdtError):
    """A checkpoint is not there, not whole, or signed by somebody else."""


@dataclass(frozen=True, slots=True)
class Found:
    """A checkpoint and its file."""

    name: str
    content: bytes
    checkpoint: Checkpoint


def public_key(given: str) -> bytes:
    """The key written as `kdt checkpoint key` prints it. Raises CheckpointUnusable."""
    try:
        key = bytes.fromhex(given)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise CheckpointUnusable(words.say("checkpoint.public_wrong"))
    return key


def every(place: Depot) -> Iterator[Found]:
    """All checkpoints, in order."""
    for number in sorted(filter(None, map(_number, place.names())), key=int):
        yield find(place, f"checkpoint-{number}.json")


def newest(place: Depot) -> Found | None:
    """The checkpoint with the highest number; None when there is none."""
    numbered = {int(number): one for one in place.names() if (number := _number(one))}
    return find(place, numbered[max(numbered)]) if numbered else None


def find(place: Depot, name: str) -> Found:
    """The checkpoint in one file. Raises CheckpointUnusable."""
    content = place.read(name)
    if content is None:
        raise CheckpointUnusable(words.say("checkpoint.no_file", name=name))
    try:
        checkpoint = alone.read_checkpoint(content)
    except Unreadable as problem:
        raise _unusable(name, problem) from None
    # A checkpoint under another number would hide those after it.
    if _number(name) not in (None, f"{checkpoint.number:06}"):
        raise CheckpointUnusable(words.say("checkpoint.renamed", name=name))
    return Found(name, content, checkpoint)


def hold(place: Depot, found: Found, keys: Sequence[bytes]) -> Held:
    """A checkpoint to hold a record against, once its signature and heads are found to be good.

    Raises CheckpointUnusable.
    """
    checkpoint = found.checkpoint
    if not any(checkpoint.signed_by(key) for key in keys):
        raise CheckpointUnusable(
            words.say("checkpoint.signature", name=found.name, by=checkpoint.key)
        )
    try:
        with gzip.open(BytesIO(heads_of(place, found))) as lines:
            return Held(checkpoint, alone.read_heads(lines, checkpoint))
    except (Unreadable, OSError, EOFError) as problem:
        raise _unusable(checkpoint.heads_file, problem) from None


def heads_of(place: Depot, found: Found) -> bytes:
    """The file with the heads under a checkpoint, packed. Raises CheckpointUnusable."""
    packed = place.read(found.checkpoint.heads_file)
    if packed is None:
        raise CheckpointUnusable(words.say("checkpoint.no_file", name=found.checkpoint.heads_file))
    return packed


def load(given: str, keys: Sequence[bytes]) -> Held:
    """The checkpoint in a file, or the newest at an address. Raises CheckpointUnusable, and
    DepotFailed when the place cannot be read."""
    address, name = depots.split(given)
    if name.endswith(".json"):
        place = depots.depot(address)
        return hold(place, find(place, name), keys)
    place = depots.depot(given)
    found = newest(place)
    if found is None:
        raise CheckpointUnusable(words.say("checkpoint.none"))
    return hold(place, found, keys)


def overdue(moment: datetime, now: datetime, minutes: int) -> bool:
    """Whether a checkpoint later than the one of `moment` should be there by now."""
    return now - moment > timedelta(minutes=minutes) + LATE


def add(report: Report, wrong: Wrong) -> None:
    """Put what is wrong in a report, at its escalation or other subject."""
    kind, one = wrong.chain
    if kind == "escalation":
        report.add(f"checkpoint_{wrong.code}", one, wrong.seq)
        return
    report.add(
        f"checkpoint_{wrong.code}", seq=wrong.seq, where=subject(kind.removeprefix("ledger:"), one)
    )


def _unusable(name: str, problem: Exception) -> CheckpointUnusable:
    return CheckpointUnusable(words.say("checkpoint.unreadable", name=name, problem=problem))


def _number(name: str) -> str | None:
    middle = name.removeprefix("checkpoint-").removesuffix(".json")
    return middle if middle.isdecimal() and name == f"checkpoint-{middle}.json" else None
