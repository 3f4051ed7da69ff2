"""The organisation the tests of the service play in."""

from collections.abc import Iterator

import pytest

from kdt.store.embedded import Server
from tests.service import world
from tests.service.world import World


@pytest.fixture(scope="session")
def world_template(database_server: tuple[Server, int, str], template: str) -> Iterator[str]:
    """A database with the organisation in it, to be copied."""
    name = world.build(database_server[0], template)
    yield name
    with world.administrator(database_server[0]) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def a_world(database_server: tuple[Server, int, str], world_template: str) -> Iterator[World]:
    """The organisation with an empty record, for this test alone."""
    with world.opened(database_server[0], world_template) as opened:
        yield opened
