"""What an act names must be there: cases by number, panels with a meeting, locations, themes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast

from sqlalchemy import Connection

from kdt.cases import dossiers
from kdt.panels import agendas
from kdt.panels.queries import PanelOn, as_panel_on, named_locations, panel_on
from kdt.procedure import Panel, Refusal
from kdt.store.driver import Statement
from kdt.store.writing import AnyRow
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


@dataclass(frozen=True, slots=True)
class Slot:
    """A day of a panel that something is listed for; `agenda_open`: neither drawn up nor closed,
    and waiting with both until the transaction ends."""

    on: PanelOn
    agenda_open: bool


# By panel and day; None where there is no such panel.
Slots = Mapping[tuple[str, date], Slot | None]


def slots_named(all_given: Iterable[tuple[Action, Mapping[str, object]]]) -> list[tuple[str, date]]:
    """The panels and days that actions name, each once."""
    named = (
        (cast("str", given["panel"]), cast("date", given["meeting_on"]))
        for action, given in all_given
        if action is Action.LIST
    )
    return list(dict.fromkeys(named))


def asked(named: Iterable[tuple[str, date]]) -> list[Statement]:
    """What `as_slots` takes, for whoever asks something else as well."""
    # Once its agenda is held: whoever closed the meeting meanwhile is seen.
    return [ask_it(*one) for one in named for ask_it in (agendas.still_open, panel_on)]


def as_slots(named: Sequence[tuple[str, date]], found: Sequence[Sequence[AnyRow]]) -> Slots:
    """What was found of each panel and day."""
    slots: dict[tuple[str, date], Slot | None] = {}
    for one, held, panel in zip(named, found[::2], found[1::2], strict=True):
        on = as_panel_on(panel)
        slots[one] = Slot(on, bool(held) and not on.closed) if on else None
    return slots


def resolve(
    connection: Connection,
    action: Action,
    given: Mapping[str, object],
    today: date,
    slots: Slots,
) -> Found | Refusal:
    """Look up all that `given` names; a case number not seen before makes a new case."""
    values, panel = dict(given), None
    if action is Action.LIST:
        found = _panel(slots, cast("str", given["panel"]), cast("date", given["meeting_on"]))
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


def _panel(slots: Slots, panel: str, meeting_on: date) -> Panel | Refusal:
    found = slots[panel, meeting_on]
    if found is None:
        return Refusal(Code.PANEL_UNKNOWN, {"panel": panel})
    named, on = found.on.panel, found.on
    if not named.open:
        return Refusal(Code.PANEL_CLOSED, {"panel": named.name, "meeting_on": meeting_on})
    if not on.meets:
        return Refusal(Code.NO_MEETING, {"panel": named.name, "meeting_on": meeting_on})
    if on.closed:
        return Refusal(Code.MEETING_CLOSED, {"held_on": meeting_on})
    return Panel(named.id, named.level, named.location)
