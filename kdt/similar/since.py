"""What came of the themes of a case after it was answered: whether policy may have changed since.

Everything the record knows of that is gathered here, each with its kind and its day.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, select

from kdt.themes.adjustments import adjustments
from kdt.themes.model import theme_steps
from kdt.vocabulary import AdjustmentKind, ThemeAction


class Kind(StrEnum):
    """What came of a theme: it was answered; an adjustment for it was decided on, or came into
    force."""

    ANSWER = "answer"
    DECIDED = "decided"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that came of a theme, on a day (Amsterdam)."""

    theme: str
    kind: Kind
    on: date


def changes(connection: Connection, themes: Collection[str]) -> list[Change]:
    """What came of these themes, in order of the days; what was taken back is left out."""
    if not themes:
        return []
    found = {*_answers(connection, themes), *_adjusted(connection, themes)}
    return sorted(found, key=lambda one: (one.on, one.theme, one.kind))


def _adjusted(connection: Connection, themes: Collection[str]) -> Iterator[Change]:
    """Adjustments for these; one that came on a day nobody knows is left out."""
    for one in adjustments(connection):
        changed = one.kind != AdjustmentKind.NONE and one.status in set(Kind)
        if changed and not one.at_latest:
            for theme in set(one.themes) & set(themes):
                yield Change(theme, Kind(one.status), one.since)


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
