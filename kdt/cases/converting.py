"""From a spreadsheet, one row a consideration, to a history file.

The rows may stand in any order. What a spreadsheet leaves unsaid is filled in with what must have
been: submitted on the day it was brought, listed on the day of the meeting, reported back before
the next. Every action is decided by the procedure here, so that what is wrong is told by row.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from kdt import clock, names, words
from kdt.cases import spreadsheet
from kdt.cases.importing import BadLine
from kdt.cases.lines import ActionLine, parse
from kdt.cases.spreadsheet import BadRow, Row
from kdt.procedure import CURRENT, Act, Panel, Refusal, State, decide
from kdt.values import Problem
from kdt.vocabulary import Action, Phase, Role

Line = dict[str, Any]

# An escalation can also end without a consideration.
_ENDINGS = {"withdrawn": Action.WITHDRAW, "lapsed": Action.LAPSE}
# What must happen before it can be listed again.
_BACK = {Phase.RETURNED: Action.SUBMIT, Phase.IN_INQUIRY: Action.REPORT_BACK}
_DETAILS = ("ruling", "inquiry", "referral")
# The column a field of the history file comes from, where they are not called the same.
_COLUMN = {"reason": "reasons", "decideBy": "decide_by", "meetingOn": "considered_on"}


@dataclass(slots=True)
class Converted:
    """The lines of the history file, and the bad rows, numbered as a spreadsheet does."""

    lines: list[Line]
    bad: list[BadLine]
    rows: int
    escalations: int


@dataclass(frozen=True, slots=True)
class _Escalation:
    """One escalation as far as the rows before told it; a row adds to a copy or to none."""

    id: str
    brought_on: date | None = None
    recorded_at: datetime | None = None
    state: State | None = None
    lines: tuple[Line, ...] = ()
    panels: Mapping[str, Panel] = field(default_factory=dict)

    def takes(self, row: Row) -> bool:
        """Whether a row goes on with this one: it names it, or the question is still open."""
        state, cells = self.state, row.cells
        if "escalation" in cells:
            return True
        if state is None or not state.question_open:
            return False
        if "brought_on" in cells and spreadsheet.day(row, "brought_on") != self.brought_on:
            return False
        if "question" in cells and _coded(row, "question") != state.question:
            return False
        return cells.get("location", state.location) == state.location


def convert(data: bytes, now: datetime) -> Converted:
    """The history file of a spreadsheet; recorded at `now` where it does not say when.

    Raises NotASpreadsheet when it is not the template.
    """
    prefix = f"csv-{hashlib.sha256(data).hexdigest()[:8]}"
    now = now.replace(microsecond=0)
    told: list[_Escalation] = []
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    spelled: dict[str, str] = {}
    bad: list[BadLine] = []
    rows = spreadsheet.read(data)
    for row in _in_order(_once(rows, bad), bad):
        # Where it may go on: by the escalation's own name, or else by the case.
        known = places[_key(row)]
        try:
            spreadsheet.refuse_reckoned(row, "case")
            _spelled_alike(row, spelled)
            found = next((place for place in reversed(known) if told[place].takes(row)), None)
            if found is None:
                told.append(_told(_Escalation(f"{prefix}-{len(told) + 1:05}"), row, now))
                known.append(len(told) - 1)
            else:
                told[found] = _told(told[found], row, now)
        except BadRow as error:
            bad.append(_bad_line(row, error))
    bad.sort(key=lambda one: one.line)
    return Converted(_file(told), bad, len(rows), len(told))


def _key(row: Row) -> tuple[str, str]:
    column = "escalation" if "escalation" in row.cells else "case"
    return column, row.cells.get(column, "")


def _once(rows: Iterable[Row], bad: list[BadLine]) -> Iterator[Row]:
    """The rows without those that say the very same as one before: pasted twice, and they would
    count twice."""
    first: dict[frozenset[tuple[str, str]], int] = {}
    for row in rows:
        earlier = first.setdefault(frozenset(row.cells.items()), row.number)
        if earlier == row.number:
            yield row
        else:
            bad.append(_bad_line(row, BadRow(Problem("row_twice", "", {"row": earlier}))))


def _spelled_alike(row: Row, spelled: dict[str, str]) -> None:
    """Locations that differ in capitals, accents or spaces alone would have one KDT. Raises BadRow
    for what is not spelled as in the rows before."""
    if "location" not in row.cells:
        return
    here = row.cells["location"]
    if (before := spelled.setdefault(names.slug(here), here)) != here:
        column = words.say("column.location")
        raise BadRow(Problem("spelled_otherwise", column, {"here": here, "before": before}))


def _in_order(rows: Iterable[Row], bad: list[BadLine]) -> Iterator[Row]:
    """The rows in the order in which they happened; those without a readable day are bad."""
    dated = []
    for row in rows:
        try:
            column = "considered_on" if "considered_on" in row.cells else "brought_on"
            dated.append((spreadsheet.day(_having(row, column), column), row.number, row))
        except BadRow as error:
            bad.append(_bad_line(row, error))
    return (row for _, _, row in sorted(dated))


def _told(escalation: _Escalation, row: Row, now: datetime) -> _Escalation:
    """The escalation with what a row tells. Raises BadRow."""
    at = spreadsheet.moment(row, "recorded_on", now) if "recorded_on" in row.cells else now
    if escalation.recorded_at is not None and at < escalation.recorded_at:
        raise BadRow(Problem("recorded_decreasing_row", words.say("column.recorded_on")))
    escalation = replace(escalation, recorded_at=at)
    if escalation.state is None:
        escalation = _brought(escalation, row)
    elif "case" in row.cells and row.cells["case"] != escalation.state.case:
        raise BadRow(Problem("other_case", words.say("column.case")))
    if "considered_on" in row.cells or "outcome" in row.cells:
        escalation = _considered(escalation, row)
    if "result" in row.cells:
        escalation = _followed(escalation, row)
    return escalation


def _brought(escalation: _Escalation, row: Row) -> _Escalation:
    on = spreadsheet.day(_having(row, "brought_on"), "brought_on")
    fields = {
        name: row.cells[name] for name in ("case", "location", "summary") if name in row.cells
    }
    fields |= {name: _coded(row, name) for name in ("question", "ground") if name in row.cells}
    if "decide_by" in row.cells:
        fields["decideBy"] = spreadsheet.day(row, "decide_by").isoformat()
    escalation = _acted(escalation, row, Action.OPEN, on, fields)
    return replace(_acted(escalation, row, Action.SUBMIT, on), brought_on=on)


def _considered(escalation: _Escalation, row: Row) -> _Escalation:
    on = spreadsheet.day(_having(row, "considered_on"), "considered_on")
    outcome = spreadsheet.word(_having(row, "outcome"), "outcome", ("outcome", "ending"))
    said = row.cells.get("reasons")
    if outcome in _ENDINGS:
        reason = {} if said is None else {"reason": said}
        return _acted(escalation, row, _ENDINGS[outcome], on, reason)
    state = escalation.state
    if state is not None and state.phase in _BACK:
        escalation = _acted(escalation, row, _BACK[state.phase], on)
    panel = _panel(escalation, row)
    escalation = replace(escalation, panels={**escalation.panels, panel.id: panel})
    meeting = {"panel": panel.id, "meetingOn": on.isoformat()}
    escalation = _acted(escalation, row, Action.LIST, on, meeting)
    details = {name: _coded(row, name) for name in _DETAILS if name in row.cells}
    if said is not None:
        details["reasons"] = said
    return _acted(escalation, row, Action.CONSIDER, on, {"outcome": outcome} | details)


def _followed(escalation: _Escalation, row: Row) -> _Escalation:
    on = spreadsheet.day(_having(row, "followed_on"), "followed_on")
    fields = {"result": spreadsheet.word(row, "result", ("result",))}
    if "deviation" in row.cells:
        fields["reasons"] = row.cells["deviation"]
    return _acted(escalation, row, Action.FOLLOW_THROUGH, on, fields)


def _panel(escalation: _Escalation, row: Row) -> Panel:
    """The panel of the level the row names, or else of the level it waits at."""
    state = escalation.state
    assert state is not None, "it was brought before"
    level = spreadsheet.word(row, "level", ("level",)) if "level" in row.cells else state.level
    if level == CURRENT.ladder.first:
        return Panel(f"kdt-{names.slug(state.location)}", level, state.location)
    return Panel(f"kdt-{level}", str(level), None)


def _acted(
    escalation: _Escalation,
    row: Row,
    action: Action,
    on: date,
    fields: Mapping[str, str] | None = None,
) -> _Escalation:
    """The escalation with one more action. Raises BadRow when it cannot be."""
    at = escalation.recorded_at
    assert at is not None, "a row is told at a moment"
    role, actor = _who(escalation, row, action)
    line: Line = {
        "ref": f"{escalation.id}-{len(escalation.lines) + 1:02}",
        "recordedAt": clock.written(at),
        "occurredOn": on.isoformat(),
        "actor": actor,
        "role": role,
        "action": action,
        "escalation": escalation.id,
        **(fields or {}),
    }
    read, _, problems = parse(json.dumps(line).encode(), first=False, version=1)
    if not isinstance(read, ActionLine):
        column = _COLUMN.get(problems[0].field, problems[0].field)
        raise BadRow(replace(problems[0], field=spreadsheet.columns().get(column, column)))
    values = read.inputs.values
    act = Act(
        read.ref,
        read.action,
        read.actor,
        read.role,
        on,
        at,
        read.recorded_on,
        values,
        frozenset(read.inputs.texts),
        escalation.panels[str(values["panel"])] if "panel" in values else None,
    )
    step = decide(CURRENT, escalation.state, act)
    if isinstance(step, Refusal):
        raise BadRow(step)
    return replace(escalation, state=step.after, lines=(*escalation.lines, line))


def _who(escalation: _Escalation, row: Row, action: Action) -> tuple[Role, str]:
    """Who did it in which role: by name where the row says so, else by function and place."""
    state = escalation.state
    location = state.location if state else row.cells.get("location", "")
    if action in (Action.LIST, Action.CONSIDER):
        local = state is not None and state.level == CURRENT.ladder.first
        place = names.slug(location) if local else str(state and state.level)
        return Role.SECRETARY, row.cells.get("recorded_by", f"{Role.SECRETARY}-{place}")
    if state is not None and state.brought_by is not None:
        return Role.OFFICER, state.brought_by
    return Role.OFFICER, row.cells.get("brought_by", f"{Role.OFFICER}-{names.slug(location)}")


def _having(row: Row, column: str) -> Row:
    if column not in row.cells:
        raise BadRow(Problem("missing", spreadsheet.columns()[column]))
    return row


def _coded(row: Row, column: str) -> str:
    return spreadsheet.word(row, column, (column,))


def _file(told: Sequence[_Escalation]) -> list[Line]:
    """All lines in the order recorded, the panels before."""
    panels = {panel.id: panel for one in told for panel in one.panels.values()}
    lines: list[Line] = [{"kind": "history", "version": 1}]
    for panel in sorted(panels.values(), key=lambda one: one.id):
        place = {} if panel.location is None else {"location": panel.location}
        lines.append({"kind": "panel", "id": panel.id, "level": panel.level} | place)
    actions = [line for one in told for line in one.lines]
    # All are written alike, in UTC with whole seconds, so they sort as they stand.
    return lines + sorted(actions, key=lambda line: str(line["recordedAt"]))


def _bad_line(row: Row, error: BadRow) -> BadLine:
    return BadLine(row.number, row.cells.get("case"), (words.sentence(error.problem),))
