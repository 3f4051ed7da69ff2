"""The log: kinds and places of errors, never the values in their messages."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kdt import log
from kdt.errors import Unavailable
from kdt.settings import Settings
from kdt.store.engine import Store


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    ours = structlog.get_config()
    root.handlers.clear()
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**ours)


def test_a_line_is_an_object_with_its_moment(tmp_path: Path) -> None:
    path = log.keep(Settings(home=tmp_path))
    structlog.get_logger("kdt.test").info("planned", panel="kdt-national")
    logging.getLogger("other").warning("from a library")
    ours, theirs = map(json.loads, path.read_text().splitlines())
    assert ours.pop("timestamp").endswith("Z")
    assert ours == {
        "event": "planned", "panel": "kdt-national", "level": "info", "logger": "kdt.test",
    }  # fmt: skip
    assert theirs["event"] == "from a library"


def test_what_comes_after_it_was_closed_does_not_open_it_again(tmp_path: Path) -> None:
    """As from a thread that was about to write when another log took its place."""
    first, second = (log.keep(Settings(home=tmp_path / one)) for one in ("first", "second"))
    (handler,) = logging.getLogger().handlers
    log.keep(Settings(home=tmp_path / "third"))
    handler.handle(logging.makeLogRecord({"msg": "too late"}))
    assert not first.read_text() + second.read_text()


def test_nobody_can_add_a_line_or_steer_a_terminal(tmp_path: Path) -> None:
    path = log.keep(Settings(home=tmp_path))
    forged = 'x\r\n{"event": "forged"}\x1b[2J\x7f\x9b\u202e\u2028\u0085'
    structlog.get_logger("kdt.test").info("planned", panel=forged)
    logging.getLogger("other").warning(forged)
    written = path.read_bytes()
    assert len(written.splitlines()) == 2
    assert set(written) <= {10, *range(32, 127)}
    first, second = map(json.loads, written.decode().splitlines())
    assert (first["panel"], second["event"]) == (forged, forged)


def test_the_level_is_kept_to(tmp_path: Path) -> None:
    path = log.keep(Settings(home=tmp_path, log_level="error"))
    structlog.get_logger("kdt.test").info("planned")
    assert path.read_text() == ""


def test_an_error_shows_its_place_and_not_the_values_in_it(tmp_path: Path, store: Store) -> None:
    path = log.keep(Settings(home=tmp_path))
    with store.engine.connect() as connection:
        connection.execute(text("create temporary table t (number text primary key)"))
        insert = text("insert into t values (:number)")
        connection.execute(insert, {"number": "geheime-zaak"})
        with pytest.raises(IntegrityError, match="geheime-zaak") as caught:
            connection.execute(insert, {"number": "geheime-zaak"})
    structlog.get_logger("kdt.test").error("unforeseen", exc_info=caught.value)
    logging.getLogger("uvicorn.error").error("Exception", exc_info=caught.value)
    written = path.read_text()
    assert "geheime-zaak" not in written
    for line in map(json.loads, written.splitlines()):
        assert line["exception"].startswith("IntegrityError\n")
        assert "UniqueViolation 23505" in line["exception"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    with pytest.raises(Unavailable, match=r"kan .*kdt\.log niet schrijven"):
        log.keep(Settings(home=tmp_path))
