"""Numbers by kind, as an answer says them."""

from collections.abc import Mapping
from typing import TypeVar

from kdt import words

_Code = TypeVar("_Code", bound=str)


def parts(of: str, counts: Mapping[_Code, int]) -> str:
    """So many of each (`<of>.<code>` in the words), or that there are none."""
    said = [
        words.say(
            "answers.signals_part", what=words.say(f"{of}.{code}"), number=words.number(count)
        )
        for code, count in counts.items()
    ]
    return ", ".join(said) or words.say("answers.signals_none")
