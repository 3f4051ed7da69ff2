"""A database that is gone for a moment: one clear sentence, nothing half done, and on again."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url, text

from kdt import words
from kdt.cases import service
from kdt.cases.service import Receipt
from kdt.errors import KdtError, Unavailable
from kdt.settings import Settings
from kdt.store import cluster, embedded
from kdt.store.embedded import Server
from kdt.store.engine import Store, open_store
from kdt.store.transaction import reading
from tests.service.test_together import PLACES, bring, command, officer, prepare
from tests.support import assert_sound

DISK = 192 * 2**20


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Store, Server]]:
    """A record with a server of its own, which a test may stop."""
    with open_store(Settings(home=tmp_path / "kdt")) as store:
        held = embedded.acquire(tmp_path / "kdt")
        yield store, held
        held.release()


def entries(store: Store) -> int:
    with reading(store) as connection:
        return int(connection.scalar(text("select count(*) from entries")) or 0)


def attempt(store: Store, case: str) -> Receipt | KdtError:
    """Bring a case; what was answered."""
    opening = {"case": case, "location": PLACES[0], "question": "decision", "ground": "other"}
    wishes = [command("open", **opening), command("submit")]
    try:
        return service.perform(store, officer(PLACES[0]), None, wishes, key=case)
    except KdtError as error:
        return error


def test_backends_ended_in_the_middle_of_work(
    any_store: Store, database_server: tuple[Server, int, str]
) -> None:
    """Whoever is cut off hears so; asking again with the same key has one effect."""
    prepare(any_store)
    superuser = make_url(database_server[0].url(cluster.SUPERUSER, cluster.SUPERUSER))
    address = superuser.set(drivername="postgresql").render_as_string(hide_password=False)
    database = make_url(any_store.url).database
    end = (
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = %s and usename = 'kdt_application'"
    )
    cut_off, cases = 0, 120
    with psycopg.connect(address, autocommit=True) as server, ThreadPoolExecutor(3) as pool:

        def insist(number: int) -> int:
            for times in range(50):
                said = attempt(any_store, f"Z-{number}")
                if isinstance(said, Receipt):
                    return times
                assert isinstance(said, Unavailable), said
                assert str(said) == words.say("unavailable.database")
            raise AssertionError("it never came through")

        work = [pool.submit(insist, number) for number in range(cases)]
        pause = 0.05
        while not all(one.done() for one in work):
            server.execute(end, (database,))
            time.sleep(pause)
            # On a busy machine even connecting takes longer than a short pause.
            pause = min(pause * 1.1, 1.0)
        cut_off = sum(one.result() for one in work)
    assert cut_off > 0, "nobody was cut off"
    # Who was cut off with nothing left to do is told at the next question.
    with suppress(Unavailable):
        entries(any_store)
    assert entries(any_store) == 2 * cases
    assert_sound(any_store)


def test_a_server_that_stops_and_starts_again(own: tuple[Store, Server]) -> None:
    store, held = own
    prepare(store)
    assert isinstance(attempt(store, "Z-1"), Receipt)
    held.cluster.stop()
    for case in ("Z-1", "Z-2"):
        said = attempt(store, case)
        assert isinstance(said, Unavailable)
        assert str(said) == words.say("unavailable.database")
    with pytest.raises(Unavailable, match=words.say("unavailable.database")):
        entries(store)
    embedded.acquire(held.cluster.home).release()
    assert isinstance(attempt(store, "Z-2"), Receipt)
    assert entries(store) == 4
    assert_sound(store)


def test_a_server_stopped_at_once_in_the_middle_of_work(own: tuple[Store, Server]) -> None:
    """As after a power cut: all that was acknowledged is there, and the rest comes through."""
    store, held = own
    prepare(store)
    with ThreadPoolExecutor(3) as pool:
        work = [pool.submit(attempt, store, f"Z-{number}") for number in range(200)]
        while not work[20].done():
            pass
        stopped = held.cluster._run("pg_ctl", "stop", "-m", "immediate", "-D", held.cluster.data)
        assert stopped.returncode == 0, stopped.stderr
    said = [one.result() for one in work]
    acknowledged = [one for one in said if isinstance(one, Receipt)]
    assert 20 <= len(acknowledged) < 200
    assert all(isinstance(one, Receipt | Unavailable) for one in said)
    embedded.acquire(held.cluster.home).release()
    found = entries(store)
    # Of what was under way when it stopped nobody can say, three requests at most.
    assert 2 * len(acknowledged) <= found <= 2 * (len(acknowledged) + 3)
    assert_sound(store)
    for number in range(200):
        assert isinstance(attempt(store, f"Z-{number}"), Receipt)
    assert entries(store) == 400
    assert_sound(store)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is soon full; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(f"no small disk: {done.stderr}")
        pytest.skip(f"only root can mount a small disk: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_named_and_loses_nothing(small_disk: Path) -> None:
    with open_store(Settings(home=small_disk / "kdt")) as store:
        day = prepare(store)
        bring(store, PLACES[0], "Z-voor", day)
        before = entries(store)
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            while shutil.disk_usage(small_disk).free:
                file.write(bytes(min(2**20, shutil.disk_usage(small_disk).free)))
        done, refused = 0, 0
        for number in range(2_000):
            said = attempt(store, f"Z-{number}")
            if isinstance(said, Receipt):
                done += 1
                continue
            assert isinstance(said, Unavailable), said
            assert str(said) in (
                words.say("unavailable.disk_full"), words.say("unavailable.database"),
            )  # fmt: skip
            refused += 1
            if refused > 5:
                break
        assert refused > 0, "the disk was never full"
        ballast.unlink()
        assert shutil.disk_usage(small_disk).free > 2**20
        embedded.acquire(small_disk / "kdt").release()
        assert isinstance(attempt(store, "Z-na"), Receipt)
        assert entries(store) == before + 2 * (done + 1)
        assert_sound(store)
