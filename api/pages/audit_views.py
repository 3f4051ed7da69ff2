"""What the auditor's screens and files say: rows of the read log, events, samples, changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request

from api.pages.rendering import capital, moment, url
from kdt import words
from kdt.audit import files, unusual
from kdt.audit.changes import Change
from kdt.audit.reading import Line
from kdt.audit.sampling import Drawn, Question, Sample
from kdt.audit.unusual import Event, Rule
from kdt.clock import AMSTERDAM
from kdt.ledger.table import Subject
from kdt.reads.codes import Result

# What a sample is asked by, in the order of the form.
ASKED = ("seed", "size", "by", "asOf")
# The chains people read; the seals of the read log are no change.
SUBJECTS = tuple(one for one in Subject if one is not Subject.READS)
Keys = Mapping[str, UUID]
# So many of an event's escalations on the page; the person's own page has all.
LISTED = 12
# Where each rule begins, for the sentences about it.
_LIMITS: Mapping[str, object] = {
    "begins": unusual.DAY_BEGINS.hour,
    "ends": unusual.DAY_ENDS.hour,
    "many": unusual.MANY,
    "minutes": unusual.WITHIN.seconds // 60,
    "refusals": unusual.REFUSALS,
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a page of its own, or without."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """A row of the read log as it is shown."""

    id: int
    at: datetime
    person: Named
    what: str
    escalation: Named | None
    role: str | None
    remarks: tuple[str, ...]
    shown: bool
    origin: str
    door: str
    trace: str


def line(request: Request, one: Line, keys: Keys) -> Read:
    """A row of the read log."""
    remarks = []
    if one.own:
        remarks.append(words.say("audit.own"))
    if one.purpose is not None:
        remarks.append(words.say(f"purpose.{one.purpose}"))
    if one.about is not None:
        remarks.append(words.say("audit.about", person=one.about))
    if one.result is not Result.SHOWN:
        remarks.append(words.say(f"look_result.{one.result}"))
    return Read(
        one.id,
        one.at,
        who(request, one.person, one.label, keys),
        capital(words.say(f"look.{one.look}")),
        escalation(request, one.escalation) if one.escalation else None,
        capital(words.say(f"role.{one.role}")) if one.role else None,
        tuple(remarks),
        one.result is Result.SHOWN,
        one.origin or words.say("audit.destroyed"),
        one.door,
        one.trace,
    )


def who(request: Request, person: str | None, label: str | None, keys: Keys) -> Named:
    """Who it was, with what else they read."""
    if person is None:
        return Named(words.say("audit.destroyed"), None)
    key = keys.get(person)
    return Named(label or person, url(request, f"/audit/people/{key}") if key else None)


def escalation(request: Request, one: str) -> Named:
    """An escalation, with who else read it."""
    return Named(one, url(request, f"/audit/escalations/{one}"))


def event(request: Request, one: Event, keys: Keys) -> dict[str, object]:
    """An event as the page lists it, with why it is there."""
    more = len(one.escalations) - LISTED
    return {
        "title": words.say(f"unusual.{one.rule}"),
        "said": words.say(
            f"unusual_said.{one.rule}",
            count=words.number(one.count),
            span=_span(one),
            **_LIMITS,
        ),
        "first": one.first,
        "person": who(request, one.person, one.label, keys),
        "escalations": [escalation(request, it) for it in one.escalations[:LISTED]],
        "more": words.say("audit.and_more", count=words.number(more)) if more > 0 else None,
    }


def _span(one: Event) -> str:
    """From when until when, as far as the moment it began does not say so."""
    first, until = (at.astimezone(AMSTERDAM) for at in (one.first, one.until))
    if until - first < timedelta(minutes=1):
        return ""
    if first.date() == until.date():
        clock = {"first": f"{first:%H.%M}", "until": f"{until:%H.%M}"}
        return words.say("audit.span_of_day", **clock)
    return words.say("audit.span", first=moment(one.first), until=moment(one.until))


def rules() -> list[tuple[str, str]]:
    """Each rule with its threshold and why that is where it is."""
    return [
        (words.say(f"unusual.{one}"), words.say(f"unusual_why.{one}", **_LIMITS)) for one in Rule
    ]


def drawn(request: Request, one: Drawn) -> dict[str, object]:
    """A line of a sample."""
    return {
        "id": one.id,
        "href": url(request, f"/escalations/{one.id}"),
        "reads": url(request, f"/audit/escalations/{one.id}"),
        "location": one.location,
        "question": words.say(f"question.{one.question}"),
        "phase": words.say(f"phase.{one.phase}"),
        "outcome": words.say(f"outcome.{one.outcome}") if one.outcome else None,
    }


def strata(found: Sample) -> list[tuple[str, int, int]]:
    """Of each stratum what it is called, how many there are and how many were drawn."""
    return [
        (capital(files.stratum(found.question, name)), of, taken)
        for name, (of, taken) in found.strata.items()
    ]


def address(question: Question) -> str:
    """A sample as it stands behind the `?`."""
    given = (question.seed, question.size, question.by, question.as_of.isoformat())
    return urlencode(dict(zip(ASKED, given, strict=True)))


def change(request: Request, one: Change) -> dict[str, object]:
    """A change as the timeline has it."""
    href = None
    if one.subject is Subject.PERSON:
        href = url(request, f"/audit/people/{one.subject_id}")
    elif one.subject is Subject.ESCALATION:
        href = url(request, f"/audit/escalations/{one.subject_id}")
    return {
        "title": capital(words.say(f"fact.{one.subject}.{one.fact}")),
        "about": Named(one.about, href) if one.about else None,
        "by": one.by or words.say("audit.destroyed"),
        "role": words.say(f"role.{one.role}"),
        "at": one.recorded_at,
        "details": [
            (capital(words.say(f"ledger_value.{name}")), told)
            for name, told in one.details.items()
            if words.known(f"ledger_value.{name}") and told != one.about
        ],
    }
