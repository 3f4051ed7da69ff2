"""Reading an entry from its canonical bytes, strictly, and apart from the code that writes them:
what the writer would never have written is named, whatever the hashes say."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import cast

from kdt import clock
from kdt.procedure import FIELDS, VERSIONS, Act, Panel
from kdt.procedure.rows import Field, Kind
from kdt.procedure.walk import CORRECTABLE
from kdt.vocabulary import Action, Role

FORMAT = 1
_ACTIONS = {str(action): action for action in Action}
_ROLES = {str(role): role for role in Role}
_ALWAYS = frozenset(
    {
        "format", "procedure", "escalation", "seq", "ref", "action", "role", "person",
        "occurredOn", "recordedAt", "values", "texts",
    }
)  # fmt: skip
_SOMETIMES = frozenset({"panel", "import"})
_MOVED = Field("occurred_on", Kind.DAY)
_CHANGES: Mapping[str, Field] = {
    field.name: field
    for action, fields in FIELDS.items()
    for field in (*fields, _MOVED)
    if field.name in CORRECTABLE.get(action, ())
}
_INPUTS: Mapping[Action, Mapping[str, Field]] = {
    action: {field.name: field for field in fields} for action, fields in FIELDS.items()
}


class Unreadable(ValueError):
    """The bytes are no entry in a format we know; says which part of them is not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says. `person` and `texts` are digests in hexadecimal."""

    escalation: str
    seq: int
    procedure: int
    act: Act
    person: str
    texts: Mapping[str, str]
    import_id: str | None


def read(content: bytes, actor: str | None) -> Entry:
    """The entry in its canonical bytes, its act done by `actor`. Raises Unreadable."""
    try:
        given = json.loads(content)
        plain = json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        canonical = plain.encode() == content
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    if not isinstance(given, dict) or not canonical:
        raise Unreadable("canonical")
    if not _ALWAYS <= given.keys() <= _ALWAYS | _SOMETIMES:
        raise Unreadable("fields")
    _require(_number(given["format"], "format") == FORMAT, "format")
    _require(_number(given["procedure"], "procedure") in VERSIONS, "procedure")
    action, texts = _action(given["action"]), _texts(given["texts"])
    values = _values(given["values"], _INPUTS[action])
    if strange := texts.keys() - _prose(action):
        raise Unreadable(min(strange))
    recorded_at = _moment(given["recordedAt"])
    return Entry(
        _string(given["escalation"], "escalation"),
        _number(given["seq"], "seq"),
        given["procedure"],
        Act(
            ref=_string(given["ref"], "ref"),
            action=action,
            actor=actor,
            role=_role(given["role"]),
            occurred_on=_day(given["occurredOn"], "occurredOn"),
            recorded_at=recorded_at,
            recorded_on=clock.day(recorded_at),
            values=values,
            prose=frozenset(texts),
            panel=_panel(given.get("panel"), values),
        ),
        _string(given["person"], "person"),
        texts,
        _id(given["import"], "import") if "import" in given else None,
    )


def _values(given: object, fields: Mapping[str, Field]) -> dict[str, object]:
    if not isinstance(given, dict):
        raise Unreadable("values")
    for name, one in fields.items():
        if one.required and one.kind is not Kind.PROSE and fields is not _CHANGES:
            _require(name in given, name)
    return {name: _value(name, value, fields.get(name)) for name, value in given.items()}


def _value(name: str, value: object, field: Field | None) -> object:
    if field is None or field.kind is Kind.PROSE:
        raise Unreadable(name)
    if field.kind is Kind.CHANGES:
        return _values(value, _CHANGES)
    if field.kind is Kind.DAY:
        return _day(value, name)
    if field.kind is Kind.CASE:
        return _id(value, name)
    if field.kind is Kind.FLAG:
        _require(value is True, name)
        return value
    text = _string(value, name)
    _require(not field.codes or text in _codes(field.codes), name)
    return text


@cache
def _codes(kind: type[StrEnum]) -> frozenset[str]:
    return frozenset(map(str, kind))


@cache
def _prose(action: Action) -> frozenset[str]:
    fields = {field.name for field in FIELDS[action] if field.kind is Kind.PROSE}
    if action is Action.CORRECT:
        fields |= {field.name for field in _CHANGES.values() if field.kind is Kind.PROSE}
    return frozenset(fields)


def _texts(given: object) -> dict[str, str]:
    if not isinstance(given, dict):
        raise Unreadable("texts")
    return {name: _string(digest, name) for name, digest in given.items()}


def _panel(given: object, values: Mapping[str, object]) -> Panel | None:
    _require((given is not None) == ("panel" in values), "panel")
    if given is None:
        return None
    if not isinstance(given, list) or len(given) != 2:
        raise Unreadable("panel")
    level, location = given
    place = None if location is None else _string(location, "panel")
    return Panel(cast("str", values["panel"]), _string(level, "panel"), place)


def _action(given: object) -> Action:
    text = _string(given, "action")
    _require(text in _ACTIONS, "action")
    return _ACTIONS[text]


def _role(given: object) -> Role:
    text = _string(given, "role")
    _require(text in _ROLES, "role")
    return _ROLES[text]


def _string(given: object, name: str) -> str:
    if not isinstance(given, str):
        raise Unreadable(name)
    return given


def _number(given: object, name: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise Unreadable(name)
    return given


def _id(given: object, name: str) -> str:
    text = _string(given, name)
    try:
        _require(str(uuid.UUID(text)) == text, name)
    except ValueError:
        raise Unreadable(name) from None
    return text


def _day(given: object, name: str) -> date:
    text = _string(given, name)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unreadable(name) from None
    _require(day.isoformat() == text, name)
    return day


def _moment(given: object) -> datetime:
    text = _string(given, "recordedAt")
    try:
        moment = datetime.fromisoformat(text)
        _require(clock.written(moment) == text, "recordedAt")
    except (ValueError, OverflowError):
        raise Unreadable("recordedAt") from None
    return moment


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise Unreadable(name)
