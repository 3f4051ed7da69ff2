"""Reading single values of a history line, for whichever sort of line has them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kdt.access.table import TABLE, Right
from kdt.values import Invalid, Problem, code, string

Reader = Callable[[object], Any]
Read = Callable[[Mapping[str, object], Mapping[str, Reader], list[Problem]], dict[str, Any]]


def number(least: int, most: int) -> Reader:
    """A whole number within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Invalid("null" if value is None else "not_in_range", least=least, most=most)
        return value

    return read


def true(value: object) -> bool:
    """What is left out when it is not so."""
    if value is not True:
        raise Invalid("null" if value is None else "not_true")
    return True


def worded(value: object) -> str:
    """A text, which is left out when there is none."""
    text = string(value)
    if not text.strip():
        raise Invalid("blank")
    return text


def codes(known: Iterable[str]) -> Reader:
    """One of the known codes."""
    every = tuple(known)
    return lambda value: code(value, every)


def several(one: Reader) -> Reader:
    """A list of what `one` reads, which is left out when there are none."""

    def read(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise Invalid("null" if value is None else "not_a_list")
        if not value:
            raise Invalid("blank")
        return [one(each) for each in value]

    return read


def holding(right: Right) -> tuple[str, ...]:
    """The roles that may record what asks for a right."""
    return tuple(dict.fromkeys(role for (role, _), row in TABLE.items() if right in row.rights))


def strange(given: Mapping[str, object], known: set[str], problems: list[Problem]) -> None:
    """Note the fields that are not known."""
    problems += [Problem("unknown_field", one) for one in given if one not in known]
