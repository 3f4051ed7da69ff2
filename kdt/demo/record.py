"""The escalations of the example year and the lines they leave, in the shape of a history file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kdt.clock import AMSTERDAM
from kdt.demo.dilemmas import Dilemma
from kdt.demo.places import Place

OFFICER = ""  # stands for the escalation's officer until the year is complete

Line = dict[str, Any]


@dataclass
class Escalation:
    """One escalation while the year is played: its state, and what it has lived through."""

    id: str
    case: str
    place: Place
    question: str
    ground: str
    officer: str
    dilemma: Dilemma
    last: datetime  # recorded last, in Amsterdam
    last_day: date  # happened last
    phase: str = "draft"
    level: str = "local"
    stubborn: bool = False  # the national KDT keeps holding it over
    script: list[str] = field(default_factory=list)  # outcomes that are fixed beforehand
    kept: str | None = None  # stays as it is until the end, for the example people to find
    turn: int = 0  # grows when it moves on, so that what was planned before it does not happen
    counts: dict[str, int] = field(default_factory=dict)
    settled: bool = False
    listed_on: date = date.min
    themes: set[str] = field(default_factory=set)
    entries: int = 0

    def count(self, outcome: str) -> int:
        """How often it was considered with this outcome."""
        return self.counts.get(outcome, 0)


def panel_id(level: str, place: Place) -> str:
    """The id of the national panel, or of the place's own."""
    return "kdt-national" if level == "national" else f"kdt-{place.slug}"


def secretary(level: str, place: Place, number: int) -> str:
    """A secretary of that panel; number 1 is who one may sign in as."""
    return f"secretary-{'national' if level == 'national' else place.slug}-{number}"


def chair(level: str, place: Place) -> str:
    """The chair of that panel."""
    return f"chair-{'national' if level == 'national' else place.slug}"


class Record:
    """The lines so far, each with the escalation it belongs to."""

    def __init__(self) -> None:
        self._lines: list[tuple[datetime, Line, Escalation]] = []

    def add(
        self,
        escalation: Escalation,
        at: datetime,
        who: tuple[str, str],
        action: str,
        fields: Mapping[str, object] | None = None,
        on: date | None = None,
    ) -> str:
        """Write one line and return its ref; `who` is actor and role, `on` the day it happened.

        Time never runs back along an escalation: `at` and `on` move forward where needed.
        """
        at = max(at, escalation.last + timedelta(seconds=50))
        outside = action in ("correct", "tag")  # these stand beside the sequence
        on = at.date() if on is None or outside else max(on, escalation.last_day)
        escalation.entries += 1
        ref = f"{escalation.id}-{escalation.entries:02d}"
        line: Line = {
            "ref": ref,
            "recordedAt": "",
            "occurredOn": on.isoformat(),
            "actor": who[0],
            "role": who[1],
            "action": action,
            "escalation": escalation.id,
        }
        line |= fields or {}
        self._lines.append((at, line, escalation))
        escalation.last = at
        if not outside:
            escalation.last_day = on
        return ref

    def lines(self, now: datetime) -> list[Line]:
        """Every line recorded up to `now`, in the order of recording."""
        done = []
        for at, line, escalation in sorted(self._lines, key=lambda entry: entry[0]):
            moment = at.replace(tzinfo=AMSTERDAM)
            if moment > now:
                break
            line["recordedAt"] = moment.isoformat()
            line["actor"] = line["actor"] or escalation.officer
            done.append(line)
        return done
