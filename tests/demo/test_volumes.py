"""Larger histories are volumes of the example year, told at the same time by the same panels."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from kdt.demo.generator import generate
from kdt.demo.openings import USUAL_SIZE
from tests.benchmarks import history
from tests.demo.year import END, NOW, judged


def test_volumes_are_one_legal_history_in_the_order_of_recording(tmp_path: Path) -> None:
    history.write(tmp_path / "larger.jsonl", END, NOW, 250, size=100)
    text = (tmp_path / "larger.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [path.name for path in tmp_path.iterdir()] == ["larger.jsonl"]
    moments = [datetime.fromisoformat(line["recordedAt"]) for line in lines if "action" in line]
    assert moments == sorted(moments)
    year = judged(lines, NOW)
    assert year.history.bad == []
    assert 240 < len(year.actions("open")) <= 250  # the last day is not over
    numbers = {int(line["escalation"].removeprefix("V-")) // USUAL_SIZE for line in lines[100:]}
    assert numbers == {0, 1, 2}
    assert len({line["actor"] for line in year.actions("open")}) > 3 * 8
    assert {line["panel"] for line in year.actions("list")} <= {
        line["id"] for line in lines if line.get("kind") == "panel"
    }


def test_a_volume_is_no_larger_than_a_year_is_held_in_memory() -> None:
    with pytest.raises(ValueError, match="4000"):
        next(generate(END, NOW, escalations=USUAL_SIZE + 1, volume=1))
