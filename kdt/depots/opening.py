"""Which place an address means."""

from pathlib import Path
from typing import Protocol

from kdt.errors import Unavailable

S3 = "s3://"


class DepotFailed(Unavailable):
    """The place cannot be read or written."""


class Depot(Protocol):
    """A place with files. All of it raises DepotFailed when the place cannot be used."""

    def names(self) -> list[str]:
        """The names of the files, in order."""

    def read(self, name: str) -> bytes | None:
        """What a file holds; None when it is not there."""

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file, on disk when this returns; False when the name is taken."""


def depot(address: str) -> Depot:
    """The place at an address: `s3://bucket/folder`, or a folder on disk."""
    if address.startswith(S3):
        from kdt.depots.s3 import Bucket

        return Bucket(address)
    from kdt.depots.folder import Folder

    return Folder(Path(address))


def split(address: str) -> tuple[str, str]:
    """The address of the place a file stands in, and the name of the file."""
    place, _, name = address.rpartition("/")
    return place or ("/" if address.startswith("/") else "."), name
