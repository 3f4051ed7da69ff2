"""The oracle against the answers given with the format, and against histories made by chance."""

import json
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from .breakages import impossible, sequels, shapes
from .figures import DIMENSIONS, MEASURES, figures
from .generator import NOW, encode, generate
from .history import read
from .mutations import FIRST, LAST, broken
from .reach import expected, reached

DATA = Path(__file__).parents[1] / "data"
PERIODS = [
    (date(2022, 3, 27), date(2022, 3, 27), None),
    (date(2022, 1, 1), date(2022, 12, 31), date(2022, 10, 30)),
    (date(2022, 3, 1), date(2022, 6, 30), date(2022, 7, 14)),
]


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("name", ["example", "larger"])
def test_the_given_answers_come_out(name: str) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    history = read((DATA / f"history-{name}.jsonl").read_bytes(), now)
    assert not history.bad
    for asked in json.loads((DATA / f"history-{name}.figures.json").read_text()):
        query = asked["query"]
        start, until, as_of = (day(query.get(key)) for key in ("from", "until", "asOf"))
        assert start
        assert until
        assert figures(history, start, until, as_of, query["by"], now) == asked["figures"]


def test_the_same_seed_invents_the_same_history() -> None:
    assert generate(7, 20) == generate(7, 20) != generate(8, 20)


@pytest.mark.slow
def test_the_generator_is_legal_and_reaches_everything() -> None:
    missing = expected()
    for seed in range(3):
        data = encode(generate(seed, 600))
        history = read(data, NOW)
        assert not history.bad
        missing -= set(reached(history, data))
    assert not missing


@pytest.mark.parametrize(("start", "until", "as_of"), PERIODS)
def test_sums_and_stock_hold(start: date, until: date, as_of: date | None) -> None:
    history = read(encode(generate(1, 150)), NOW)

    def rows(*by: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = figures(history, start, until, as_of, by, NOW)["rows"]
        return answer

    [total] = rows()
    for size in range(1, 5):
        for by in combinations(DIMENSIONS, size):
            parts = rows(*by)
            for name in MEASURES:
                summed = sum(row[name] for row in parts)
                assert summed >= total[name]
                assert summed == total[name] or name == "casesHandled"
            for row in [*parts, total]:
                moved = row["entered"] - row["left"]
                assert row["stockStart"] + moved == row["stockEnd"]


@pytest.mark.slow
def test_every_way_to_spoil_a_line_is_found() -> None:
    names = {name for name, *_ in [*shapes(), *sequels(), *impossible()]} | {*FIRST, *LAST}
    for seed in range(2):
        for spoilt in broken(generate(seed, 12), seed):
            # What follows may fall with it; what goes before is innocent.
            lines = spoilt.data.split(b"\n")[: spoilt.line]
            found = read(b"\n".join(lines) + b"\n", NOW)
            codes = [(bad.line, bad.code) for bad in found.bad]
            assert codes == [(spoilt.line, spoilt.code)], spoilt.name
            names.discard(spoilt.name)
    assert not names
