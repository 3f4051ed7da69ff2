"""Filters of a list, read from its address and shown as they were read."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from datetime import date

from starlette.requests import Request

from api.pages.forms import Field, Option, choices, sentence
from kdt import words
from kdt.values import Invalid, Problem
from kdt.values import day as read_day


@dataclass(frozen=True, slots=True)
class Day:
    """A day in the address, None when there is none that can be read, and its field."""

    day: date | None
    field: Field


def chosen(request: Request, name: str, known: Container[str]) -> str | None:
    """A choice in the address; None when it is none of these."""
    given = request.query_params.get(name, "")
    return given if given in known else None


def choice_field(name: str, label: str, of: str | Mapping[str, str], value: str | None) -> Field:
    """A filter by a choice: of the words of a kind, or of what is named."""
    named = choices(of, words.group(of)) if isinstance(of, str) else _options(of)
    return Field(name, label, "select", options=named, value=value)


def with_unknown(field: Field, given: Mapping[str, str]) -> Field:
    """The filter, told to be wrong where the address names a choice that is none of its own."""
    if field.value or not given.get(field.name):
        return field
    return replace(field, error=sentence(Problem("unknown_value", field.name), field.label))


def day_field(request: Request, name: str, label: str) -> Day:
    """A filter by a day."""
    given = request.query_params.get(name, "").strip()
    try:
        found = read_day(given) if given else None
    except Invalid:
        error = words.say("period.not_a_date", field=label)
        return Day(None, Field(name, label, "date", value=given, error=error))
    return Day(found, Field(name, label, "date", value=given))


def _options(named: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in named.items())
