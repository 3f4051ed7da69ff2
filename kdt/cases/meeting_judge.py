"""Judging the lines about meetings of a history file: whether what they say can have been."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from kdt import clock
from kdt.panels import history
from kdt.panels.history import Place, Slot, Stands, Told
from kdt.values import Problem
from kdt.vocabulary import Attested, MeetingStatus


@dataclass(slots=True)
class _Waits:
    """A line that only something after it can make whole."""

    line: int
    ref: str | None
    problem: Problem


@dataclass(slots=True)
class MeetingJudge:
    """Slots and what was recorded of their meetings, in the record and in the lines so far."""

    known: dict[Place, Stands]
    live: dict[str, datetime]
    # Of the lines that were good.
    slots: list[Slot] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    _in_file: set[Place] = field(default_factory=set)
    _moved: list[tuple[Place, _Waits]] = field(default_factory=list)
    _cancelled: dict[Place, _Waits | None] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection) -> "MeetingJudge":
        """With what the record holds."""
        return cls(history.standing(connection), history.live_since(connection))

    def slot(self, slot: Slot, line: int, panels: Container[str]) -> Sequence[Problem]:
        """Take in a slot of one of these panels."""
        place = slot.place
        if place.panel not in panels:
            return [Problem("panel_unknown", "panel", {"panel": place.panel})]
        if place in self._in_file:
            return [Problem("meeting_twice", "heldOn", _named(place))]
        stands = self.known.get(place)
        if stands is None or stands.bare:
            # Since when the record knows of a slot never changes: figures of then rest on it.
            since = slot.recorded_at if stands is None else stands.slot.recorded_at
            self.known[place] = Stands(replace(slot, recorded_at=since), bare=False)
            self.slots.append(slot)
        elif stands.slot != slot:
            return [Problem("meeting_differs", "heldOn", _named(place))]
        self._in_file.add(place)
        if slot.moved_to is not None:
            to = Place(place.panel, slot.moved_to)
            wrong = Problem("meeting_unknown", "movedTo", _named(to))
            self._moved.append((to, _Waits(line, None, wrong)))
        return ()

    def tell(self, told: Told, line: int) -> Sequence[Problem]:
        """Take in what was recorded of a meeting, or of a location."""
        recorded_on = clock.day(told.recorded_at)
        if told.occurred_on > recorded_on:
            return [Problem("occurred_after_recorded", "occurredOn")]
        wrong = (
            self._of(told, told.of, recorded_on.isoformat(), line)
            if isinstance(told.of, Place)
            else self._goes_live(told, told.of)
        )
        if wrong:
            return [wrong]
        self.told.append(told)
        return ()

    def unfinished(self) -> Iterator[tuple[int, str | None, Problem]]:
        """The lines that lack what should have come after them: where a meeting was moved to, or
        that what was held first was cancelled in the end."""
        waits = [one for to, one in self._moved if to not in self.known]
        for one in (*waits, *(one for one in self._cancelled.values() if one)):
            yield one.line, one.ref, one.problem

    def _goes_live(self, told: Told, location: str) -> Problem | None:
        last = self.live.get(location)
        if last is not None and told.recorded_at <= last:
            return Problem("not_after_previous", "recordedAt")
        self.live[location] = told.recorded_at
        return None

    def _of(self, told: Told, place: Place, recorded_on: str, line: int) -> Problem | None:
        stands = self.known.get(place)
        if stands is None or stands.bare:
            return Problem("meeting_unknown", "heldOn", _named(place))
        if stands.slot.status is MeetingStatus.MOVED:
            return Problem("meeting_moved", "heldOn", _named(place))
        over = place in self._cancelled and self._cancelled[place] is None
        if over:
            return Problem("meeting_cancelled", "heldOn", _named(place))
        if told.recorded_at <= (stands.last or stands.slot.recorded_at):
            return Problem("not_after_previous", "recordedAt")
        wrong = _arranged(told, stands) or _held(told, stands, place, recorded_on)
        if wrong:
            return wrong
        self._take(told, stands, place, line)
        return None

    def _take(self, told: Told, stands: Stands, place: Place, line: int) -> None:
        stands.last = told.recorded_at
        there = stands.there or {}
        if told.fact in ("attest", "reopen"):
            stands.attested = told.fact == "attest"
        elif told.fact == "arrive":
            stands.there = {**there, told.texts["person"]: told.texts["stands_for"]}
        elif told.fact == "leave":
            there.pop(told.texts["person"])
        if told.fact == "cancel":
            self._cancelled[place] = None
        elif stands.slot.status is MeetingStatus.CANCELLED:
            wrong = Problem("meeting_cancelled", "heldOn", _named(place))
            self._cancelled[place] = _Waits(line, told.ref, wrong)


def _arranged(told: Told, stands: Stands) -> Problem | None:
    """What is wrong with adding, moving or cancelling a meeting then."""
    place = _named(stands.slot.place)
    if told.fact not in ("add", "move", "cancel"):
        return None
    if not stands.slot.by_hand:
        return Problem("meeting_not_by_hand", "fact", place)
    if stands.attested or stands.there:
        return Problem("meeting_begun", "fact", place)
    if told.fact == "cancel" and stands.slot.status is not MeetingStatus.CANCELLED:
        return Problem("meeting_not_cancelled", "fact", place)
    if told.fact == "add" and (stands.last or told.values["kind"] != stands.slot.kind):
        return Problem("meeting_there_already", "fact", place)
    return None


def _held(told: Told, stands: Stands, place: Place, recorded_on: str) -> Problem | None:
    """What is wrong with closing a meeting, opening it again, coming in or going then."""
    if told.fact in ("add", "move", "cancel"):
        return None
    day = str(told.values.get("held_on", place.held_on))
    if day > recorded_on:
        return Problem("meeting_to_come", "recordedAt", _named(place))
    if told.fact == "reopen":
        return None if stands.attested else Problem("meeting_not_closed", "fact", _named(place))
    if stands.attested:
        return Problem("meeting_closed", "fact", _named(place))
    if told.fact == "attest":
        nothing = told.values["attested"] == Attested.NOTHING
        if nothing != (told.values["considered"] == 0):
            return Problem("attested_otherwise", "considered")
        return None
    person = told.texts["person"]
    seat = (stands.there or {}).get(person)
    if told.fact == "arrive" and seat is not None:
        return Problem("there_already", "person", {"person": person})
    if told.fact == "leave" and seat != told.texts["stands_for"]:
        return Problem("not_there", "person", {"person": person})
    return None


def _named(place: Place) -> dict[str, object]:
    return {"panel": place.panel, "held_on": place.held_on.isoformat()}
