"""Panels and locations by the names they have today, and which of them somebody works for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from kdt import words
from kdt.access import permissions
from kdt.access.queries import Person
from kdt.cases.ordering import Order, order_by
from kdt.errors import NotFound
from kdt.panels.queries import NamedLocation, NamedPanel, named_places
from kdt.procedure import State
from kdt.workdays import Calendar


class NotYet(NotFound):
    """The panel or location somebody works for is still to be entered: nothing went wrong."""


@dataclass(frozen=True, slots=True)
class Places:
    """Every panel and location, as called on one day, the calendar, how many working days ahead a
    deadline is near, and in which order agendas are drawn up."""

    panels: Mapping[str, NamedPanel]
    # The same by level and location; a panel that takes from all of them has none.
    serving: Mapping[tuple[str | None, str | None], NamedPanel]
    locations: Mapping[str, NamedLocation]
    calendar: Calendar
    ahead: int
    order: Order

    @property
    def order_note(self) -> str:
        """What an agenda is ordered by, in a sentence."""
        return in_words(self.order)

    def panel_at(self, level: str | None, location: str) -> NamedPanel | None:
        """The panel that takes what waits at a level and was brought from a location."""
        return self.serving.get((level, location)) or self.serving.get((level, None))

    def panel_name(self, panel: str) -> str:
        """What a panel is called."""
        return self.panels[panel].name if panel in self.panels else panel

    def location_name(self, location: str) -> str:
        """What a location is called."""
        return self.locations[location].name if location in self.locations else location

    def holder(self, state: State) -> str | None:
        """The panel an escalation waits for; None when it is with whoever brought it, or done."""
        panel = self.panel_at(state.waiting_at, state.location)
        return panel.name if panel else None

    def served_by(self, person: Person) -> Sequence[NamedPanel]:
        """The panels a person sits in, or may look into."""
        return [
            one
            for one in self.panels.values()
            if any(permissions.serves(actor, one.location) for actor in person.actors)
        ]

    def served(self, person: Person, panel: str) -> NamedPanel:
        """One of those. Raises NotFound, also where it is none of theirs."""
        for one in self.served_by(person):
            if one.id == panel:
                return one
        raise NotFound(words.say("refusal.not_found"))

    def required_of(self, person: Person) -> Sequence[NamedPanel]:
        """The same, never empty. Raises NotYet when theirs is still to come, NotFound when there
        is none for them."""
        mine = self.served_by(person)
        if mine:
            return mine
        if any(permissions.serves(actor, actor.location) for actor in person.actors):
            raise NotYet(words.say("page.panel_to_come"))
        raise NotFound(words.say("refusal.not_found"))


def in_words(order: Order) -> str:
    """What an agenda is ordered by, in a sentence."""
    parts = [words.say(f"order.{basis}") for basis in order.criteria]
    return words.say("order.sentence", parts=words.say("order.then").join(parts))


def places(connection: Connection, on: date) -> Places:
    """All of them, with the names of a day."""
    named = named_places(connection, on)
    return Places(
        {one.id: one for one in named.panels},
        {(one.level, one.location): one for one in named.panels},
        {one.id: one for one in named.locations},
        named.calendar,
        named.ahead,
        order_by(named.weights),
    )
