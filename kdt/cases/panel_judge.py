"""Judging the lines about panels of a history file."""

from collections.abc import Iterable, Sequence

from kdt.procedure import Panel
from kdt.values import Problem


class PanelJudge:
    """The panels in the record and in the lines so far; `new` are those of the lines."""

    def __init__(self, known: Iterable[Panel]) -> None:
        self.known = {panel.id: panel for panel in known}
        self.new: dict[str, Panel] = {}
        self._places = {(panel.level, panel.location): panel.id for panel in self.known.values()}

    def take(self, panel: Panel) -> Sequence[Problem]:
        """Take in a panel; one that the record has must be the same."""
        if panel.id in self.new:
            return [Problem("panel_twice", "id", {"panel": panel.id})]
        known = self.known.get(panel.id)
        if known is not None and known != panel:
            return [Problem("panel_differs", "id", {"panel": panel.id})]
        other = self._places.get((panel.level, panel.location))
        if other is not None and other != panel.id:
            return [Problem("panel_place_taken", "location", {"panel": other})]
        self.new[panel.id] = self.known[panel.id] = panel
        self._places[panel.level, panel.location] = panel.id
        return ()
