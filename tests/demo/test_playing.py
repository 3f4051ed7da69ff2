"""The example year in a record: whole, sound, in steps, and never in anything else."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import and_, func, select

from kdt import clock
from kdt.access.permissions import Actor
from kdt.access.queries import all_people
from kdt.cases.before_panel import agenda, queue
from kdt.cases.importing import ImportRefused, import_history
from kdt.cases.inputs import Inputs, read
from kdt.cases.model import entries, record
from kdt.cases.service import Command, perform
from kdt.demo.fresh import throw_away
from kdt.demo.generator import generate
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.demo.playing import PARTS, begin, percent, play, standing
from kdt.demo.workdays import national_meeting
from kdt.differences.queries import last_comparison
from kdt.errors import Unavailable
from kdt.panels.coverage import coverage, gaps
from kdt.panels.queries import all_panels
from kdt.panels.slots import meetings_of
from kdt.register.figures import Query, figures
from kdt.rising.queries import last_scan
from kdt.settings import Settings
from kdt.store.engine import Store, open_store
from kdt.store.transaction import reading, writing
from kdt.themes.consultations import consultations
from kdt.themes.counting import counts
from kdt.vocabulary import Action, Measure, Role
from tests.support import assert_sound, free_port

NOW = datetime.now(UTC)
TODAY = clock.day(NOW)
# Small, for what does not need the whole year.
SIZE = 150


def count(store: Store, done: Action | None = None) -> int:
    """The entries that came in; or of what was done in the product besides."""
    came_in = entries.c.import_id.is_not(None)
    which = came_in if done is None else and_(~came_in, entries.c.action == done)
    found = select(func.count()).where(which)
    with reading(store) as connection:
        return connection.scalar(found) or 0


def how_far(store: Store) -> int | None:
    with reading(store) as connection:
        return percent(connection)


def opening() -> list[Command]:
    given = {"case": "Z-1", "location": "Den Bosch", "question": "decision", "ground": "complex",
             "summary": "Verzonnen."}  # fmt: skip
    inputs = read(Action.OPEN, given)
    assert isinstance(inputs, Inputs)
    return [Command(Action.OPEN, inputs)]


@pytest.mark.slow
def test_the_year_is_sound_and_every_queue_lives(store: Store, tmp_path: Path) -> None:
    begin(store)
    found, new = play(store, tmp_path, NOW)
    assert found.finished
    assert new == count(store) > 25_000
    # What policy tagged afterwards.
    assert count(store, Action.TAG) == 3
    assert how_far(store) is None
    with reading(store) as connection:
        assert connection.scalar(select(record.c.demo)) is True
        assert [one.id for one in all_people(connection)] == sorted(p.id for p in EXAMPLE_PEOPLE)
        assert len(agenda(connection, "kdt-national", national_meeting(TODAY))) == 40
        for panel in all_panels(connection):
            assert queue(connection, panel.level, panel.location), panel
            coming = meetings_of(connection, panel.id, TODAY, TODAY + timedelta(weeks=4))
            assert len(coming) >= (3 if panel.location is None else 14), panel
        year = Query(TODAY - timedelta(days=364), TODAY, None, ())
        [row] = figures(connection, year)
        assert all(
            row.amounts[measure] for measure in Measure if measure is not Measure.STOCK_START
        )
        assert 3_000 < row.amounts[Measure.CASES_HANDLED] < row.amounts[Measure.CONSIDERED]
        assert len(counts(connection, year.first, year.until)) == 12
        assert len(consultations(connection)) == 7
        covered = coverage(connection, year.first, year.until, None, TODAY)
        assert all(one.live_on and one.attested for one in covered)
        assert {gap.panel for gap in gaps(connection, TODAY)} == {"kdt-zwolle", "kdt-budel"}
        scan, compared = last_scan(connection), last_comparison(connection)
        assert scan is not None
        assert scan.enough
        assert compared is not None
        assert compared.profiles
    assert_sound(store)
    assert play(store, tmp_path, NOW) == (found, 0)
    assert [one.name for one in tmp_path.iterdir()] == ["publication.key"]


def test_the_year_shows_itself_in_steps(store: Store, tmp_path: Path) -> None:
    begin(store)
    assert how_far(store) == 0
    seen: list[tuple[int, int | None]] = []
    play(
        store,
        tmp_path,
        NOW,
        size=SIZE,
        progress=lambda *_: seen.append((count(store), how_far(store))),
    )
    assert len(seen) == PARTS
    assert sorted({entries for entries, _ in seen}) == [entries for entries, _ in seen]
    assert [far for _, far in seen] == [*(100 * part // PARTS for part in range(1, PARTS)), None]


@pytest.mark.parametrize("later", [timedelta(), timedelta(days=40)])
def test_a_year_that_was_broken_off_goes_on_where_it_stopped(
    store: Store, tmp_path: Path, later: timedelta
) -> None:
    started = NOW - later

    def give_up(done: int, of: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    begin(store)
    with pytest.raises(KeyboardInterrupt):
        play(store, tmp_path, started, size=SIZE, progress=give_up)
    with reading(store) as connection:
        broken_off = standing(connection)
    assert broken_off is not None
    assert (broken_off.done, broken_off.end) == (4, clock.day(started))
    found, _ = play(store, tmp_path, NOW, size=SIZE)
    assert found.end == clock.day(started)
    lines = generate(found.end, NOW, escalations=SIZE)
    assert count(store) == sum("ref" in line for line in lines)
    assert_sound(store)


def test_who_acts_while_the_year_plays_in_waits_until_it_is_there(
    store: Store, tmp_path: Path
) -> None:
    begin(store)
    officer = Actor("officer-den-bosch-1", Role.OFFICER, "Den Bosch")
    acting = threading.Thread(target=lambda: perform(store, officer, None, opening()))
    acted_early = []

    def show(done: int, of: int) -> None:
        if done == 1:
            acting.start()
        acting.join(0.1)
        acted_early.append(not acting.is_alive())

    _, new = play(store, tmp_path, NOW, size=SIZE, progress=show)
    acting.join(30)
    assert not any(acted_early)
    assert (count(store), count(store, Action.OPEN)) == (new, 1)
    assert_sound(store)


def test_a_record_that_holds_anything_else_does_not_become_a_demonstration(store: Store) -> None:
    with writing(store) as connection:
        connection.execute(record.insert().values(id=1, demo=False))
    with pytest.raises(ImportRefused):
        begin(store)


def test_a_demonstration_takes_no_import(store: Store, tmp_path: Path) -> None:
    begin(store)
    play(store, tmp_path, NOW, size=SIZE)
    file = tmp_path / "history.jsonl"
    file.write_text(
        json.dumps({"kind": "panel", "id": "kdt-ede", "level": "local", "location": "Ede"})
    )
    with pytest.raises(ImportRefused):
        import_history(store, file, by="beheer")


def test_only_a_demonstration_is_thrown_away_and_not_while_it_is_used(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "kdt")
    with open_store(settings) as store:
        begin(store)
        with pytest.raises(Unavailable, match="in gebruik"):
            throw_away(settings.home)
    throw_away(settings.home)
    with open_store(settings) as store, writing(store) as connection:
        assert connection.scalar(select(record.c.demo)) is None
        connection.execute(record.insert().values(id=1, demo=False))
    with pytest.raises(Unavailable, match="geen voorbeeld"):
        throw_away(settings.home)
    with open_store(settings) as store, reading(store) as connection:
        assert connection.scalar(select(record.c.demo)) is False


def kdt(home: Path, **environment: str) -> dict[str, str]:
    return {**os.environ, "KDT_HOME": str(home), "KDT_DATABASE_URL": "", **environment}


def test_the_example_year_does_not_go_into_a_server_of_ones_own(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("kdt")), "demo"],
        env=kdt(tmp_path, KDT_DATABASE_URL="postgresql://kdt@127.0.0.1:1/kdt"),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "KDT_DATABASE_URL" in done.stderr


@pytest.mark.slow
def test_pages_answer_while_the_year_plays_in_and_one_stop_ends_all(tmp_path: Path) -> None:
    port = free_port()
    home = tmp_path / "kdt"
    serving = subprocess.Popen(
        [str(Path(sys.executable).with_name("kdt")), "demo", "--serve"],
        env=kdt(home, KDT_PORT=str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        until = time.monotonic() + 90
        while not answers(port) and time.monotonic() < until:
            assert serving.poll() is None
            time.sleep(0.2)
        assert answers(port)
    finally:
        serving.send_signal(signal.SIGTERM)
        output, _ = serving.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}" in output
    assert "Traceback" not in output
    assert not (home / "postgres" / "postmaster.pid").exists()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/live", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def test_the_year_may_end_on_any_day(store: Store, tmp_path: Path) -> None:
    """A leap day, whose year has one month less before it."""
    begin(store)
    end = datetime(2024, 12, 31, 16, 0, tzinfo=UTC)
    found, new = play(store, tmp_path, end, size=SIZE)
    assert (found.end, found.finished) == (date(2024, 12, 31), True)
    assert new == count(store)
