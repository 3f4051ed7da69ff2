"""The lines of a history file about meetings (version 5): which were planned and what became of
them, what was recorded of each, and from which day a location takes part."""

from collections.abc import Mapping
from typing import Any

from kdt import clock
from kdt.access.table import Right
from kdt.cases.inputs import key
from kdt.cases.line_values import Read, Reader, codes, holding, number, strange, true, worded
from kdt.panels import history
from kdt.panels.history import Place, Slot, Told
from kdt.panels.patterns import LARGEST_ATTENDANCE, LONGEST_MINUTES
from kdt.values import Invalid, Problem, clock_time, code, day, name
from kdt.vocabulary import Attested, MeetingKind, MeetingStatus, Reopening, Role

# From which version of the format.
SINCE = 5
SLOT, FACT, GO_LIVE = "meeting", "meeting_fact", "go_live"
# As many as can have been considered in a day.
_MOST = 2**15 - 1

_PLACE: Mapping[str, Reader] = {"panel": name, "heldOn": day}
_SLOT: Mapping[str, Reader] = {
    **_PLACE,
    "startsAt": clock_time,
    "sort": codes(MeetingKind),
    "status": codes(MeetingStatus),
}
_MINUTES: Mapping[str, Reader] = {
    "capacity": number(1, LONGEST_MINUTES),
    "itemMinutes": number(1, LONGEST_MINUTES),
    "attendance": number(1, LARGEST_ATTENDANCE),
}
_MAY: Mapping[str, Reader] = {"movedTo": day, "byHand": true, "place": worded, **_MINUTES}
_WHO: Mapping[str, Reader] = {"ref": name, "occurredOn": day, "actor": name}
_SEAT: Mapping[str, Reader] = {"person": name, "standsFor": name}
# What each fact says, and who may record it. The texts of the ledger go by these names as well.
_SAID: Mapping[str, tuple[Right, Mapping[str, Reader]]] = {
    "add": (
        Right.ARRANGE,
        {
            "startsAt": clock_time,
            "sort": codes(MeetingKind),
            "capacity": _MINUTES["capacity"],
            "reason": worded,
        },
    ),
    "move": (Right.ARRANGE, {"startsAt": clock_time, "reason": worded}),
    "cancel": (Right.ARRANGE, {"reason": worded}),
    "attest": (Right.ATTEST, {"attested": codes(Attested), "considered": number(0, _MOST)}),
    "reopen": (Right.ATTEST, {"reason": codes(Reopening)}),
    "arrive": (Right.ATTENDANCE, _SEAT),
    "leave": (Right.ATTENDANCE, _SEAT),
}
# What a fact may say besides: the day it was to be held then, where it has another one since.
_BESIDES: Mapping[str, Mapping[str, Reader]] = {
    "add": {"wasOn": day, "place": worded},
    "move": {"wasOn": day, "place": worded},
    "cancel": {"wasOn": day},
    "attest": {"wasOn": day},
    "reopen": {"wasOn": day},
}
# Called otherwise in a file, where `kind` says which sort of line it is.
_NAMED = {"kind": "sort"}
# What a fact says, in the order in which a line does.
_ORDER = (
    "starts_at",
    "kind",
    "capacity",
    "place",
    "attested",
    "considered",
    "reason",
    "person",
    "stands_for",
)


def slot(
    given: Mapping[str, object], moment: Reader, take: Read, problems: list[Problem]
) -> Slot | None:
    """A day of a panel, and what became of its meeting."""
    may = {one: reader for one, reader in _MAY.items() if one in given}
    known = {"recordedAt": moment, **_SLOT}
    strange(given, {"kind", *known, *_MAY}, problems)
    taken = take(given, {**known, **may}, problems)
    moved, to = taken.get("status") == MeetingStatus.MOVED, taken.get("movedTo")
    if moved and "movedTo" not in given:
        problems.append(Problem("missing", "movedTo"))
    elif "status" in taken and not moved and "movedTo" in given:
        problems.append(Problem("unknown_field", "movedTo"))
    elif to is not None and to == taken.get("heldOn"):
        problems.append(Problem("not_another_day", "movedTo"))
    if any(one in given for one in _MINUTES):
        problems += [Problem("missing", one) for one in _MINUTES if one not in given]
    if taken.get("capacity", _MOST) < taken.get("itemMinutes", 0):
        problems.append(Problem("no_room_for_an_item", "capacity"))
    if problems:
        return None
    return Slot(
        Place(taken["panel"], taken["heldOn"]),
        taken["recordedAt"],
        taken["startsAt"],
        MeetingKind(taken["sort"]),
        MeetingStatus(taken["status"]),
        to,
        "byHand" in taken,
        taken.get("place"),
        taken.get("capacity"),
        taken.get("itemMinutes"),
        taken.get("attendance"),
    )


def fact(
    given: Mapping[str, object], moment: Reader, take: Read, problems: list[Problem]
) -> Told | None:
    """What was recorded of a meeting."""
    try:
        which = code(given["fact"], history.FACTS)
    except KeyError:
        problems.append(Problem("missing", "fact"))
        return None
    except Invalid as problem:
        problems.append(Problem(problem.code, "fact", problem.details))
        return None
    right, says = _SAID[which]
    besides = _BESIDES.get(which, {})
    common = {"recordedAt": moment, **_WHO, "role": codes(holding(right)), **_PLACE}
    strange(given, {"kind", "fact", *common, *says, *besides}, problems)
    may = {one: reader for one, reader in besides.items() if one in given}
    taken = take(given, {**common, **says, **may}, problems)
    if "wasOn" in taken and taken["wasOn"] == taken.get("heldOn"):
        problems.append(Problem("not_another_day", "wasOn"))
    if problems:
        return None
    place = Place(taken["panel"], taken["heldOn"])
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    if which not in ("arrive", "leave"):
        values = {"panel": place.panel, "held_on": taken.get("wasOn", place.held_on)}
    if "startsAt" in taken:
        values["starts_at"] = taken["startsAt"].isoformat("minutes")
        texts["place"] = taken.get("place", "")
    if "sort" in taken:
        values["kind"] = taken["sort"]
    values |= {one: taken[one] for one in ("attested", "considered", "capacity") if one in taken}
    if "reason" in taken:
        (values if which == "reopen" else texts)["reason"] = taken["reason"]
    if "person" in taken:
        texts |= {"person": taken["person"], "stands_for": taken["standsFor"]}
    return _told(taken, which, place, values, texts)


def go_live(
    given: Mapping[str, object], moment: Reader, take: Read, problems: list[Problem]
) -> Told | None:
    """From which day a location takes part."""
    said: dict[str, Reader] = {"location": name, "liveOn": day}
    roles = codes(holding(Right.ADMINISTER))
    known = {"recordedAt": moment, **_WHO, "role": roles, **said}
    strange(given, {"kind", *known}, problems)
    taken = take(given, known, problems)
    if problems:
        return None
    return _told(taken, GO_LIVE, taken["location"], {"live_on": taken["liveOn"]}, {})


def _told(
    taken: Mapping[str, Any],
    which: str,
    of: Place | str,
    values: Mapping[str, object],
    texts: Mapping[str, str],
) -> Told:
    return Told(
        taken["ref"],
        taken["recordedAt"],
        taken["occurredOn"],
        taken["actor"],
        Role(taken["role"]),
        which,
        of,
        values,
        texts,
    )


def slot_line(slot: Slot) -> dict[str, object]:
    """A slot as a line."""
    line: dict[str, object] = {
        "kind": SLOT,
        "recordedAt": clock.written(slot.recorded_at),
        "panel": slot.place.panel,
        "heldOn": slot.place.held_on.isoformat(),
        "startsAt": slot.starts_at.isoformat("minutes"),
        "sort": slot.kind,
        "status": slot.status,
    }
    if slot.moved_to is not None:
        line["movedTo"] = slot.moved_to.isoformat()
    if slot.by_hand:
        line["byHand"] = True
    may = {
        "place": slot.where,
        "capacity": slot.capacity,
        "itemMinutes": slot.item_minutes,
        "attendance": slot.attendance,
    }
    return line | {one: value for one, value in may.items() if value is not None}


def told_line(told: Told) -> dict[str, object]:
    """A fact as a line."""
    who = {
        "ref": told.ref,
        "recordedAt": clock.written(told.recorded_at),
        "occurredOn": told.occurred_on.isoformat(),
        "actor": told.actor,
        "role": told.role,
    }
    if not isinstance(told.of, Place):
        live = {"location": told.of, "liveOn": told.values["live_on"]}
        return {"kind": GO_LIVE, **who, **live}
    day = told.of.held_on.isoformat()
    line: dict[str, object] = {"kind": FACT, **who, "fact": told.fact}
    line |= {"panel": told.of.panel, "heldOn": day}
    if told.values.get("held_on", day) != day:
        line["wasOn"] = told.values["held_on"]
    said = {**told.values, **told.texts}
    line |= {_NAMED.get(one, key(one)): said[one] for one in _ORDER if said.get(one, "") != ""}
    return line
