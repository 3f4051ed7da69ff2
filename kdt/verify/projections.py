"""What is read from the log must be what folding it gives: every column of every row."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from kdt.procedure import State
from kdt.store.writing import AnyRow
from kdt.verify.findings import Report
from kdt.verify.folding import Folded, Tag
from kdt.verify.rows import Rows
from kdt.vocabulary import Action

# It is nowhere once even its opening was voided; its other columns then hold what once stood
# there, and mean nothing.
_NOWHERE: Mapping[str, object] = dict.fromkeys(
    ("phase", "level", "panel", "meeting_on", "waiting_since")
)


def compare(escalation: str, rows: Rows, folded: Folded, report: Report) -> None:
    """Compare the rows read from the log with what folding it gives."""
    _state(escalation, rows, folded, report)
    _considerations(escalation, rows, folded, report)
    _tags(escalation, rows, folded, report)
    _outgoing(escalation, rows, folded, report)


def _state(escalation: str, rows: Rows, folded: Folded, report: Report) -> None:
    if not rows.states:
        report.add("state_missing", escalation)
        return
    row, head = rows.states[0], rows.entries[-1]
    values = {
        **(_columns(folded.state, rows.suspensions) if folded.state else _NOWHERE),
        "seq": head.seq,
        "head": head.hash,
        "recorded_at": folded.entries[-1].act.recorded_at,
    }
    for column, value in values.items():
        if getattr(row, column) != value:
            report.add("state", escalation, column=column)


def _columns(state: State, suspensions: Sequence[AnyRow]) -> dict[str, object]:
    return {
        "version": state.version,
        "phase": state.phase,
        "level": state.level,
        "case_id": uuid.UUID(state.case),
        "location": state.location,
        "question": state.question,
        "ground": state.ground,
        "brought_by": state.brought_by,
        "decide_by": state.decide_by,
        "last_on": state.last_on,
        "settled": state.settled,
        "panel": state.panel,
        "meeting_on": state.meeting_on,
        "reached": list(state.reached),
        "waiting_since": state.waiting_since,
        "held_over": state.held_over,
        "unresolved_at": state.unresolved_at,
        "unresolved_last": state.unresolved_last,
        "deadline": state.decide_by and _deadline(state.decide_by, suspensions),
    }


def _deadline(recorded: date, suspensions: Sequence[AnyRow]) -> date | None:
    """The day on which as many days have run as up to the day recorded, had nothing suspended the
    term; None when it is suspended by then until nobody knows when."""
    ordinal, owed = min([recorded, *(one.first_on for one in suspensions)]).toordinal() - 1, 0
    last = recorded.toordinal()
    while (ordinal < last or owed) and ordinal < date.max.toordinal():
        ordinal += 1
        day = date.fromordinal(ordinal)
        here = [one for one in suspensions if one.first_on <= day <= (one.last_on or date.max)]
        if ordinal > last:
            owed -= 1
        if here and any(one.last_on is None for one in here):
            return None
        owed += bool(here)
    return date.fromordinal(ordinal)


def _considerations(escalation: str, rows: Rows, folded: Folded, report: Report) -> None:
    found = {row.seq: row for row in rows.considerations}
    for seq, values in _standing(folded).items():
        row = found.pop(seq, None)
        if row is None:
            report.add("consideration_missing", escalation, seq)
            continue
        for column, value in values.items():
            if getattr(row, column) != value:
                report.add("consideration", escalation, seq, column=column)
    for seq in found:
        report.add("consideration_stray", escalation, seq)


def _standing(folded: Folded) -> Mapping[int, Mapping[str, object]]:
    """The considerations that stand, by the number of the entry that first recorded each."""
    number, standing = folded.number, {}
    for step in folded.steps:
        if step.act.action is not Action.CONSIDER:
            continue
        seq, values, before = number[step.act.ref], step.act.values, cast("State", step.before)
        standing[seq] = {
            "ref": step.act.ref,
            "case_id": uuid.UUID(cast("State", folded.state).case),
            "panel": before.panel,
            "level": before.level,
            "occurred_on": step.act.occurred_on,
            "outcome": values["outcome"],
            "ruling": values.get("ruling"),
            "inquiry": values.get("inquiry"),
            "referral": values.get("referral"),
            "settles": step.settles,
            "imported": folded.entries[seq - 1].import_id is not None,
            "due_on": values.get("due_on"),
        }
    return standing


def _tags(escalation: str, rows: Rows, folded: Folded, report: Report) -> None:
    found = {_tag(row) for row in rows.tags}
    for tag in folded.tags - found:
        report.add("tag_missing", escalation, tag.seq, theme=tag.theme)
    for tag in found - folded.tags:
        report.add("tag_stray", escalation, tag.seq, theme=tag.theme)
    times = Counter(tag.theme for tag in folded.tags)
    again = {theme for theme, number in times.items() if number > 1}
    for theme in again ^ {row.theme for row in rows.repeats}:
        report.add("tags_again", escalation, theme=theme)


def _tag(row: AnyRow) -> Tag:
    return Tag(row.seq, row.changed_by, row.theme, row.occurred_on, row.recorded_on, row.amount)


def _outgoing(escalation: str, rows: Rows, folded: Folded, report: Report) -> None:
    """What was done in the product goes out once; what was imported is never sent."""
    sent: dict[int, list[AnyRow]] = {}
    for row in rows.outgoing:
        sent.setdefault(row.seq, []).append(row)
    for seq, entry in enumerate(folded.entries, 1):
        going = sent.pop(seq, [])
        if len(going) != (0 if entry.import_id else 1):
            report.add("outbox_number", escalation, seq, found=len(going))
        for row in going:
            if row.type != entry.act.action or row.at != entry.act.recorded_at:
                report.add("outbox", escalation, seq)
    for seq in sent:
        report.add("outbox_stray", escalation, seq)
