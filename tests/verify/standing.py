"""Tampering with what is read of the ledger's subjects: every table of it, row by row and column by
column, by somebody with full rights over the database."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, Integer, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from kdt import words
from kdt.ledger.table import Subject
from kdt.panels.weights import AGENDA
from kdt.store.metadata import metadata
from kdt.verify import Report
from kdt.verify.findings import subject
from kdt.verify.standing import STORED
from kdt.vocabulary import Role
from tests.verify.tampering import other

# No fact says these: when something was done beside the ledger's own moment, and numbers of rows.
NOT_COMPARED = {
    ("people", "signed_in_at"),
    ("imports", "imported_at"),
    ("record", "id"),
    ("record", "since"),
    ("recusals", "recorded_at"),
    ("delegations", "id"),
}
# With what no pattern, suspension or rule could be entered, were it not by tampering.
_RULES = text("""
    select conrelid::regclass as ruled, conname from pg_constraint
    where conrelid in (cast('panel_patterns' as regclass), cast('suspensions' as regclass),
        cast('deadline_rules' as regclass), cast('deadline_warnings' as regclass))
        and contype = 'c'
""")
# What stands where there was nothing.
_FILLED: Mapping[type[TypeEngine[Any]], Any] = {
    Date: date(2022, 2, 2),
    Integer: 12_345,
    ARRAY: ["verzonnen"],
}
SUBJECT_OF = {table: kind for kind, tables in STORED.items() for table in tables}
# Which column tells whose a row is; the people of a person's tables by their id.
OWNER = {
    "locations": "id",
    "location_terms": "location",
    "location_go_lives": "location",
    "panels": "id",
    "panel_terms": "panel",
    "panel_patterns": "panel",
    "attestations": "meeting",
    "meeting_attendance": "meeting",
    "deadline_rules": "rule",
    "minutes": "meeting",
    "themes": "id",
    "theme_terms": "theme",
    "theme_steps": "theme",
    "forum_steps": "item",
    "theme_profiles": "theme",
    "consultation_terms": "consultation",
    "signal_terms": "signal",
    "signal_views": "signal",
    "implementation_test_terms": "test",
    "implementation_test_opinions": "test",
    "adjustment_terms": "adjustment",
    "event_subscription_terms": "subscription",
    "parliamentary_question_terms": "question",
    "people": "key",
    "grants": "person",
    "delegations": "giver",
    "mappings": "id",
    "recusals": "escalation_id",
    "hand_overs": "escalation_id",
    "stated_purposes": "escalation_id",
    "stand_ins": "escalation_id",
    "suspensions": "escalation_id",
    "family_members": "escalation_id",
    "proposals": "escalation_id",
    "positions": "escalation_id",
    "consents": "escalation_id",
}
# What is different of a row that is added beside another, so that the keys allow it.
APART: Mapping[str, tuple[str, ...]] = {
    "imports": ("id",),
    "locations": ("id",),
    "location_terms": ("effective_on",),
    "location_go_lives": ("recorded_at",),
    "panels": ("id", "location"),
    "panel_terms": ("effective_on",),
    "panel_patterns": ("effective_on",),
    "agenda_weights": ("recorded_at",),
    "calendar_days": ("recorded_at",),
    "attestations": ("recorded_at",),
    "meeting_attendance": ("person",),
    "deadline_rules": ("recorded_at",),
    "deadline_warnings": ("recorded_at",),
    "minutes": ("recorded_at",),
    "themes": ("id",),
    "theme_terms": ("recorded_at",),
    "theme_steps": ("seq",),
    "forum_steps": ("seq",),
    "theme_profiles": ("recorded_at",),
    "consultation_terms": ("recorded_at",),
    "signal_terms": ("recorded_at",),
    "signal_views": ("recorded_at",),
    "implementation_test_terms": ("recorded_at",),
    "implementation_test_opinions": ("recorded_at",),
    "adjustment_terms": ("recorded_at",),
    "event_subscription_terms": ("recorded_at",),
    "parliamentary_question_terms": ("recorded_at",),
    "people": ("id", "key"),
    "grants": ("role",),
    "delegations": ("first_on",),
    "mappings": ("id", "value"),
    "recusals": ("person",),
    "hand_overs": ("escalation_id",),
    "stated_purposes": ("person",),
    "stand_ins": ("seq",),
    "suspensions": ("seq",),
    "family_members": ("escalation_id",),
    "proposals": ("seq",),
    "positions": ("seq",),
    "consents": ("ref",),
}


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """One way to tamper: a row added or removed, or a column of it changed."""

    table: str
    how: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.table} {self.how} {self.column}".strip()


def kinds() -> list[Kind]:
    """Every way there is, by the tables as they are declared."""
    return [
        *(Kind(table, how) for table in SUBJECT_OF if table != "record" for how in ("add", "take")),
        *(
            Kind(table, "change", column.name)
            for table in SUBJECT_OF
            for column in metadata.tables[table].columns
            if (table, column.name) not in NOT_COMPARED
        ),
    ]


def tamper(connection: Connection, dice: random.Random, wanted: list[Kind]) -> dict[str, Kind]:
    """Tamper in each of these ways with a subject of its own, as far as there are enough; gives the
    place where each must be named."""
    connection.execute(text("alter table panels drop constraint uq_panels_level_location"))
    connection.execute(text("alter table mappings alter column id drop identity"))
    for table, rule in connection.execute(_RULES).all():
        connection.execute(text(f'alter table {table} drop constraint "{rule}"'))
    known = connection.execute(text("select id, key from people"))
    keys = {row.id: str(row.key) for row in known}
    touched: dict[str, Kind] = {}
    for kind in dice.sample(wanted, len(wanted)):
        found = connection.execute(text(f"select ctid::text, * from {kind.table}")).mappings()
        rows = [dict(row) for row in found]
        for row in dice.sample(rows, len(rows)):
            place = _place(keys, kind.table, row)
            if place not in touched:
                new = _done(connection, dice, kind, row)
                touched[_place(keys, kind.table, {**row, **new})] = kind
                if kind.how == "change":
                    # A row may have moved from one to the other: both are then wrong.
                    touched.setdefault(place, kind)
                break
    return touched


def unnamed(touched: Mapping[str, Kind], report: Report) -> Iterator[str]:
    """The tamperings that no sentence names at the subject, by the table it is about."""
    said = {finding.sentence for finding in report.findings}
    for place, kind in touched.items():
        what = words.say(f"standing.{kind.table}")
        sentences = {
            f"{place}: {words.say(f'finding.standing_{how}', what=what)}"
            for how in ("stray", "missing")
        }
        if said.isdisjoint(sentences):
            yield f"{kind}: {place}"


def without_reason(connection: Connection, touched: Mapping[str, Kind], report: Report) -> set[str]:
    """The subjects there are that were named and not touched."""
    known = connection.execute(text("select distinct subject, subject_id from ledger"))
    there = {subject(*row) for row in known}
    codes = ("standing_stray", "standing_missing")
    named = {finding.where for finding in report.findings if finding.code in codes}
    return (there & named) - touched.keys()


def counted(touched: Mapping[str, Kind]) -> Counter[str]:
    """How often each way was taken, once however many subjects it touched."""
    return Counter(map(str, set(touched.values())))


def _done(
    connection: Connection, dice: random.Random, kind: Kind, row: Mapping[str, Any]
) -> dict[str, Any]:
    """Tamper with one row; what is new."""
    here = "where ctid = cast(:ctid as tid)"
    if kind.how == "take":
        connection.execute(text(f"delete from {kind.table} {here}"), {"ctid": row["ctid"]})
        return {}
    apart = [kind.column] if kind.how == "change" else APART[kind.table]
    held = metadata.tables[kind.table].columns
    new = {name: _other(dice, name, row[name], held[name].type) for name in apart}
    if kind.how == "change":
        change = text(f"update {kind.table} set {kind.column} = :{kind.column} {here}")
        connection.execute(change, {**new, "ctid": row["ctid"]})
    else:
        whole = {
            name: value
            for name, value in {**row, **new}.items()
            if name != "ctid" and (kind.table, name) != ("delegations", "id")
        }
        columns, values = ", ".join(whole), ", ".join(f":{name}" for name in whole)
        connection.execute(text(f"insert into {kind.table} ({columns}) values ({values})"), whole)
    return new


def _other(dice: random.Random, column: str, value: Any, held: TypeEngine[Any]) -> Any:
    if value is None and type(held) in _FILLED:
        return _FILLED[type(held)]
    if column == "role":
        return dice.choice([one.value for one in Role if one != value])
    # Unlike what is made of another row.
    if value is None or isinstance(value, str):
        return f"{value or 'verzonnen'}-{dice.getrandbits(32):x}"
    if isinstance(value, int) and not isinstance(value, bool):
        return value + dice.randrange(1_000, 30_000)
    return other(dice, value, "text")


def _place(keys: Mapping[str, str], table: str, row: Mapping[str, Any]) -> str:
    """Where what is wrong with a row is named; `keys`: what the ledger knows people by."""
    kind = SUBJECT_OF[table]
    if kind is Subject.RECORD:
        return subject(kind, "record")
    if kind is Subject.ORDER:
        return subject(kind, AGENDA)
    if kind is Subject.CALENDAR:
        return subject(kind, str(row["day"].year))
    owner = str(row[OWNER[table]])
    return subject(kind, owner if table == "people" else keys.get(owner, owner))
