"""Canonical bytes, salted digests and chains: what both logs are made of.

Specified in `docs/record.md`; what was written is never hashed anew, so a change here is a new
format version.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping

import orjson

# What the first of a chain is tied to.
GENESIS = bytes(32)


_SALT = 16


def salt() -> bytes:
    """Sixteen random bytes: without them a digest of a short text could be guessed."""
    return os.urandom(_SALT)


def salts() -> Iterator[bytes]:
    """Salts without end, for one process that needs very many: a thousand are drawn at a time, for
    each drawing lets another thread go first."""
    while True:
        drawn = os.urandom(_SALT * 1000)
        yield from (drawn[start : start + _SALT] for start in range(0, len(drawn), _SALT))


def digest(salt: bytes, text: str) -> str:
    """The salted SHA-256 of a text or an identity, in hexadecimal."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def encoded(content: Mapping[str, object]) -> bytes:
    """JSON with sorted keys, no white space, UTF-8; a day as it is written. Raises TypeError for
    what JSON cannot say."""
    return orjson.dumps(content, default=dict, option=orjson.OPT_SORT_KEYS)


def link(previous: bytes, content: bytes) -> bytes:
    """The hash that ties content to what stands before it in its chain (GENESIS: nothing)."""
    return hashlib.sha256(previous + content).digest()
