"""What one line of a history file may look like, apart from what went before it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .moments import parse_date, parse_moment

Fields = dict[str, Any]
Check = Callable[[Any], bool]


class RefusedError(Exception):
    """A line that is bad; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def is_date(value: Any) -> bool:
    return isinstance(value, str) and reads_as(parse_date, value)


def is_moment(value: Any) -> bool:
    return isinstance(value, str) and reads_as(parse_moment, value)


def is_prose(value: Any) -> bool:
    """Free text, or the day on which retention destroyed it."""
    if isinstance(value, dict):
        return set(value) == {"destroyed"} and is_date(value["destroyed"])
    return is_text(value)


def is_prose_or_empty(value: Any) -> bool:
    return value == "" or is_prose(value)


def is_true(value: Any) -> bool:
    return value is True


def is_object(value: Any) -> bool:
    return isinstance(value, dict)


def one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def reads_as(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True)
class Shape:
    """The fields of one kind of line; `fixable` are those a correction may change."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check]
    roles: tuple[str, ...] = ()
    fixable: tuple[str, ...] = ()


EVERYONE = ("officer", "secretary", "chair")
ACTION = {
    "ref": is_text,
    "recordedAt": is_moment,
    "occurredOn": is_date,
    "actor": is_text,
    "role": one_of(*EVERYONE),
    "action": is_text,
    "escalation": is_text,
}
QUESTIONS = ("decision", "additional_interview", "additional_investigation")
GROUNDS = ("complex", "buikpijn", "other")
OUTCOMES = (
    "decided",
    "inquiry_ordered",
    "inquiry_not_needed",
    "information_requested",
    "referred_up",
    "held_over",
    "unresolved",
)
OPEN = {
    "case": is_text,
    "location": is_text,
    "question": one_of(*QUESTIONS),
    "ground": one_of(*GROUNDS),
}
CONSIDER = {
    "ruling": one_of("in_favour", "against", "other"),
    "inquiry": one_of("interview", "investigation"),
    "referral": one_of("not_settled", "belongs_nationally"),
}
REASON = {"reason": is_prose}
SHAPES = {
    "open": Shape(
        OPEN,
        {"decideBy": is_date, "summary": is_prose_or_empty},
        ("officer",),
        ("case", "question", "ground", "decideBy"),
    ),
    "submit": Shape({}, {}, ("officer",)),
    "list": Shape({"panel": is_text, "meetingOn": is_date}, {}, ("secretary",)),
    "unlist": Shape(REASON, {}, ("secretary",)),
    "consider": Shape(
        {"outcome": one_of(*OUTCOMES), "reasons": is_prose},
        CONSIDER,
        ("secretary", "chair"),
        ("outcome", "ruling", "inquiry", "referral", "reasons"),
    ),
    "report_back": Shape({}, {"findings": is_prose_or_empty}, ("officer",)),
    "withdraw": Shape(REASON, {}, ("officer",)),
    "lapse": Shape(REASON, {}, EVERYONE),
    "follow_through": Shape(
        {"result": one_of("carried_out", "deviated")},
        {"reasons": is_prose},
        ("officer",),
        ("result", "reasons"),
    ),
    "reopen": Shape(REASON, {}, ("chair",)),
    "correct": Shape(
        {"replaces": is_text, **REASON}, {"void": is_true, "with": is_object}, EVERYONE
    ),
}
PANEL = {"kind": one_of("panel"), "id": is_text, "level": one_of("local", "national")}


def read_object(raw: bytes) -> Fields:
    """Read the bytes of one line as a JSON object in which no field stands twice."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RefusedError("not_utf8") from error
    if text.startswith("\ufeff"):
        raise RefusedError("byte_order_mark")
    if not text.strip(" \t\r"):
        raise RefusedError("empty_line")
    try:
        json.loads(text)
        value = json.loads(text, object_pairs_hook=without_twins)
    except (ValueError, RecursionError) as error:
        raise RefusedError("not_json") from error
    if not isinstance(value, dict):
        raise RefusedError("not_an_object")
    return value


def without_twins(pairs: list[tuple[str, Any]]) -> Fields:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise RefusedError("field_twice")
    return fields


def check_values(value: Any) -> None:
    """No null, NUL or lone surrogate anywhere, names of fields included."""
    if value is None:
        raise RefusedError("null")
    if isinstance(value, dict):
        for part in [*value.keys(), *value.values()]:
            check_values(part)
    if isinstance(value, list):
        for part in value:
            check_values(part)
    if isinstance(value, str):
        if "\0" in value:
            raise RefusedError("nul")
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise RefusedError("lone_surrogate")


def check_fields(
    fields: Fields, required: Mapping[str, Check], optional: Mapping[str, Check]
) -> None:
    known = {**required, **optional}
    for name, value in fields.items():
        if name not in known:
            raise RefusedError("unknown_field")
        if not known[name](value):
            raise RefusedError(f"bad_{name}")
    for name in required:
        if name not in fields:
            raise RefusedError("missing_field")


def check_panel(fields: Fields) -> None:
    """A local panel has a location, the national one has none."""
    local = fields.get("level") == "local"
    check_fields(fields, {**PANEL, "location": is_text} if local else PANEL, {})


def check_action(fields: Fields) -> None:
    """Fields, values and role of an action, by the table in HISTORY.md."""
    if not isinstance(fields.get("action"), str) or fields["action"] not in SHAPES:
        raise RefusedError("bad_action")
    shape = SHAPES[fields["action"]]
    check_fields(fields, {**ACTION, **shape.required}, shape.optional)
    if fields["role"] not in shape.roles:
        raise RefusedError("role_may_not")
    if fields["action"] == "correct" and ("void" in fields) == ("with" in fields):
        raise RefusedError("void_or_with")


def check_change(change: Fields, action: str) -> None:
    """`with` holds at least one field, and only what a correction of that action may change."""
    shape = SHAPES[action]
    fixable = {
        name: check
        for name, check in {**shape.required, **shape.optional}.items()
        if name in shape.fixable
    }
    check_fields(change, {}, {"occurredOn": is_date, **fixable})
    if not change:
        raise RefusedError("nothing_corrected")
