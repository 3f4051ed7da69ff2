"""What entries name must be there: cases with their numbers, imports, panels, meetings, themes."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from sqlalchemy import Connection, select

from kdt.cases.model import case_numbers, cases, imports
from kdt.panels.model import locations, meetings, panels
from kdt.procedure import Panel
from kdt.store.writing import AnyRow
from kdt.themes.model import themes
from kdt.verify.findings import Report
from kdt.verify.reading import Entry
from kdt.verify.retention import CONTENT, Covered
from kdt.vocabulary import Action


@dataclass(slots=True)
class Names:
    """What can be named, and which cases were."""

    cases: set[uuid.UUID]
    imports: set[uuid.UUID]
    panels: dict[str, Panel]
    meetings: set[tuple[str, date]]
    locations: set[str]
    themes: set[str]
    # The cases whose number is gone, and where entries name them.
    numberless: dict[uuid.UUID, list[tuple[str, int]]]
    covered: Covered
    # Those whose number had to go and is there.
    overdue: set[uuid.UUID] = field(default_factory=set)
    used: set[uuid.UUID] = field(default_factory=set)

    def check(self, escalation: str, seq: int, entry: Entry, report: Report) -> None:
        """Check all that one entry names."""
        act = entry.act
        if entry.import_id is not None and uuid.UUID(entry.import_id) not in self.imports:
            report.add("import_unknown", escalation, seq)
        changes = cast("dict[str, object]", act.values.get("with", {}))
        for case in (act.values.get("case"), changes.get("case")):
            if case is not None:
                known = uuid.UUID(cast("str", case))
                self.used.add(known)
                if known not in self.cases:
                    report.add("case_unknown", escalation, seq, case=case)
                if known in self.numberless:
                    self.numberless[known].append((escalation, seq))
                elif self.covered.overdue(CONTENT, escalation, seq):
                    self.overdue.add(known)
        if act.action is Action.OPEN and act.values["location"] not in self.locations:
            report.add("location_unknown", escalation, seq, location=act.values["location"])
        if act.action is Action.TAG and act.values["theme"] not in self.themes:
            report.add("theme_unknown", escalation, seq, theme=act.values["theme"])
        if act.panel is not None:
            if self.panels.get(act.panel.id) != act.panel:
                report.add("panel_differs", escalation, seq, panel=act.panel.id)
            meeting_on = cast("date", act.values["meeting_on"])
            if (act.panel.id, meeting_on) not in self.meetings:
                report.add(
                    "meeting_missing", escalation, seq, panel=act.panel.id, meeting_on=meeting_on
                )

    def unused(self, report: Report) -> None:
        """Name the cases no entry speaks of, once all entries were checked."""
        for case in sorted(self.cases - self.used):
            report.add("case_unused", where=str(case))

    def without_number(self, report: Report) -> None:
        """Name the cases whose number is gone though not every entry that names them was to lose
        its texts, nor an import brought them in so, and those whose number should be gone; once all
        entries were checked."""
        for case in sorted(self.overdue):
            report.add("still_there", where=str(case))
        for case, places in sorted(self.numberless.items()):
            lawful = all(self.covered.lawful(CONTENT, *place) for place in places)
            if not lawful and case not in self.covered.cases:
                report.add("case_destroyed", where=str(case))


def load(connection: Connection, covered: Covered, report: Report) -> Names:
    """Fetch what can be named; a case is tied to its number by its salt."""
    known = set()
    numberless: dict[uuid.UUID, list[tuple[str, int]]] = {}
    numbered = select(cases.c.id, *case_numbers.c)
    for row in connection.execute(
        numbered.outerjoin_from(
            cases, case_numbers, cases.c.id == case_numbers.c.case_id, full=True
        ),
        execution_options={"yield_per": 10_000},
    ):
        if row.id is not None:
            known.add(row.id)
        if row.id is None or row.case_id is None:
            report.add("case_without_number", where=str(row.id or row.case_id))
        elif row.number is None and row.salt is None and row.destroyed_on is not None:
            numberless[row.id] = []
        elif not _tied(row):
            report.add("case_number", where=str(row.id))
    found = connection.execute(select(panels.c.id, panels.c.level, panels.c.location))
    held = connection.execute(select(meetings.c.panel, meetings.c.held_on))
    return Names(
        cases=known,
        imports=set(connection.scalars(select(imports.c.id))),
        panels={row.id: Panel(*row) for row in found},
        meetings={(row.panel, row.held_on) for row in held},
        locations=set(connection.scalars(select(locations.c.id))),
        themes=set(connection.scalars(select(themes.c.id))),
        numberless=numberless,
        covered=covered,
    )


def _tied(row: AnyRow) -> bool:
    """Whether a number belongs to its case."""
    if row.number is None or row.salt is None or row.destroyed_on is not None:
        return False
    return bool(hashlib.sha256(row.salt + row.number.encode()).digest()[:16] == row.id.bytes)
