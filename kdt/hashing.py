"""Canonical bytes, salted digests and chains: what both logs are made of.

Specified in `docs/record.md`; what was written is never hashed anew, so a change here is a new
format version.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from datetime import date

# What the first of a chain is tied to.
GENESIS = bytes(32)

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def salt() -> bytes:
    """Sixteen random bytes: without them a digest of a short text could be guessed."""
    return os.urandom(16)


def digest(salt: bytes, text: str) -> str:
    """The salted SHA-256 of a text or an identity, in hexadecimal."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def encoded(content: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no white space, UTF-8."""
    return _encode(content).encode()


def link(previous: bytes, content: bytes) -> bytes:
    """The hash that ties content to what stands before it in its chain (GENESIS: nothing)."""
    return hashlib.sha256(previous + content).digest()


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """Values as JSON holds them: a day as it is written."""
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else plain(value)
        if isinstance(value, Mapping)
        else value
        for name, value in values.items()
    }
