"""Figures by brute force: every measure counted from its definition in HISTORY.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from .history import History
from .moments import AMSTERDAM
from .walk import LEVELS, State, Step, in_force, settles, walk

DIMENSIONS = ("level", "location", "question", "ground")
MEASURES = (
    "referred",
    "considered",
    "casesHandled",
    "decisions",
    "decisionsInFavour",
    "decisionsAgainst",
    "decisionsOther",
    "interviewsOrdered",
    "investigationsOrdered",
    "inquiriesNotNeeded",
    "informationRequested",
    "referredUp",
    "referredUpNotSettled",
    "referredUpBelongsNationally",
    "heldOver",
    "unresolved",
    "openAfterUnresolved",
    "withdrawn",
    "lapsed",
    "reopened",
    "stockStart",
    "stockEnd",
    "entered",
    "left",
)
BY_OUTCOME = {
    "inquiry_not_needed": "inquiriesNotNeeded",
    "information_requested": "informationRequested",
    "referred_up": "referredUp",
    "held_over": "heldOver",
    "unresolved": "unresolved",
}
BY_DETAIL = {
    "in_favour": "decisionsInFavour",
    "against": "decisionsAgainst",
    "other": "decisionsOther",
    "interview": "interviewsOrdered",
    "investigation": "investigationsOrdered",
    "not_settled": "referredUpNotSettled",
    "belongs_nationally": "referredUpBelongsNationally",
}
BY_ACTION = {"withdraw": "withdrawn", "lapse": "lapsed", "reopen": "reopened"}


@dataclass(frozen=True)
class Count:
    """One thing counted once; `case` is empty except for cases handled."""

    keys: dict[str, str]
    measure: str
    case: str = ""


def figures(
    history: History,
    start: date,
    until: date,
    as_of: date | None,
    by: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """Answer like `kdt figures`; ValueError where it refuses. `start` is its `--from`."""
    today = now.astimezone(AMSTERDAM).date()
    if start > until:
        raise ValueError("from after until")
    if as_of and as_of > today:
        raise ValueError("as-of in the future")
    if len(set(by)) < len(by) or not set(by) <= set(DIMENSIONS):
        raise ValueError("by")
    counts: list[Count] = []
    for entries in history.escalations.values():
        known = [entry for entry in entries if as_of is None or entry.day <= as_of]
        steps = walk(in_force(known), history.panels)
        if steps:
            counts += count_escalation(steps, start, until)
    answer: dict[str, Any] = {
        "from": start.isoformat(),
        "until": until.isoformat(),
        "asOf": as_of.isoformat() if as_of else None,
        "by": list(by),
        "rows": rows(counts, by),
    }
    if as_of == today:
        answer["provisional"] = True
    return answer


def rows(counts: list[Count], by: Sequence[str]) -> list[dict[str, Any]]:
    """One row for every combination of keys in which something was counted."""
    groups: dict[tuple[str, ...], list[Count]] = {}
    for count in counts:
        groups.setdefault(tuple(count.keys[name] for name in by), []).append(count)
    return [
        {**dict(zip(by, keys, strict=True)), **{name: total(name, group) for name in MEASURES}}
        for keys, group in sorted(groups.items())
    ]


def total(measure: str, group: list[Count]) -> int:
    found = [count for count in group if count.measure == measure]
    return len({count.case for count in found}) if measure == "casesHandled" else len(found)


def count_escalation(steps: list[Step], start: date, until: date) -> Iterator[Count]:
    """Count everything one escalation adds, level by level."""
    opening = steps[0].fields
    held = [step for step in steps if start <= step.day <= until]
    for level in LEVELS:
        keys = {"level": level, **{name: opening[name] for name in DIMENSIONS[1:]}}
        for measure in measures_at(level, steps, held, start, until):
            case = opening["case"] if measure == "casesHandled" else ""
            yield Count(keys, measure, case)


def measures_at(
    level: str, steps: list[Step], held: list[Step], start: date, until: date
) -> Iterator[str]:
    """Name each measure as often as it counts at this level; `held` fall in the period."""
    arrivals = [step for step in steps if waits(step.after, level)]
    if arrivals and start <= arrivals[0].day <= until:
        yield "referred"
    if waits(state_on(steps, start - timedelta(days=1)), level):
        yield "stockStart"
    if waits(state_on(steps, until), level):
        yield "stockEnd"
    unresolved = [
        step
        for step in steps
        if step.before.level == level
        and step.fields.get("outcome") == "unresolved"
        and step.day <= until
    ]
    if unresolved and is_open(state_on(steps, until)):
        yield "openAfterUnresolved"
    for step in held:
        again = step.fields["action"] == "consider"
        stayed = waits(step.before, level) and waits(step.after, level) and not again
        if waits(step.before, level) and not stayed:
            yield "left"
        if waits(step.after, level) and not stayed:
            yield "entered"
        if step.before.level == level:
            yield from measures_of(step, steps[0].fields["question"])


def measures_of(step: Step, question: str) -> Iterator[str]:
    """Name what one action counts as, at the level the escalation was at."""
    action = step.fields
    if action["action"] in BY_ACTION:
        yield BY_ACTION[action["action"]]
    if action["action"] != "consider":
        return
    yield "considered"
    yield "casesHandled"
    if settles(action, question):
        yield "decisions"
    if action["outcome"] in BY_OUTCOME:
        yield BY_OUTCOME[action["outcome"]]
    for detail in ("ruling", "inquiry", "referral"):
        if detail in action:
            yield BY_DETAIL[action[detail]]


def state_on(steps: list[Step], day: date) -> State:
    """Where the escalation stood at the end of a day."""
    past = [step.after for step in steps if step.day <= day]
    return past[-1] if past else State()


def waits(state: State, level: str) -> bool:
    """Whether it is queued or listed at the level."""
    return state.phase in ("queued", "listed") and state.level == level


def is_open(state: State) -> bool:
    """Whether the question put still waits for an answer."""
    over = ("settled", "closed", "withdrawn", "lapsed")
    return state.phase not in over and not state.answered
