"""What a run must reach: every row of the table by every role in it, every outcome everywhere it is
open, every field that can be corrected, every refusal. Drawn from the table itself."""

from collections.abc import Iterator

from kdt.access.permissions import Code as Access
from kdt.cases.lookups import Code as Lookup
from kdt.procedure import VERSIONS, Code
from kdt.procedure.guards import outcome_open
from kdt.procedure.state import State
from kdt.procedure.walk import CORRECTABLE
from kdt.vocabulary import Ground, Phase, Question
from tests.service.model import Scene, Story
from tests.service.world import FIRST

Mark = tuple[str, ...]
TABLE = VERSIONS[1]
# Chance cannot come here through the service; each has an example of its own in test_examples.
BY_EXAMPLE = {
    Code.OUTCOME_UNKNOWN: "the reader of inputs knows the outcomes of every version",
    Code.CORRECTS_NOTHING: "the reader of inputs refuses an empty `with`",
    Code.RECORDED_BEFORE_PREVIOUS: "the service waits out a clock that ran back",
    Access.NOT_YOURS: "an officer who may not act does not see it either: not found",
    Access.HANDED_OVER: "nobody hands over here: tests/access/test_around.py",
    Access.RECUSED: "nobody is recused here: tests/access/test_around.py",
    Access.ANSWERED_ALREADY: "no term is suspended here: tests/deadlines/test_suspending.py",
    Lookup.MEETING_CLOSED: "no meeting is closed here: tests/meetings/test_closing.py",
}
# What an inquiry is for the model does not know of: tests/cases/test_inquiries.py.
EXPLAINED = frozenset({"sought", "consequences", "due_on"})


def expected() -> set[Mark]:
    """All there is to reach."""
    found: set[Mark] = set()
    for rule in TABLE.rules:
        for phase in rule.phases:
            found |= {("did", rule.action, phase or "-", role) for role in rule.roles}
    for row in TABLE.outcomes:
        for level in TABLE.ladder.levels:
            for question in Question:
                if outcome_open(TABLE, _listed(level.code, question), row) is None:
                    found.add(("outcome", row.code, level.code, question))
        found |= {("detail", row.code, one) for one in row.counts_by}
        if row.detail and not row.detail_required:
            found.add(("detail", row.code, "none"))
    for action, fields in CORRECTABLE.items():
        found |= {
            ("corrected", action, name) for name in (*fields, "void") if name not in EXPLAINED
        }
    found |= {("correction of", one, other) for one in KINDS for other in KINDS}
    codes = {*Code, *Access, *Lookup} - BY_EXAMPLE.keys()
    found |= {("refused", code) for code in codes}
    found |= {("refused", kind) for kind in ("NotFound", "Stale", "Conflict")}
    return found | {("repeated",), ("unreadable",), ("figures",)}


KINDS = ("void", "with")


def marks(scene: Scene, story: Story) -> Iterator[Mark]:
    """What an act that was done reaches."""
    action, given = scene.wish.action, scene.given
    yield ("did", action, scene.state.phase, scene.actor.role)
    if action == "consider":
        level, outcome = scene.state.level or "", given["outcome"]
        yield ("outcome", outcome, level, scene.opening["question"])
        details = [given[name] for name in ("ruling", "inquiry", "referral") if name in given]
        yield ("detail", outcome, *(details or ["none"]))
    if action == "correct":
        kind = "void" if "void" in given else "with"
        known = {entry.ref: entry.fields for entry in story.entries}
        replaced = known[given["replaces"]]
        if replaced["action"] == "correct":
            yield ("correction of", "void" if "void" in replaced else "with", kind)
            return
        for name in given.get("with", {"void": True}):
            yield ("corrected", replaced["action"], SNAKE.get(name, name))


SNAKE = {"occurredOn": "occurred_on", "decideBy": "decide_by"}


def _listed(level: str, question: Question) -> State:
    return State(
        version=1,
        phase=Phase.LISTED,
        level=level,
        case="",
        location="",
        question=question,
        ground=Ground.OTHER,
        brought_by=None,
        decide_by=None,
        last_on=FIRST,
    )
