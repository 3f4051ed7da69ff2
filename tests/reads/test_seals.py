"""The read log is sealed into the ledger: what is altered after that is named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from kdt.reads.codes import Look
from kdt.reads.origin import bound, of_command
from kdt.reads.sealing import seal_reads
from kdt.reads.service import Read, note
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.verify import verify
from tests.reads.conftest import alter


def read(store: Store, times: int) -> None:
    with reading(store) as connection:
        for _ in range(times):
            note(connection, Read("auditor", Look.CHANGES))


def seal(store: Store) -> None:
    seal_reads(store, datetime.now(UTC))


def codes(store: Store) -> set[str]:
    return {one.code for one in verify(store).findings}


@pytest.fixture
def sealed(store: Store) -> Store:
    """Two seals on three rows and two, and a row that has none yet."""
    with bound(of_command("kdt test")):
        for times in (3, 2):
            read(store, times)
            seal(store)
        read(store, 1)
    return store


def test_a_sealed_log_is_sound_and_says_what_is_not_sealed_yet(sealed: Store) -> None:
    report = verify(sealed)
    assert report.sound
    assert (report.reads, report.unsealed) == (6, 1)
    seal(sealed)
    seal(sealed)
    assert verify(sealed).unsealed == 0
    assert codes(sealed) == set()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update reads set result = 'no_text' where id = 2", "seal"),
        ("update reads set at = at + interval '1 hour' where id = 5", "seal"),
        ("update reads set own = true where id = 1", "seal"),
        ("delete from read_details where read_id = 3; delete from reads where id = 3", "seal"),
        ("delete from read_details; delete from reads", "seal"),
        ("update read_details set person = 'iemand anders' where read_id = 2", "read_details"),
        ("update read_details set origin = '10.0.0.1' where read_id = 6", "read_details"),
    ],
)
def test_what_is_altered_is_named(sealed: Store, owner: Engine, statement: str, code: str) -> None:
    with owner.begin() as connection:
        alter(connection, "reads", statement)
    assert code in codes(sealed)


def test_a_seal_that_is_lost_is_missed(sealed: Store, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql("delete from ledger_people where subject = 'reads' and seq = 1")
        alter(connection, "ledger", "delete from ledger where subject = 'reads' and seq = 1")
    assert "seal_order" in codes(sealed)


def test_who_it_was_does_not_go_unnoticed_though_the_seals_hold(
    sealed: Store, owner: Engine
) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql("delete from read_details where read_id < 4")
    assert codes(sealed) == {"read_details_gone"}


def test_a_log_without_its_protection_is_named(sealed: Store, owner: Engine) -> None:
    with owner.begin() as connection:
        connection.exec_driver_sql("alter table processings disable trigger user")
        connection.exec_driver_sql("grant update on reads to kdt_app")
    assert {"unprotected", "too_much_right"} <= codes(sealed)
