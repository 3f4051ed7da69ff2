"""A record past its terms, and looking at its database from outside."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kdt.store import cluster
from kdt.store.embedded import Server
from kdt.store.engine import Store
from tests.cases.conftest import elsewhere
from tests.conftest import new_database
from tests.retention import record

__all__ = ["elsewhere"]

Dump = Callable[[], str]


@pytest.fixture
def database(database_server: tuple[Server, int, str], template: str) -> Iterator[str]:
    """A new one: in the files of one that was emptied the words of before are still there."""
    yield from new_database(database_server[0], template)


@pytest.fixture
def planted(store: Store, tmp_path: Path) -> dict[str, set[str]]:
    """The record with planted words; by escalation."""
    return record.bring_in(store, tmp_path)


@pytest.fixture
def dump(database_server: tuple[Server, int, str], database: str) -> Dump:
    """The whole database as plain text, whatever rights that takes."""
    server = database_server[0]
    url = make_url(server.url(cluster.SUPERUSER, database))
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    program = cluster.programs() / "pg_dump"

    def taken() -> str:
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        command = [str(program), "--inserts", address]
        done = subprocess.run(command, check=True, capture_output=True, env=environment)
        # A key against what it restores, another every time.
        return re.sub(r"^\\.*$", "", done.stdout.decode(), flags=re.MULTILINE)

    return taken
