"""A publication to the byte: what leaves the house, and what it rests on.

Both are JSON with sorted keys and no white space. What is printed of a publication, on a page or in
a file, is made from the first alone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kdt import hashing
from kdt.publications import periods
from kdt.publications.attack import Inside, Printed, Seen
from kdt.publications.periods import PeriodKind
from kdt.publications.rounding import Before, Cell, Solution
from kdt.publications.tables import ALL, MONTH, WHOLE, Table, in_order
from kdt.tallies.measures import DIMENSIONS

VERSION = 1
# Since this version a document says which version of each measure it was made with.
MEASURED = 2


@dataclass(frozen=True, slots=True)
class Basis:
    """What a publication is made of besides its numbers. `labels`: the names of locations;
    `definitions`: what each measure counts, as it read then; `versions`: which version of it that
    was, not kept before version 2; `themes`: the names of themes, where it is divided by them."""

    id: str
    as_of: date
    final: bool
    base: int
    demo: bool
    corrects: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    versions: Mapping[str, int]
    themes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A publication as it reads."""

    basis: Basis
    table: Table
    bounds: Mapping[str, int]
    cells: Mapping[Cell, int]
    exactly: Mapping[Cell, int]
    # Cells printed before, with what was printed then and what is printed now.
    changes: Sequence[tuple[Cell, int, int]]

    def bound(self, cell: Cell) -> int:
        """How far at most a cell lies from what it is."""
        return self.bounds[MONTH if cell[-1] in self.table.period.months else WHOLE]

    @property
    def printed(self) -> Printed:
        """The same to whoever attacks it."""
        cells = {
            cell: Seen(number, max(0, number - self.bound(cell)), number + self.bound(cell))
            for cell, number in self.cells.items()
        }
        axes = tuple(self.table.axes.get(one, (ALL,)) for one in DIMENSIONS)
        months = self.table.period.months
        return Printed(
            self.basis.id, self.table.topic, self.table.parts, axes, months, cells, self.exactly
        )


def made(
    basis: Basis,
    table: Table,
    solution: Solution,
    before: Mapping[Cell, Before],
    exactly: Mapping[Cell, int],
) -> Document:
    """The document of a rounded table."""
    printed = [cell for cell in solution.rounded if table.printed(cell)]
    cells = {cell: solution.rounded[cell] for cell in in_order(table, printed)}
    changes = [
        (cell, before[cell].rounded, cells[cell])
        for cell in in_order(table, solution.moved)
        if cell in cells
    ]
    used = {MONTH if cell[-1] in table.period.months else WHOLE for cell in cells}
    bounds = {group: solution.bounds[group] for group in sorted(used)}
    return Document(basis, table, bounds, cells, exactly, changes)


def written(one: Document) -> bytes:
    """The bytes of a document."""
    basis, table = one.basis, one.table
    return hashing.encoded(
        {
            "kind": "publication",
            "version": MEASURED if basis.versions else VERSION,
            "id": basis.id,
            "topic": table.topic,
            "categories": {"total": table.topic, "parts": [*table.parts]},
            "period": {
                "kind": table.period.kind,
                "from": table.period.first.isoformat(),
                "until": table.period.until.isoformat(),
            },
            "asOf": basis.as_of.isoformat(),
            "status": "final" if basis.final else "provisional",
            "base": basis.base,
            "bounds": dict(one.bounds),
            "axes": {name: list(values) for name, values in table.axes.items()},
            "byMonth": table.by_month,
            "cells": [[*cell, number] for cell, number in one.cells.items()],
            "exactly": [[*cell, number] for cell, number in one.exactly.items()],
            "corrects": basis.corrects,
            "changes": [[*cell, old, new] for cell, old, new in one.changes],
            "demo": basis.demo,
            "labels": dict(basis.labels),
            "definitions": dict(basis.definitions),
            **({"measures": dict(basis.versions)} if basis.versions else {}),
            **({"themes": dict(basis.themes)} if basis.themes else {}),
        }
    )


def read(content: bytes) -> Document:
    """A document from its bytes."""
    found: Mapping[str, Any] = json.loads(content)
    period = periods.of(
        PeriodKind(found["period"]["kind"]), date.fromisoformat(found["period"]["until"])
    )
    axes = {name: tuple(values) for name, values in found["axes"].items()}
    table = Table(found["topic"], period, found["byMonth"], axes)
    basis = Basis(
        found["id"],
        date.fromisoformat(found["asOf"]),
        found["status"] == "final",
        found["base"],
        found["demo"],
        found["corrects"],
        found["labels"],
        found["definitions"],
        found.get("measures", {}),
        found.get("themes", {}),
    )
    return Document(
        basis,
        table,
        found["bounds"],
        {tuple(cell): number for *cell, number in found["cells"]},
        {tuple(cell): number for *cell, number in found["exactly"]},
        [(tuple(cell), old, new) for *cell, old, new in found["changes"]],
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What a publication rests on: its exact leaves, how they and their sums were rounded, printed
    or not, with what was published before, with which secret and at which try."""

    leaves: Mapping[Cell, int]
    rounded: Mapping[Cell, int]
    over: tuple[str, ...]
    secret: str
    attempt: int

    @property
    def inside(self) -> Inside:
        """What an attack is measured by."""
        return Inside(self.leaves)


def kept_written(one: Kept) -> bytes:
    """The bytes of it."""
    return hashing.encoded(
        {
            "kind": "publication inside",
            "version": VERSION,
            "leaves": [[*cell, amount] for cell, amount in sorted(one.leaves.items())],
            "rounded": [[*cell, number] for cell, number in sorted(one.rounded.items())],
            "over": [*one.over],
            "secret": one.secret,
            "attempt": one.attempt,
        }
    )


def kept_read(content: bytes) -> Kept:
    """The same from its bytes."""
    found: Mapping[str, Any] = json.loads(content)
    return Kept(
        {tuple(cell): amount for *cell, amount in found["leaves"]},
        {tuple(cell): number for *cell, number in found["rounded"]},
        tuple(found["over"]),
        found["secret"],
        found["attempt"],
    )
