"""A second empty record, to bring a history to."""

from collections.abc import Iterator

import pytest

from kdt.store.embedded import APPLICATION, Server
from kdt.store.engine import Store, connect
from tests.conftest import new_database


@pytest.fixture
def elsewhere(database_server: tuple[Server, int, str], template: str) -> Iterator[Store]:
    """Another empty record on the same server."""
    server = database_server[0]
    for name in new_database(server, template):
        url = server.url(APPLICATION, name)
        engine = connect(url)
        with Store(engine, url, engine.dispose) as opened:
            yield opened
