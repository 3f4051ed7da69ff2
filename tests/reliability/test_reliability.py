"""The long runs of `make chaos`, in short: nothing acknowledged is lost, no meeting is doubled.

What is killed is a server of these tests' own, with everything that works on it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kdt.settings import Settings
from kdt.store import embedded
from kdt.store.embedded import Server
from kdt.store.engine import Store, open_store
from tests.reliability import kills, schedulers
from tests.reliability.killed import BACKEND, CLIENT, CLOCK
from tests.service.test_together import prepare

pytestmark = pytest.mark.slow


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Server, Store]]:
    """A record with a server of its own, which a test may kill."""
    with open_store(Settings(home=tmp_path / "kdt")) as store:
        held = embedded.acquire(tmp_path / "kdt")
        yield held, store
        held.release()


@pytest.mark.parametrize(
    ("times", "weights"),
    [(20, {CLIENT: 5, CLOCK: 3, BACKEND: 2}), (4, kills.RESTARTS)],
    ids=["kills", "restarts"],
)
def test_what_was_acknowledged_is_in_the_record(
    own: tuple[Server, Store], tmp_path: Path, times: int, weights: Mapping[str, int]
) -> None:
    held, store = own
    prepare(store)
    found = kills.kill(held, store, tmp_path / "journal", times, weights)
    assert sum(found.killed.values()) == times
    assert found.killed.keys() == weights.keys()
    assert found.acknowledged > 3 * times
    assert found.lost == 0
    assert found.unknown <= kills.at_most_unknown(found)
    assert found.findings == ()


def test_many_clocks_plan_every_meeting_once(store: Store) -> None:
    panels = schedulers.furnish(store, 4)
    planned = schedulers.run(store, panels, 100)
    assert planned.slots >= 100
    assert (planned.double, planned.missing, planned.undrawn) == (0, 0, 0)
    assert planned.paused > 0
    assert planned.killed > 0
