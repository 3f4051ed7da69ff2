"""The embedded record, carried to a newer PostgreSQL: written out by the old server and read in by
the new one, with the old data left as they were."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kdt import words
from kdt.backup.service import Restored, back_up_from, restore
from kdt.errors import KdtError, Unavailable
from kdt.settings import Settings
from kdt.store import cluster, embedded
from kdt.store.cluster import Cluster


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version, where its data still are, and what working it out again found."""

    version: int
    kept: Path
    restored: Restored


def upgrade(home: Path) -> Upgraded | None:
    """Carry the data in a home folder to the version KDT works with; None when they are that.

    When something goes wrong the old data stand where they stood. Raises Unavailable, also while
    another process uses them.
    """
    where = cluster.locate(home)
    found = where.found()
    if found is None:
        raise Unavailable(words.say("backup.nothing"))
    if found == cluster.VERSION:
        return None
    kept = where.data.with_name(f"postgres-{found}")
    if kept.exists():
        raise Unavailable(words.say("backup.kept_before", folder=kept))
    with TemporaryDirectory(dir=where.home, prefix="backup-") as folder:
        file = Path(folder) / "backup.kdt"
        with embedded.older(where.home, found) as url, file.open("wb") as out:
            back_up_from(url, Path(folder), out)
        where.data.rename(kept)
        try:
            restored = _read_in(where, kept, file)
        except BaseException:
            shutil.rmtree(where.data, ignore_errors=True)
            kept.rename(where.data)
            raise
    return Upgraded(found, kept, restored)


def _read_in(where: Cluster, kept: Path, file: Path) -> Restored:
    where.create()
    own = kept / "local.conf"
    if own.exists():
        shutil.copy(own, where.data / own.name)
        cluster.hand_over(where.data / own.name)
    with file.open("rb") as source:
        restored = restore(Settings(home=where.home), source)
    if not restored.report.sound:
        raise Unsound(words.say("backup.unsound_upgrade", folder=where.data))
    return restored


class Unsound(KdtError):
    """What was carried over does not hold together, so it was not taken."""
