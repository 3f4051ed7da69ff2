"""Whatever a checkpoint covers cannot be changed unseen, not even by whoever changes everything."""

import pytest
from sqlalchemy import Engine

from kdt import signing
from kdt.depots import depot
from kdt.store.engine import Store
from kdt.verify import verify
from kdt.verify.alone import Held
from tests.verify.soak import (
    EACH,
    PLAIN,
    Against,
    Tally,
    checkpointed,
    consistent_round,
    plain_round,
)


@pytest.fixture(scope="module")
def against(filled_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Against:
    folder = tmp_path_factory.mktemp("kept")
    key = signing.create(folder / "key.pem")
    return checkpointed(filled_store, depot(str(folder / "checkpoints")), key)


def test_a_record_nobody_tampered_with_agrees(filled_store: Store, against: Against) -> None:
    held = Held(against.checkpoint, dict(against.heads))
    assert [finding.sentence for finding in verify(filled_store, held=held).findings] == []
    assert (held.exposed_chains, held.exposed_entries, held.imported) == (0, 0, 0)


def test_every_plain_tampering_is_named_and_nothing_else(
    superuser: Engine, against: Against
) -> None:
    tally = Tally()
    plain_round(superuser, against, 1, tally)
    assert (tally.missed, tally.false) == (set(), set())
    assert tally.done == {tamper.__name__: EACH for tamper in PLAIN}


def test_what_agrees_with_all_the_rest_is_named_and_nothing_else(
    superuser: Engine, against: Against
) -> None:
    """Hashes, digests, salts, state, considerations and tallies agree again: without a checkpoint
    the record is found sound."""
    tally = Tally()
    consistent_round(superuser, against, 2, tally)
    assert (tally.missed, tally.false) == (set(), set())
    assert tally.done == {"consistent rewrite": EACH, "consistent cut": EACH}
