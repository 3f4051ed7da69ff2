"""The inputs of an action, read from what a form, a program or a history file gives.

One reader for all three, drawn from the procedure's fields, so that nothing is valid in one place
and invalid in another. All problems are reported at once.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

from kdt.procedure import FIELDS, VERSIONS
from kdt.procedure.rows import Field, Kind
from kdt.procedure.walk import CORRECTABLE
from kdt.values import Invalid, Problem, code, day, name, string
from kdt.vocabulary import Action

# A text, or the day retention destroyed it.
Prose = str | date


class NumberlessCase(NamedTuple):
    """A case whose number retention destroyed: its id still tells it apart. In a history file alone
    (version 3)."""

    id: UUID
    destroyed_on: date


class Inputs(NamedTuple):
    """Coded values by field name, and texts apart."""

    values: Mapping[str, object]
    texts: Mapping[str, Prose]


def key(name: str) -> str:
    """The name of a field outside: camelCase."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


_BY_KEY: Mapping[Action, Mapping[str, Field]] = {
    action: {key(one.name): one for one in fields} for action, fields in FIELDS.items()
}
_MOVED = Field("occurred_on", Kind.DAY)
# What may stand in a correction's `with`, over all actions.
CHANGES: Mapping[str, Field] = {
    key(one.name): one
    for action, fields in FIELDS.items()
    for one in (*fields, _MOVED)
    if one.name in CORRECTABLE.get(action, ())
}
OUTCOMES = tuple(dict.fromkeys(row.code for one in VERSIONS.values() for row in one.outcomes))


def codes(one: Field) -> tuple[str, ...]:
    """The codes a field may hold; none for a field of another kind."""
    if one.kind is Kind.OUTCOME:
        return OUTCOMES
    return tuple(one.codes) if one.codes else ()


def read(action: Action, given: Mapping[str, object]) -> Inputs | list[Problem]:
    """The inputs of `action` (without who, when and which escalation), or all that is wrong."""
    fields = _BY_KEY[action]
    values: dict[str, object] = {}
    texts: dict[str, Prose] = {}
    problems = _read(fields, given, values, texts)
    for outside, one in fields.items():
        if one.required and outside not in given:
            problems.append(Problem("missing", outside))
    return problems or Inputs(values, texts)


def _read(
    fields: Mapping[str, Field],
    given: Mapping[str, object],
    values: dict[str, object],
    texts: dict[str, Prose],
    prefix: str = "",
) -> list[Problem]:
    problems: list[Problem] = []
    for outside, value in given.items():
        one = fields.get(outside)
        if one is None:
            problems.append(Problem("unknown_field", prefix + outside))
            continue
        try:
            if one.kind is Kind.CHANGES:
                problems += _changes(value, values, texts)
            elif one.kind is Kind.PROSE:
                texts[one.name] = prose(value, may_be_empty=one.may_be_empty)
            else:
                values[one.name] = _value(one, value)
        except Invalid as problem:
            problems.append(Problem(problem.code, prefix + outside, problem.details))
    return problems


def _changes(value: object, values: dict[str, object], texts: dict[str, Prose]) -> list[Problem]:
    if not isinstance(value, Mapping):
        raise Invalid("null" if value is None else "not_an_object")
    if not value:
        raise Invalid("no_changes")
    changes: dict[str, object] = {}
    problems = _read(CHANGES, value, changes, texts, prefix="with.")
    values["with"] = changes
    return problems


def _value(one: Field, value: object) -> object:
    if one.kind is Kind.DAY:
        return day(value)
    if one.kind is Kind.FLAG:
        if value is not True:
            raise Invalid("null" if value is None else "not_true")
        return True
    if one.kind in (Kind.CODE, Kind.OUTCOME):
        return code(value, codes(one))
    if one.kind is Kind.CASE and isinstance(value, Mapping):
        return _numberless(value)
    return name(value)


def _numberless(value: Mapping[str, object]) -> NumberlessCase:
    """`{"id": ..., "destroyed": day}`."""
    given = value.get("id")
    try:
        found = UUID(string(given))
    except ValueError:
        raise Invalid("not_a_destroyed_case") from None
    if set(value) != {"id", "destroyed"} or str(found) != given:
        raise Invalid("not_a_destroyed_case")
    return NumberlessCase(found, day(value["destroyed"]))


def prose(value: object, *, may_be_empty: bool = False) -> Prose:
    """A text; or, where retention destroyed it, `{"destroyed": day}`."""
    if isinstance(value, Mapping):
        if set(value) != {"destroyed"}:
            raise Invalid("not_a_string")
        return day(value["destroyed"])
    text = string(value)
    if not text.strip() and not (may_be_empty and not text):
        raise Invalid("blank")
    return text
