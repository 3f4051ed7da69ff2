"""An agenda of more items than a page shows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from kdt import clock
from kdt.cases.importing import import_history
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.verify.record import Line, write


def list_many(store: Store, folder: Path, items: int) -> None:
    """So many cases on today's agenda of Den Bosch, brought by a file; every tenth is past its
    deadline."""
    with reading(store) as connection:
        begun = moments.now(connection) - timedelta(seconds=1)
    lines: list[Line] = [{"kind": "history", "version": 1}]
    lines += [line for number in range(items) for line in _history(number, begun)]
    assert import_history(store, write(folder / "lang.jsonl", lines), by="beheer").bad == []


def _history(number: int, now: datetime) -> Iterator[Line]:
    """A case on today's agenda of Den Bosch; every tenth is past its deadline."""
    today = clock.day(now)
    due = today + timedelta(days=-1 if number % 10 == 0 else 300)
    moves: list[tuple[str, str, Line]] = [
        (
            "officer",
            "open",
            {
                "case": f"Z-{number}",
                "location": "Den Bosch",
                "question": "decision",
                "ground": "complex",
                "summary": "Verzonnen dilemma.",
                "decideBy": due.isoformat(),
            },
        ),
        ("officer", "submit", {}),
        ("secretary", "list", {"panel": "kdt-den-bosch", "meetingOn": today.isoformat()}),
    ]
    for place, (role, action, given) in enumerate(moves):
        yield {
            "ref": f"{action}-{number}-{place}",
            "recordedAt": (now + timedelta(microseconds=number)).isoformat(),
            "occurredOn": today.isoformat(),
            "actor": f"{role}-9",
            "role": role,
            "action": action,
            "escalation": f"V-{number:03}",
            **given,
        }
