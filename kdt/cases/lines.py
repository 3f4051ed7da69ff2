"""One line of a history file, read on its own: what it says, or what is wrong with it.

Whether it may follow what came before is for the import and the procedure to say.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from kdt import clock
from kdt.cases import meeting_lines, theme_lines
from kdt.cases.inputs import Inputs, key, read
from kdt.cases.line_values import codes
from kdt.panels.history import Slot, Told
from kdt.procedure import CURRENT
from kdt.procedure.rows import EXPLAINS
from kdt.procedure.table import ANYONE, TAGGERS
from kdt.themes.history import ThemeFact
from kdt.values import Invalid, Problem, code, day, name, string
from kdt.vocabulary import Action, Role

# The version from which policy tags too, and a tag may say why.
REASONED_SINCE = 7
NEWEST_VERSION = REASONED_SINCE
# Longer than any text people write; it keeps what is no history file out of memory.
LONGEST_LINE = 2**22
# Kinds of lines and actions that came with a later version of the format.
SINCE_VERSION = {
    "demo": 2,
    "theme": 2,
    Action.TAG: 2,
    meeting_lines.SLOT: meeting_lines.SINCE,
    meeting_lines.FACT: meeting_lines.SINCE,
    meeting_lines.GO_LIVE: meeting_lines.SINCE,
    **dict.fromkeys(theme_lines.SUBJECTS, theme_lines.SINCE),
}
# The version from which a case may be named by its id, its number destroyed.
NUMBERLESS_SINCE = 3
# The version from which an ordered inquiry says what it is for.
EXPLAINED_SINCE = 4

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:[0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Header:
    """The optional first line."""

    version: int


@dataclass(frozen=True, slots=True)
class DemoLine:
    """What follows is an invented example, and stays marked as one (version 2)."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel, before it is first used."""

    id: str
    level: str
    location: str | None


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme, before it is first tagged (versions 2 to 5)."""

    id: str
    name: str
    description: str


class ActionLine(NamedTuple):
    """An action on an escalation."""

    ref: str
    recorded_at: datetime
    recorded_on: date
    occurred_on: date
    actor: str
    role: Role
    action: Action
    escalation: str
    inputs: Inputs


Line = Header | DemoLine | PanelLine | ThemeLine | ThemeFact | Slot | Told | ActionLine

_COMMON = ("ref", "recordedAt", "occurredOn", "actor", "role", "action", "escalation")


def parse(
    raw: bytes, *, first: bool, version: int
) -> tuple[Line | None, str | None, list[Problem]]:
    """The line, its `ref` as far as it can be read, and its problems (then there is no line)."""
    if first and raw.startswith(b"\xef\xbb\xbf"):
        return None, None, [Problem("byte_order_mark", "")]
    if not raw:
        return None, None, [Problem("empty_line", "")]
    if len(raw) > LONGEST_LINE:
        return None, None, [Problem("line_too_long", "", {"longest": LONGEST_LINE})]
    try:
        pairs = _decode(raw.decode())
    except Invalid as problem:
        return _said_twice(raw, problem)
    except UnicodeDecodeError:
        return None, None, [Problem("not_utf8", "")]
    except (ValueError, RecursionError):
        return None, None, [Problem("not_json", "")]
    if not isinstance(pairs, dict):
        return None, None, [Problem("line_not_an_object", "")]
    ref = _ref(pairs)
    problems: list[Problem] = []
    reader = _reader(pairs, version)
    if reader is _header and not first:
        problems.append(Problem("header_not_first", "kind"))
    line = reader(pairs, problems)
    return (None, ref, problems) if problems else (line, ref, [])


def _said_twice(raw: bytes, problem: Invalid) -> tuple[None, str | None, list[Problem]]:
    """A line in which a field stands twice, if it can be read to its end."""
    try:
        ref = _ref(json.loads(raw))
    except (ValueError, RecursionError):
        return None, None, [Problem("not_json", "")]
    return None, ref, [Problem(problem.code, str(problem.details.get("field", "")))]


def _ref(said: object) -> str | None:
    """The `ref` a line says it has, as far as it can be read."""
    ref = said.get("ref") if isinstance(said, dict) else None
    return ref if isinstance(ref, str) and ref.strip() else None


def moment(value: object) -> datetime:
    """A moment as RFC 3339 writes it, with seconds and offset; in UTC."""
    text = name(value)
    try:
        if not _RFC3339.fullmatch(text):
            raise Invalid("not_a_moment")
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid("not_a_moment") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [one for one, _ in pairs]
        twice = next(one for one in names if names.count(one) > 1)
        raise Invalid("field_twice", field=twice)
    return found


_decode = json.JSONDecoder(object_pairs_hook=_once).decode


def _reader(given: Mapping[str, object], version: int) -> Any:
    """What reads this sort of line, as far as this version of the format knows it."""
    if "kind" not in given:
        if given.get("action") == Action.TAG and version < SINCE_VERSION[Action.TAG]:
            return _too_new
        if version >= REASONED_SINCE:
            return _action
        if version >= EXPLAINED_SINCE:
            return _unreasoned
        return _unexplained if version >= NUMBERLESS_SINCE else _numbered
    kind = given["kind"]
    if not isinstance(kind, str) or version < SINCE_VERSION.get(kind, 1):
        return _unknown
    if kind == theme_lines.THEME and version >= theme_lines.SINCE:
        return _dated_theme
    return _KINDS.get(kind, _unknown)


def _take(
    given: Mapping[str, object], fields: Mapping[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    """Read the named fields with their readers; note what is missing, strange or wrong."""
    taken: dict[str, Any] = {}
    for one, reader in fields.items():
        if one not in given:
            problems.append(Problem("missing", one))
            continue
        try:
            taken[one] = reader(given[one])
        except Invalid as problem:
            problems.append(Problem(problem.code, one, problem.details))
    return taken


def _strange(given: Mapping[str, object], known: tuple[str, ...], problems: list[Problem]) -> None:
    problems += [Problem("unknown_field", one) for one in given if one not in known]


def _header(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    _strange(given, ("kind", "version"), problems)
    said = given.get("version")
    if isinstance(said, bool) or not isinstance(said, int) or not 1 <= said <= NEWEST_VERSION:
        problems.append(Problem("unknown_version", "version", {"newest": NEWEST_VERSION}))
        return None
    return Header(said)


def _panel(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    _strange(given, ("kind", "id", "level", "location"), problems)
    levels = tuple(level.code for level in CURRENT.ladder.levels)
    fields: dict[str, Any] = {"id": name, "level": lambda value: code(value, levels)}
    if "location" in given:
        fields["location"] = name
    taken = _take(given, fields, problems)
    if "level" in taken:
        per_location = CURRENT.ladder.level(taken["level"]).per_location
        if per_location and "location" not in given:
            problems.append(Problem("missing", "location"))
        elif not per_location and "location" in given:
            problems.append(Problem("no_location_at_this_level", "location"))
    return None if problems else PanelLine(taken["id"], taken["level"], taken.get("location"))


def _theme(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    _strange(given, ("kind", "id", "name", "description"), problems)
    taken = _take(given, {"id": name, "name": name, "description": string}, problems)
    return None if problems else ThemeLine(taken["id"], taken["name"], taken["description"])


def _dated_theme(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return theme_lines.theme(given, moment, _take, problems)


def _theme_fact(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return theme_lines.fact(given, moment, _take, problems)


def _demo(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    _strange(given, ("kind",), problems)
    return None if problems else DemoLine()


def _meeting(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return meeting_lines.slot(given, moment, _take, problems)


def _meeting_fact(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return meeting_lines.fact(given, moment, _take, problems)


def _go_live(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return meeting_lines.go_live(given, moment, _take, problems)


def _unknown(_: Mapping[str, object], problems: list[Problem]) -> None:
    problems.append(Problem("unknown_kind", "kind"))


def _too_new(given: Mapping[str, object], problems: list[Problem]) -> None:
    problems.append(Problem("not_in_this_version", "action", {"given": given["action"]}))


def _numbered(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    """An action in which every case has its number."""
    changes = given.get("with")
    for named, prefix in ((given, ""), (changes, "with.")):
        if isinstance(named, dict) and isinstance(named.get("case"), dict):
            problems.append(Problem("not_a_string", f"{prefix}case"))
    return _unexplained(given, problems)


def _unexplained(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    """An action that says nothing of what an inquiry is for."""
    changes = given.get("with")
    for named, prefix in ((given, ""), (changes, "with.")):
        if isinstance(named, dict):
            strange = (one for one in _EXPLAINS if one in named)
            problems += [Problem("unknown_field", f"{prefix}{one}") for one in strange]
    return _unreasoned(given, problems)


def _unreasoned(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    """An action by who takes part in the procedure, in which no tag says why."""
    if given.get("action") == Action.TAG and "reason" in given:
        problems.append(Problem("unknown_field", "reason"))
    return _read(given, problems, _WITHOUT_POLICY)


def _action(given: Mapping[str, object], problems: list[Problem]) -> Line | None:
    return _read(given, problems, _READERS)


def _read(
    given: Mapping[str, object], problems: list[Problem], readers: Mapping[str, Any]
) -> Line | None:
    taken = _take(given, readers, problems)
    action = taken.get("action")
    if action is None:
        return None
    rest = {one: value for one, value in given.items() if one not in _COMMON}
    inputs = read(Action(action), rest)
    if isinstance(inputs, list):
        problems += inputs
    if problems or isinstance(inputs, list):
        return None
    recorded_at: datetime = taken["recordedAt"]
    return ActionLine(
        taken["ref"],
        recorded_at,
        clock.day(recorded_at),
        taken["occurredOn"],
        taken["actor"],
        Role(taken["role"]),
        Action(action),
        taken["escalation"],
        inputs,
    )


_EXPLAINS = tuple(map(key, EXPLAINS))
_READERS: Mapping[str, Any] = {
    "ref": name,
    "recordedAt": moment,
    "occurredOn": day,
    "actor": name,
    "role": codes(role for role in Role if role in TAGGERS),
    "action": codes(Action),
    "escalation": name,
}
_WITHOUT_POLICY = {**_READERS, "role": codes(role for role in Role if role in ANYONE)}
_KINDS: Mapping[str, Any] = {
    "history": _header,
    "demo": _demo,
    "panel": _panel,
    "theme": _theme,
    meeting_lines.SLOT: _meeting,
    meeting_lines.FACT: _meeting_fact,
    meeting_lines.GO_LIVE: _go_live,
    **dict.fromkeys(theme_lines.SUBJECTS, _theme_fact),
}
