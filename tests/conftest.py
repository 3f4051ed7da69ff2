"""What every test may ask for: an empty database, embedded or over TCP."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from psycopg import sql

from kdt import log
from kdt.settings import Settings
from kdt.store import cluster, embedded, migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect, open_store
from tests import canary
from tests.databases import Databases, connected, create, drop
from tests.support import free_port
from tests.typing_in import Kdt, typed

_TEMPLATE = "kdt_template"
_ASSETS = Path(__file__).parents[1] / "api" / "assets" / "node_modules"
# A database takes longer the first time a test asks for one: no reason to call it flaky.
_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("fast", deadline=None, max_examples=50, suppress_health_check=_SLOW)
settings.register_profile("soak", deadline=None, max_examples=5000, suppress_health_check=_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: else one worker ends with it while the other has nothing."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session", autouse=True)
def no_text_gets_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """At the end of the run: no log and no metric holds the word that stands in every text."""
    log.keep(Settings(home=tmp_path_factory.mktemp("logged")))
    yield
    assert not list(canary.leaks(tmp_path_factory.getbasetemp()))


@pytest.fixture(scope="session")
def database_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, int, str]]:
    """One embedded server for the whole run, its port on loopback and the roles' password."""
    home = tmp_path_factory.mktemp("kdt")
    where = cluster.locate(home)
    where.create()
    port, password = free_port(), secrets.token_hex(16)
    (where.data / "local.conf").write_text(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    hba = where.data / "pg_hba.conf"
    hba.write_text(hba.read_text() + "host all all 127.0.0.1/32 scram-sha-256\n")
    held = embedded.acquire(home)
    with connected(held) as connection:
        for role in (OWNER, APPLICATION):
            change = sql.SQL("alter role {} password {}")
            connection.execute(change.format(sql.Identifier(role), sql.Literal(password)))
        # What survives a power cut is asked of servers of their own.
        for durable in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"alter system set {durable} = off")
        connection.execute("select pg_reload_conf()")
    yield held, port, password
    held.release()


@pytest.fixture(scope="session")
def template(database_server: tuple[Server, int, str]) -> str:
    """A migrated, empty database, of which every test gets a copy."""
    held, _, _ = database_server
    with connected(held) as connection:
        connection.execute(f"create database {_TEMPLATE} owner {OWNER}")
    migrate.upgrade(held.url(OWNER, _TEMPLATE))
    return _TEMPLATE


@pytest.fixture(scope="session")
def databases(database_server: tuple[Server, int, str], template: str) -> Databases:
    """Where tests get a database from, and bring it back."""
    return Databases(database_server[0], template)


@pytest.fixture
def empty_database(database_server: tuple[Server, int, str]) -> Iterator[str]:
    """The name of a database with nothing in it, not even a schema."""
    yield from new_database(database_server[0], "template0")


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The name of a migrated, empty database for this test alone."""
    name = databases.take()
    yield name
    databases.give_back(name)


@pytest.fixture
def owner_url(database_server: tuple[Server, int, str], database: str) -> str:
    """The owner's address of this test's database: for looking behind the application's back."""
    return database_server[0].url(OWNER, database)


@pytest.fixture
def server_settings(
    database_server: tuple[Server, int, str], tmp_path: Path
) -> Callable[[str], Settings]:
    """Settings that reach a database over TCP, as the restricted application role."""
    _, port, password = database_server

    def settings_for(database: str) -> Settings:
        def address(role: str) -> str:
            return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{port}/{database}"

        return Settings(
            home=tmp_path, database_url=address(APPLICATION), migration_url=address(OWNER)
        )

    return settings_for


@pytest.fixture
def store(database_server: tuple[Server, int, str], database: str) -> Iterator[Store]:
    """An open, empty record, worked with as the application role over the socket."""
    url = database_server[0].url(APPLICATION, database)
    engine = connect(url)
    with Store(engine, url, engine.dispose) as opened:
        yield opened
        with engine.connect() as connection:
            canary.look_in(connection)


@pytest.fixture
def kdt(database: str, server_settings: Callable[[str], Settings], tmp_path: Path) -> Kdt:
    """The command, on this test's database."""
    settings = server_settings(database)
    environment = {
        **os.environ,
        "KDT_HOME": str(settings.home),
        "KDT_DATABASE_URL": str(settings.database_url),
    }

    def run(*arguments: str) -> tuple[int, str, str]:
        done = typed(tmp_path, environment, *arguments)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture(params=["embedded", "server"])
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same in both modes: the socket, and a server over TCP."""
    if request.param == "embedded":
        yield request.getfixturevalue("store")
        return
    settings_for = request.getfixturevalue("server_settings")
    with open_store(settings_for(request.getfixturevalue("database"))) as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright; without it skipped, but never on the CI."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        # Nothing is shown: what draws needs no process of its own. There is no sandbox for root.
        flags = ["--disable-gpu", "--in-process-gpu"]
        flags += ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, to be evaluated in a page."""
    return (_ASSETS / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def new_database(held: Server, template: str) -> Iterator[str]:
    """A database of its own for one test, gone afterwards."""
    name = create(held, template)
    yield name
    drop(held, name)
