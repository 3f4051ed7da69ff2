"""Where locations and panels are entered and changed. What is recorded of them is only added to:
names and closing count from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import insert

from kdt import clock, words
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.panels.history import Slot, enter_slots, planned_days
from kdt.panels.model import (
    TERMS,
    agenda_weights,
    location_go_lives,
    locations,
    panel_patterns,
    panels,
)
from kdt.panels.patterns import Pattern, first, met_on
from kdt.panels.planning import hold_still, plan
from kdt.panels.queries import Term
from kdt.panels.weights import AGENDA, Weights
from kdt.procedure import Panel


class Code(StrEnum):
    """Why a location or panel cannot be changed so; the Dutch stands under `refusal`."""

    NAME_TAKEN = "name_taken"
    NOT_YET_THERE = "not_yet_there"
    CLOSES_IN_THE_PAST = "closes_in_the_past"
    LOCATION_OPEN = "location_open"
    LOCATIONS_OPEN = "locations_open"
    STILL_UNFINISHED = "still_unfinished"
    PANEL_HERE_ALREADY = "panel_here_already"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where changes are entered: one transaction, on behalf of somebody, at a moment."""

    connection: Connection
    by: By
    now: datetime

    @property
    def today(self) -> date:
        """The day in Amsterdam."""
        return clock.day(self.now)

    def enter_location(self, location: str, term: Term) -> None:
        """A location that is already there stays as it is."""
        new = self.connection.scalar(
            insert(locations).values(id=location).on_conflict_do_nothing().returning(locations.c.id)
        )
        if new is not None:
            self._enter(Subject.LOCATION, location, term, "enter")

    def enter_panel(
        self, panel: Panel, on: date, name: str | None = None, met: Sequence[date] = ()
    ) -> None:
        """A panel that is already there stays as it is; one that is known to have `met` on these
        days begins with those of the week."""
        began = met_on(met, first(panel.level))
        new = self.connection.scalar(
            insert(panels)
            .values(
                id=panel.id,
                level=panel.level,
                location=panel.location,
                weekdays=list(began.weekdays),
                starts_at=began.starts_at,
            )
            .on_conflict_do_nothing()
            .returning(panels.c.id)
        )
        if new is not None:
            term = Term(on, name or default_name(panel), open=True)
            made: dict[str, object] = {
                "level": panel.level,
                "weekdays": list(began.weekdays),
                "starts_at": began.starts_at.isoformat("minutes"),
            }
            if panel.location is not None:
                made["location"] = panel.location
            self._enter(Subject.PANEL, panel.id, term, "enter", made)

    def change(
        self,
        subject: Subject,
        owner: str,
        terms: list[Term] | None,
        on: date,
        name: str | None,
        is_open: bool | None,
    ) -> None:
        """Record what is different from `on`; what was announced for later goes on from there."""
        if terms is None:
            raise NotFound(words.say("refusal.not_found"))
        in_force = [term for term in terms if term.effective_on <= on]
        if not in_force:
            raise refused(Code.NOT_YET_THERE, on=on)
        before = in_force[-1]
        after = Term(on, name or before.name, before.open if is_open is None else is_open)
        if after == replace(before, effective_on=on):
            return
        self._enter(subject, owner, after, "change")
        for later in terms[len(in_force) :]:
            carried = Term(
                later.effective_on,
                after.name if later.name == before.name else later.name,
                after.open if later.open == before.open else later.open,
            )
            if carried != later:
                self._enter(subject, owner, carried, "change")
            before, after = later, carried

    def enter_pattern(self, panel: str, effective_on: date, pattern: Pattern) -> None:
        """How a panel meets from a day on."""
        row = {**asdict(pattern), "effective_on": effective_on, "weekdays": [*pattern.weekdays]}
        said = {**row, "starts_at": pattern.starts_at.isoformat("minutes")}
        place = str(said.pop("place"))
        fact = Fact(Subject.PANEL, panel, "pattern", said, {"place": place})
        self._keep(fact, panel_patterns, {**row, "panel": panel})

    def weigh(self, effective_on: date, weights: Weights) -> None:
        """How much each thing weighs in the order of agendas from a day on."""
        row = {"effective_on": effective_on, **asdict(weights)}
        self._keep(Fact(Subject.ORDER, AGENDA, "weigh", row), agenda_weights, row)

    def go_live(self, location: str, live_on: date) -> None:
        """From which day the product keeps the agendas of a location."""
        self._keep(
            Fact(Subject.LOCATION, location, "go_live", {"live_on": live_on}),
            location_go_lives,
            {"location": location, "live_on": live_on},
        )

    def panels_at(self, location: str) -> list[str]:
        """The panels of a location."""
        return list(
            self.connection.scalars(select(panels.c.id).where(panels.c.location == location))
        )

    def _enter(
        self,
        subject: Subject,
        owner: str,
        term: Term,
        fact: str,
        made: Mapping[str, object] | None = None,
    ) -> None:
        """Record a term as a fact, and keep it where terms are read."""
        values = {"effective_on": term.effective_on, "open": term.open, **(made or {})}
        self._keep(
            Fact(subject, owner, fact, values, {"name": term.name}),
            TERMS[subject],
            {
                subject: owner,
                "effective_on": term.effective_on,
                "name": term.name,
                "open": term.open,
            },
        )

    def _keep(self, fact: Fact, table: Table, row: Mapping[str, object]) -> None:
        (recorded,) = append(self.connection, self.by, fact)
        self.connection.execute(
            insert(table).values(
                {**row, "recorded_by": self.by.person, "recorded_at": recorded.recorded_at}
            )
        )


def enter_imported(
    connection: Connection,
    new_locations: Iterable[str],
    new_panels: Mapping[str, Panel],
    slots: Sequence[Slot],
    held: Iterable[tuple[str, date]],
    *,
    by: By,
    at: datetime,
) -> None:
    """Enter what a history file speaks of and is not known yet, in force since for ever. `held`:
    the meetings something was listed for, which `slots` may not know of."""
    desk = Desk(connection, by, at)
    for location in sorted(new_locations):
        desk.enter_location(location, Term(date.min, location, open=True))
    met = planned_days(slots)
    for panel in new_panels.values():
        desk.enter_panel(panel, date.min, met=met.get(panel.id, ()))
    hold_still(connection)
    enter_slots(connection, slots, desk.today)
    plan(connection, held)


def default_name(panel: Panel) -> str:
    """What a panel is called until somebody names it."""
    name = words.say(f"panel_name.{panel.level}")
    return f"{name} {panel.location}" if panel.location else name
