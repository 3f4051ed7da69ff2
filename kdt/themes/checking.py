"""What can be wrong with what is told of a talk, a signal, a test or an adjustment."""

from collections.abc import Collection

from kdt import words
from kdt.errors import InvalidInput
from kdt.values import Problem

# How many choices a problem names.
_TOLD = 20


def among(field: str, given: Collection[str], choices: Collection[str]) -> list[Problem]:
    """A problem for each that is none of the choices."""
    known = ", ".join([*choices][:_TOLD])
    return [
        Problem("not_one_of", field, {"given": one[:50], "known": known})
        for one in given
        if one not in choices
    ]


def missing(field: str, given: str) -> list[Problem]:
    """A problem when nothing was filled in."""
    return [] if given.strip() else [Problem("missing", field)]


def refuse(problems: Collection[Problem]) -> None:
    """Raise InvalidInput, naming all of them; nothing when there are none."""
    if problems:
        raise InvalidInput([*problems], " ".join(words.sentence(one) for one in problems))
