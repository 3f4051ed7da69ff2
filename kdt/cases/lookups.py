"""What an act names must be there: cases by number, panels with a meeting, locations, themes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from sqlalchemy import Connection

from kdt.cases import dossiers
from kdt.panels.queries import named_locations, panel_on
from kdt.procedure import Panel, Refusal
from kdt.themes.queries import open_themes
from kdt.vocabulary import Action


class Code(StrEnum):
    """What is named and is not there (any more)."""

    LOCATION_UNKNOWN = "location_unknown"
    PANEL_UNKNOWN = "panel_unknown"
    PANEL_CLOSED = "panel_closed"
    NO_MEETING = "no_meeting"
    MEETING_CLOSED = "meeting_closed"
    THEME_UNKNOWN = "theme_unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """The values with case numbers replaced by ids, and the panel named."""

    values: Mapping[str, object]
    panel: Panel | None


def resolve(
    connection: Connection, action: Action, given: Mapping[str, object], today: date
) -> Found | Refusal:
    """Look up all that `given` names; a case number not seen before makes a new case."""
    values, panel = dict(given), None
    if action is Action.LIST:
        found = _panel(connection, cast("str", given["panel"]), cast("date", given["meeting_on"]))
        if isinstance(found, Refusal):
            return found
        panel = found
    if "location" in given:
        open_now = {one.id for one in named_locations(connection, today) if one.open}
        if given["location"] not in open_now:
            return Refusal(Code.LOCATION_UNKNOWN, {"location": given["location"]})
    if "theme" in given and given["theme"] not in open_themes(connection):
        return Refusal(Code.THEME_UNKNOWN, {"theme": given["theme"]})
    if "case" in given:
        values["case"] = dossiers.case_of(connection, cast("str", given["case"]))
    changes = cast("Mapping[str, object]", given.get("with", {}))
    if "case" in changes:
        case = dossiers.case_of(connection, cast("str", changes["case"]))
        values["with"] = {**changes, "case": case}
    return Found(values, panel)


def _panel(connection: Connection, panel: str, meeting_on: date) -> Panel | Refusal:
    found = panel_on(connection, panel, meeting_on)
    if found is None:
        return Refusal(Code.PANEL_UNKNOWN, {"panel": panel})
    named = found.panel
    if not named.open:
        return Refusal(Code.PANEL_CLOSED, {"panel": named.name, "meeting_on": meeting_on})
    if not found.meets:
        return Refusal(Code.NO_MEETING, {"panel": named.name, "meeting_on": meeting_on})
    if found.closed:
        return Refusal(Code.MEETING_CLOSED, {"held_on": meeting_on})
    return Panel(named.id, named.level, named.location)
