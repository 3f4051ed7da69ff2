"""The service proved against a model written apart, by acts drawn by chance.

20,000 steps by default and 1,000,000 with HYPOTHESIS_PROFILE=soak, always the same ones. What
chance passes too seldom to count on, a tour of the table adds.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from kdt.store.embedded import Server
from tests.service import world
from tests.service.beside import REACHED, Beside
from tests.service.machine import Service
from tests.service.reach import expected
from tests.service.tour import Tour
from tests.service.world import World
from tests.support import assert_sound

# Turns, each of one act or several.
TURNS = 120
STEPS = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20_000
EXAMPLES = STEPS // 210


@pytest.fixture(scope="module")
def played(database_server: tuple[Server, int, str], world_template: str) -> Iterator[World]:
    """The organisation of a whole run; each example begins with an empty record."""
    with world.opened(database_server[0], world_template) as opened:
        yield opened


@pytest.mark.slow
def test_the_service_does_what_the_model_says(played: World) -> None:
    REACHED.clear()
    run_state_machine_as_test(
        lambda: Service(played),  # type: ignore[arg-type] # a function will do, it says itself
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=TURNS,
            derandomize=True,
            database=None,
            deadline=None,
            # A long example takes minutes to shrink; what it did is printed whole.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert REACHED["steps",] >= STEPS
    missed = expected() - REACHED.keys()
    # What is drawn changes with every constant in the code: some rows come too seldom to count on.
    assert len(missed) < len(expected()) / 5, sorted(missed)


@pytest.mark.slow
def test_every_row_and_every_refusal_was_reached(played: World) -> None:
    """After the test above, together with it."""
    tour = Tour(Beside(played))
    tour.rows()
    tour.outcomes()
    tour.corrections()
    tour.refusals()
    assert_sound(played.store)
    missed = expected() - REACHED.keys()
    assert not missed, sorted(missed)
