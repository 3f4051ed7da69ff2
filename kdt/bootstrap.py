"""How a process starts: settings, log, database."""

from collections.abc import Iterator
from contextlib import contextmanager

from kdt import log, settings
from kdt.settings import Settings
from kdt.store.engine import Store, open_store


@contextmanager
def opened(given: Settings | None = None) -> Iterator[Store]:
    """For a command: an open record with a current schema, by the settings in force.

    Raises Unavailable when the database or the home folder cannot be used.
    """
    chosen = given or settings.load()
    log.keep(chosen)
    with open_store(chosen) as store:
        yield store
