"""A backup, made while others work, comes back whole into an empty database, or not at all."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from kdt.access import sessions
from kdt.access.sessions import Limits
from kdt.backup import archive, service
from kdt.backup.archive import NotABackup
from kdt.backup.commands import backup, drill, restore
from kdt.backup.service import NotEmpty
from kdt.cases import outgoing
from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.errors import Unavailable
from kdt.panels.planning import plan
from kdt.reads.origin import bound, of_command
from kdt.settings import Settings
from kdt.store import migrate, restoring
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store, open_store
from kdt.store.moments import today
from kdt.store.transaction import reading, writing
from tests.service.test_together import PLACES, bring
from tests.support import assert_sound

LIMITS = Limits(timedelta(hours=1), timedelta(hours=1))
SettingsFor = Callable[[str], Settings]
EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"


@pytest.fixture
def full(store: Store) -> Store:
    """A record with a history and, after it, things done today."""
    assert import_history(store, EXAMPLE, by="beheer").bad == []
    with writing(store) as connection:
        day = today(connection)
        plan(connection, [("kdt-den-bosch", day)])
    bring(store, PLACES[0], "Z-nu", day)
    return store


def backed_up(settings: Settings) -> bytes:
    out = io.BytesIO()
    service.back_up(settings, out, "nachtwerk")
    return out.getvalue()


def exported(settings: Settings, file: Path) -> bytes:
    with open_store(settings) as store:
        export_history(store, file, by="tester")
    return file.read_bytes()


def test_what_comes_back_is_the_same_record(
    full: Store, database: str, empty_database: str, server_settings: SettingsFor, tmp_path: Path
) -> None:
    source, target = server_settings(database), server_settings(empty_database)
    kept = backed_up(source)
    done = service.restore(target, io.BytesIO(kept))
    assert done.report.sound
    assert done.manifest.entries == done.report.entries == 431
    assert done.manifest.schema == migrate.head()
    assert not done.manifest.demo
    before, after = tmp_path / "before.jsonl", tmp_path / "after.jsonl"
    assert exported(source, before) == exported(target, after)
    # And it goes on: the same person does the next thing.
    with open_store(target) as store:
        with reading(store) as connection:
            day = today(connection)
        bring(store, PLACES[0], "Z-na", day)
        assert_sound(store)


def test_readers_of_the_outbox_miss_nothing_after_a_restore(
    full: Store, database: str, empty_database: str, server_settings: SettingsFor, owner_url: str
) -> None:
    """Where the numbers of transactions begin anew, they would be lower than those seen before."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text("alter table outbox disable trigger user"))
        ahead = "update outbox set transaction = transaction + 20000"
        connection.execute(text(ahead))
    engine.dispose()
    with reading(full) as connection:
        last = connection.execute(
            text("select transaction, id from outbox order by 1 desc, 2 desc limit 1")
        ).one()
    target = server_settings(empty_database)
    service.restore(target, io.BytesIO(backed_up(server_settings(database))))
    with open_store(target) as store:
        with reading(store) as connection:
            day = today(connection)
        bring(store, PLACES[0], "Z-na", day)
        with reading(store) as connection:
            new = outgoing.events(connection, (last.transaction, last.id), 10)
    assert [one.action for one in new] == ["open", "submit", "list"]


def test_nobody_is_signed_in_after_a_restore(
    full: Store, database: str, empty_database: str, server_settings: SettingsFor
) -> None:
    from api.people import enter_examples

    enter_examples(full)
    with writing(full) as connection:
        begun = sessions.begin(connection, EXAMPLE_PEOPLE[0].id, LIMITS)
    assert begun is not None
    target = server_settings(empty_database)
    service.restore(target, io.BytesIO(backed_up(server_settings(database))))
    with open_store(target) as store, reading(store) as connection:
        assert connection.scalar(text("select count(*) from people"))
        assert sessions.find(connection, begun[0], LIMITS) is None


def test_who_makes_one_is_logged_before_and_in_it(
    full: Store, database: str, empty_database: str, server_settings: SettingsFor
) -> None:
    """It carries every text out; so whose data, for which activity, is logged as well."""
    source, target = server_settings(database), server_settings(empty_database)
    with bound(of_command("kdt backup")):
        made = backed_up(source)
    service.restore(target, io.BytesIO(made))
    assert service.drill(source).restored.report.sound
    for settings in (source, target):
        with open_store(settings) as store, reading(store) as connection:
            row = connection.execute(
                text(
                    "select r.trace_id, d.person from reads r join read_details d "
                    "on read_id = r.id where look = 'backup' and result = 'shown'"
                )
            ).one()
            assert row.person == "nachtwerk"
            whose = text(
                "select count(distinct data_subject) from processings "
                "where trace_id = :trace and activity = 'export'"
            )
            processed = connection.scalar(whose, {"trace": row.trace_id})
            assert processed == connection.scalar(text("select count(*) from cases"))


def test_it_goes_into_an_empty_database_alone(
    full: Store, database: str, server_settings: SettingsFor
) -> None:
    kept = backed_up(server_settings(database))
    with pytest.raises(NotEmpty):
        service.restore(server_settings(database), io.BytesIO(kept))
    assert_sound(full)


def test_what_is_not_whole_is_refused_and_nothing_comes_in(
    full: Store,
    database: str,
    empty_database: str,
    server_settings: SettingsFor,
    database_server: tuple[Server, int, str],
) -> None:
    kept = backed_up(server_settings(database))
    altered = bytearray(kept)
    altered[len(kept) // 2] ^= 1
    other = kept.replace(b'"format": 1', b'"format": 2')
    for bad in (b"", b"x" * 4000, kept[: len(kept) // 2], bytes(altered), other, kept[512:]):
        with pytest.raises(NotABackup):
            service.restore(server_settings(empty_database), io.BytesIO(bad))
    assert migrate.current(database_server[0].url(OWNER, empty_database)) is None


def test_a_place_with_nothing_in_it_has_no_backup(
    empty_database: str, server_settings: SettingsFor
) -> None:
    with pytest.raises(Unavailable, match="geen register"):
        backed_up(server_settings(empty_database))


def test_from_a_server_to_an_embedded_database_as_it_is_typed(
    full: Store, database: str, server_settings: SettingsFor, tmp_path: Path
) -> None:
    settings = server_settings(database)
    file = tmp_path / "record.kdt"
    typed = CliRunner().invoke
    server = {
        "KDT_HOME": str(tmp_path / "own"),
        "KDT_DATABASE_URL": settings.database_url,
        "KDT_MIGRATION_URL": settings.migration_url,
    }
    embedded = {"KDT_HOME": str(tmp_path / "embedded"), "KDT_DATABASE_URL": ""}
    done = typed(backup, [str(file)], env=server)
    assert done.exit_code == 0, done.output
    assert "431 registraties" in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    with tarfile.open(file) as tar:
        manifest = tar.extractfile("manifest.json")
        assert manifest is not None
        assert json.load(manifest)["kind"] == archive.KIND
    done = typed(restore, [str(file)], env={**embedded, "KDT_MIGRATION_URL": ""})
    assert done.exit_code == 0, done.output
    assert f"Verklaringen van vernietiging in {tmp_path}" in done.stdout
    assert "Alles klopt. Nagerekend: 431 registraties" in done.stdout
    done = typed(restore, [str(file)], env={**embedded, "KDT_MIGRATION_URL": ""})
    assert isinstance(done.exception, NotEmpty)
    done = typed(drill, [], env=server)
    assert done.exit_code == 0, done.output
    assert "teruggezet en nagerekend in" in done.stdout
    assert "Alles klopt." in done.stdout
    # Nothing of the texts stays behind.
    assert [one.name for one in (tmp_path / "own").iterdir()] == ["log"]


def test_what_is_not_brought_back_to_the_end_is_not_opened(
    full: Store,
    database: str,
    empty_database: str,
    server_settings: SettingsFor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped after the load, before what had been destroyed was gone again."""
    target, kept = server_settings(empty_database), backed_up(server_settings(database))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(service, "replay", stop)
        with pytest.raises(KeyboardInterrupt):
            service.restore(target, io.BytesIO(kept))
    with pytest.raises(Unavailable, match="niet afgemaakt"):
        open_store(target)
    with pytest.raises(NotEmpty):
        service.restore(target, io.BytesIO(kept))


def test_a_restore_that_failed_before_anything_came_in_can_be_done_again(
    full: Store,
    database: str,
    empty_database: str,
    server_settings: SettingsFor,
    database_server: tuple[Server, int, str],
) -> None:
    restoring.begin(database_server[0].url(OWNER, empty_database))
    target = server_settings(empty_database)
    done = service.restore(target, io.BytesIO(backed_up(server_settings(database))))
    assert done.report.sound
    open_store(target).close()
