"""What can be recorded in the ledger, written once: of which subject, which fact, with what.

A value is a code, an opaque id, a day, a whole number or a list of them; whatever people word
themselves is a text, and stands in a row apart with the salt of its digest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Subject(StrEnum):
    """What a chain is about."""

    RECORD = "record"
    LOCATION = "location"
    PANEL = "panel"
    # Which days are off; the subject is a year.
    CALENDAR = "calendar"
    # What agendas are ordered by; there is one order for all.
    ORDER = "order"
    # What became of a planned meeting and its agenda; the subject is its number.
    MEETING = "meeting"
    # By when the law wants a decision on a kind of application.
    RULE = "rule"
    THEME = "theme"
    # A talk about themes; the subject is a random id.
    CONSULTATION = "consultation"
    # A report that law or practice turns out harsh; the subject is a random id.
    SIGNAL = "signal"
    # A test of what a proposal does to people and to the work; the subject is a random id.
    TEST = "implementation_test"
    # What was changed for a theme, a signal or a test, or why nothing; likewise.
    ADJUSTMENT = "adjustment"
    # What was brought to the IND-wide forum; the subject is a random id.
    FORUM = "forum"
    # What Parliament asked and was answered; the subject is a random id.
    QUESTION = "parliamentary_question"
    PERSON = "person"
    MAPPING = "mapping"
    ESCALATION = "escalation"
    READS = "reads"
    # How long something is kept; the subject is what (kdt.retention.terms).
    TERM = "term"
    # What may not be destroyed for now; the subject is an escalation.
    HOLD = "hold"
    # What was selected to be destroyed, and was; the subject is a selection.
    DESTRUCTION = "destruction"
    # What somebody asked of a case about themselves; the subject is the case.
    REQUEST = "request"
    # Figures that leave the house; the subject is a random id.
    PUBLICATION = "publication"
    # An address that is told of releases; the subject is a random id.
    SUBSCRIPTION = "subscription"


# Of an escalation's facts the text that names somebody; every other is prose about the case.
WHO = "person"


@dataclass(frozen=True, slots=True)
class Row:
    """The values and texts of one kind of fact; those in `optional` may be left out."""

    values: frozenset[str] = field(default_factory=frozenset)
    texts: frozenset[str] = field(default_factory=frozenset)
    optional: frozenset[str] = field(default_factory=frozenset)


def _row(*values: str, texts: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Row:
    return Row(frozenset(values), frozenset(texts), frozenset(optional))


_TERM = ("effective_on", "open")
# Since when it was known, where a history file says so: the entry itself is of the import.
_KNOWN = ("known_at",)
_GRANT = ("role",)
_DAYS = ("first_on", "last_on")
# What an outcome may carry.
_DETAILS = ("ruling", "inquiry", "referral")
_WHY = ("reasons",)
_CONSULTED = ("held_on", "form", "partners", "themes")
_SIGNALLED = ("signal_source", "received_on", "at_latest", "from_lawyers", "themes")
# What of a signal is worded.
SIGNAL_TEXTS = ("title", "concerns", "origin", "reference", "followed")

_TESTED = ("test_kind", "held_on", "person_effect", "capability", "organisations")
# What of a test is worded.
TEST_TEXTS = ("title", "findings", "reference")
_ADJUSTED = (
    "adjustment_kind",
    "adjustment_status",
    "since",
    "at_latest",
    "decided_by",
    "themes",
    "signals",
    "tests",
)
_ASKED = ("chamber", "asked_on", "measures", "first_on", "last_on")
# Once it was answered: when, and as the record was known at the end of which day.
_ANSWERED = ("answered_on", "as_of")
# What of a question of Parliament is worded.
QUESTION_TEXTS = ("asked", "answer", "reference")
# What of an adjustment is worded.
ADJUSTMENT_TEXTS = ("title", "content", "reasons", "reference")

FACTS: Mapping[Subject, Mapping[str, Row]] = {
    Subject.RECORD: {
        "mark_demo": _row(),
        # How many working days ahead one is warned of a legal deadline.
        "warn": _row("effective_on", "days"),
        # With the cases whose number had been destroyed before.
        "import": _row(
            "import", "file_digest", texts=("file_name",), optional=("destroyed_cases",)
        ),
    },
    Subject.LOCATION: {
        "enter": _row(*_TERM, texts=("name",)),
        "change": _row(*_TERM, texts=("name",)),
        # From which day the product keeps its agendas.
        "go_live": _row("live_on", optional=_KNOWN),
    },
    Subject.PANEL: {
        "enter": _row(
            *_TERM, "level", "weekdays", "starts_at", texts=("name",), optional=("location",)
        ),
        "change": _row(*_TERM, texts=("name",)),
        "pattern": _row(
            "effective_on",
            "weekdays",
            "starts_at",
            "cut_off_days",
            "cut_off_hours",
            "capacity",
            "item_minutes",
            "attendance",
            texts=("place",),
        ),
    },
    Subject.CALENDAR: {
        "set": _row("day", "off", texts=("name",)),
    },
    Subject.ORDER: {
        "weigh": _row("effective_on", "unresolved", "deadline", "held_over", "waiting"),
    },
    Subject.MEETING: {
        "add": _row(
            "panel",
            "held_on",
            "starts_at",
            "kind",
            "capacity",
            texts=("place", "reason"),
            optional=_KNOWN,
        ),
        "move": _row("panel", "held_on", "starts_at", texts=("place", "reason"), optional=_KNOWN),
        "cancel": _row("panel", "held_on", texts=("reason",), optional=_KNOWN),
        # The first version of its agenda: escalations in order.
        "draw_up": _row("items"),
        # Which version of the agenda has an item in another place, and why.
        "move_item": _row("version", "position", "reason"),
        # What was attested as it was closed, and how much had been considered at it by then.
        "attest": _row("panel", "held_on", "attested", "considered", optional=_KNOWN),
        "reopen": _row("panel", "held_on", "reason", optional=_KNOWN),
        # Who of the panel came in or went; `stands_for` is whose seat that is.
        "arrive": _row(texts=("person", "stands_for"), optional=_KNOWN),
        "leave": _row(texts=("person", "stands_for"), optional=_KNOWN),
        # For whom somebody entered that.
        "stand_in": _row("entries", texts=("person",)),
        # The SHA-256 of which entries the minutes are.
        "approve_minutes": _row("panel", "held_on", "digest"),
    },
    Subject.RULE: {
        "set": _row("effective_on", "count", "unit", "extension", "open", texts=("name", "source")),
    },
    Subject.THEME: {
        "enter": _row("status", texts=("name", "description"), optional=_KNOWN),
        # How it stands, only by whoever worked before it had a circuit.
        "change": _row(texts=("name", "description"), optional=("status", *_KNOWN)),
        # Whose it is and what it is about; codes and sources one a line.
        "describe": _row(texts=("owner", "codes", "sources"), optional=("stream", *_KNOWN)),
        # The steps of its circuit (kdt.themes.circuit), each on the day it happened.
        "confirm": _row(texts=_WHY, optional=_KNOWN),
        "reject": _row(texts=_WHY, optional=_KNOWN),
        "consult": _row(texts=_WHY, optional=("consultation", *_KNOWN)),
        "send_out": _row("owed_by", "due_on", texts=_WHY, optional=_KNOWN),
        "answer": _row(texts=_WHY, optional=_KNOWN),
        "follow": _row(texts=_WHY, optional=_KNOWN),
        "close": _row("closed_as", texts=_WHY, optional=_KNOWN),
        "reopen": _row(texts=_WHY, optional=_KNOWN),
        "merge": _row("target", texts=_WHY, optional=_KNOWN),
        "split": _row("target", "escalations", texts=_WHY, optional=_KNOWN),
        # Takes back the step with that number.
        "correct": _row("replaces", texts=_WHY, optional=_KNOWN),
    },
    # Who was there, one a line, and what was agreed are for those who were there alone.
    Subject.CONSULTATION: {
        "enter": _row(*_CONSULTED, texts=("participants", "agreements"), optional=_KNOWN),
        "change": _row(*_CONSULTED, texts=("participants", "agreements"), optional=_KNOWN),
        "withdraw": _row(optional=_KNOWN),
    },
    Subject.SIGNAL: {
        "enter": _row(*_SIGNALLED, texts=SIGNAL_TEXTS, optional=_KNOWN),
        "change": _row(*_SIGNALLED, texts=SIGNAL_TEXTS, optional=_KNOWN),
        "withdraw": _row(optional=_KNOWN),
        # What one person finds of it; published: whose it is did not record it themselves.
        "assess": _row("assessment", "published", texts=("assessor", "reasons"), optional=_KNOWN),
    },
    Subject.TEST: {
        "enter": _row(*_TESTED, texts=TEST_TEXTS, optional=_KNOWN),
        "change": _row(*_TESTED, texts=TEST_TEXTS, optional=_KNOWN),
        "withdraw": _row(optional=_KNOWN),
        # How satisfied an organisation said to be with what followed.
        "hear": _row(
            "organisation",
            "satisfaction",
            "said_on",
            texts=("said", "reference"),
            optional=_KNOWN,
        ),
    },
    Subject.ADJUSTMENT: {
        "enter": _row(*_ADJUSTED, texts=ADJUSTMENT_TEXTS, optional=_KNOWN),
        "change": _row(*_ADJUSTED, texts=ADJUSTMENT_TEXTS, optional=_KNOWN),
        "withdraw": _row(optional=_KNOWN),
    },
    # `words`: the problem as it was described, or what the forum said of it.
    Subject.FORUM: {
        "bring": _row(texts=("words",), optional=("escalation", *_KNOWN)),
        "withdraw": _row(texts=("words",), optional=_KNOWN),
        "conclude": _row(texts=("words",), optional=("theme", *_KNOWN)),
    },
    Subject.QUESTION: {
        "enter": _row(*_ASKED, texts=QUESTION_TEXTS, optional=_ANSWERED),
        "change": _row(*_ASKED, texts=QUESTION_TEXTS, optional=_ANSWERED),
        "withdraw": _row(),
    },
    # The subject is a random key: whose it is, the texts of the first fact say.
    Subject.PERSON: {
        "enter": _row(texts=("person", "label")),
        "rename": _row(texts=("label",)),
        "grant": _row(*_GRANT, optional=("location",)),
        "revoke": _row(*_GRANT, optional=("location",)),
        "disable": _row(),
        "enable": _row(),
        "delegate": _row(*_GRANT, *_DAYS, texts=("to",), optional=("location",)),
        "end_delegation": _row(*_GRANT, *_DAYS, texts=("to",), optional=("location",)),
    },
    # Which value of which claim makes somebody what.
    Subject.MAPPING: {
        "add": _row(*_GRANT, texts=("claim", "value"), optional=("location",)),
        "remove": _row(*_GRANT, texts=("claim", "value"), optional=("location",)),
    },
    # Beside its own log: whoever may not take part, goes on with it, reads it or stood in, and what
    # is said ahead of a meeting.
    Subject.ESCALATION: {
        "recuse": _row(*_GRANT, texts=("person",), optional=("location",)),
        "hand_over": _row(texts=("person",)),
        "state_purpose": _row("purpose"),
        "stand_in": _row("entries", texts=("person",)),
        # What whoever took the meeting typed for the officer who brought it.
        "type_in": _row("entries"),
        # The legal term does not run; another fact says until when, or that this one counts no
        # more, by its number.
        "suspend": _row("first_on", "ground", optional=("last_on",)),
        "resume": _row("suspension", "last_on"),
        "void_suspension": _row("suspension"),
        # With which others it belongs, though they are about other cases.
        "join_family": _row("family", texts=("reason",)),
        "leave_family": _row("family", texts=("reason",)),
        # The same, where it was said of another: the reason stands with that one.
        "brought_together": _row("family"),
        "left_alone": _row("family"),
        # After how many considerations it was said.
        "propose": _row("round", "outcome", texts=("reasons",), optional=_DETAILS),
        # In whose seat, and of which proposal, by its number.
        "position": _row("round", "stance", texts=("person", "reasons"), optional=("proposal",)),
        # Which entry was recorded as proposed, without discussion.
        "consent": _row("entry"),
    },
    # Rows of the read log by their numbers: those above `after`, up to `last`, so many of them.
    Subject.READS: {
        "seal": _row("after", "last", "count", "digest"),
    },
    Subject.TERM: {
        "set": _row("effective_on", "months", "counted_from"),
        "end": _row("effective_on"),
    },
    Subject.HOLD: {
        "place": _row(texts=("reason",)),
        "lift": _row(texts=("reason",)),
    },
    Subject.DESTRUCTION: {
        "prepare": _row("what", "due_on", "terms", "escalations", "cases", "digest"),
        "confirm": _row("digest"),
        "refuse": _row(texts=("reason",)),
        # What of the list was left as it was, by the number of its unit.
        "finish": _row("destroyed", "held", "changed"),
        "scrub": _row(),
        "replay": _row("destroyed"),
    },
    Subject.REQUEST: {
        "receive": _row("asked", "received_on"),
        "answer": _row("answer", texts=("reason",), optional=("ground",)),
        # That a file was made to hand over, and the SHA-256 of its bytes.
        "hand_over": _row("escalations", "digest"),
    },
    Subject.PUBLICATION: {
        "ask": _row("topic", "period", "first_on", "last_on", "as_of", "by", "by_month"),
        # The SHA-256 of what was made, of what that rests on, and of what an attack on it came to;
        # and whether that is nothing (1).
        "prepare": _row("document", "inside", "certificate", "passed"),
        "fail": _row("why"),
        "release": _row("document"),
        "discard": _row(texts=("reason",)),
    },
    Subject.SUBSCRIPTION: {
        "begin": _row(texts=("address",)),
        "end": _row(),
    },
}
