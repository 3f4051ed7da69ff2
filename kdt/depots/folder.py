"""A folder on disk, its own or a mounted one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from kdt import words
from kdt.depots.opening import DepotFailed


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; made when the first file comes."""

    path: Path

    def names(self) -> list[str]:
        """The names of the files, in order."""
        with self._clear():
            if not self.path.exists():
                return []
            return sorted(one.name for one in self.path.iterdir() if not one.name.startswith("."))

    def read(self, name: str) -> bytes | None:
        """What a file holds; None when it is not there."""
        with self._clear():
            try:
                return (self.path / name).read_bytes()
            except FileNotFoundError:
                return None

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file, on disk when this returns; False when the name is taken."""
        with self._clear():
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.path, prefix=f".{name}.") as half:
                half.write(content)
                half.flush()
                os.fsync(half.fileno())
                try:
                    # Whole or not at all, and never in the place of another.
                    os.link(half.name, self.path / name)
                except FileExistsError:
                    return False
            folder = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            return True

    @contextmanager
    def _clear(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise DepotFailed(
                words.say("depot.folder", folder=self.path, error=words.why(error))
            ) from error
