"""A record with everything in it: imported in two files, corrected, tagged, and worked in since."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases import service
from kdt.cases.importing import import_history
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command
from kdt.panels.planning import plan
from kdt.store.engine import Store
from kdt.tallies.compaction import compact
from kdt.vocabulary import Action, Role

LARGER = Path(__file__).parents[1] / "data" / "history-larger.jsonl"
THEMES = ("nareis", "meerderjarig-kind", "medische-stukken")
IMPORTED, WORKED = 130, 110

Line = dict[str, object]


def build(store: Store, folder: Path) -> None:
    """Fill an empty record."""
    first, second = _files()
    for name, lines in (("first.jsonl", first), ("second.jsonl", second)):
        report = import_history(store, write(folder / name, lines), by="beheer")
        assert report.bad == [], report.bad[:3]
    for number in range(WORKED):
        _work(store, number)
        if number == WORKED // 2:
            with store.engine.begin() as connection:
                compact(connection)


def _files() -> tuple[list[Line], list[Line]]:
    lines: list[Line] = [json.loads(line) for line in LARGER.read_text().splitlines()]
    opened = [str(line["escalation"]) for line in lines if line.get("action") == "open"]
    chosen = set(opened[:IMPORTED])
    kept = [line for line in lines if "kind" in line or line["escalation"] in chosen]
    last = datetime.fromisoformat(str(kept[-1]["recordedAt"]))
    voided = {str(line["replaces"]) for line in kept if line.get("void")}
    gone = {str(line["escalation"]) for line in kept if line.get("ref") in voided}
    tagged = sorted(chosen - gone)
    themes: list[Line] = [
        {"kind": "theme", "id": theme, "name": theme, "description": ""} for theme in THEMES
    ]
    first: list[Line] = [{"kind": "history", "version": 2}, *themes, *kept]
    first += [
        _line(last, number, escalation, "tag", theme=THEMES[number % len(THEMES)])
        for number, escalation in enumerate(tagged)
    ]
    later = last + timedelta(days=40)
    for number, escalation in enumerate(tagged):
        # Some tags are taken back, others moved to another day; one reason retention
        # destroyed, by what the file says: its day is not for KDT to judge.
        change: Line = {"void": True} if number % 3 else {"with": {"occurredOn": "2021-06-01"}}
        reason: object = {"destroyed": "2124-05-01"} if number % 5 == 0 else "Verkeerd getypt."
        change |= {"replaces": f"tag-{number}", "reason": reason}
        first.append(_line(later, number, escalation, "correct", **change))
    second = [_opening(later + timedelta(days=9), number, kept) for number in range(40)]
    return first, second


def _opening(after: datetime, number: int, known: list[Line]) -> Line:
    """A new escalation; every other one about a case that was brought before."""
    brought = [line for line in known if line.get("action") == "open"][number]
    again = {"case": brought["case"] if number % 2 else f"Z-NIEUW-{number}"}
    copied = {name: brought[name] for name in ("location", "question", "ground")}
    return _line(after, number, f"nieuw-{number}", "open", **again, **copied, role="officer")


def _line(after: datetime, number: int, escalation: str, action: str, **more: object) -> Line:
    moment = after + timedelta(seconds=number + 1)
    return {
        "ref": f"{action}-{number}",
        "recordedAt": moment.isoformat(),
        "occurredOn": clock.day(moment).isoformat(),
        "actor": "secretaris-9",
        "role": "secretary",
        "action": action,
        "escalation": escalation,
        **more,
    }


def write(file: Path, lines: list[Line]) -> Path:
    """A history file with these lines."""
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def _work(store: Store, number: int) -> None:
    """One escalation brought in the product, and how far it got."""
    with store.engine.begin() as connection:
        panel, location = connection.execute(
            text("select id, location from panels where location is not null order by id limit 1")
        ).one()
        today = clock.day(connection.execute(text("select clock_timestamp()")).scalar_one())
        plan(connection, [(panel, today)])
    officer = Actor(f"medewerker-{number % 7}", Role.OFFICER, location)
    secretary = Actor("secretaris-1", Role.SECRETARY, location)
    # Two escalations a case, so that cases are not counted twice.
    opening = {
        "case": f"Z-WERK-{number // 2}",
        "location": location,
        "question": "decision",
        "ground": "buikpijn",
        "summary": f"Verzonnen zaak {number}.",
    }
    brought = service.perform(
        store,
        officer,
        None,
        [_command("open", opening), _command("submit", {})],
        key=f"sleutel-{number}",
    )
    for action, given in _further(number, panel, today):
        replaces = {"replaces": brought.refs[0]} if action == "correct" else {}
        service.perform(
            store, secretary, brought.escalation, [_command(action, {**given, **replaces})]
        )


def _further(number: int, panel: str, today: date) -> Iterator[tuple[str, Line]]:
    yield "list", {"panel": panel, "meetingOn": today.isoformat()}
    if number % 4:
        outcome: Line = {"outcome": "held_over", "reasons": "Nog niet rijp."}
        if number % 4 == 1:
            outcome = {"outcome": "decided", "ruling": "in_favour", "reasons": "Het weegt zwaar."}
        yield "consider", outcome
    if number % 5 == 0:
        yield "tag", {"theme": THEMES[0]}
        yield "correct", {"with": {"ground": "complex"}, "reason": "Verkeerd gekozen."}


def _command(action: str, given: Line) -> Command:
    inputs = read(Action(action), given)
    assert isinstance(inputs, Inputs), inputs
    return Command(Action(action), inputs)
