"""What came of the themes of a case after it was answered: whether policy may have changed since.

Everything the record knows of that is gathered here, each with its kind and its day.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from kdt.themes.model import theme_steps
from kdt.vocabulary import ThemeAction


class Kind(StrEnum):
    """What came of a theme."""

    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that came of a theme, on a day (Amsterdam)."""

    theme: str
    kind: Kind
    on: date


def changes(connection: Connection, themes: Collection[str]) -> list[Change]:
    """What came of these themes, in order of the days; what was taken back is left out."""
    return sorted(_answers(connection, themes), key=lambda one: (one.on, one.theme))


def _answers(connection: Connection, themes: Collection[str]) -> Iterator[Change]:
    steps = connection.execute(
        select(
            theme_steps.c.theme,
            theme_steps.c.seq,
            theme_steps.c.action,
            theme_steps.c.occurred_on,
            theme_steps.c.replaces,
        ).where(
            theme_steps.c.theme.in_(themes),
            theme_steps.c.action.in_([ThemeAction.ANSWER, ThemeAction.CORRECT]),
        )
    ).all()
    gone = {(one.theme, one.replaces) for one in steps if one.action == ThemeAction.CORRECT}
    for one in steps:
        if one.action == ThemeAction.ANSWER and (one.theme, one.seq) not in gone:
            yield Change(one.theme, Kind.ANSWER, one.occurred_on)
