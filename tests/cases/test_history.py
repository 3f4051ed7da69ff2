"""A whole record in, a whole record out: the pairs given with the format, and the way back."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.register import figures as tallies
from kdt.register import from_log
from kdt.register.figures import Query, as_json
from kdt.store.engine import Store

DATA = Path(__file__).parents[1] / "data"
PAIRS = ("history-example", "history-larger")


def query(asked: dict[str, Any]) -> Query:
    as_of = asked.get("asOf")
    return Query(
        date.fromisoformat(asked["from"]),
        date.fromisoformat(asked["until"]),
        date.fromisoformat(as_of) if as_of else None,
        tuple(asked["by"]),
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_the_given_figures_come_out_of_both_engines(pair: str, store: Store) -> None:
    report = import_history(store, DATA / f"{pair}.jsonl", by="beheer")
    assert report.bad == []
    given = json.loads((DATA / f"{pair}.figures.json").read_text())
    with store.engine.connect() as connection:
        for one in given:
            asked = query(one["query"])
            for engine in (tallies.figures, from_log.figures):
                rows = engine(connection, asked)
                assert as_json(asked, rows, today=date(2026, 11, 23)) == one["figures"]
