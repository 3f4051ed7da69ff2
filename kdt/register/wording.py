"""Numbers by kind, as an answer says them."""

from collections.abc import Mapping

from kdt import words


def parts(of: str, counts: Mapping[str, int]) -> str:
    """So many of each (`<of>.<code>` in the words), or that there are none."""
    said = [
        words.say(
            "answers.signals_part", what=words.say(f"{of}.{code}"), number=words.number(count)
        )
        for code, count in counts.items()
    ]
    return ", ".join(said) or words.say("answers.signals_none")
