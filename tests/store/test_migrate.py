"""The schema: one way up, safe for many at once, refused when it is not current."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from kdt.errors import Unavailable
from kdt.settings import Settings
from kdt.store import migrate
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store, open_store
from tests.databases import connected

SettingsFor = Callable[[str], Settings]


def test_models_and_schema_do_not_differ(owner_url: str) -> None:
    assert migrate.differences(owner_url) is None


def test_a_table_behind_our_back_is_named(owner_url: str) -> None:
    with psycopg.connect(owner_url.replace("+psycopg", "")) as connection:
        connection.execute("create table stray (x int)")
    assert "stray" in (migrate.differences(owner_url) or "")


def test_three_upgrades_at_once_give_one_schema(
    database_server: tuple[Server, int, str], empty_database: str
) -> None:
    url = database_server[0].url(OWNER, empty_database)
    failures: list[Exception] = []

    def upgrade() -> None:
        try:
            migrate.upgrade(url)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrate.current(url) == migrate.head()


def test_down_and_up_again(database_server: tuple[Server, int, str], empty_database: str) -> None:
    url = database_server[0].url(OWNER, empty_database)
    migrate.upgrade(url)
    migrate.downgrade(url, "base")
    assert migrate.current(url) is None
    migrate.upgrade(url)
    assert migrate.differences(url) is None


def test_a_server_without_the_schema_is_refused(
    server_settings: SettingsFor, empty_database: str
) -> None:
    with pytest.raises(Unavailable, match=r"staat op niets.*kdt migrate up"):
        open_store(server_settings(empty_database))


def test_a_schema_of_a_later_release_is_refused_and_left_alone(
    server_settings: SettingsFor, database: str, owner_url: str
) -> None:
    with psycopg.connect(owner_url.replace("+psycopg", "")) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(Unavailable, match="9999"):
        open_store(server_settings(database))
    with pytest.raises(Unavailable, match="nieuwer"):
        migrate.upgrade(owner_url)
    assert migrate.current(owner_url) == "9999"


def test_an_extension_that_is_too_old_is_refused_at_the_start(
    database_server: tuple[Server, int, str], database: str, server_settings: SettingsFor
) -> None:
    older = "update pg_extension set extversion = '0.7.4' where extname = 'vector'"
    with connected(database_server[0], database) as connection:
        connection.execute("set allow_system_table_mods = on")
        connection.execute(older.encode())
    with pytest.raises(Unavailable, match=r"0\.8 of nieuwer zijn, en is hier 0\.7\.4"):
        open_store(server_settings(database))
    with connected(database_server[0], database) as connection:
        connection.execute("set allow_system_table_mods = on")
        connection.execute(older.replace("0.7.4", "0.8.0").encode())
    open_store(server_settings(database)).close()


def test_an_unknown_revision_is_one_sentence(owner_url: str) -> None:
    with pytest.raises(Unavailable, match="nergens"):
        migrate.downgrade(owner_url, "nergens")


def test_a_busy_table_is_waited_for_a_while_and_then_named(
    owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", "100ms")
    with psycopg.connect(owner_url.replace("+psycopg", "")) as busy:
        busy.execute("lock table alembic_version in access exclusive mode")
        with pytest.raises(Unavailable, match="te druk"):
            migrate.downgrade(owner_url, "base")


def test_the_application_role_cannot_migrate(
    server_settings: SettingsFor, empty_database: str
) -> None:
    address = server_settings(empty_database).database_url
    assert address
    with pytest.raises(Unavailable, match="mag het schema niet wijzigen"):
        migrate.upgrade(address)


def test_a_server_that_is_not_there_is_one_sentence(server_settings: SettingsFor) -> None:
    nowhere = Settings(database_url="postgresql+psycopg://kdt:secret@127.0.0.1:1/kdt")
    with pytest.raises(Unavailable) as caught:
        open_store(nowhere)
    assert "secret" not in str(caught.value)


def test_the_application_works_in_utc_and_may_not_change_the_schema(any_store: Store) -> None:
    with any_store.engine.connect() as connection:
        assert connection.scalar(text("show timezone")) == "UTC"
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("create table mine (x int)"))


def test_the_application_owns_nothing(any_store: Store) -> None:
    query = "select count(*) from pg_class where relowner = current_user::regrole"
    with any_store.engine.connect() as connection:
        assert connection.scalar(text(query)) == 0
