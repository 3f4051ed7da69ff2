"""A short hand for small invented histories, written out move by move."""

from datetime import UTC, date, datetime
from typing import Any

from .figures import MEASURES, figures
from .generator import encode
from .history import History, read
from .lines import Fields

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)
PANELS: list[Fields] = [
    {"kind": "panel", "id": "bosch", "level": "local", "location": "Den Bosch"},
    {"kind": "panel", "id": "apel", "level": "local", "location": "Ter Apel"},
    {"kind": "panel", "id": "top", "level": "national"},
]
ROLES = {"list": "secretary", "unlist": "secretary", "consider": "chair", "reopen": "chair"}
DETAILS: dict[str, Fields] = {
    "open": {
        "case": "Z-1",
        "location": "Den Bosch",
        "question": "decision",
        "ground": "complex",
    },
    "list": {"panel": "bosch"},
    "unlist": {"reason": "Verzonnen"},
    "consider": {"reasons": "Verzonnen"},
    "withdraw": {"reason": "Verzonnen"},
    "lapse": {"reason": "Verzonnen"},
    "reopen": {"reason": "Verzonnen"},
    "correct": {"reason": "Verzonnen"},
    "follow_through": {"result": "carried_out"},
}


def act(action: str, on: str, name: str = "V-1", **details: Any) -> Fields:
    """One line, recorded at noon in winter's offset unless `recordedAt` says otherwise."""
    role = ROLES.get(action, "officer")
    line = {
        "recordedAt": f"{on}T12:00:00+01:00",
        "occurredOn": on,
        "actor": role,
        "role": role,
        "action": action,
        "escalation": name,
        **DETAILS.get(action, {}),
        **details,
    }
    if action == "list":
        line.setdefault("meetingOn", on)
    return line


def heard(on: str, outcome: str, name: str = "V-1", panel: str = "bosch", **details: Any) -> Any:
    """List and consider on one day."""
    return [
        act("list", on, name, panel=panel),
        act("consider", on, name, outcome=outcome, **details),
    ]


def brought(on: str, name: str = "V-1", **details: Any) -> list[Fields]:
    """Open and submit on one day."""
    return [act("open", on, name, **details), act("submit", on, name)]


def fix(ref: str, on: str, name: str = "V-1", **change: Any) -> Fields:
    """A correction; without any change it voids."""
    content = {"with": change} if change else {"void": True}
    return act("correct", on, name, actor="corrector", replaces=ref, **content)


def told(*moves: Fields | list[Fields]) -> bytes:
    """The file of these moves; the references count on from 1."""
    lines = [line for move in moves for line in (move if isinstance(move, list) else [move])]
    return encode(PANELS + [{"ref": str(n), **line} for n, line in enumerate(lines, 1)])


def accepted(*moves: Fields | list[Fields]) -> History:
    history = read(told(*moves), NOW)
    assert not history.bad
    return history


def refused(*moves: Fields | list[Fields]) -> list[tuple[str | None, str]]:
    """The reference and the code of every bad line."""
    return [(bad.ref, bad.code) for bad in read(told(*moves), NOW).bad]


def asked(
    history: History, start: str, until: str, *by: str, as_of: str | None = None
) -> list[dict[str, Any]]:
    """The rows, without the zeros."""
    day = date.fromisoformat
    answer = figures(history, day(start), day(until), day(as_of) if as_of else None, by, NOW)
    return [{k: v for k, v in row.items() if k not in MEASURES or v} for row in answer["rows"]]


def year(history: History, *by: str, as_of: str | None = None) -> list[dict[str, Any]]:
    return asked(history, "2022-01-01", "2022-12-31", *by, as_of=as_of)
