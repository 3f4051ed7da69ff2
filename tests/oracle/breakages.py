"""The named ways to spoil one line; each gives the bad line, or None where it does not apply."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any

from .generator import MOVES, NOW
from .lines import ACTION, EVERYONE, SHAPES, Fields
from .moments import EPOCH, parse_date
from .walk import Entry, Step

BAD_WORDS: tuple[Any, ...] = ("onbekend", "Officer", "", 1, ["open"])
BAD_DATES: tuple[Any, ...] = (
    "2022-02-30",
    "2022-13-01",
    "0000-01-01",
    "20220301",
    "2022-W09-1",
    "2022-060",
    "2022-3-1",
    "01-03-2022",
    "2022-03-01 ",
    "2022-03-01\n",
    "2022-03-01T00:00:00Z",
    "２０２２-03-01",
    "-022-03-01",
    20220301,
)
BAD_MOMENTS: tuple[Any, ...] = (
    "2022-03-01",
    "2022-03-01T10:00:00",
    "2022-03-01T10:00Z",
    "2022-03-01T10:00:00+0100",
    "2022-03-01T10:00:00+01",
    "2022-03-01T10:00:00+24:00",
    "2022-03-01T10:00:00+01:60",
    "2022-03-01T10:00:00+01:00:00",
    "2022-03-01T24:00:00Z",
    "2022-03-01T10:61:00Z",
    "2022-02-29T10:00:00Z",
    "2022-03-01T10:00:00.Z",
    "2022-03-01T10:00:00,5Z",
    "2022-03-01T10:00:00 Z",
    "20220301T100000Z",
    "0001-01-01T00:00:00+10:00",
    "2022-03-01T1０:00:00Z",
    1646128800,
)
BAD_TEXTS: dict[str, Any] = {
    "empty": "",
    "blank": " \t\u2003\n",
    "a number": 7,
    "a list": ["x"],
    "an object": {"x": "y"},
    "true": True,
}


@dataclass(frozen=True)
class Scene:
    """A good line, the entries of its escalation before it, and the walks around it."""

    index: int
    fields: Fields
    earlier: list[Entry]
    before: list[Step]
    after: list[Step]
    strangers: list[str]
    latest: Entry | None
    panels: list[str]


Spoil = Callable[[Scene], Fields | None]


def having(name: str, value: Any) -> Spoil:
    """Give the field another value, on lines that have it."""
    return lambda scene: {**scene.fields, name: value} if name in scene.fields else None


def adding(extra: Fields, action: str) -> Spoil:
    return lambda scene: {**scene.fields, **extra} if scene.fields["action"] == action else None


def lacking(name: str, action: str) -> Spoil:
    return lambda scene: (
        {key: value for key, value in scene.fields.items() if key != name}
        if scene.fields["action"] == action and name in scene.fields
        else None
    )


def shapes() -> Iterator[tuple[str, str, Spoil]]:
    """Fields and values, whatever went before: name, code, how."""
    for action, shape in SHAPES.items():
        yield f"{action}: unknown field", "unknown_field", adding({"colour": "red"}, action)
        for name in {**ACTION, **shape.required}:
            code = "bad_action" if name == "action" else "missing_field"
            yield f"{action}: no {name}", code, lacking(name, action)
        for role in EVERYONE:
            if role not in shape.roles:
                yield f"{action}: by a {role}", "role_may_not", adding({"role": role}, action)
        for other in ("reasons", "reason", "panel", "case", "replaces"):
            if other not in {**shape.required, **shape.optional}:
                yield f"{action}: with {other}", "unknown_field", adding({other: "x"}, action)
    for name in ("occurredOn", "meetingOn", "decideBy"):
        for day in BAD_DATES:
            yield f"{name} {day!r}", f"bad_{name}", having(name, day)
    for moment in BAD_MOMENTS:
        yield f"recordedAt {moment!r}", "bad_recordedAt", having("recordedAt", moment)
    texts = ("ref", "actor", "escalation", "case", "location", "panel", "reason", "reasons")
    for name, (kind, value) in product(texts, BAD_TEXTS.items()):
        yield f"{name}: {kind}", f"bad_{name}", having(name, value)
    for name in (*texts, "summary", "findings", "void", "occurredOn"):
        yield f"{name}: null", "null", having(name, None)
    for name in (*texts, "summary", "findings"):
        yield f"{name}: NUL", "nul", having(name, "a\0b")
        yield f"{name}: lone surrogate", "lone_surrogate", having(name, "a\udc00b")
    for name in (
        "role",
        "question",
        "ground",
        "outcome",
        "ruling",
        "inquiry",
        "referral",
        "result",
    ):
        for word in BAD_WORDS:
            yield f"{name} {word!r}", f"bad_{name}", having(name, word)
    for word in BAD_WORDS:
        yield f"action {word!r}", "bad_action", having("action", word)
    for when in ("gisteren", "2027-02-30", 2027):
        yield f"destroyed {when!r}", "bad_reason", having("reason", {"destroyed": when})
    yield (
        "destroyed, and more",
        "bad_reason",
        having("reason", {"destroyed": "2027-05-01", "by": "x"}),
    )
    for word in (False, "true", 1):
        yield f"void {word!r}", "bad_void", having("void", word)
    yield (
        "void and with",
        "void_or_with",
        lambda scene: (
            {**scene.fields, "with": {"occurredOn": "2022-01-01"}}
            if "void" in scene.fields
            else None
        ),
    )
    yield "neither void nor with", "void_or_with", lacking("with", "correct")
    yield "with nothing", "nothing_corrected", having("with", {})
    yield "with a text", "bad_with", having("with", "x")
    yield "kind on an action", "unknown_field", lambda scene: {**scene.fields, "kind": "action"}


def sequels() -> Iterator[tuple[str, str, Spoil]]:
    """What only goes wrong because of the lines before: name, code, how."""
    yield (
        "ref twice",
        "ref_twice",
        lambda scene: {**scene.fields, "ref": scene.earlier[0].ref} if scene.earlier else None,
    )
    yield "recorded earlier than the line before", "recorded_before_previous_line", recorded_early
    ahead = (NOW + timedelta(seconds=1)).isoformat()
    yield "recorded in the future", "recorded_in_future", having("recordedAt", ahead)
    yield "occurred after recorded", "occurred_after_recorded", having("occurredOn", "2024-06-02")
    yield "occurred before the action before", "before_previous_action", occurred_early
    yield "considered by who opened", "opener_considers", consider_own
    yield "consideration corrected by who opened", "opener_corrects_consideration", correct_own
    yield "panel unknown", "unknown_panel", having("panel", "kdt-nergens")
    yield "panel of another level", "panel_of_another_level", other_level
    yield "panel of another location", "panel_of_another_location", other_location
    yield "meeting before listing", "meeting_before_listing", having("meetingOn", "2001-01-01")
    yield "considered on another day", "not_the_meeting_day", another_day
    for name, word in (("ruling", "other"), ("inquiry", "interview"), ("referral", "not_settled")):
        held_over = considered_as({"outcome": "held_over", name: word})
        yield f"held over with {name}", f"{name}_of_outcome", held_over
    for outcome, name in (("decided", "ruling"), ("inquiry_ordered", "inquiry")):
        bare = considered_as({"outcome": outcome})
        yield f"{outcome} without {name}", f"{name}_of_outcome", bare
    yield "decided on an inquiry", "outcome_of_question", wrong_for_question
    yield "not needed on a decision", "outcome_of_question", wrong_for_decision
    yield "referred up from the top", "outcome_of_level", at_level("national", "referred_up")
    yield "unresolved below the top", "outcome_of_level", at_level("local", "unresolved")
    yield "deviated without reasons", "reasons_of_result", lacking("reasons", "follow_through")
    carried_out = adding({"result": "carried_out", "reasons": "Verzonnen"}, "follow_through")
    yield "carried out with reasons", "reasons_of_result", carried_out
    yield "never opened", "phase", never_opened
    yield "replaces nothing known", "replaces_unknown", having("replaces", "nooit-vastgelegd")
    yield (
        "replaces another escalation's",
        "replaces_unknown",
        lambda scene: (
            {**scene.fields, "replaces": scene.strangers[0]}
            if scene.fields["action"] == "correct" and scene.strangers
            else None
        ),
    )
    yield (
        "replaces itself",
        "replaces_unknown",
        lambda scene: (
            {**scene.fields, "replaces": scene.fields["ref"]}
            if "replaces" in scene.fields
            else None
        ),
    )
    for field in ("location", "panel", "meetingOn", "actor", "role", "recordedAt", "reason"):
        yield f"corrects {field}", "unknown_field", having("with", {field: "x"})
    yield "corrects another action's field", "unknown_field", corrects_foreign
    yield "corrects to a bad date", "bad_occurredOn", having("with", {"occurredOn": "2022-02-30"})
    late = {"occurredOn": "2024-06-02"}
    yield "corrects to after its recording", "corrected_to_after_recorded", having("with", late)


def recorded_early(scene: Scene) -> Fields | None:
    if scene.latest is None:
        return None
    moment = EPOCH + timedelta(seconds=int(scene.latest.moment // 1) - 1)
    return {**scene.fields, "recordedAt": moment.isoformat()}


def occurred_early(scene: Scene) -> Fields | None:
    if not scene.before or scene.fields["action"] == "correct":
        return None
    return {**scene.fields, "occurredOn": (scene.before[-1].day - timedelta(days=1)).isoformat()}


def never_opened(scene: Scene) -> Fields | None:
    if scene.fields["action"] in ("open", "correct"):
        return None
    return {**scene.fields, "escalation": "V-nooit-geopend"}


def consider_own(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "consider":
        return None
    return {**scene.fields, "actor": scene.before[0].fields["actor"]}


def correct_own(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "correct" or corrected(scene) != "consider" or not scene.before:
        return None
    return {**scene.fields, "actor": scene.before[0].fields["actor"]}


def corrects_foreign(scene: Scene) -> Fields | None:
    if "with" not in scene.fields or corrected(scene) == "consider":
        return None
    return {**scene.fields, "with": {"outcome": "held_over"}}


def corrected(scene: Scene) -> str:
    """The action at the root of a correction, or the line's own."""
    by_ref = {entry.ref: entry.fields for entry in scene.earlier}
    root = scene.fields
    while root["action"] == "correct":
        root = by_ref[root["replaces"]]
    return str(root["action"])


def other_level(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "list" or scene.before[-1].after.level == "national":
        return None
    return {**scene.fields, "panel": "kdt-national"} if "kdt-national" in scene.panels else None


def other_location(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "list" or scene.before[-1].after.level == "national":
        return None
    others = [name for name in scene.panels if name not in (scene.fields["panel"], "kdt-national")]
    return {**scene.fields, "panel": others[0]} if others else None


def another_day(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "consider":
        return None
    day = parse_date(scene.fields["occurredOn"]) - timedelta(days=1)
    return {**scene.fields, "occurredOn": day.isoformat()} if day >= scene.before[-1].day else None


def considered_as(extra: Fields) -> Spoil:
    def spoil(scene: Scene) -> Fields | None:
        if scene.fields["action"] != "consider":
            return None
        details = ("outcome", "ruling", "inquiry", "referral")
        return {k: v for k, v in scene.fields.items() if k not in details} | extra

    return spoil


def at_level(level: str, outcome: str) -> Spoil:
    def spoil(scene: Scene) -> Fields | None:
        if scene.fields["action"] != "consider" or scene.before[-1].after.level != level:
            return None
        return considered_as({"outcome": outcome})(scene)

    return spoil


def wrong_for_question(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "consider" or asks(scene) == "decision":
        return None
    return considered_as({"outcome": "decided", "ruling": "other"})(scene)


def wrong_for_decision(scene: Scene) -> Fields | None:
    if scene.fields["action"] != "consider" or asks(scene) != "decision":
        return None
    return considered_as({"outcome": "inquiry_not_needed"})(scene)


def asks(scene: Scene) -> str:
    return str(scene.before[0].fields["question"])


def impossible() -> Iterator[tuple[str, str, str]]:
    """Every cell the table leaves empty: name, phase, action."""
    for phase, action in product(MOVES, SHAPES):
        open_cells = {*MOVES[phase]} | ({"follow_through"} if phase == "in_inquiry" else set())
        legal = action in open_cells or (phase, action) == ("-", "open")
        if action != "correct" and not legal:
            yield f"{action} when {phase}", phase, action
    yield "follow_through when in_inquiry, unanswered", "in_inquiry", "follow_through"
