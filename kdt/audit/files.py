"""The read log, its events and a sample as rows for a spreadsheet and as JSON for a program."""

from dataclasses import asdict
from datetime import datetime

from kdt import words
from kdt.audit.reading import Line
from kdt.audit.sampling import Drawn, Question, Sample
from kdt.audit.unusual import Event

READ_COLUMNS = (
    "at", "person", "look", "result", "escalation", "location", "role", "own", "purpose", "about",
    "origin", "door", "trace",
)  # fmt: skip


def read_cells(one: Line) -> list[str]:
    """A row of the read log for a spreadsheet, words for codes."""
    return [
        _moment(one.at),
        one.person or words.say("audit.destroyed"),
        words.say(f"look.{one.look}"),
        words.say(f"look_result.{one.result}"),
        one.escalation or "",
        one.location or "",
        words.say(f"role.{one.role}") if one.role else "",
        words.say("audit.yes") if one.own else "",
        words.say(f"purpose.{one.purpose}") if one.purpose else "",
        one.about or "",
        one.origin or words.say("audit.destroyed"),
        one.door,
        one.trace,
    ]


def read_json(one: Line) -> dict[str, object]:
    """The same for a program, in codes."""
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "look": one.look,
        "result": one.result,
        "person": one.person,
        "origin": one.origin,
        "about": one.about,
        "escalation": one.escalation,
        "location": one.location,
        "role": one.role,
        "own": one.own,
        "purpose": one.purpose,
        "door": one.door,
        "trace": one.trace,
    }


SAMPLE_COLUMNS = (
    "seed",
    "as_of",
    "stratum",
    "escalation",
    "location",
    "question",
    "phase",
    "outcome",
)


def sample_cells(found: Sample, one: Drawn) -> list[str]:
    """A line of a sample for a spreadsheet."""
    return [
        found.question.seed,
        found.question.as_of.isoformat(),
        stratum(found.question, one.stratum),
        one.id,
        one.location,
        words.say(f"question.{one.question}"),
        words.say(f"phase.{one.phase}"),
        words.say(f"outcome.{one.outcome}") if one.outcome else "",
    ]


def sample_json(found: Sample) -> dict[str, object]:
    """A sample for a program, with all that draws it again."""
    return {
        "seed": found.question.seed,
        "size": found.question.size,
        "by": found.question.by,
        "asOf": found.question.as_of.isoformat(),
        "population": found.population,
        "strata": [
            {"stratum": name, "population": of, "drawn": taken}
            for name, (of, taken) in found.strata.items()
        ],
        "escalations": [asdict(one) for one in found.drawn],
    }


def stratum(question: Question, name: str) -> str:
    """What a stratum is called."""
    if question.by == "outcome":
        return words.say(f"outcome.{name}" if name else "audit.no_outcome")
    return name or words.say("audit.everything")


EVENT_COLUMNS = ("at", "last", "event", "person", "count", "escalation")


def event_cells(one: Event) -> list[str]:
    """An event for a spreadsheet."""
    return [
        _moment(one.first),
        _moment(one.until),
        words.say(f"unusual.{one.rule}"),
        one.person or words.say("audit.destroyed"),
        str(one.count),
        " ".join(one.escalations),
    ]


def event_json(one: Event) -> dict[str, object]:
    """The same for a program, with the numbers of the rows it was found in."""
    return asdict(one) | {"first": one.first.isoformat(), "until": one.until.isoformat()}


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
