"""How a panel or a location stands: its name, whether it is open, and what is announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kdt import words
from kdt.panels.queries import Term


@dataclass(frozen=True, slots=True)
class Standing:
    """As it is on a day. `since` is the day it opened or closed, None for what was always so;
    `announced` says what it will be, a sentence each."""

    name: str
    open: bool
    since: date | None
    announced: tuple[str, ...]


def standing(terms: Sequence[Term], today: date) -> Standing:
    """How its terms make it stand today; what is yet to begin is not open, and announced."""
    in_force = [term for term in terms if term.effective_on <= today]
    announced = tuple(_said(term) for term in terms if term.effective_on > today)
    if not in_force:
        return Standing(terms[0].name, open=False, since=None, announced=announced)
    now = since = in_force[-1]
    for term in reversed(in_force):
        if term.open != now.open:
            break
        since = term
    always = since.effective_on == date.min
    return Standing(now.name, now.open, None if always else since.effective_on, announced)


def _said(term: Term) -> str:
    return words.say(
        "panels.from",
        day=words.full_day(term.effective_on),
        name=term.name,
        state=words.say(f"panels.{'open' if term.open else 'closed'}"),
    )
