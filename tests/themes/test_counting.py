"""How often themes were seen, counted from cells: the same as tag by tag, on any reference date."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from kdt.cases.importing import import_history
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.tallies.compaction import compact
from kdt.themes.counting import Span, counted
from kdt.themes.stepping import Told, take
from tests.support import assert_sound
from tests.themes.test_themes import ADVISER

THEMES = ("kou", "pleeg", "stukken")
FIRST, DAYS = date(2022, 1, 3), 200


@dataclass
class Tag:
    """A tag, and what was said of it, each from the day that was recorded: the theme and the day it
    is of, or that it is none."""

    escalation: str
    said: list[tuple[date, tuple[str, date] | None]] = field(default_factory=list)

    def on(self, as_of: date) -> tuple[str, date] | None:
        known = [one for recorded, one in self.said if recorded <= as_of]
        return known[-1] if known else None


@dataclass
class Record:
    """Escalations that are tagged, tagged again, and of which tags are corrected."""

    rng: Random
    lines: list[dict[str, object]] = field(default_factory=list)
    tags: dict[str, Tag] = field(default_factory=dict)

    def play(self, until: int, since: int = 0) -> list[dict[str, object]]:
        """What is recorded from one day to another, as lines of a history file."""
        made: list[dict[str, object]] = []
        for number in range(since, until):
            day = FIRST + timedelta(days=number)
            if number < 60:
                opening = {"case": f"Z-{number}", "location": "Zwolle", "summary": "Verzonnen."}
                asked = {"question": "decision", "ground": "buikpijn"}
                made.append(self.act(day, f"E-{number}", "open", {**opening, **asked}))
            made += [
                self.something(day, f"E-{self.rng.randrange(min(number + 1, 60))}")
                for _ in range(self.rng.randrange(3))
            ]
        return made

    def something(self, day: date, escalation: str) -> dict[str, object]:
        stand = [
            ref for ref, one in self.tags.items() if one.escalation == escalation and one.on(day)
        ]
        occurred = day - timedelta(days=self.rng.choice([0, 0, 3, 40]))
        theme = self.rng.choice(THEMES)
        if not stand or self.rng.random() < 0.6:
            line = self.act(day, escalation, "tag", {"theme": theme}, occurred)
            self.tags[str(line["ref"])] = Tag(escalation, [(day, (theme, occurred))])
            return line
        ref = self.rng.choice(stand)
        of = self.tags[ref]
        was = of.on(day)
        assert was is not None
        after = None if occurred == was[1] or self.rng.random() < 0.4 else (was[0], occurred)
        of.said.append((day, after))
        about: dict[str, object] = {"replaces": ref, "reason": "Vergist."}
        about |= {"with": {"occurredOn": occurred.isoformat()}} if after else {"void": True}
        return self.act(day, escalation, "correct", about)

    def act(
        self,
        day: date,
        escalation: str,
        action: str,
        more: dict[str, object],
        occurred: date | None = None,
    ) -> dict[str, object]:
        line = {
            "ref": f"R-{len(self.lines)}",
            "recordedAt": f"{day}T10:00:00+01:00",
            "occurredOn": (occurred or day).isoformat(),
            "actor": "o",
            "role": "officer",
            "action": action,
            "escalation": escalation,
            **more,
        }
        self.lines.append(line)
        return line

    def counted(
        self, spans: list[Span], as_of: date, into: dict[str, str]
    ) -> dict[str, tuple[int, ...]]:
        """Tag by tag; of what went into another theme (`into`), that counts."""
        seen: dict[str, list[set[str]]] = {one: [set() for _ in spans] for one in THEMES}
        for tag in self.tags.values():
            if known := tag.on(as_of):
                for place, (first, until) in enumerate(spans):
                    if first <= known[1] <= until:
                        seen[into.get(known[0], known[0])][place].add(tag.escalation)
        return {one: tuple(map(len, sets)) for one, sets in seen.items() if any(sets)}


def brought_in(store: Store, folder: Path, number: int, acts: list[dict[str, object]]) -> None:
    head: list[dict[str, object]] = [{"kind": "history", "version": 2}]
    head += [{"kind": "theme", "id": one, "name": one, "description": ""} for one in THEMES]
    file = folder / f"{number}.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in [*head, *acts]))
    assert import_history(store, file, by="beheer").bad == []


@pytest.mark.parametrize("seed", range(6))
def test_themes_are_counted_from_cells_as_tag_by_tag(
    seed: int, store: Store, tmp_path: Path
) -> None:
    rng = Random(seed)
    record = Record(rng)
    brought_in(store, tmp_path, 1, record.play(120))
    # What came later may be about the same escalations and themes, and is not folded yet.
    brought_in(store, tmp_path, 2, record.play(DAYS, 120))
    assert any(len(one.said) > 1 for one in record.tags.values())

    def agree(into: dict[str, str]) -> None:
        with reading(store) as connection:
            for _ in range(12):
                spans = [some_days(rng) for _ in range(rng.randrange(1, 4))]
                as_of = some_days(rng)[1]
                known = record.counted(spans, as_of, {})
                assert counted(connection, spans, as_of) == known
                assert counted(connection, spans) == record.counted(spans, date.max, into)

    agree({})
    with writing(store) as connection:
        compact(connection)
    agree({})
    take(store, ADVISER, "kou", Told("merge", reasons="Hetzelfde.", target="pleeg"))
    agree({"kou": "pleeg"})
    assert_sound(store)


def some_days(rng: Random) -> Span:
    first, until = sorted(FIRST + timedelta(days=rng.randrange(-50, DAYS + 20)) for _ in range(2))
    return first, until
