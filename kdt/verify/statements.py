"""Statements of destruction as whoever verifies reads them: whether nobody altered the files."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from kdt.verify.alone import signed

_SIGNED = b"kdt statement of destruction 1\n"


def altered(folder: Path, keys: Sequence[bytes]) -> Iterator[str]:
    """The names of the files in a folder that none of these keys signed as they are."""
    for file in sorted(folder.glob("*.json")):
        if not _signed_by(file.read_bytes(), keys):
            yield file.name


def _signed_by(content: bytes, keys: Sequence[bytes]) -> bool:
    try:
        plain = json.loads(content)
        signature = bytes.fromhex(plain.pop("signature"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    said = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return any(signed(key, _SIGNED + said.encode(), signature) for key in keys)
