"""Whether a refusal is true: what the model must know of the scene when the service says no so."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from tests.oracle.lines import OUTCOMES, SHAPES, RefusedError, check_action, check_change
from tests.oracle.moments import parse_date
from tests.oracle.walk import in_force
from tests.service.model import (
    CELLS,
    POLICY,
    ROLES,
    TAG,
    Scene,
    Story,
    barred,
    brought,
    here,
    may_correct,
    shaped,
    theirs,
    unknown_name,
    walks_after,
)

# Any moment: what is asked here does not hang on it.
MOMENT = datetime(2022, 1, 3, 12, tzinfo=UTC)
Truth = Callable[[Scene], bool]


def bad_shape(scene: Scene) -> bool:
    """Whether its fields alone are reason enough, whatever went before."""
    entry = scene.entry("new", MOMENT)
    try:
        check_action(shaped(entry.fields))
        root = scene.corrects
        if "with" in scene.given and root is not None and root["action"] != TAG:
            check_change(scene.given["with"], root["action"])
    except RefusedError:
        return True
    return False


def _moved_to(scene: Scene) -> date | None:
    moved = scene.given.get("with", {}).get("occurredOn")
    return parse_date(moved) if moved else None


def _panel(scene: Scene, name: str) -> object:
    return scene.panels[scene.given["panel"]].get(name)


def _opening_needed(scene: Scene) -> bool:
    after = Story([*scene.story.entries, scene.entry("new", MOMENT)])
    standing = in_force(after.plain)
    first = standing[0]["action"] if standing else None
    return first != "open" and bool(standing or after.tags)


def _strange_change(scene: Scene) -> bool:
    root, change = scene.corrects, scene.given.get("with", {})
    fixable = SHAPES[root["action"]].fixable if root and root["action"] != TAG else ()
    return bool(set(change) - {"occurredOn", *fixable})


_DETAIL = {"decided": "ruling", "inquiry_ordered": "inquiry", "referred_up": "referral"}


def _detail_missing(scene: Scene) -> bool:
    given = scene.given
    if scene.wish.action == TAG:
        return scene.actor.role == POLICY and "reason" not in given
    if scene.wish.action == "follow_through":
        return given["result"] == "deviated" and "reasons" not in given
    needed = _DETAIL.get(given.get("outcome", "")) if scene.wish.action == "consider" else None
    if needed and needed != "referral":
        return needed not in given
    return bad_shape(scene)


def _detail_too_many(scene: Scene) -> bool:
    given = scene.given
    if scene.wish.action == "follow_through":
        return given["result"] == "carried_out" and "reasons" in given
    allowed = _DETAIL.get(given["outcome"])
    return any(name in given and name != allowed for name in _DETAIL.values())


PLAIN: Mapping[str, Truth] = {
    "already_open": lambda s: s.wish.action == "open" and bool(s.steps),
    "not_opened": lambda s: not s.steps,
    "not_in_phase": lambda s: s.wish.action not in CELLS[s.state.phase],
    "not_in_role": lambda s: s.actor.role not in ROLES[s.wish.action],
    "brought_it": brought,
    "question_not_settled": lambda s: s.state.phase == "in_inquiry" and not s.state.answered,
    "in_the_future": lambda s: s.on > s.recorded_on,
    "before_previous": lambda s: s.on < s.steps[-1].day,
    "panel_of_other_level": lambda s: _panel(s, "level") != s.state.level,
    "panel_of_other_location": lambda s: _panel(s, "location") != s.opening["location"],
    "meeting_before_listing": lambda s: parse_date(s.given["meetingOn"]) < s.on,
    "not_the_meeting_day": lambda s: parse_date(s.steps[-1].fields["meetingOn"]) != s.on,
    "outcome_unknown": lambda s: s.given["outcome"] not in OUTCOMES,
    "outcome_not_at_level": lambda s: (
        {"referred_up": "national", "unresolved": "local"}[s.given["outcome"]] == s.state.level
    ),
    "outcome_not_for_question": lambda s: (
        (s.given["outcome"] == "decided") != (s.opening["question"] == "decision")
        and s.given["outcome"] in ("decided", "inquiry_not_needed")
    ),
    "field_required": _detail_missing,
    "field_not_allowed": _detail_too_many,
    "not_here": lambda s: not here(s),
    "worked_on_it": barred,
    **{
        name: lambda s, name=name: unknown_name(s) == name  # type: ignore[misc]
        for name in (
            "location_unknown",
            "panel_unknown",
            "panel_closed",
            "no_meeting",
            "theme_unknown",
        )
    },
}
# Of a correction; what is not named here says that the history would then not stand.
CORRECTION: Mapping[str, Truth] = {
    "not_opened": lambda s: not s.steps,
    "not_in_role": PLAIN["not_in_role"],
    "not_here": PLAIN["not_here"],
    "worked_on_it": PLAIN["worked_on_it"],
    "brought_it": lambda s: brought(s) or not may_correct(s),
    "in_the_future": lambda s: (
        s.on > s.recorded_on or (_moved_to(s) or s.recorded_on) > s.recorded_on
    ),
    "corrects_unknown": lambda s: s.corrects is None,
    "tagged_by_policy": lambda s: not theirs(s) and s.actor.role != POLICY,
    "not_tagged_by_policy": lambda s: not theirs(s) and s.actor.role == POLICY,
    "corrects_nothing": lambda s: s.given.get("with") == {},
    "void_or_with": lambda s: ("void" in s.given) == ("with" in s.given),
    "open_still_needed": _opening_needed,
    "field_not_allowed": lambda s: _strange_change(s) or not walks_after(s),
}


def true(code: str, scene: Scene) -> bool:
    """Whether the model agrees with a refusal; KeyError for one it does not know of."""
    if scene.wish.action != "correct":
        return PLAIN[code](scene)
    if code in CORRECTION:
        return CORRECTION[code](scene)
    assert code == "later_action_in_the_way" or code in PLAIN, code
    return not walks_after(scene)
