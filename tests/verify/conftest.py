"""A filled record, and a way into it that the application does not have."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from kdt.store import cluster
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from tests.verify import record


@pytest.fixture(scope="session")
def filled(
    database_server: tuple[Server, int, str],
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The name of a database with a record that tests read, or spoil and roll back."""
    server, name = database_server[0], f"test_{secrets.token_hex(6)}"
    address = make_url(server.url(cluster.SUPERUSER, cluster.SUPERUSER))
    address = address.set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(False), autocommit=True) as administrator:
        administrator.execute(f"create database {name} template {template} owner {OWNER}")
        url = server.url(APPLICATION, name)
        engine = connect(url)
        with Store(engine, url, engine.dispose) as store:
            record.build(store, tmp_path_factory.mktemp("history"))
        yield name
        administrator.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def filled_store(filled: str, database_server: tuple[Server, int, str]) -> Iterator[Store]:
    """The filled record as the application sees it."""
    url = database_server[0].url(APPLICATION, filled)
    engine = connect(url)
    with Store(engine, url, engine.dispose) as store:
        yield store


@pytest.fixture(scope="session")
def superuser(filled: str, database_server: tuple[Server, int, str]) -> Iterator[Engine]:
    """Full rights over the filled record."""
    engine = connect(database_server[0].url(cluster.SUPERUSER, filled))
    yield engine
    engine.dispose()
