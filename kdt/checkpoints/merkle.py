"""The root over many leaves, by the definition of RFC 6962."""

import hashlib
from collections.abc import Sequence


def leaf(content: bytes) -> bytes:
    """The hash of one leaf; never that of a node."""
    return hashlib.sha256(b"\0" + content).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves, which are hashes already."""
    if not leaves:
        return hashlib.sha256().digest()
    return _root(leaves, 0, len(leaves))


def _root(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    size = end - start
    if size == 1:
        return leaves[start]
    middle = start + (1 << (size - 1).bit_length() - 1)
    left, right = _root(leaves, start, middle), _root(leaves, middle, end)
    return hashlib.sha256(b"\1" + left + right).digest()
