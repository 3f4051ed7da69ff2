"""The file of a backup: a tar with `manifest.json`, which says what it is, and the dump itself."""

import hashlib
import io
import json
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from kdt import words
from kdt.errors import KdtError

KIND, FORMAT = "kdt-backup", 1
_MANIFEST, _DUMP = "manifest.json", "record.dump"


class NotABackup(KdtError):
    """The file is no backup, not whole, or not as it was written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `entries` are those in the log; `sha256` is that of the dump."""

    made_at: str
    kdt: str
    schema: str
    postgresql: str
    entries: int
    demo: bool
    sha256: str
    kind: str = KIND
    format: int = FORMAT


def digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pack(manifest: Manifest, dump: Path, into: IO[bytes]) -> None:
    """Write the backup to a stream."""
    head = json.dumps(asdict(manifest), indent=2).encode()
    with tarfile.open(fileobj=into, mode="w|") as tar:
        described = tarfile.TarInfo(_MANIFEST)
        described.size = len(head)
        tar.addfile(described, io.BytesIO(head))
        held = tarfile.TarInfo(_DUMP)
        held.size = dump.stat().st_size
        with dump.open("rb") as stream:
            tar.addfile(held, stream)


def unpack(source: IO[bytes], dump: Path) -> Manifest:
    """Read a backup from a stream, its dump into a file, and hold it against its checksum.

    Raises NotABackup.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            manifest = _manifest(_next(tar, _MANIFEST).read())
            with dump.open("wb") as out:
                shutil.copyfileobj(_next(tar, _DUMP), out)
    except (tarfile.TarError, EOFError) as error:
        raise NotABackup(words.say("backup.not_one")) from error
    if digest(dump) != manifest.sha256:
        raise NotABackup(words.say("backup.altered"))
    return manifest


def _next(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    """The next part of the file, which must have this name; where it lies is ours to say."""
    found = tar.next()
    stream = tar.extractfile(found) if found is not None and found.name == name else None
    if stream is None:
        raise NotABackup(words.say("backup.not_one"))
    return stream


def _manifest(text: bytes) -> Manifest:
    try:
        found = Manifest(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise NotABackup(words.say("backup.not_one")) from error
    if (found.kind, found.format) != (KIND, FORMAT):
        raise NotABackup(words.say("backup.other_format"))
    return found
