"""Agendas and arranged meetings: each version follows from the one before it, and all of it from
what the ledger says of the meeting. Worked out by code of its own.

Why an item has its place in the first version is told by no fact, and so is not compared.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from sqlalchemy import Connection, select, text

from kdt.ledger.model import ledger
from kdt.verify.findings import Report, subject

# An item: its escalation, why it has its place, and why it came late.
Item = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it stands in its rows."""

    number: int
    change: str
    escalation: str | None
    reason: str | None
    items: tuple[Item, ...]


@dataclass(slots=True)
class Said:
    """What the ledger says of one meeting."""

    # The items of the first version, in order; None where it was not drawn up.
    drawn_up: list[str] | None = None
    # By version: the place an item was given, and why.
    placed: dict[int, tuple[int, str]] = field(default_factory=dict)
    # The day it was last put on by hand; None where nobody did.
    held_on: date | None = None
    cancelled: bool = False


def check(connection: Connection, report: Report) -> None:
    """Name every meeting whose row, versions or carried over items are not what was recorded."""
    said, made = _said(connection), _made(connection)
    for row in connection.execute(
        text("select id::text, held_on, status, by_hand, version from meetings order by id")
    ):
        mine, versions = said.pop(row.id, Said()), made.get(row.id, [])
        where = subject("meeting", row.id)
        if not _as_arranged(mine, row):
            report.add("meeting_arranged", where=where)
        if row.version != len(versions):
            report.add("agenda_number", where=where, version=row.version)
        for code, number in _wrong(mine, versions):
            report.add(code, where=where, version=number)
    for meeting in sorted(said):
        report.add("meeting_gone", where=subject("meeting", meeting))
    _carried_over(connection, report)


def _as_arranged(said: Said, row: Any) -> bool:
    if said.cancelled:
        return bool(row.status == "cancelled")
    if said.held_on is not None:
        return (row.status, row.held_on) == ("planned", said.held_on) and bool(row.by_hand)
    return row.status != "cancelled" and not row.by_hand


def _wrong(said: Said, versions: Sequence[Version]) -> Iterator[tuple[str, int]]:
    """What is wrong with the versions of one agenda, each with its number."""
    first = [item[0] for item in versions[0].items] if versions else None
    if first != said.drawn_up:
        yield "agenda_first", 1
    for before, after in pairwise(versions):
        if after.number != before.number + 1 or list(after.items) != _follows(said, before, after):
            yield "agenda_step", after.number
    for number in said.placed.keys() - {one.number for one in versions if one.change == "moved"}:
        yield "agenda_step", number


def _follows(said: Said, before: Version, after: Version) -> list[Item] | None:
    """The items that version had to have; None when it cannot be."""
    items, escalation = list(before.items), after.escalation
    mine = next((one for one in items if one[0] == escalation), None)
    if after.change == "came":
        return None if mine or escalation is None else [*items, (escalation, "late", after.reason)]
    if mine is None:
        return None
    items.remove(mine)
    if after.change == "went":
        return items
    if after.change == "moved" and after.number in said.placed:
        position, why = said.placed[after.number]
        items.insert(position - 1, (mine[0], "moved", mine[2]))
        return items if why == after.reason else None
    return None


def _carried_over(connection: Connection, report: Report) -> None:
    """What a meeting did not come to was taken off by the clock."""
    stray = text("""
        select r.meeting::text, r.escalation_id from not_reached r
        where not exists (
            select from entries n join entry_people p
                on p.escalation_id = n.escalation_id and p.seq = n.seq
            where n.escalation_id = r.escalation_id and n.action = 'unlist' and p.person = 'klok'
        ) and exists (select from entry_people p where p.escalation_id = r.escalation_id)
        order by 1, 2
    """)
    for meeting, escalation in connection.execute(stray):
        report.add("not_reached", where=subject("meeting", meeting), item=escalation)


def _said(connection: Connection) -> dict[str, Said]:
    rows = connection.execute(
        select(ledger.c.subject_id, ledger.c.fact, ledger.c.content)
        .where(ledger.c.subject == "meeting")
        .order_by(ledger.c.subject_id, ledger.c.seq)
    )
    found: dict[str, Said] = {}
    for row in rows:
        said = found.setdefault(row.subject_id, Said())
        try:
            _tell(said, row.fact, json.loads(row.content)["values"])
        except (KeyError, TypeError, ValueError):
            # That it cannot be read is named where the chain is checked.
            continue
    return found


def _tell(said: Said, fact: str, values: Mapping[str, Any]) -> None:
    match fact:
        case "draw_up":
            said.drawn_up = list(values["items"])
        case "move_item":
            said.placed[values["version"]] = (values["position"], values["reason"])
        case "add" | "move":
            said.held_on, said.cancelled = date.fromisoformat(values["held_on"]), False
        case "cancel":
            said.cancelled = True
        case _:
            # Closing and attendance are compared with their own tables.
            pass


def _made(connection: Connection) -> dict[str, list[Version]]:
    rows = connection.execute(
        text("""
            select v.meeting::text, v.version, v.change, v.escalation_id, v.reason,
                i.position, i.escalation_id as item, i.basis, i.late
            from agenda_versions v left join agenda_items i using (meeting, version)
            order by v.meeting, v.version, i.position
        """)
    )
    found: dict[str, list[Version]] = {}
    for (meeting, number), of in groupby(rows, key=lambda row: (row.meeting, row.version)):
        its = list(of)
        items = tuple((row.item, row.basis, row.late) for row in its if row.item is not None)
        head = its[0]
        found.setdefault(meeting, []).append(
            Version(number, head.change, head.escalation_id, head.reason, items)
        )
    return found
