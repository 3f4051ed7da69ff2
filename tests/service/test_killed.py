"""A client killed at any moment: what was acknowledged is in the record, and nothing is half."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.service.test_together import prepare
from tests.support import assert_sound

KILLS = 10_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 30


@pytest.mark.slow
def test_what_was_acknowledged_is_in_the_record(store: Store, tmp_path: Path) -> None:
    prepare(store)
    journal = tmp_path / "journal"
    command = [sys.executable, "-m", "tests.service.killed", store.url, str(journal), str(KILLS)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    acknowledged = journal.read_text().split()
    assert len(acknowledged) > 3 * KILLS
    with reading(store) as connection:
        recorded = set(connection.scalars(text("select ref from entries")))
        opened = connection.scalar(text("select count(*) from escalations"))
        half = connection.scalar(text("select count(*) from escalations where phase = 'draft'"))
        keys = connection.scalar(text("select count(*) from requests"))
    assert len(set(acknowledged)) == len(acknowledged)
    assert not set(acknowledged) - recorded, "acknowledged and lost"
    # A life ends in the middle of one request at most, which brings two entries at most.
    assert len(recorded) - len(acknowledged) <= 2 * KILLS
    # Opening and submitting were asked together, with a key.
    assert half == 0
    assert keys == opened
    assert_sound(store)
