"""Data made by the PostgreSQL before ours are carried over; what goes wrong leaves them be."""

import fcntl
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from kdt.backup import programs, upgrading
from kdt.backup.commands import database
from kdt.cases.importing import import_history
from kdt.errors import Unavailable
from kdt.settings import Settings
from kdt.store import cluster, embedded, migrate
from kdt.store.embedded import APPLICATION, DATABASE, OWNER, Server
from kdt.store.engine import Store, connect, open_store
from kdt.store.grants import APP_ROLE
from kdt.store.metadata import metadata
from tests.support import assert_sound

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"
OLD = 16
# The last schema that it could hold; what comes later uses what is newer.
LAST_ON_OLD = "0009"

pytestmark = pytest.mark.slow

LATER = {"case_numbers": "destroyed_on", "escalations": "deadline", "considerations": "due_on"}
LATER_TABLES = ("import_days", "theme_deltas", "theme_days", "stay_deltas", "stay_days")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder whose data an earlier KDT made, with PostgreSQL 16."""
    home = tmp_path / "kdt"
    where = replace(cluster.locate(home), version=OLD)
    where.data.mkdir(mode=0o700)
    cluster.hand_over(where.data)
    made = where._run("initdb", "-D", where.data, "-U", cluster.SUPERUSER, "--auth=trust",
                      "--encoding=UTF8", "--locale=C")  # fmt: skip
    assert made.returncode == 0, made.stderr
    (where.data / "local.conf").write_text("work_mem = '20MB'\n")
    with (home / "postgres.alive").open("ab") as alive:
        fcntl.flock(alive, fcntl.LOCK_EX)
        where.start(alive.fileno())
        where.prepare(DATABASE, owner=OWNER, application=APPLICATION)
        held = Server(where, alive)
        migrate.upgrade(held.url(), LAST_ON_OLD)
        # Our import fills what came later; it is there for as long as that lasts.
        for table, column in LATER.items():
            _as_owner(held, f"alter table {table} add column {column} date")
        owner = connect(held.url())
        metadata.create_all(owner, [metadata.tables[table] for table in LATER_TABLES])
        owner.dispose()
        _as_owner(held, f"grant all on {', '.join(LATER_TABLES)} to {APP_ROLE}")
        engine = connect(held.url(APPLICATION))
        with Store(engine, held.url(APPLICATION), engine.dispose) as store:
            assert import_history(store, EXAMPLE, by="beheer").bad == []
        for table, column in LATER.items():
            _as_owner(held, f"alter table {table} drop column {column}")
        _as_owner(held, f"drop table {', '.join(LATER_TABLES)}")
        where.stop()
    assert where.found() == OLD
    return home


def _as_owner(held: Server, statement: str) -> None:
    engine = connect(held.url())
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_they_are_carried_over_and_the_old_ones_kept(home: Path) -> None:
    with pytest.raises(Unavailable, match="kdt database upgrade"):
        embedded.acquire(home)
    environment = {"KDT_HOME": str(home), "KDT_DATABASE_URL": "", "KDT_MIGRATION_URL": ""}
    done = CliRunner().invoke(database, ["upgrade"], env=environment)
    assert done.exit_code == 0, done.output
    assert "van PostgreSQL 16 naar 18: 428 registraties" in done.stdout
    assert (home / "postgres-16" / "PG_VERSION").read_text() == "16\n"
    with open_store(Settings(home=home)) as store:
        assert_sound(store)
        with store.engine.connect() as connection:
            assert str(connection.exec_driver_sql("show server_version").scalar())[:2] == "18"
            assert connection.exec_driver_sql("show work_mem").scalar() == "20MB"
    done = CliRunner().invoke(database, ["upgrade"], env=environment)
    assert done.exit_code == 0
    assert "hoeft niets te gebeuren" in done.stdout


def test_when_it_goes_wrong_the_old_ones_stand_where_they_stood(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise Unavailable("de schijf is vol")

    monkeypatch.setattr(programs, "load", broken)
    with pytest.raises(Unavailable, match="vol"):
        upgrading.upgrade(home)
    assert cluster.locate(home).found() == OLD
    assert not (home / "postgres-16").exists()
    monkeypatch.undo()
    with embedded._open(home / "postgres.users") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with pytest.raises(Unavailable, match="Een ander KDT-proces"):
            upgrading.upgrade(home)
    done = upgrading.upgrade(home)
    assert done is not None
    assert done.restored.report.sound
