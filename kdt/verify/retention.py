"""What may be gone: only what a confirmed selection in the ledger lists, or what an import brought
in without it. What a finished one lists, must be gone."""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, select

from kdt.cases.model import case_numbers, escalations
from kdt.ledger.model import ledger
from kdt.retention.model import retention_items
from kdt.store.writing import AnyRow
from kdt.verify.findings import Report
from kdt.verify.said import UNREADABLE, Said, said, unreadable

CONTENT, PEOPLE, READS = "content", "people", "reads"
_ATTENDANCE, _TALKS, _REPLIES = "attendance", "consultations", "replies"
_SUBJECT, _CASE = "destruction", "request"
# What the ledger says of escalations beside their own log: its texts go with theirs, or are names.
_BESIDE = {
    CONTENT: {"escalation", "hold"},
    PEOPLE: {"escalation", "hold"},
    _ATTENDANCE: {"meeting"},
    _TALKS: {"consultation"},
    _REPLIES: {"signal"},
}
# With what its texts go, but for the names among them, and who recorded it.
_TEXTS_WITH = {
    "hold": CONTENT,
    _CASE: CONTENT,
    "escalation": CONTENT,
    "consultation": _TALKS,
    "signal": _REPLIES,
}
# Of some not all texts go so; whose opinion of a signal it is goes never.
_FIELDS_WITH = {
    ("escalation", "person"): PEOPLE,
    ("meeting", "person"): _ATTENDANCE,
    ("meeting", "stands_for"): _ATTENDANCE,
    ("signal", "assessor"): None,
}
_PEOPLE_WITH = {"hold": PEOPLE, "escalation": PEOPLE}
# What a list says of what was not left as it was.
_GONE = ("destroyed", "absent")


@dataclass(slots=True)
class Covered:
    """Up to which entry of each escalation texts, or people, may be gone, and must be; and the
    cases that came in without a number."""

    may: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    must: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    # Since when nothing the ledger said before about a subject may be there.
    since: dict[str, dict[str, datetime]] = field(default_factory=lambda: defaultdict(dict))
    cases: set[uuid.UUID] = field(default_factory=set)
    # The cases of which somebody asked something, all of whose escalations may have lost their
    # people.
    unnamed: set[str] = field(default_factory=set)
    # All cases without a number, lawful or not.
    numberless: set[uuid.UUID] = field(default_factory=set)

    def lawful(self, what: str, escalation: str, seq: int) -> bool:
        """Whether a text, or who made an entry, may be gone."""
        return self.may[what].get(escalation, 0) >= seq

    def read_on(self, day: date) -> bool:
        """Whether it may be gone who read what on a day."""
        return day.isoformat() in self.may[READS]

    def beside(self, what: str, kind: str, subject_id: str) -> bool:
        """Whether texts, or people, of the ledger's facts about a subject may be gone."""
        if kind == _CASE:
            if what == PEOPLE:
                return subject_id in self.unnamed
            return subject_id in map(str, self.numberless)
        return kind in _BESIDE[what] and subject_id in self.may[what]

    def overdue(self, what: str, escalation: str, seq: int) -> bool:
        """Whether it must be gone."""
        return self.must[what].get(escalation, 0) >= seq

    def text_beside(self, kind: str, subject_id: str, name: str) -> bool:
        """Whether a text of the ledger's facts about a subject may be gone."""
        what = _text_with(kind, name)
        return what is not None and self.beside(what, kind, subject_id)

    def text_overdue(self, kind: str, subject_id: str, name: str, at: datetime) -> bool:
        """Whether a text of a fact of the ledger, recorded at a moment, must be gone."""
        return self._before(_text_with(kind, name), subject_id, at)

    def person_overdue(self, kind: str, subject_id: str, at: datetime) -> bool:
        """Whether who recorded such a fact must be gone."""
        return self._before(_PEOPLE_WITH.get(kind), subject_id, at)

    def _before(self, what: str | None, subject_id: str, at: datetime) -> bool:
        since = self.since[what].get(subject_id) if what else None
        return since is not None and at <= since


def _text_with(kind: str, name: str) -> str | None:
    """With what a text of the ledger goes, if ever."""
    return _FIELDS_WITH.get((kind, name), _TEXTS_WITH.get(kind))


def load(connection: Connection, report: Report) -> Covered:
    """Read what was destroyed on whose word, and name the lists that are not those confirmed."""
    gone = select(case_numbers.c.case_id).where(case_numbers.c.number.is_(None))
    covered = Covered(numberless=set(connection.scalars(gone)))
    for row in connection.execute(select(ledger).where(ledger.c.fact == "import")):
        try:
            values = json.loads(row.content)["values"]
            covered.cases.update(map(uuid.UUID, values.get("destroyed_cases", ())))
        except UNREADABLE:
            unreadable(row, report)
    lists: dict[str, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(select(retention_items)):
        lists[row.selection].append(row)
    for selection, facts in said(connection, _SUBJECT, report).items():
        try:
            _cover(covered, selection, lists.pop(selection, []), facts, report)
        except UNREADABLE:
            report.add("destroyed_list", where=selection)
    for selection in lists:
        report.add("destroyed_list", where=selection)
    _cover_requests(connection, covered)
    return covered


def _cover(
    covered: Covered,
    selection: str,
    listed: Sequence[AnyRow],
    facts: Mapping[str, Said],
    report: Report,
) -> None:
    """What one selection lets go, or has made go. Raises one of UNREADABLE, and then nothing of it
    counts."""
    prepared, confirmed = facts["prepare"], facts.get("confirm")
    digest = _digest(listed)
    if digest != prepared.values["digest"] or (confirmed and digest != confirmed.values["digest"]):
        report.add("destroyed_list", where=selection)
        return
    if confirmed is None:
        return
    if prepared.person == confirmed.person:
        report.add("destroyed_alone", where=selection)
    what, finished = str(prepared.values["what"]), facts.get("finish")
    left = _left(finished.values) if finished else {}
    for row in listed:
        if finished and row.result not in left.get(row.unit, _GONE):
            report.add("destroyed_results", where=selection)
        if row.unit in left:
            continue
        _reach(covered.may[what], row)
        if finished:
            # By what the ledger says; what the list says of it, anybody could have set.
            _reach(covered.must[what], row)
            known = covered.since[what].get(row.escalation_id, confirmed.at)
            covered.since[what][row.escalation_id] = max(known, confirmed.at)


def _left(finished: Mapping[str, Any]) -> dict[int, tuple[str, ...]]:
    """The units left as they were, and what the list may say of each."""
    return {unit: (how,) for how in ("held", "changed") for unit in finished[how]}


def _cover_requests(connection: Connection, covered: Covered) -> None:
    """What was asked about a case goes with its escalations."""
    asked = select(ledger.c.subject_id).where(ledger.c.subject == _CASE)
    case = cast(escalations.c.case_id, Text)
    of: dict[str, list[str]] = defaultdict(list)
    named = select(case.label("case"), escalations.c.id).where(case.in_(asked))
    for row in connection.execute(named):
        of[row.case].append(row.id)
    contents = covered.since[CONTENT]
    for one, its in of.items():
        if all(escalation in covered.may[PEOPLE] for escalation in its):
            covered.unnamed.add(one)
        if all(escalation in contents for escalation in its):
            contents[one] = min(contents[escalation] for escalation in its)


def _reach(up_to: dict[str, int], row: AnyRow) -> None:
    up_to[row.escalation_id] = max(row.seq, up_to.get(row.escalation_id, 0))


def _digest(listed: Sequence[AnyRow]) -> str:
    lines = [
        json.dumps(
            [row.unit, row.escalation_id, row.seq, row.ending, row.since.isoformat()],
            ensure_ascii=False,
        )
        for row in sorted(listed, key=lambda row: (row.unit, row.escalation_id))
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
