"""The database refuses to change the log: to the application and to the owner, after every
migration, up and down."""

from collections.abc import Iterator

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from kdt.errors import Unavailable
from kdt.store import migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from tests.service.test_together import PLACES, bring, prepare

FORBIDDEN = (
    "update entries set action = 'lapse'",
    "update entries set seq = seq",
    "delete from entries",
    "delete from entries where false",
    "truncate entries cascade",
    "truncate entries, entry_people, entry_texts",
    "merge into entries using (select 1) as one on true when matched then delete",
    """insert into entries overriding system value select * from entries
       on conflict (ref) do update set action = 'lapse'""",
)


def plain(server: Server, role: str, database: str) -> str:
    url = make_url(server.url(role, database)).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def revisions() -> list[str]:
    """Every revision there is, oldest first."""
    scripts = ScriptDirectory(str(migrate._SCRIPTS)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def refuses(url: str, statements: Iterator[str] | tuple[str, ...]) -> None:
    for statement in statements:
        with (
            psycopg.connect(url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


@pytest.fixture
def filled(database_server: tuple[Server, int, str], database: str) -> str:
    """A record with something in it to lose."""
    engine = connect(database_server[0].url(APPLICATION, database))
    with Store(engine, "", engine.dispose) as store:
        bring(store, PLACES[0], "Z-1", prepare(store))
    return database


@pytest.mark.parametrize("role", [APPLICATION, OWNER])
def test_the_log_refuses_every_change(
    role: str, database_server: tuple[Server, int, str], filled: str
) -> None:
    url = plain(database_server[0], role, filled)
    before = contents(url)
    refuses(url, FORBIDDEN)
    assert contents(url) == before != []


def test_the_owner_cannot_switch_the_trigger_off_for_a_session(
    database_server: tuple[Server, int, str], filled: str
) -> None:
    refuses(
        plain(database_server[0], OWNER, filled),
        ("set session_replication_role = replica; delete from entries",),
    )


def test_after_every_migration_up_down_and_up(
    database_server: tuple[Server, int, str], empty_database: str
) -> None:
    server = database_server[0]
    url = server.url(OWNER, empty_database)
    for revision in [*revisions(), "base", *revisions()]:
        if revision == "base":
            migrate.downgrade(url, revision)
            continue
        migrate.upgrade(url, revision)
        for role in (APPLICATION, OWNER):
            refuses(plain(server, role, empty_database), FORBIDDEN)


def test_a_downgrade_that_would_lose_entries_is_refused(
    database_server: tuple[Server, int, str], filled: str
) -> None:
    url = database_server[0].url(OWNER, filled)
    before = contents(plain(database_server[0], OWNER, filled))
    with pytest.raises(Unavailable, match="verloren gaan"):
        migrate.downgrade(url, "base")
    # The steps that lost nothing were taken; with them taken again nothing is missing.
    migrate.upgrade(url)
    assert contents(plain(database_server[0], OWNER, filled)) == before
    refuses(plain(database_server[0], OWNER, filled), FORBIDDEN)


def contents(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select * from entries order by position").fetchall()
