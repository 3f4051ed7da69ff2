"""The secret the coins of the rounding are drawn with: a file, never in the database."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from kdt import words
from kdt.errors import KdtError
from kdt.settings import Settings

_BYTES = 32


class BadSecret(KdtError):
    """The secret cannot be read or made."""


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """The secret itself."""

    key: bytes

    @property
    def id(self) -> str:
        """By what a publication knows it, which does not give it away."""
        return hashlib.sha256(b"kdt publication secret\n" + self.key).hexdigest()[:16]


def own(chosen: Settings) -> Secret:
    """The secret of the settings; made at the first publication. Raises BadSecret."""
    file = chosen.publication_secret
    try:
        if not file.exists():
            _make(file)
        key = file.read_bytes().strip()
    except OSError as error:
        raise BadSecret(words.say("publication.secret_unusable", error=words.why(error))) from error
    if len(key) < _BYTES:
        raise BadSecret(words.say("publication.secret_short", bytes=_BYTES))
    return Secret(key)


def _make(file: Path) -> None:
    """A new one, for its owner alone; whoever was first made it."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(secrets.token_hex(_BYTES).encode())
        stream.flush()
        os.fsync(stream.fileno())
