"""Which actions are in force, and whether they are a legal walk through the procedure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .lines import Fields, RefusedError
from .moments import parse_date

VOID = "void"
LEVELS = ("local", "national")
LIVE = ("draft", "queued", "listed", "returned", "in_inquiry")


@dataclass(frozen=True)
class Entry:
    """An accepted action or correction; `day` is Amsterdam's day of `moment`."""

    line: int
    moment: Fraction
    day: date
    fields: Fields

    @property
    def ref(self) -> str:
        return str(self.fields["ref"])


@dataclass(frozen=True)
class State:
    """Where an escalation stands; no level before its first submission."""

    phase: str = "-"
    level: str | None = None
    answered: bool = False


@dataclass(frozen=True)
class Step:
    """One action in force, with its corrected fields, and the state before and after it."""

    fields: Fields
    before: State
    after: State

    @property
    def day(self) -> date:
        return parse_date(self.fields["occurredOn"])


def correction_of(ref: str, entries: Sequence[Entry]) -> Fields | str | None:
    """What holds in the place of `ref`: changed fields, VOID, or None when nothing does.

    The last correction that stands holds alone. One that is itself replaced keeps its
    place in that order; one that is voided was never made, so the one before it holds.
    """
    for entry in reversed(entries):
        if entry.fields.get("replaces") != ref:
            continue
        replaced = correction_of(entry.ref, entries)
        if replaced is None:
            return VOID if "void" in entry.fields else dict(entry.fields["with"])
        if replaced != VOID:
            return replaced
    return None


def in_force(entries: Sequence[Entry]) -> list[Fields]:
    """Give the actions of one escalation that are not voided, as corrected."""
    actions = []
    for entry in entries:
        if entry.fields["action"] == "correct":
            continue
        change = correction_of(entry.ref, entries)
        if change is None:
            actions.append(entry.fields)
        elif isinstance(change, dict):
            actions.append(apply(change, entry.fields))
    return follow_moved_meetings(actions)


def apply(change: Fields, original: Fields) -> Fields:
    """A new outcome or result brings its own details, or has none."""
    fields = dict(original)
    details: tuple[str, ...] = ()
    if "outcome" in change:
        details = ("ruling", "inquiry", "referral")
    if "result" in change:
        details = ("reasons",)
    for name in details:
        fields.pop(name, None)
    return {**fields, **change, "moved": "occurredOn" in change}


def follow_moved_meetings(actions: list[Fields]) -> list[Fields]:
    """A consideration whose day was corrected takes the meeting it was listed for along."""
    followed = list(actions)
    for number, action in enumerate(actions[1:], 1):
        listing = actions[number - 1]
        moved = action["action"] == "consider" and action.get("moved")
        if moved and listing["action"] == "list":
            followed[number - 1] = {**listing, "meetingOn": action["occurredOn"]}
    return followed


def walk(actions: Sequence[Fields], panels: Mapping[str, Fields]) -> list[Step]:
    """Take the actions one after another; RefusedError at the first that is not allowed."""
    steps: list[Step] = []
    for action in actions:
        before = steps[-1].after if steps else State()
        opening = steps[0].fields if steps else action
        if steps and parse_date(action["occurredOn"]) < steps[-1].day:
            raise RefusedError("before_previous_action")
        listing = steps[-1].fields if before.phase == "listed" else {}
        after = next_state(before, action, opening, listing, panels)
        steps.append(Step(action, before, after))
    return steps


def next_state(
    state: State, action: Fields, opening: Fields, listing: Fields, panels: Mapping[str, Fields]
) -> State:
    """One row of the table: the phases it may start from, what it demands, where it leads."""
    match action["action"]:
        case "open":
            demand(state.phase == "-", "phase")
            return State("draft")
        case "submit":
            demand(state.phase in ("draft", "returned"), "phase")
            return State("queued", state.level or LEVELS[0])
        case "list":
            demand(state.phase == "queued", "phase")
            check_listing(state, action, opening, panels)
            return State("listed", state.level)
        case "unlist":
            demand(state.phase == "listed", "phase")
            return State("queued", state.level)
        case "consider":
            demand(state.phase == "listed", "phase")
            demand(action["actor"] != opening["actor"], "opener_considers")
            demand(action["occurredOn"] == listing["meetingOn"], "not_the_meeting_day")
            check_outcome(state, action, opening["question"])
            return state_after(state, action, opening["question"])
        case "report_back":
            demand(state.phase == "in_inquiry", "phase")
            return State("queued", state.level)
        case "withdraw" | "lapse":
            demand(state.phase in LIVE, "phase")
            return State("withdrawn" if action["action"] == "withdraw" else "lapsed", state.level)
        case "follow_through":
            answered = state.phase == "settled" or (state.phase == "in_inquiry" and state.answered)
            demand(answered, "phase")
            demand((action["result"] == "deviated") == ("reasons" in action), "reasons_of_result")
            return State("closed", state.level, answered=True)
        case "reopen":
            demand(state.phase in ("settled", "closed"), "phase")
            return State("queued", state.level)
        case unknown:
            raise AssertionError(unknown)


def demand(holds: bool, code: str) -> None:
    if not holds:
        raise RefusedError(code)


def check_listing(
    state: State, action: Fields, opening: Fields, panels: Mapping[str, Fields]
) -> None:
    panel = panels.get(action["panel"])
    if panel is None:
        raise RefusedError("unknown_panel")
    demand(panel["level"] == state.level, "panel_of_another_level")
    at_home = state.level != "local" or panel["location"] == opening["location"]
    demand(at_home, "panel_of_another_location")
    meeting, day = parse_date(action["meetingOn"]), parse_date(action["occurredOn"])
    demand(meeting >= day, "meeting_before_listing")


def check_outcome(state: State, action: Fields, question: str) -> None:
    outcome = action["outcome"]
    demand((outcome == "decided") == ("ruling" in action), "ruling_of_outcome")
    demand((outcome == "inquiry_ordered") == ("inquiry" in action), "inquiry_of_outcome")
    demand(outcome == "referred_up" or "referral" not in action, "referral_of_outcome")
    demand(outcome != "decided" or question == "decision", "outcome_of_question")
    demand(outcome != "inquiry_not_needed" or question != "decision", "outcome_of_question")
    demand(outcome != "referred_up" or state.level == "local", "outcome_of_level")
    demand(outcome != "unresolved" or state.level == "national", "outcome_of_level")


def settles(action: Fields, question: str) -> bool:
    """Whether the outcome answers the question put (already judged legal)."""
    if action["outcome"] == "inquiry_ordered":
        return bool(question == f"additional_{action['inquiry']}")
    return action["outcome"] in ("decided", "inquiry_not_needed")


def state_after(state: State, action: Fields, question: str) -> State:
    match action["outcome"]:
        case "decided" | "inquiry_not_needed":
            return State("settled", state.level, answered=True)
        case "inquiry_ordered":
            return State("in_inquiry", state.level, answered=settles(action, question))
        case "information_requested":
            return State("returned", state.level)
        case "referred_up":
            return State("queued", LEVELS[LEVELS.index(state.level or "") + 1])
        case "held_over" | "unresolved":
            return State("queued", state.level)
        case unknown:
            raise AssertionError(unknown)
