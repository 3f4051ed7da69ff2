"""One example year for all tests here, and what the independent model makes of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kdt.demo.generator import generate
from tests.oracle.history import History, read
from tests.oracle.walk import Step, in_force, walk

END = date(2026, 11, 23)  # a Monday
NOW = datetime(2026, 11, 23, 9, 5, tzinfo=ZoneInfo("Europe/Amsterdam"))

Line = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """The lines, the model's judgement of them, and each escalation's walk."""

    lines: list[Line]
    history: History
    steps: dict[str, list[Step]]

    def actions(self, name: str) -> list[Line]:
        """The lines with this action, in the order of recording."""
        return [line for line in self.lines if line.get("action") == name]


def judged(lines: Sequence[Line], now: datetime) -> Example:
    """Judge by version 1 of the format: themes and tags, which version 2 adds, left out."""
    tags = {line["ref"] for line in lines if line.get("action") == "tag"}
    plain = [
        line
        for line in lines
        if line.get("kind") not in ("history", "theme")
        and line.get("action") != "tag"
        and line.get("replaces") not in tags
    ]
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in plain)
    history = read(text.encode(), now)
    steps = {ref: walk(in_force(e), history.panels) for ref, e in history.escalations.items()}
    return Example(list(lines), history, {ref: taken for ref, taken in steps.items() if taken})


@cache
def example() -> Example:
    """The whole example year, as it stands on the morning of `END`."""
    return judged(list(generate(END, NOW)), NOW)
