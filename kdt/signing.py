"""The key of checkpoints and of statements of destruction: a file, never in the database."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kdt import words
from kdt.errors import KdtError
from kdt.settings import Settings


class BadKey(KdtError):
    """The key cannot be read, written or used."""


@dataclass(frozen=True, slots=True)
class Key:
    """A private key, able to sign."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 bytes that whoever verifies must know."""
        return self._private.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """What a signed file calls it: the first 8 bytes of the SHA-256 of the public key."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether a signature is its own, of this message."""
        try:
            self._private.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, always the same."""
        return self._private.sign(message)


def create(file: Path) -> Key:
    """Make a new key in a file of its own, for its owner alone. Raises BadKey, also when the file
    is there: a key is never written over."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise BadKey(words.say("checkpoint.key_unwritable", error=words.why(error))) from error
    return Key(private)


def own(chosen: Settings) -> Key | None:
    """The key of the settings; None when there is none. Raises BadKey."""
    return load(chosen.checkpoint_key) if chosen.checkpoint_key else None


def load(file: Path) -> Key:
    """The key in a file, in PEM as this makes it and `openssl genpkey` does. Raises BadKey."""
    try:
        found = serialization.load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise BadKey(words.say("checkpoint.key_unreadable", error=words.why(error))) from error
    except (ValueError, TypeError) as error:
        raise BadKey(words.say("checkpoint.key_wrong")) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise BadKey(words.say("checkpoint.key_wrong"))
    return Key(found)
