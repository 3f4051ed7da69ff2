"""The attack as a whole, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kdt.publications.attack.model import Follows, Knows, Model, no_rules
from kdt.publications.attack.printed import Inside, Place, Printed
from kdt.publications.attack.search import Narrowed, Search, Watch


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an attack. `not_adding`: totals that are not the sum of what is printed under
    them; `outside`: cells further off than announced; `narrowed`: small cells given away; `small`:
    how many there were, and how many `programs` it took."""

    not_adding: tuple[tuple[str, Place], ...]
    outside: tuple[tuple[str, Place], ...]
    narrowed: tuple[Narrowed, ...]
    small: int
    programs: int

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong and nothing given away."""
        return not (self.not_adding or self.outside or self.narrowed)


def nothing(_part: Place) -> bool:
    """An outsider knows no part; all can be."""
    return False


def unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


def attack(
    everything: Sequence[tuple[Printed, Inside]],
    *,
    small: int = 4,
    least: int = 4,
    never: Knows = nothing,
    known: Knows = nothing,
    follows: Follows = no_rules,
    watch: Watch = unseen,
) -> Report:
    """Try everything published, in the order it was. A cell of 1 to `small` is given away when
    fewer than `least` values remain for it. `never`, `known` and `follows` are what the attacker
    knows besides: see the model.

    Raises Unsolved when the solver comes up with nothing.
    """
    not_adding = tuple((one.id, cell) for one, _ in everything for cell in one.not_adding())
    outside = tuple((one.id, cell) for one, inside in everything for cell in inside.outside(one))
    if outside:
        return Report(not_adding, outside, (), 0, 0)
    model = Model(everything, never, known, follows)
    search = Search(model, list(model.targets(small, least)))
    narrowed = tuple(search.narrowed(watch))
    return Report(not_adding, outside, narrowed, len(search.targets), search.programs)
