"""What themes were called when: no two have one name at the same time.

In a history file themes stand before everything else, and a name is free again once its theme is
called otherwise; so whether one was taken is known when all lines are.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from kdt import names
from kdt.procedure.refusal import Refusal
from kdt.themes.history import ThemeFact
from kdt.themes.queries import Theme, begun
from kdt.themes.service import Code
from kdt.values import Problem
from kdt.vocabulary import ThemeState


class Called:
    """The themes of the record, and those that a file of versions 2 to 5 enters by their names."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known`: what the themes of the record are called now, by their ids."""
        self.new: list[Theme] = []
        self.ids = set(known)
        self._named = {name.casefold(): theme for theme, name in known.items()}

    def enter(self, theme: str, name: str, description: str) -> Sequence[Problem | Refusal]:
        """Take in one, as it is kept; one that the record has stays as it is there. What was tagged
        elsewhere is no mere proposal."""
        if any(one.id == theme for one in self.new):
            return [Problem("theme_twice", "id", {"theme": theme})]
        if theme in self.ids:
            return ()
        name, about = names.given("name", name), names.text_given("description", description)
        if self._named.setdefault(name.casefold(), theme) != theme:
            return [Refusal(Code.NAME_TAKEN, {"name": name})]
        self.ids.add(theme)
        self.new.append(begun(theme, name, about, ThemeState.CONFIRMED))
        return ()


class Names:
    """What themes are called, in the record and in a file."""

    def __init__(self) -> None:
        self._called: list[tuple[datetime, str, str]] = []
        self._lines: dict[str, tuple[int, ThemeFact]] = {}

    def take(self, fact: ThemeFact) -> None:
        """A theme is called so from then on."""
        self._called.append((fact.recorded_at, fact.id, fact.texts["name"].casefold()))

    def entered_on(self, line: int, fact: ThemeFact) -> None:
        """A file enters a theme, on the line of this number."""
        self._lines[fact.id] = (line, fact)

    def twice(self) -> Iterator[tuple[int, str, Refusal]]:
        """The lines, with their ref, that enter a theme by a name another has at the same time: had
        by then, or has in the record since."""
        for theme in dict.fromkeys(self._clashing()):
            line, fact = self._lines[theme]
            yield line, fact.ref, Refusal(Code.NAME_TAKEN, {"name": fact.texts["name"]})

    def _clashing(self) -> Iterator[str]:
        """Of two themes that have one name the later, or else the one, that a file enters."""
        names: dict[str, str] = {}
        holders: dict[str, str] = {}
        for _, theme, name in sorted(self._called, key=itemgetter(0)):
            before = names.get(theme)
            if before is not None and holders.get(before) == theme:
                del holders[before]
            names[theme] = name
            holder = holders.setdefault(name, theme)
            if holder != theme:
                yield from [one for one in (theme, holder) if one in self._lines][:1]
