"""Judging the lines of a history file in order, against the record and against each other.

A bad line leaves nothing behind: each next line is judged as if it were not there.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import cast

from sqlalchemy import Connection, Table, or_, select

from kdt import clock, hashing
from kdt.cases import dossiers, recalling, theme_lines
from kdt.cases import entries as canonical
from kdt.cases.inputs import NumberlessCase
from kdt.cases.lines import ActionLine, DemoLine, Header, Line, PanelLine, ThemeLine
from kdt.cases.meeting_judge import MeetingJudge
from kdt.cases.meeting_lines import SINCE
from kdt.cases.model import (
    case_numbers,
    cases,
    entries,
    entry_people,
    entry_texts,
)
from kdt.cases.panel_judge import PanelJudge
from kdt.cases.recalling import Subject
from kdt.cases.recording import Batch, Dossier, Past, record
from kdt.cases.tagged import Tagged
from kdt.cases.theme_judge import ThemeJudge
from kdt.cases.theme_names import Called
from kdt.ledger.table import Subject as Ledger
from kdt.panels.history import Slot, Told
from kdt.panels.queries import all_panels
from kdt.procedure import CURRENT, Act, Panel, Refusal, Step
from kdt.store.writing import Rows
from kdt.tallies.cells import CaseCell, Considered, Tally
from kdt.tallies.stays import StayCell
from kdt.themes.history import ThemeFact
from kdt.themes.queries import called
from kdt.values import Problem
from kdt.vocabulary import Action

Trouble = Problem | Refusal


class Judge:
    """What is known so far, and the rows that follow from the good lines."""

    def __init__(
        self,
        connection: Connection,
        import_id: uuid.UUID,
        last: datetime | None,
        *,
        demo: bool | None,
    ) -> None:
        """`last`: the moment of the newest entry; `demo`: whether the record is a demonstration,
        or None as long as that is open."""
        self.batch = Batch(salt=partial(next, hashing.salts()))
        self.new_cases: list[tuple[uuid.UUID, str | None, bytes | None, date | None]] = []
        # The cases that came in without their number.
        self.numberless: set[uuid.UUID] = set()
        self.entries = 0
        self.demo = bool(demo)
        self.panels = PanelJudge(all_panels(connection))
        self.locations: set[str] = set()
        # Those that something was listed for, and what the file says of meetings themselves.
        self.meetings: set[tuple[str, date]] = set()
        self.sittings = MeetingJudge({}, {})
        # What it says of themes and what is told about them.
        self.talks = ThemeJudge()
        self.now = dossiers.moment(connection, ()).now
        self._connection = connection
        self._import_id = import_id
        self._last_before = last
        self._last = last
        self._empty = last is None
        self._may_be_demo = self.demo or (demo is None and last is None)
        self.called = Called(called(connection))
        self._refs: set[str] = set()
        # Of those, what is not about escalations.
        self._told: list[str] = []
        self._subjects: dict[str, Subject] = {}
        self._cases: dict[str, str] = {}
        self._considered: dict[str, list[Considered]] = {}
        self._known_cases: set[str] = set()
        # Of cases named by their id: the day their number was destroyed, None when it is there.
        self._destroyed_on: dict[uuid.UUID, date | None] = {}
        self._tagged = Tagged(connection, self._subjects, self.batch.tags, alone=self._empty)

    def prepare(self, lines: Iterable[Line]) -> None:
        """Fetch what the record already knows of these lines, in a fixed number of queries."""
        lines = list(lines)
        # The first line of a file, if any, says whether it can speak of meetings.
        if any(isinstance(line, Header) and line.version >= SINCE for line in lines):
            self.sittings = MeetingJudge.of(self._connection)
        if any(isinstance(line, Header) and line.version >= theme_lines.SINCE for line in lines):
            self.talks = ThemeJudge.of(self._connection)
        told = [line.ref for line in lines if isinstance(line, Told | ThemeFact)]
        if told:
            self._refs.update(recalling.refs_of_facts(self._connection, told))
        if self._empty:
            return
        actions = [line for line in lines if isinstance(line, ActionLine)]
        refs = [*told, *(line.ref for line in actions)]
        self._refs.update(recalling.refs_of_entries(self._connection, refs))
        ids = {line.escalation for line in actions} - self._subjects.keys()
        found = recalling.subjects(self._connection, ids)
        self._subjects |= found
        self._know_cases(actions)
        of_found = {one.opened.case for one in found.values()}
        self._known_cases |= of_found
        books = dossiers.considered_of(self._connection, of_found - self._considered.keys())
        self._considered |= books

    def _know_cases(self, actions: Iterable[ActionLine]) -> None:
        """Which of the cases these lines name are in the record."""
        named = [case for line in actions if (case := _named_case(line))]
        numbers = {one for one in named if isinstance(one, str)} - self._cases.keys()
        destroyed = {one.id for one in named if isinstance(one, NumberlessCase)}
        for row in self._connection.execute(
            select(case_numbers).where(
                or_(
                    recalling.among(case_numbers.c.number, numbers),
                    recalling.among(case_numbers.c.case_id, destroyed),
                )
            )
        ):
            self._known_cases.add(str(row.case_id))
            self._destroyed_on[row.case_id] = row.destroyed_on
            if row.number is not None:
                self._cases[row.number] = str(row.case_id)

    def line(self, line: Line, number: int) -> Sequence[Trouble]:
        """Take in a line that reads well, by its number; what is wrong with it, if anything."""
        if isinstance(line, ActionLine):
            return self._action(line)
        if isinstance(line, Slot | Told):
            return self._meeting(line, number)
        if isinstance(line, ThemeFact):
            return self._theme_fact(line, number)
        if isinstance(line, PanelLine):
            return self._panel(line)
        if isinstance(line, ThemeLine):
            return self.called.enter(line.id, line.name, line.description)
        if isinstance(line, DemoLine):
            return self._mark(line)
        return ()

    def touched(self) -> list[Subject]:
        """The escalations the file acted on."""
        return [one for one in self._subjects.values() if one.dossier.seq]

    def take_counts(
        self,
    ) -> tuple[Tally, Counter[tuple[CaseCell, date]], Counter[StayCell]]:
        """What was counted since the last time."""
        batch = self.batch
        taken = batch.tally, batch.cases, batch.stays
        batch.tally, batch.cases, batch.stays = Tally(), Counter(), Counter()
        return taken

    def forget(self) -> None:
        """What was written to the record need not be known any longer: it is read from there when
        a line asks for it."""
        self._subjects.clear()
        self._cases.clear()
        self._considered.clear()
        self._known_cases.clear()
        self._destroyed_on.clear()
        self._refs = set(self._told)
        self._empty = self._tagged.alone = False

    def reads_record(self, lines: Iterable[Line | None]) -> bool:
        """Whether lines are held against what the record already holds."""
        return not self._empty or any(isinstance(line, Told | ThemeFact) for line in lines)

    def take_rows(self) -> list[tuple[Table, Rows]]:
        """The rows of entries and cases since the last time, in the order they can be written."""
        batch, new_cases = self.batch, self.new_cases
        rows: list[tuple[Table, Rows]] = [
            (cases, [(one,) for one, *_ in new_cases]),
            (case_numbers, new_cases),
            (entries, batch.entries),
            (entry_people, batch.people),
            (entry_texts, batch.texts),
        ]
        batch.entries, batch.people, batch.texts = [], [], []
        self.new_cases = []
        return rows

    def _mark(self, line: DemoLine) -> Sequence[Trouble]:
        if self.entries or self.panels.new or self.called.new or self.talks.entered:
            return [Problem("demo_not_first", "kind")]
        if not self._may_be_demo:
            return [Problem("demo_not_here", "kind")]
        self.demo = True
        return ()

    def _panel(self, line: PanelLine) -> Sequence[Trouble]:
        wrong = self.panels.take(Panel(line.id, line.level, line.location))
        if not wrong and line.location is not None:
            self.locations.add(line.location)
        return wrong

    def _theme_fact(self, line: ThemeFact, number: int) -> Sequence[Trouble]:
        entering = line.begins and line.subject is Ledger.THEME
        if entering and self.talks.is_here(line):
            return ()
        # Themes stand before everything else, whenever they were entered.
        troubles = self._misplaced(line.ref, line.recorded_at, among=not entering)
        if troubles:
            return troubles
        wrong = (
            self.talks.enter(line, number) if entering else self.talks.tell(line, self._tagged.of)
        )
        if wrong:
            return wrong
        self._take_ref(line.ref)
        if entering:
            self.called.ids.add(line.id)
        else:
            self._last = line.recorded_at
        return ()

    def _meeting(self, line: Slot | Told, number: int) -> Sequence[Trouble]:
        ref = line.ref if isinstance(line, Told) else None
        troubles = self._misplaced(ref, line.recorded_at)
        if troubles:
            return troubles
        wrong = (
            self.sittings.slot(line, number, self.panels.known)
            if isinstance(line, Slot)
            else self.sittings.tell(line, number)
        )
        if wrong:
            return wrong
        if isinstance(line, Told):
            self._take_ref(line.ref)
            if isinstance(line.of, str):
                self.locations.add(line.of)
        self._last = line.recorded_at
        return ()

    def _action(self, line: ActionLine) -> Sequence[Trouble]:
        troubles = [*self._misplaced(line.ref, line.recorded_at), *self._unknown(line)]
        if troubles:
            return troubles
        act = self._act(line)
        subject = self._subjects.get(line.escalation)
        dossier = subject.dossier if subject else Dossier(line.escalation)
        result = record(
            dossier,
            act,
            line.inputs.texts,
            self.batch,
            case_book=self._case_book,
            act_book=lambda: [one.act for one in dossier.past or ()],
            import_id=self._import_id,
            opening_version=CURRENT.version,
        )
        if isinstance(result, Refusal):
            return [result]
        if subject is None:
            opening = cast("Step", result)
            dossier.past = [Past(1, True, act)]
            self._subjects[line.escalation] = Subject(dossier, opening.after, new=True)
            self.locations.add(opening.after.location)
        if act.action is Action.LIST and act.panel is not None:
            self.meetings.add((act.panel.id, cast("date", act.values["meeting_on"])))
        self._refs.add(line.ref)
        self._last = line.recorded_at
        self.entries += 1
        return ()

    def _misplaced(
        self, ref: str | None, recorded_at: datetime, *, among: bool = True
    ) -> list[Trouble]:
        """What is wrong with a line's place among the others and in time; of one that stands
        outside their order, not `among` them."""
        troubles: list[Trouble] = []
        if ref in self._refs:
            troubles.append(Problem("ref_twice", "ref", {"ref": ref}))
        if recorded_at > self.now:
            troubles.append(Problem("recorded_in_the_future", "recordedAt"))
        elif not among:
            return troubles
        elif self._last_before is not None and recorded_at <= self._last_before:
            last = clock.written(self._last_before)
            troubles.append(Problem("not_newer_than_record", "recordedAt", {"last": last}))
        elif self._last is not None and recorded_at < self._last:
            troubles.append(Problem("recorded_decreasing", "recordedAt"))
        return troubles

    def _unknown(self, line: ActionLine) -> list[Trouble]:
        values = line.inputs.values
        if line.action is Action.LIST and values["panel"] not in self.panels.known:
            return [Problem("panel_unknown", "panel", {"panel": values["panel"]})]
        if line.action is Action.TAG and values["theme"] not in self.called.ids:
            return [Problem("theme_unknown", "theme", {"theme": values["theme"]})]
        case = _named_case(line)
        if isinstance(case, NumberlessCase):
            known = self._destroyed_on.setdefault(case.id, case.destroyed_on)
            if known != case.destroyed_on:
                return [Problem("destroyed_case_differs", "case", {"case": case.id})]
        return []

    def _act(self, line: ActionLine) -> Act:
        values = dict(line.inputs.values)
        prose = frozenset(line.inputs.texts)
        if "case" in values:
            values["case"] = self._case(values["case"])
        if "with" in values:
            changes = dict(cast("dict[str, object]", values["with"]))
            if "case" in changes:
                changes["case"] = self._case(changes["case"])
            values["with"] = changes
        panel = self.panels.known[cast("str", values["panel"])] if "panel" in values else None
        return Act(
            line.ref,
            line.action,
            line.actor,
            line.role,
            line.occurred_on,
            line.recorded_at,
            line.recorded_on,
            values,
            prose,
            panel,
        )

    def _case(self, named: object) -> str:
        """The id of a case named by its number, or by its id where that was destroyed."""
        if isinstance(named, NumberlessCase):
            if named.id not in self.numberless and str(named.id) not in self._known_cases:
                self.numberless.add(named.id)
                self.new_cases.append((named.id, None, None, named.destroyed_on))
            return str(named.id)
        number = cast("str", named)
        known = self._cases.get(number)
        if known is None:
            salt = self.batch.salt()
            new = canonical.tied(number, salt)
            self.new_cases.append((new, number, salt, None))
            known = self._cases[number] = str(new)
        return known

    def _case_book(self, case: str) -> list[Considered]:
        book = self._considered.get(case)
        if book is None:
            known = case in self._known_cases
            book = dossiers.considered(self._connection, case) if known else []
            self._considered[case] = book
        return book

    def _take_ref(self, told: str) -> None:
        self._refs.add(told)
        self._told.append(told)


def _named_case(line: ActionLine) -> str | NumberlessCase | None:
    changes = cast("dict[str, object]", line.inputs.values.get("with", {}))
    case = line.inputs.values.get("case", changes.get("case"))
    return cast("str | NumberlessCase | None", case)
