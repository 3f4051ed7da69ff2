"""Judge a whole history file, line by line, each as if the bad ones were not there."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from .lines import (
    Fields,
    RefusedError,
    check_action,
    check_change,
    check_fields,
    check_panel,
    check_values,
    is_text,
    read_object,
)
from .moments import amsterdam_day, parse_date, parse_moment, to_moment
from .walk import Entry, in_force, walk


@dataclass(frozen=True)
class Bad:
    """A refused line, counted from 1; `code` is the oracle's own word for why."""

    line: int
    ref: str | None
    code: str


@dataclass
class History:
    """What was accepted, per escalation in the order recorded, and what was refused."""

    panels: dict[str, Fields] = field(default_factory=dict)
    escalations: dict[str, list[Entry]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)


def read(data: bytes, now: datetime) -> History:
    """Judge the bytes of a history file imported at `now` into an empty record."""
    history = History()
    started = False
    for number, raw in enumerate(split(data), 1):
        fields: Fields = {}
        try:
            fields = read_object(raw)
            check_values(fields)
            if fields.get("kind") == "history":
                judge_header(fields, started)
            elif "kind" in fields:
                judge_panel(fields, history)
            else:
                judge_action(number, fields, history, to_moment(now))
            started = True
        except RefusedError as refusal:
            if refusal.code == "field_twice":
                said = json.loads(raw)
                fields = said if isinstance(said, dict) else {}
            ref = fields.get("ref")
            history.bad.append(Bad(number, ref if is_text(ref) else None, refusal.code))
    return history


def split(data: bytes) -> Iterator[bytes]:
    """Lines end in LF or CR LF, and in nothing else; the last may go without."""
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return (line.removesuffix(b"\r") for line in lines)


def judge_header(fields: Fields, started: bool) -> None:
    check_fields(fields, {"kind": is_text, "version": lambda version: type(version) is int}, {})
    if fields["version"] != 1:
        raise RefusedError("unknown_version")
    if started:
        raise RefusedError("header_not_first")


def judge_panel(fields: Fields, history: History) -> None:
    check_panel(fields)
    if fields["id"] in history.panels:
        raise RefusedError("panel_twice")
    seat = (fields["level"], fields.get("location"))
    if seat in [(panel["level"], panel.get("location")) for panel in history.panels.values()]:
        raise RefusedError("seat_taken")
    history.panels[fields["id"]] = fields


def judge_action(number: int, fields: Fields, history: History, now: Fraction) -> None:
    check_action(fields)
    entry = judge_moment(number, fields, history, now)
    earlier = history.escalations.get(fields["escalation"], [])
    if fields["action"] == "correct":
        judge_correction(entry, earlier, history)
    else:
        walk(in_force([*earlier, entry]), history.panels)
    history.escalations.setdefault(fields["escalation"], []).append(entry)
    history.entries[entry.ref] = entry


def judge_moment(number: int, fields: Fields, history: History, now: Fraction) -> Entry:
    moment = parse_moment(fields["recordedAt"])
    entry = Entry(number, moment, amsterdam_day(moment), fields)
    if entry.ref in history.entries:
        raise RefusedError("ref_twice")
    last = next(reversed(history.entries.values()), None)
    if last and moment < last.moment:
        raise RefusedError("recorded_before_previous_line")
    if moment > now:
        raise RefusedError("recorded_in_future")
    if parse_date(fields["occurredOn"]) > entry.day:
        raise RefusedError("occurred_after_recorded")
    return entry


def judge_correction(entry: Entry, earlier: list[Entry], history: History) -> None:
    """A correction of a correction is held to the action at the root of both."""
    root = entry
    while root.fields["action"] == "correct":
        found = history.entries.get(root.fields["replaces"])
        if found is None or found.fields["escalation"] != entry.fields["escalation"]:
            raise RefusedError("replaces_unknown")
        root = found
    if "with" in entry.fields:
        change = entry.fields["with"]
        check_change(change, root.fields["action"])
        if "occurredOn" in change and parse_date(change["occurredOn"]) > entry.day:
            raise RefusedError("corrected_to_after_recorded")
    if root.fields["action"] == "consider" and opener(earlier) == entry.fields["actor"]:
        raise RefusedError("opener_corrects_consideration")
    try:
        walk(in_force([*earlier, entry]), history.panels)
    except RefusedError as refusal:
        raise RefusedError("stands_in_the_way") from refusal


def opener(earlier: list[Entry]) -> str:
    """Who opened: as in force, or when the open itself is voided, as last recorded."""
    opens = [action for action in in_force(earlier) if action["action"] == "open"]
    opens = opens or [entry.fields for entry in earlier if entry.fields["action"] == "open"]
    return str(opens[-1]["actor"])
