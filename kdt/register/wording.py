"""Numbers as an answer says them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kdt import words

_Code = TypeVar("_Code", bound=str)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number in a sentence: bare, or so many of a thing (`amount.<of>` in the words)."""

    number: int
    of: str | None = None

    def __str__(self) -> str:
        return words.amount(self.of, self.number) if self.of else words.number(self.number)

    def __format__(self, spec: str) -> str:
        return str(self)


@dataclass(frozen=True, slots=True)
class Since:
    """A day in a sentence: the first on which something was registered."""

    day: date

    def __str__(self) -> str:
        return words.full_day(self.day)

    def __format__(self, spec: str) -> str:
        return str(self)


# What sentences are filled in by.
Known = Mapping[str, str | Counted | Since]


def parts(of: str, counts: Mapping[_Code, int]) -> str:
    """So many of each (`<of>.<code>` in the words), or that there are none."""
    said = [
        words.say(
            "answers.signals_part", what=words.say(f"{of}.{code}"), number=words.number(count)
        )
        for code, count in counts.items()
    ]
    return ", ".join(said) or words.say("answers.signals_none")
