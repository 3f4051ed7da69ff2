"""A tour of the whole table, for what chance passes too seldom to count on.

Every row by every role, every outcome wherever it is open, every field that can be corrected; the
model comes along.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

from kdt.access.permissions import Actor
from kdt.vocabulary import Action, Role
from tests.oracle.lines import OUTCOMES, QUESTIONS, SHAPES, Fields
from tests.service.beside import Beside
from tests.service.model import CELLS, Wish
from tests.service.moves import DETAILS, TEXT, opening

# A Monday: both panels meet.
TODAY = datetime(2022, 1, 3, 9, tzinfo=UTC)
PLACE = "Den Bosch"
REASON: Fields = {"reason": TEXT}
MEETING = {"local": "kdt-den-bosch", "national": "kdt-national"}


def actor(role: str, level: str = "local") -> Actor:
    place = PLACE if level == "local" or role == Role.OFFICER else None
    return Actor(f"{role}-{place or 'landelijk'}", Role(role), place)


def consider(outcome: str, **details: str) -> Wish:
    return Wish("consider", {"outcome": outcome, "reasons": TEXT, **details})


DECIDED = consider("decided", ruling="other")
ORDERED = consider("inquiry_ordered", inquiry="interview")
ADDED = Wish("tag", {"theme": "medische-stukken", **REASON})
CARRIED_OUT = Wish("follow_through", {"result": "carried_out"})
# How to come to a phase: a question, and what was done after submitting.
WAYS: dict[str, tuple[str, tuple[Wish, ...]]] = {
    "queued": ("decision", ()),
    "listed": ("decision", (Wish("list", {}),)),
    "returned": ("decision", (consider("information_requested"),)),
    "in_inquiry": ("additional_interview", (ORDERED,)),
    "settled": ("decision", (DECIDED,)),
    "closed": ("decision", (DECIDED, CARRIED_OUT)),
    "withdrawn": ("decision", (Wish("withdraw", REASON),)),
    "lapsed": ("decision", (Wish("lapse", REASON),)),
}


class Tour:
    """One walk after another, each act done by the service and judged by the model."""

    def __init__(self, beside: Beside) -> None:
        self.beside = beside
        beside.world.empty()
        beside.world.set_clock(TODAY)

    def bring(self, question: str = "decision") -> int:
        """A draft."""
        wish = opening(lambda options: options[0], PLACE)
        wish = Wish("open", {**wish.given, "question": question})
        self.beside.attempt(actor("officer"), None, [wish])
        return len(self.beside.stories) - 1

    def does(self, story: int, wish: Wish, role: str | None = None, level: str = "local") -> None:
        """One act, listed first where it must be, by whoever usually does it."""
        if wish.action == "consider":
            self.does(story, Wish("list", {}), level=level)
        if wish.action == "list":
            meeting = self.beside.world.today.isoformat()
            wish = Wish("list", {"panel": MEETING[level], "meetingOn": meeting})
        role = role or SHAPES[wish.action].roles[0]
        self.beside.attempt(actor(role, level), story, [wish])

    def way_to(self, phase: str) -> int:
        """An escalation in this phase at the first level."""
        if phase == "draft":
            return self.bring()
        question, acts = WAYS[phase]
        story = self.bring(question)
        self.does(story, Wish("submit", {}))
        for wish in acts:
            self.does(story, wish)
        return story

    def rows(self) -> None:
        """Every row of the table by every role in it."""
        for phase in ("draft", *WAYS):
            for role in ("officer", "secretary", "chair"):
                story = self.way_to(phase)
                self.does(story, Wish("tag", {"theme": "nareis"}), role)
                self.correct(story, 0, role, {"with": {"ground": "other"}})
                for action in sorted(CELLS[phase]):
                    if role in SHAPES[action].roles:
                        # A consideration comes with its listing.
                        before = "queued" if action == "consider" else phase
                        self.does(self.way_to(before), plain(action), role)
            self.policy(self.way_to(phase))

    def policy(self, story: int) -> None:
        """What policy adds where a theme is shown, and takes back."""
        self.does(story, Wish("tag", {"theme": "nareis"}), "secretary")
        self.does(story, ADDED, Role.POLICY_ADVISER)
        self.correct(story, -1, Role.POLICY_ADVISER, {"void": True})

    def outcomes(self) -> None:
        """Every outcome at every level for every question, with every detail."""
        for question in QUESTIONS:
            for level in MEETING:
                for wish in spoken():
                    story = self.bring(question)
                    self.does(story, Wish("submit", {}))
                    if level == "national":
                        self.does(story, consider("referred_up"))
                    self.does(story, wish, "chair", level)

    def refusals(self) -> None:
        """What chance asks too seldom."""
        self.does(self.way_to("queued"), Wish("tag", {"theme": "onbekend"}), "secretary")
        self.does(self.way_to("queued"), consider("decided"), "secretary")
        story = self.way_to("queued")
        self.does(story, Wish("tag", {"theme": "nareis"}), "secretary")
        self.does(story, Wish("tag", {"theme": "nareis"}), Role.POLICY_ADVISER)
        self.correct(story, -1, Role.POLICY_ADVISER, {"void": True})
        self.does(story, ADDED, Role.POLICY_ADVISER)
        self.correct(story, -1, "secretary", {"void": True})

    def corrections(self) -> None:
        """Every action corrected in every field, and voided; and so is a correction."""
        today = self.beside.world.today.isoformat()
        for action, phase in LAST.items():
            for change in (*CHANGES.get(action, ()), {"occurredOn": today}):
                self.correct(self.done(action, phase), -1, "chair", {"with": change})
            self.correct(self.done(action, phase), -1, "chair", {"void": True})
        for name, wish in NAMED.items():
            story = self.way_to("queued")
            self.does(story, wish)
            self.correct(story, -1, "chair", {"with": {name: DETAILS[name][1]}})
        ways: tuple[Fields, ...] = ({"void": True}, {"with": {"reasons": TEXT}})
        for first, second in product(ways, ways):
            story = self.done("consider", "queued")
            self.correct(story, -1, "chair", first)
            self.correct(story, -1, "chair", second)

    def done(self, action: str, phase: str) -> int:
        """An escalation of which this was the last act."""
        if action == "open":
            return self.bring()
        story = self.way_to(phase)
        if action == "tag":
            self.does(story, Wish("tag", {"theme": "nareis"}), "officer")
        else:
            self.does(story, plain(action))
        return story

    def correct(self, story: int, entry: int, role: str, change: Fields) -> None:
        replaces = self.beside.stories[story].entries[entry].ref
        wish = Wish("correct", {"replaces": replaces, **REASON, **change})
        self.beside.attempt(actor(role), story, [wish])


# From which phase each action is taken, to be corrected then.
LAST = {
    "open": "draft", "submit": "draft", "list": "queued", "unlist": "listed",
    "consider": "queued", "report_back": "in_inquiry", "withdraw": "draft", "lapse": "draft",
    "follow_through": "settled", "reopen": "settled", Action.TAG: "draft",
}  # fmt: skip
CHANGES: dict[str, tuple[Fields, ...]] = {
    "open": (
        {"case": "Z-9"},
        {"question": "additional_interview"},
        {"ground": "other"},
        {"decideBy": "2022-10-01"},
    ),
    "consider": ({"outcome": "held_over"}, {"reasons": TEXT}),
    "follow_through": ({"result": "deviated", "reasons": TEXT},),
}
# What has the detail that is corrected alone.
NAMED = {"ruling": DECIDED, "inquiry": ORDERED, "referral": consider("referred_up")}


def plain(action: str) -> Wish:
    """An action with the least it needs."""
    if action == "consider":
        return consider("held_over")
    if action == "follow_through":
        return CARRIED_OUT
    return Wish(action, REASON if "reason" in SHAPES[action].required else {})


def spoken() -> Iterator[Wish]:
    """Every outcome with every detail it may carry; not all are open everywhere."""
    carries = {"decided": "ruling", "inquiry_ordered": "inquiry", "referred_up": "referral"}
    for outcome in OUTCOMES:
        name = carries.get(outcome)
        if name is None or name == "referral":
            yield consider(outcome)
        if name is not None:
            for code in DETAILS[name]:
                yield consider(outcome, **{name: code})
