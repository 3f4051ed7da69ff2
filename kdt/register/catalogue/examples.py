"""The small histories of the worked examples: as files, and as people read them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from kdt import clock, words

_CODES = ("question", "outcome", "ruling", "inquiry", "referral", "result")


@dataclass(frozen=True, slots=True)
class Event:
    """One action of a story in words; `recorded_on` where that was on another day."""

    escalation: str
    occurred_on: date
    recorded_on: date | None
    what: str


@cache
def content(story: str) -> str:
    """A story as a history file, ready to be imported."""
    return files("kdt.register.catalogue").joinpath(f"stories/{story}.jsonl").read_text("utf-8")


def lines(story: str) -> list[Mapping[str, Any]]:
    """The lines of a story."""
    return [json.loads(line) for line in content(story).splitlines()]


def events(story: str) -> list[Event]:
    """What happened in a story, in the order recorded."""
    return [_event(line) for line in lines(story) if "action" in line]


def _event(line: Mapping[str, Any]) -> Event:
    occurred_on = date.fromisoformat(line["occurredOn"])
    recorded_on = clock.day(datetime.fromisoformat(line["recordedAt"]))
    late = recorded_on if recorded_on != occurred_on else None
    return Event(line["escalation"], occurred_on, late, _what(line))


def _what(line: Mapping[str, Any]) -> str:
    """The action and the codes that count, in words."""
    coded = {**line, **line.get("with", {})}
    said = [
        words.say(f"action.{line['action']}"),
        *(words.say(f"{name}.{coded[name]}") for name in _CODES if name in coded),
        *([str(line["theme"])] if "theme" in line else []),
    ]
    return ", ".join(said)
