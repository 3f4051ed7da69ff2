"""Writing the record to a file, bringing it back, and trying that out.

What comes back is not served before it was brought up to date and worked out again.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy import Connection, NullPool, create_engine, func, select, text

from kdt import signing, words
from kdt.backup import archive, programs
from kdt.backup.archive import Manifest
from kdt.cases.model import entries, outbox, record
from kdt.errors import KdtError, Unavailable
from kdt.ledger.service import PRODUCT
from kdt.reads.codes import Look
from kdt.reads.service import note_whole
from kdt.retention.replaying import Replayed, replay
from kdt.retention.statements import kept
from kdt.settings import Settings
from kdt.store import migrate, restoring
from kdt.store.engine import Store, connect, open_store
from kdt.verify.findings import Report
from kdt.verify.run import verify


class NotEmpty(KdtError):
    """A backup is restored into an empty database alone."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, what had been destroyed since and is gone again by the statements in which
    folder, and what working it all out again found."""

    manifest: Manifest
    statements: Path
    replayed: Replayed
    report: Report


@dataclass(frozen=True, slots=True)
class Drill:
    """A backup made, restored and worked out again: how long each took, in seconds."""

    restored: Restored
    bytes: int
    back_up_seconds: float
    restore_seconds: float


def back_up(settings: Settings, out: IO[bytes], by: str) -> Manifest:
    """Write the whole record to a stream, as it stands at one moment, while others work on. That
    `by` takes it, with all its texts, is logged first, and so is in the backup itself.

    Raises Unavailable, and NotLogged when it cannot be logged.
    """
    with _workplace(settings) as folder, migrate.owner_url(settings) as url:
        _require_record(url)
        # The owner's address: a schema that is yet to be brought up to date is backed up first.
        engine = connect(url)
        with Store(engine, url, engine.dispose) as store:
            note_whole(store, by, Look.BACKUP)
        return back_up_from(url, folder, out)


def back_up_from(url: str, folder: Path, out: IO[bytes]) -> Manifest:
    """The same from the owner's address of a database, with a folder to work in."""
    _require_record(url)
    dump = folder / "record.dump"
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        manifest = _described(connection)
        snapshot = str(connection.scalar(text("select pg_export_snapshot()")))
        programs.dump(url, dump, snapshot)
    manifest = replace(manifest, sha256=archive.digest(dump))
    archive.pack(manifest, dump, out)
    return manifest


def restore(settings: Settings, source: IO[bytes]) -> Restored:
    """Bring a backup back into the empty database of the settings, destroy again what was destroyed
    since it was made, and work everything out again.

    Raises NotABackup and NotEmpty, and then nothing came in. Also Unavailable, StatementFailed and
    Conflict: what came in by then nobody can open.
    """
    told = kept(settings.statements_folder, signing.own(settings))
    with _workplace(settings) as folder:
        dump = folder / "record.dump"
        manifest = archive.unpack(source, dump)
        with migrate.owner_url(settings) as url:
            _require_empty(url)
            restoring.begin(url)
            programs.load(url, dump)
            _go_on_counting(url)
            migrate.upgrade(url)
            with open_store(settings, restoring=True) as store:
                replayed = replay(store, told, PRODUCT)
            restoring.end(url)
    with open_store(settings) as store:
        report = verify(store)
    if report.entries != manifest.entries:
        raise Unavailable(
            words.say("backup.incomplete", found=report.entries, wanted=manifest.entries)
        )
    return Restored(manifest, settings.statements_folder, replayed, report)


def drill(settings: Settings) -> Drill:
    """Make a backup and restore it into an embedded database of its own, which goes away again."""
    with _workplace(settings) as folder:
        file = folder / "backup.kdt"
        began = time.monotonic()
        # It does not leave this machine, and goes away again: nobody takes it along.
        with file.open("wb") as out, migrate.owner_url(settings) as url:
            back_up_from(url, folder, out)
        made = time.monotonic()
        with file.open("rb") as source:
            # What was destroyed stays so in the copy too.
            own = Settings(
                home=folder / "kdt",
                statements=settings.statements_folder,
                checkpoint_key=settings.checkpoint_key,
            )
            restored = restore(own, source)
        return Drill(restored, file.stat().st_size, made - began, time.monotonic() - made)


@contextmanager
def _workplace(settings: Settings) -> Iterator[Path]:
    """A private folder beside the record, for as long as a block lasts."""
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.home.resolve(), prefix="backup-") as folder:
        yield Path(folder)


def _described(connection: Connection) -> Manifest:
    """What the database holds, as this connection sees it."""
    return Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        kdt=version("kdt"),
        schema=str(connection.scalar(text("select version_num from alembic_version"))),
        postgresql=str(connection.scalar(text("show server_version"))),
        entries=connection.scalar(select(func.count()).select_from(entries)) or 0,
        demo=bool(connection.scalar(select(record.c.demo))),
        sha256="",
    )


def _require_record(url: str) -> None:
    """Raise Unavailable when the database holds no record."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        if connection.scalar(text("select to_regclass('alembic_version')")) is None:
            raise Unavailable(words.say("backup.nothing"))


def _require_empty(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        # What an interrupted restore left is no record.
        tables = (
            "select count(*) from pg_tables "
            "where schemaname = current_schema() and tablename <> :mark"
        )
        if connection.scalar(text(tables), {"mark": restoring.MARK}):
            raise NotEmpty(words.say("backup.not_empty"))


def _go_on_counting(url: str) -> None:
    """Let the numbers of transactions go on after those in the outbox.

    Its readers go by them: a new entry with a lower number than one they have seen would be missed.
    A million takes some ten seconds. Raises Unavailable when it would be more than any server can
    have come to in years.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        highest = connection.scalar(select(func.max(outbox.c.transaction))) or 0
        reached = connection.scalar(text("select pg_current_xact_id()::text::bigint")) or 0
        if highest - reached > _MOST_TRANSACTIONS:
            raise Unavailable(words.say("backup.too_far", number=words.number(highest)))
        if highest >= reached:
            # Each is an empty transaction, which writes nothing and waits for no disk.
            connection.execute(text(_EMPTY_TRANSACTIONS.format(number=highest - reached + 1)))


# Some three hours of counting; what a busy server of ours uses up in five years or so.
_MOST_TRANSACTIONS = 1_000_000_000
_EMPTY_TRANSACTIONS = """
do $$ begin
  for number in 1..{number} loop perform pg_current_xact_id(); commit; end loop;
end $$
"""
