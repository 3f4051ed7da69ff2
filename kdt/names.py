"""Names that people give to locations, panels and themes, and the ids made from them."""

import re
import unicodedata

from kdt import words
from kdt.errors import InvalidInput
from kdt.values import Invalid, Problem, name, string


def given(field: str, value: object) -> str:
    """A name as it is kept, without white space around it. Raises InvalidInput."""
    try:
        return " ".join(name(value).split())
    except Invalid as problem:
        raise invalid(Problem(problem.code, field, problem.details)) from problem


def text_given(field: str, value: object) -> str:
    """A line of text that may be empty. Raises InvalidInput."""
    try:
        return string(value).strip()
    except Invalid as problem:
        raise invalid(Problem(problem.code, field, problem.details)) from problem


def invalid(problem: Problem) -> InvalidInput:
    """The error for one bad field, with its sentence."""
    return InvalidInput([problem], words.sentence(problem))


def slug(text: str) -> str:
    """The name in small letters without accents, its words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "x"


def free(wanted: str, taken: set[str]) -> str:
    """The id wanted, or else with the first number that makes it new."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
