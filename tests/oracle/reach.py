"""What a generated history reaches, so that a generator that goes lame is noticed."""

from collections.abc import Iterator
from itertools import pairwise, product

from .generator import MOVES
from .history import History
from .lines import OUTCOMES, QUESTIONS, SHAPES
from .moments import EPOCH, parse_date
from .walk import LEVELS, VOID, Entry, Step, correction_of, in_force, settles, walk

Mark = tuple[str, ...]

RULINGS = ("in_favour", "against", "other")
PLAIN = tuple(action for action in SHAPES if action != "correct")
NEVER_TOGETHER = ({"decided", "inquiry_not_needed"}, {"referred_up", "unresolved"})


def expected() -> set[Mark]:
    """Every row of the table, every correction, and the traps of time and place."""
    marks: set[Mark] = {("role", a, role) for a in SHAPES for role in SHAPES[a].roles}
    marks |= {
        ("from", phase, action) for phase in MOVES for action in MOVES[phase] if action != "stop"
    }
    marks |= {("from", "in_inquiry", "follow_through"), ("from", "-", "open")}
    marks |= {
        ("outcome", outcome, question, level)
        for outcome, question, level in product(OUTCOMES, QUESTIONS, LEVELS)
        if (outcome != "decided" or question == "decision")
        and (outcome != "inquiry_not_needed" or question != "decision")
        and (outcome != "referred_up" or level == "local")
        and (outcome != "unresolved" or level == "national")
    }
    marks |= {("detail", ruling) for ruling in RULINGS}
    marks |= {("detail", "not_settled"), ("detail", "belongs_nationally"), ("no referral",)}
    marks |= {("detail", *pair) for pair in product(("interview", "investigation"), QUESTIONS)}
    marks |= {("corrected", action, kind) for action in PLAIN for kind in ("void", "occurredOn")}
    marks |= {("corrected", action, f) for action in PLAIN for f in SHAPES[action].fixable}
    marks |= {
        ("corrected outcome", old, new)
        for old, new in product(OUTCOMES, OUTCOMES)
        if old == new or {old, new} not in NEVER_TOGETHER
    }
    marks |= {
        ("considered wrongly", outcome, kind)
        for outcome in OUTCOMES
        for kind in ("void", "occurredOn", "reasons")
    }
    marks |= {("correction of", *pair) for pair in product(("void", "with"), repeat=2)}
    marks |= {(trap,) for trap in TRAPS}
    return marks


TRAPS = (
    "Z",
    "odd offset",
    "fraction",
    "another day in UTC",
    "equal moments",
    "equal moments on one escalation",
    "winter clock starts",
    "summer clock starts",
    "registered late",
    "case at two locations",
    "two panels on one day",
    "reopened and answered again",
    "reported back after the answer",
    "unresolved, then settled",
    "unresolved, then withdrawn",
    "earlier correction returns",
    "ruling dropped with its outcome",
    "meeting day moved",
    "correction of a correction of a correction",
    "open voided",
    "open voided and brought back",
    "header",
    "no header",
)


def reached(history: History, data: bytes) -> Iterator[Mark]:
    """Name all that an accepted history reaches."""
    yield ("header",) if data.startswith(b'{"kind": "history"') else ("no header",)
    entries = list(history.entries.values())
    for entry in entries:
        yield from marks_of_time(entry)
    if any(one.moment == two.moment for one, two in pairwise(entries)):
        yield ("equal moments",)
    meetings: dict[tuple[str, str], set[str]] = {}
    places: dict[str, set[str]] = {}
    for story in history.escalations.values():
        for number in range(1, len(story) + 1):
            before, after = (
                walk(in_force(story[:length]), history.panels) for length in (number - 1, number)
            )
            yield from marks_of_entry(story[:number], before, after)
        yield from marks_of_walk(walk(in_force(story), history.panels))
        opening = story[0].fields
        places.setdefault(opening["case"], set()).add(opening["location"])
        for step in walk(in_force(story), history.panels):
            if step.fields["action"] == "list" and step.before.level == "local":
                on = (opening["case"], step.fields["meetingOn"])
                meetings.setdefault(on, set()).add(step.fields["panel"])
    if any(len(found) > 1 for found in places.values()):
        yield ("case at two locations",)
    if any(len(found) > 1 for found in meetings.values()):
        yield ("two panels on one day",)


def marks_of_time(entry: Entry) -> Iterator[Mark]:
    written = entry.fields["recordedAt"]
    if written.endswith("Z"):
        yield ("Z",)
    if written[-6:] not in ("+01:00", "+02:00") and not written.endswith("Z"):
        yield ("odd offset",)
    if "." in written:
        yield ("fraction",)
    if entry.day.toordinal() - EPOCH.toordinal() != entry.moment // 86_400:
        yield ("another day in UTC",)
    if abs(entry.moment - 1_648_342_800) < 2:
        yield ("summer clock starts",)
    if abs(entry.moment - 1_667_091_600) < 2:
        yield ("winter clock starts",)
    if parse_date(entry.fields["occurredOn"]) < entry.day:
        yield ("registered late",)


def marks_of_entry(story: list[Entry], before: list[Step], after: list[Step]) -> Iterator[Mark]:
    """What one accepted line adds; `before` and `after` are the walks without and with it."""
    entry, action = story[-1], story[-1].fields["action"]
    yield ("role", action, entry.fields["role"])
    if len(story) > 1 and story[-2].moment == entry.moment:
        yield ("equal moments on one escalation",)
    if action == "correct":
        yield from marks_of_correction(story, before, after)
        return
    step = after[-1]
    yield ("from", step.before.phase, action)
    if action != "consider":
        return
    question = after[0].fields["question"]
    outcome = entry.fields["outcome"]
    yield ("outcome", outcome, question, step.before.level or "")
    for name in ("ruling", "referral"):
        if name in entry.fields:
            yield ("detail", entry.fields[name])
    if "inquiry" in entry.fields:
        yield ("detail", entry.fields["inquiry"], question)
    if outcome == "referred_up" and "referral" not in entry.fields:
        yield ("no referral",)


def marks_of_correction(
    story: list[Entry], before: list[Step], after: list[Step]
) -> Iterator[Mark]:
    entry = story[-1]
    by_ref = {known.ref: known for known in story}
    chain = [by_ref[entry.fields["replaces"]]]
    while chain[-1].fields["action"] == "correct":
        chain.append(by_ref[chain[-1].fields["replaces"]])
    root = chain[-1].fields
    kind = "void" if "void" in entry.fields else "with"
    change = entry.fields.get("with", {})
    if len(chain) > 1:
        yield ("correction of", "void" if "void" in chain[0].fields else "with", kind)
    if len(chain) > 2:
        yield ("correction of a correction of a correction",)
    if len(chain) == 1:
        for name in ["void"] if kind == "void" else change:
            yield ("corrected", root["action"], name)
    if root["action"] == "consider" and len(chain) == 1:
        for name in ["void"] if kind == "void" else change:
            yield ("considered wrongly", root["outcome"], name)
        if "outcome" in change:
            yield ("corrected outcome", root["outcome"], change["outcome"])
        if root["outcome"] == "decided" != change.get("outcome", "decided"):
            yield ("ruling dropped with its outcome",)
        if "occurredOn" in change and change["occurredOn"] != root["occurredOn"]:
            yield ("meeting day moved",)
    returned = correction_of(root["ref"], story)
    if kind == "void" and len(chain) == 2 and returned not in (None, VOID):
        yield ("earlier correction returns",)
    if before and not after:
        yield ("open voided",)
    if after and not before:
        yield ("open voided and brought back",)


def marks_of_walk(steps: list[Step]) -> Iterator[Mark]:
    for number, step in enumerate(steps):
        rest = steps[number + 1 :]
        question = steps[0].fields["question"]
        answers = [s for s in rest if "outcome" in s.fields and settles(s.fields, question)]
        if step.fields["action"] == "reopen" and answers:
            yield ("reopened and answered again",)
        if step.fields["action"] == "report_back" and step.before.answered:
            yield ("reported back after the answer",)
        if step.fields.get("outcome") == "unresolved" and answers:
            yield ("unresolved, then settled",)
        withdrawn = bool(rest) and rest[-1].fields["action"] == "withdraw"
        if step.fields.get("outcome") == "unresolved" and withdrawn:
            yield ("unresolved, then withdrawn",)
