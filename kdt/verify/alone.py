"""Check a proof export of a KDT record against a signed checkpoint, on Python 3.11 alone.

    python3 verify.py PROOF --key PUBLIC [--checkpoint FILE]

PROOF comes from `kdt proof`. PUBLIC is the public key, obtained from whoever keeps the key
and not from the record. With --checkpoint the record is held against a checkpoint kept elsewhere,
its heads file beside it, instead of the one in the proof. The status is 0 when all is well, 1 when
something is not, 2 when that cannot be said. What the bytes are stands in docs/record.md.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = 1
GENESIS = bytes(32)
MESSAGE = b"kdt checkpoint 1\n"
# What was stamped just before a checkpoint may have been committed just after it.
GRACE = timedelta(minutes=10)

# A chain is known by the kind of what it is about, and its id there.
Chain = tuple[str, str]


class Unreadable(ValueError):
    """What was given is not what it should be, so that nothing can be said of the record."""


class Head(NamedTuple):
    """The last entry of a chain: how many there were, and its hash."""

    seq: int
    hash: bytes


class Known(NamedTuple):
    """What is asked of an entry. `imported`: the import its moment came with, if it did; `brings`:
    the import it records."""

    seq: int
    hash: bytes
    recorded_at: datetime
    imported: str | None = None
    brings: str | None = None


class Wrong(NamedTuple):
    """One thing that is wrong in a chain; `seq` is None when it is about the whole chain."""

    code: str
    chain: Chain
    seq: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says, and the bytes it was signed over."""

    number: int
    moment: datetime
    chains: dict[str, tuple[int, int]]
    root: str
    previous: str | None
    key: str
    message: bytes
    signature: bytes

    def signed_by(self, public: bytes) -> bool:
        """Whether the holder of this public key signed it."""
        return self.key == key_id(public) and signed(public, self.message, self.signature)

    @property
    def heads_file(self) -> str:
        """The name of the file beside it that holds the heads under its root."""
        return f"heads-{self.root}.jsonl.gz"


@dataclass(slots=True)
class Held:
    """A record held against a checkpoint: give it each chain once, those of the ledger first, and
    then ask what is missing."""

    checkpoint: Checkpoint
    heads: dict[Chain, Head]
    # Recorded since: what the checkpoint does not protect.
    exposed_entries: int = 0
    exposed_chains: int = 0
    # Of those, what a history file brought in since, with a moment from before the checkpoint.
    imported: int = 0
    _brought: set[str] = field(default_factory=set)

    def chain(self, chain: Chain, entries: Sequence[Known]) -> Iterator[Wrong]:
        """What is wrong with the entries of one chain, in order."""
        covered = self.heads.pop(chain, Head(0, GENESIS))
        numbers = {entry.seq: entry.hash for entry in entries}
        last = max(numbers, default=0)
        if last < covered.seq:
            yield Wrong("cut_off", chain, last + 1)
        elif covered.seq and numbers.get(covered.seq) != covered.hash:
            yield Wrong("altered", chain, covered.seq)
        elif gap := next((seq for seq in range(1, covered.seq) if seq not in numbers), None):
            yield Wrong("gap", chain, gap)
        since = [entry for entry in entries if entry.seq > covered.seq]
        self.exposed_entries += len(since)
        self.exposed_chains += bool(since)
        for entry in since:
            if entry.brings:
                self._brought.add(entry.brings)
            if entry.recorded_at < self.checkpoint.moment - GRACE:
                if entry.imported in self._brought:
                    self.imported += 1
                else:
                    yield Wrong("backdated", chain, entry.seq)

    def missing(self) -> Iterator[Wrong]:
        """The chains that were there and are gone, once all chains that are there were given."""
        for chain in self.heads:
            yield Wrong("removed", chain)


def read_checkpoint(data: bytes) -> Checkpoint:
    """The checkpoint in a file. Raises Unreadable; says nothing of the signature."""
    given = _object(data.removesuffix(b"\n"))
    written = given.pop("signature", None)
    try:
        signature = bytes.fromhex(written)
        checkpoint = Checkpoint(
            int(given["number"]),
            datetime.fromisoformat(given["moment"]),
            {kind: (int(of["chains"]), int(of["entries"])) for kind, of in given["kinds"].items()},
            str(given["root"]),
            given["previous"],
            str(given["key"]),
            MESSAGE + _canonical(given),
            signature,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unreadable(f"het ijkpunt is niet te lezen ({problem})") from None
    if given.get("kind") != "checkpoint" or given.get("format") != FORMAT:
        raise Unreadable("dit is geen ijkpunt van een soort die hier bekend is")
    if signature.hex() != written:
        raise Unreadable("de handtekening staat er niet in de vaste schrijfwijze")
    return checkpoint


def read_heads(lines: Iterable[bytes], checkpoint: Checkpoint) -> dict[Chain, Head]:
    """The heads under a checkpoint's root. Raises Unreadable when they are others."""
    heads: dict[Chain, Head] = {}
    sums: dict[str, tuple[int, int]] = dict.fromkeys(checkpoint.chains, (0, 0))
    roots: list[bytes] = []
    last: Chain = ("", "")
    for number, line in enumerate(lines, 1):
        content = line.removesuffix(b"\n")
        try:
            kind, one, seq, hash_ = json.loads(content)
            head = Head(int(seq), bytes.fromhex(hash_))
        except (ValueError, TypeError):
            raise Unreadable(f"kop {number} is niet te lezen") from None
        if (kind, one) <= last:
            raise Unreadable(f"kop {number} staat niet op volgorde")
        last = (kind, one)
        heads[last] = head
        chains, entries = sums.get(kind, (0, 0))
        sums[kind] = (chains + 1, entries + head.seq)
        # A leaf; then every pair of full trees of one size is joined, as adding one carries.
        roots.append(hashlib.sha256(b"\0" + content).digest())
        for _ in range((number & -number).bit_length() - 1):
            right = roots.pop()
            roots.append(hashlib.sha256(b"\1" + roots.pop() + right).digest())
    root = roots.pop() if roots else hashlib.sha256().digest()
    while roots:
        root = hashlib.sha256(b"\1" + roots.pop() + root).digest()
    if root.hex() != checkpoint.root or sums != checkpoint.chains:
        raise Unreadable("de koppen horen niet bij dit ijkpunt")
    return heads


def key_id(public: bytes) -> str:
    """What a checkpoint calls the key it was signed with."""
    return hashlib.sha256(public).hexdigest()[:16]


def _object(data: bytes) -> dict[str, Any]:
    try:
        given = json.loads(data)
        if isinstance(given, dict) and _canonical(given) == data:
            return given
    except (ValueError, RecursionError):
        pass
    raise Unreadable("dit is geen JSON-object in de vaste schrijfwijze")


def _canonical(given: object) -> bytes:
    plain = json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return plain.encode()


# Ed25519, as RFC 8032 verifies it: points in extended coordinates X, Y, Z, T.
_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is one of `message` by the holder of the key."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, first = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or first is None or scalar >= _L:
        return False
    hashed = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(hashed, "little") % _L
    return _same(_times(scalar, _BASE), _sum(first, _times(challenge, key)))


def _point(data: bytes) -> _Point | None:
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _sum(one: _Point, other: _Point) -> _Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        scalar >>= 1
    return result


def _same(one: _Point, other: _Point) -> bool:
    across = (one[0] * other[2] - other[0] * one[2]) % _P
    return not across and not (one[1] * other[2] - other[1] * one[2]) % _P


_BASE_Y = 4 * pow(5, -1, _P) % _P
_FOUND = _point(_BASE_Y.to_bytes(32, "little"))
assert _FOUND is not None
_BASE: _Point = _FOUND


@dataclass(slots=True)
class Proof:
    """What a proof export says, checked line by line as it is read."""

    lines: Iterator[dict[str, Any]]
    wrong: list[Wrong] = field(default_factory=list)
    chains: int = 0
    entries: int = 0
    texts: int = 0

    def against(self, held: Held) -> None:
        """Check every chain, in itself and against the checkpoint."""
        entries = (line for line in self.lines if line["kind"] != "head")
        for kind, of in groupby(entries, key=lambda line: line["kind"] == "case"):
            if kind:
                for case in of:
                    self._case(case)
                continue
            for chain, lines in groupby(of, key=lambda line: tuple(line["chain"])):
                known = list(self._chain(chain, lines))
                self.chains += 1
                self.entries += len(known)
                self.wrong += held.chain(chain, known)
        self.wrong += held.missing()

    def _chain(self, chain: Chain, lines: Iterable[dict[str, Any]]) -> Iterator[Known]:
        previous, seq = GENESIS, 0
        entry: dict[str, Any] = {}
        for line in lines:
            if line["kind"] == "apart":
                self._apart(chain, entry, line)
                continue
            content, stored = line["content"].encode(), bytes.fromhex(line["hash"])
            if hashlib.sha256(previous + content).digest() != stored:
                self.wrong.append(Wrong("chain", chain, seq + 1))
            previous, entry = stored, {}
            try:
                entry = _object(content)
                about = (f"ledger:{entry['subject']}", entry["id"]) if "subject" in entry else None
                if (about or ("escalation", entry["escalation"])) != chain:
                    raise Unreadable("andere keten")
                found = Known(
                    int(entry["seq"]),
                    stored,
                    datetime.fromisoformat(entry["recordedAt"]),
                    entry.get("import"),
                    entry["values"].get("import"),
                )
            except (KeyError, TypeError, ValueError):
                self.wrong.append(Wrong("unreadable", chain, seq + 1))
                seq += 1
                continue
            if found.seq != seq + 1:
                self.wrong.append(Wrong("gap", chain, seq + 1))
            seq = found.seq
            yield found

    def _apart(self, chain: Chain, entry: dict[str, Any], line: dict[str, Any]) -> None:
        name, salt = line["field"], bytes.fromhex(line["salt"])
        said = entry.get("texts", {}).get(name) if name else entry.get("person")
        self.texts += 1
        if hashlib.sha256(salt + line["text"].encode()).hexdigest() != said:
            self.wrong.append(Wrong("text", chain, entry.get("seq"), name or "naam"))

    def _case(self, line: dict[str, Any]) -> None:
        tied = hashlib.sha256(bytes.fromhex(line["salt"]) + line["number"].encode()).digest()[:16]
        if tied.hex() != line["id"].replace("-", ""):
            self.wrong.append(Wrong("case", ("case", line["id"])))


SENTENCES = {
    "altered": "is anders dan toen het ijkpunt werd gemaakt (hier of eerder in de keten).",
    "cut_off": "ontbreekt met alles erna; bij het ijkpunt stond het er.",
    "removed": "is weg; bij het ijkpunt stond de keten er.",
    "backdated": "is na het ijkpunt toegevoegd, met een moment van ervoor.",
    "gap": "ontbreekt in de nummering.",
    "chain": "heeft een hash die niet bij de inhoud en de vorige registratie hoort.",
    "unreadable": "is niet te lezen als registratie van deze keten.",
    "text": "heeft een tekst of naam die er niet bij hoort ({part}).",
    "case": "heeft een zaaknummer dat er niet bij hoort.",
}


def sentence(wrong: Wrong) -> str:
    """What is wrong, its place in front."""
    place = " ".join(wrong.chain) + (f", registratie {wrong.seq}" if wrong.seq else "")
    return f"{place}: {SENTENCES[wrong.code].format(part=wrong.part)}"


def _parsed(file: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, 1):
        try:
            given = json.loads(line)
            kind = given["kind"]
        except (ValueError, KeyError, TypeError):
            raise Unreadable(f"regel {number} is niet te lezen") from None
        if (kind == "proof") != (number == 1):
            raise Unreadable("dit is geen bewijsbestand")
        yield given


def _held(lines: list[dict[str, Any]], public: bytes, given: Path | None) -> Held:
    """What to hold the record against: the checkpoint given, or the one in the proof."""
    if given is not None:
        checkpoint = read_checkpoint(given.read_bytes())
        with gzip.open(given.with_name(checkpoint.heads_file)) as file:
            heads = read_heads(file, checkpoint)
    else:
        found = [line["content"].encode() for line in lines if line["kind"] == "checkpoint"]
        if not found:
            raise Unreadable("er staat geen ijkpunt in; geef er een met --checkpoint")
        checkpoint = read_checkpoint(found[0])
        lines = [line for line in lines if line["kind"] == "head"]
        heads = read_heads((_canonical(line["head"]) for line in lines), checkpoint)
    if not checkpoint.signed_by(public):
        raise Unreadable("het ijkpunt is niet met deze sleutel ondertekend")
    return Held(checkpoint, heads)


def _check(arguments: argparse.Namespace) -> bool:
    with arguments.proof.open("rb") as file:
        lines, first = _parsed(file), []
        rest: list[dict[str, Any]] = []
        for line in lines:
            if line["kind"] not in ("proof", "checkpoint", "head"):
                rest.append(line)
                break
            first.append(line)
        held = _held(first, bytes.fromhex(arguments.key), arguments.checkpoint)
        proof = Proof(line for part in (rest, lines) for line in part)
        proof.against(held)
    for wrong in proof.wrong:
        print(sentence(wrong))  # noqa: T201 - it is a program of its own
    since = f"{held.exposed_entries} registraties in {held.exposed_chains} ketens"
    print(  # noqa: T201
        f"IJkpunt {held.checkpoint.number} van {held.checkpoint.moment.isoformat()}. "
        f"Nagerekend: {proof.entries} registraties in {proof.chains} ketens, {proof.texts} teksten "
        f"en namen. Nog niet gedekt: {since}, waarvan {held.imported} ingelezen met een eerder "
        f"moment. Bevindingen: {len(proof.wrong)}."
    )
    return not proof.wrong


def main() -> int:
    """Check what the command line names; gives the status."""
    parser = argparse.ArgumentParser(description="Reken een bewijsbestand van KDT na.")
    parser.add_argument("proof", type=Path, help="het bestand van kdt proof")
    parser.add_argument("--key", required=True, help="de publieke sleutel, 64 tekens")
    parser.add_argument("--checkpoint", type=Path, help="een elders bewaard ijkpunt")
    try:
        return 0 if _check(parser.parse_args()) else 1
    except (Unreadable, OSError, KeyError, TypeError, ValueError) as problem:
        print(f"Niet na te rekenen: {problem}.", file=sys.stderr)  # noqa: T201
        return 2


if __name__ == "__main__":
    sys.exit(main())
