"""What a checkpoint is to the byte; specified in `docs/record.md`."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kdt import clock
from kdt.checkpoints import merkle
from kdt.signing import Key

FORMAT = 1
_SIGNED = b"kdt checkpoint 1\n"


class Head(NamedTuple):
    """The last entry of a chain: its number and its hash."""

    kind: str
    id: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """The two files of a checkpoint, by their names."""

    name: str
    content: bytes
    heads_name: str
    heads: bytes


def name(number: int) -> str:
    """The name of the file of a checkpoint."""
    return f"checkpoint-{number:06}.json"


def make(
    place: int, moment: datetime, heads: Sequence[Head], previous: str | None, key: Key
) -> Made:
    """The checkpoint over all heads. `previous`: the SHA-256 of the file of the one before it."""
    lines = [_canonical([*head[:3], head.hash.hex()]) for head in sorted(heads)]
    root = merkle.root([merkle.leaf(line) for line in lines]).hex()
    chains = Counter(head.kind for head in heads)
    entries: Counter[str] = Counter()
    for head in heads:
        entries[head.kind] += head.seq
    checkpoint: dict[str, object] = {
        "kind": "checkpoint",
        "format": FORMAT,
        "number": place,
        "moment": clock.written(moment),
        "kinds": {
            kind: {"chains": amount, "entries": entries[kind]} for kind, amount in chains.items()
        },
        "root": root,
        "previous": previous,
        "key": key.id,
    }
    checkpoint["signature"] = key.sign(_SIGNED + _canonical(checkpoint)).hex()
    return Made(
        name(place),
        _canonical(checkpoint) + b"\n",
        f"heads-{root}.jsonl.gz",
        # Without a moment in it: the same heads give the same file.
        gzip.compress(b"".join(line + b"\n" for line in lines), mtime=0),
    )


def _canonical(given: object) -> bytes:
    plain = json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return plain.encode()
