"""What is kept of stays is what walking the log says: at any reference date, however it came in."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, text

from kdt.cases import importing, recording, service
from kdt.cases.catching_up import catch_up
from kdt.cases.importing import import_history
from kdt.panels.calendar import calendar
from kdt.register import from_log, stays
from kdt.register.figures import Query
from kdt.register.stays import Among, TimeUnit, counted
from kdt.store import engine, migrate
from kdt.store.engine import Store
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading, writing
from kdt.tallies.compaction import compact
from kdt.tallies.model import STAY_KEY
from tests.oracle.generator import encode, generate
from tests.register.agreeing import question
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

HISTORIES = 1000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 40
QUERIES = 20
WITHIN = 20
Found = Counter[tuple[tuple[str, ...], int, str | None, bool]]


def kept(connection: Connection, query: Query, last: date, unit: TimeUnit, among: Among) -> Found:
    found: Found = Counter()
    for one in counted(connection, query, last, unit, among, within=WITHIN):
        place = tuple(one.place[dimension] for dimension in (*query.by, "level"))
        found[place, one.seen.time, one.seen.end, one.for_long] += one.number
        assert one.number > 0
    return found


def walked(connection: Connection, query: Query, last: date, unit: TimeUnit, among: Among) -> Found:
    """The same stay by stay, as the log says."""
    known = calendar(connection)

    def time(begun: date, ended: date) -> int:
        if unit is TimeUnit.DAYS:
            return (ended - begun).days
        return known.count(begun + timedelta(days=1), ended)

    found: Found = Counter()
    wanted = {Among.LEVELS: [True], Among.WHOLE: [False], Among.BOTH: [True, False]}[among]
    for walk in from_log.walks(connection, query.as_of):
        for by_level in wanted if walk.state else ():
            for stay in stays.of_walk(walk, last, by_level=by_level):
                if query.first <= stay.begun_on <= query.until:
                    at = [
                        str(getattr(walk.state, one)) if one != "level" else stay.level or ""
                        for one in (*query.by, "level")
                    ]
                    seen_for = time(stay.begun_on, stay.ended_on or last)
                    long = time(stay.begun_on, last) >= WITHIN
                    found[tuple(at), seen_for, stay.end, long] += 1
    return found


def assert_same(store: Store, rng: Random, times: int) -> int:
    """Ask so many random questions; gives how many stays they counted."""
    amount = 0
    with reading(store) as connection:
        today = today_in(connection)
        for _ in range(times):
            query = question(rng, today)
            last = min(query.as_of or today, today)
            asked = (query, last, rng.choice([*TimeUnit]), rng.choice([*Among]))
            expected = walked(connection, *asked)
            assert kept(connection, *asked) == expected, asked
            amount += expected.total()
    return amount


def bring_in(store: Store, folder: Path, lines: list[bytes]) -> None:
    file = folder / "history.jsonl"
    file.write_bytes(b"".join(lines))
    assert import_history(store, file, by="beheer").bad == []


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_what_is_kept_is_what_the_log_says(
    seed: int, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read again from the record in between, as a longer file would be.
    monkeypatch.setattr(importing, "HELD", 7 if seed % 2 else importing.HELD)
    bring_in(store, tmp_path, encode(generate(seed, 10)).splitlines(keepends=True))
    assert assert_same(store, Random(seed), QUERIES)
    assert_sound(store)


@pytest.fixture
def filled_anew(store: Store, tmp_path: Path) -> Store:
    bring_in(store, tmp_path, encode(generate(5, 60)).splitlines(keepends=True))
    return store


def cells(connection: Connection) -> Counter[tuple[object, ...]]:
    """What is counted in each cell, folded or not."""
    names = ", ".join(STAY_KEY)
    found: Counter[tuple[object, ...]] = Counter()
    for table in ("stay_days", "stay_deltas"):
        for *cell, amount in connection.execute(text(f"select {names}, amount from {table}")):
            found[tuple(cell)] += amount
    return Counter({cell: amount for cell, amount in found.items() if amount})


def test_what_was_recorded_before_is_counted_by_the_migration(
    filled_anew: Store, owner_url: str
) -> None:
    with reading(filled_anew) as connection:
        before = cells(connection)
    filled_anew.engine.dispose()
    migrate.downgrade(owner_url, "0048")
    migrate.upgrade(owner_url)
    with reading(filled_anew) as connection:
        assert cells(connection) == before
    assert before.total() > 100


def test_folding_changes_nothing(store: Store) -> None:
    today, place = prepare(store), PLACES[0]
    for number in range(4):
        bring(store, place, f"Z-{number}", today)
        with writing(store) as connection:
            before = cells(connection)
            if number % 2:
                compact(connection)
    with reading(store) as connection:
        assert cells(connection) == before
        assert before.total() == 4
        assert connection.scalar(text("select count(*) from stay_deltas")) == 0


def test_what_a_server_of_the_release_before_records_is_walked_and_then_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, place = prepare(store), PLACES[0]
    settled = command("consider", outcome="decided", ruling="other", reasons="Verzonnen.")
    by_both = [bring(store, place, f"Z-{number}", today) for number in range(4)]
    with monkeypatch.context() as before, _opened(store.url, before) as older:
        by_both += [
            bring(older, place, f"Z-oud-{number}", today, listed=number < 2) for number in range(4)
        ]
        voided = command("correct", replaces=by_both[1].refs[0], void=True, reason="Verzonnen.")
        service.perform(older, secretary(place), by_both[1].escalation, [voided])
        for one in (by_both[0], by_both[4]):
            service.perform(older, secretary(place), one.escalation, [settled])
    for one in (by_both[2], by_both[5]):
        service.perform(store, secretary(place), one.escalation, [settled])
    moved = {"replaces": by_both[6].refs[0], "with": {"question": "additional_interview"}}
    correction = command("correct", reason="Verzonnen.", **moved)
    service.perform(store, officer(place), by_both[6].escalation, [correction])
    missed = text("select escalation_id from stays_missed")
    with reading(store) as connection:
        noted = set(connection.scalars(missed))
        incomplete = cells(connection)
    assert noted == {by_both[one].escalation for one in (0, 1, 4, 5, 6, 7)}
    assert_same_today(store)
    assert_sound(store)
    catch_up(store)
    with reading(store) as connection:
        assert connection.scalars(missed).all() == []
        assert cells(connection).total() > incomplete.total()
    assert_same_today(store)
    assert_sound(store)


@contextmanager
def _opened(url: str, before: pytest.MonkeyPatch) -> Iterator[Store]:
    """As a server of the release before has it open: it does not say that it counts stays, and
    counts none."""
    before.setattr(engine, "_OPTIONS", "-c timezone=UTC")
    before.setattr(recording, "stepped", lambda *_: ((), None))
    before.setattr(recording, "corrected", lambda *_: ((), None))
    opened = engine.connect(url)
    with Store(opened, url, opened.dispose) as store:
        yield store


def assert_same_today(store: Store) -> None:
    with reading(store) as connection:
        today = today_in(connection)
        query = Query(today, today, by=("location", "question"))
        for among in Among:
            asked = (query, today, TimeUnit.DAYS, among)
            expected = walked(connection, *asked)
            assert kept(connection, *asked) == expected
            assert expected.total() >= 7
