"""What waits and should not, in sentences: for whoever watches the whole, and numbers alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from api.pages import closing
from kdt import words
from kdt.cases import inquiries
from kdt.cases.inquiries import Debt
from kdt.cases.overview import Waiting
from kdt.panels.coverage import gaps
from kdt.panels.queries import named_panels
from kdt.procedure import CURRENT

# What waits and should not, and how many of those there are.
_KINDS: Mapping[str, Callable[[Waiting], int]] = {
    "overdue": lambda one: one.overdue,
    "unresolved": lambda one: one.unresolved,
    "held_often": lambda one: one.held_often,
}


def attention(
    connection: Connection,
    waits: Sequence[Waiting],
    today: date,
    level: str | None = None,
    location: str | None = None,
) -> list[str]:
    """What asks for attention now, of what waits and is owed; of one level or location when that
    is given. A panel without a location of its own takes from every location."""

    def here(its_level: str, its_location: str | None) -> bool:
        return level in (None, its_level) and (location is None or its_location in (None, location))

    names = {
        one.id: one.name for one in named_panels(connection, today) if here(one.level, one.location)
    }
    open_meetings = gaps(connection, today, names)
    missing = closing.missing(open_meetings, lambda panel: names[panel])
    return [
        *_waiting([one for one in waits if here(one.level, one.location)]),
        *_owed(
            [one for one in inquiries.debts(connection, today) if here(one.level, one.location)]
        ),
        *([missing] if missing else []),
    ]


def _waiting(waits: Sequence[Waiting]) -> list[str]:
    """What waits and should not: a sentence for each kind at each level, and where."""
    sentences = []
    for level in CURRENT.ladder.levels:
        here = [one for one in waits if one.level == level.code]
        for kind, count in _KINDS.items():
            counts = {one.location: number for one in here if (number := count(one))}
            if not counts:
                continue
            total = sum(counts.values())
            sentences.append(
                words.say(
                    f"start.{kind}_{'one' if total == 1 else 'more'}",
                    count=words.number(total),
                    level=words.say(f"level.{level.code}"),
                    where=", ".join(
                        f"{location} {words.number(number)}" for location, number in counts.items()
                    ),
                )
            )
    return sentences


def _owed(debts: Sequence[Debt]) -> list[str]:
    """What officers still owe a panel: a sentence for each kind at each level, and where."""
    kinds: Mapping[str, Callable[[Debt], int]] = {
        "late": lambda one: one.late,
        "unfollowed": lambda one: one.unfollowed,
    }
    sentences = []
    for level in CURRENT.ladder.levels:
        for kind, count in kinds.items():
            here = {one.location: count(one) for one in debts if one.level == level.code}
            if total := sum(here.values()):
                where = ", ".join(
                    f"{place} {words.number(number)}" for place, number in here.items() if number
                )
                said = {"count": words.number(total), "level": words.say(f"level.{level.code}")}
                sentences.append(words.say(f"start.{kind}", where=where, **said))
    return sentences
