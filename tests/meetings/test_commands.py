"""An administrator's work on panels and locations, from the command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kdt.settings import Settings

Kdt = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kdt(database: str, server_settings: Callable[[str], Settings]) -> Kdt:
    """The command, on a database of its own: exit status, what it printed and what went wrong."""
    settings = server_settings(database)
    environment = {
        **os.environ,
        "KDT_HOME": str(settings.home),
        "KDT_DATABASE_URL": str(settings.database_url),
    }

    def run(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("kdt")), *arguments],
            env=environment,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_locations_and_their_panels_are_made_renamed_closed_and_listed(kdt: Kdt) -> None:
    assert kdt("panels", "add", "national") == (0, "kdt-national\n", "")
    assert kdt("locations", "add", "Den Bosch") == (0, "Den Bosch\n", "")
    assert kdt("panels", "rename", "kdt-den-bosch", "KDT Zuid") == (0, "", "")
    assert kdt("locations", "close", "Den Bosch", "--on", "2100-01-01") == (0, "", "")
    assert kdt("locations", "list") == (
        0,
        "Den Bosch\tDen Bosch, open; vanaf 1 januari 2100: Den Bosch, gesloten\n",
        "",
    )
    assert kdt("panels", "list")[1] == (
        "kdt-den-bosch\tlokaal KDT\tKDT Zuid, open\n"
        "kdt-national\tlandelijk KDT\tLandelijk KDT, open\n"
    )


def test_what_may_not_be_is_one_sentence(kdt: Kdt) -> None:
    kdt("locations", "add", "Den Bosch")
    status, out, error = kdt("panels", "close", "kdt-den-bosch")
    assert (status, out) == (1, "")
    assert error == (
        "De locatie Den Bosch is dan nog open; sluit die eerst, dan komt er niets meer bij.\n"
    )
