"""The word that stands in every text of the tests is really there, and every look can find it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import structlog
from prometheus_client import REGISTRY, Counter
from sqlalchemy import create_engine, text

from kdt import log
from kdt.cases.importing import import_history
from kdt.settings import Settings
from kdt.store.engine import Store
from tests import canary
from tests.canary import WORD
from tests.oracle.generator import encode, generate
from tests.oracle.invent import PROSE
from tests.service.test_together import PLACES, bring, command, prepare


def test_it_stands_in_the_texts_of_the_record_and_nowhere_else(store: Store) -> None:
    day = prepare(store)
    bring(store, PLACES[0], "Z-1", day)
    wish = command("open", case="Z-2", location=PLACES[0], question="decision", ground="other",
                   summary="Verzonnen.")  # fmt: skip
    assert wish.inputs.texts == {"summary": f"Verzonnen. {WORD}"}
    assert canary.told({"with": {"summary": "a"}, "case": "b", "reasons": " "}) == {
        "with": {"summary": f"a {WORD}"}, "case": "b", "reasons": " ",
    }  # fmt: skip


def test_it_stands_in_the_texts_of_history_files_and_comes_in_with_them(
    store: Store, owner_url: str, tmp_path: Path
) -> None:
    """So that the look at every record, and at the end of the run, is at what was imported too."""
    assert all(WORD in one for one in PROSE if isinstance(one, str))
    file = tmp_path / "in.jsonl"
    file.write_bytes(encode(generate(1, 5)))
    assert import_history(store, file, by="beheer").bad == []
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        kept = f"select count(*) from entry_texts where content like '%{WORD}%'"
        assert connection.scalar(text(kept))
    engine.dispose()


def test_a_log_that_holds_it_is_found(tmp_path: Path) -> None:
    path = log.keep(Settings(home=tmp_path))
    structlog.get_logger("kdt.test").info("planned")
    assert list(canary.leaks(tmp_path)) == []
    structlog.get_logger("kdt.test").info("planned", summary=f"x {WORD}")
    assert list(canary.leaks(tmp_path)) == [str(path)]
    path.write_text("")
    server = tmp_path / "kdt" / "postgres" / "log" / "postgresql-Wed.log"
    server.parent.mkdir(parents=True)
    server.write_text(f"ERROR: value {WORD}")
    assert list(canary.leaks(tmp_path)) == [str(server)]
    # So that the look at the end of the run does not find this.
    server.unlink()


def test_a_metric_that_holds_it_is_found(tmp_path: Path) -> None:
    planted = Counter("kdt_planted", "A leak.", ("text",))
    planted.labels(WORD).inc()
    try:
        assert list(canary.leaks(tmp_path)) == ["metrics"]
    finally:
        REGISTRY.unregister(planted)


@pytest.mark.parametrize(
    "leak",
    [
        lambda: httpx.Response(200, request=httpx.Request("GET", f"http://kdt/?q=a+{WORD}")),
        lambda: httpx.Response(
            303, headers={"Location": f"/x%20{WORD}"}, request=httpx.Request("POST", "http://kdt/")
        ),
        lambda: httpx.Response(
            400,
            headers={"content-type": "application/problem+json"},
            text=WORD,
            request=httpx.Request("POST", "http://kdt/"),
        ),
    ],
    ids=["address", "location", "problem"],
)
def test_an_answer_that_holds_it_is_found(leak: Callable[[], httpx.Response]) -> None:
    with pytest.raises(AssertionError):
        canary.look_at(leak())


def test_a_row_that_holds_it_is_found(store: Store, owner_url: str) -> None:
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        canary.look_in(connection)
        connection.execute(
            text("insert into knocks (job, at) values (:word, now())"), {"word": WORD}
        )
        with pytest.raises(AssertionError, match="knocks"):
            canary.look_in(connection)
        connection.rollback()
    engine.dispose()
