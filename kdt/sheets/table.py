"""A table to take away, apart from what it is written as. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kdt.paper import Part

Value = str | int | Decimal | date | None
Rows = tuple[tuple[Value, ...], ...]


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code, its Dutch heading and what stands in it. `words`: the Dutch of its codes;
    `role`: what it is besides, in the words of JSON-stat (`time`, `geo`). `printed`: on paper too,
    where a number that goes with another stands in the notes."""

    name: str
    title: str
    about: str
    kind: Kind = Kind.TEXT
    words: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    role: str | None = None
    printed: bool = True

    @property
    def counts(self) -> bool:
        """Whether there are numbers in it."""
        return self.kind in (Kind.NUMBER, Kind.DECIMAL)

    def said(self, value: Value) -> Value:
        """A value of it for people: the word for a code."""
        return self.words.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Table:
    """Rows, each known by its `keys`; of keys without a row there is nothing, which is 0. None: not
    registered, which is not 0. On paper the key `across` stands above the columns; a value column
    `status` says how a row is."""

    name: str
    title: str
    keys: tuple[Column, ...]
    values: tuple[Column, ...]
    rows: Rows
    across: str | None = None

    def __post_init__(self) -> None:
        width = len(self.columns)
        if any(len(row) != width for row in self.rows):
            raise ValueError(f"a row of {self.name} has not {width} values")

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, those by which a row is known first."""
        return (*self.keys, *self.values)


@dataclass(frozen=True, slots=True)
class Fact:
    """What holds for every row: of which period, at which reference date."""

    column: Column
    value: Value


@dataclass(frozen=True, slots=True)
class Book:
    """Tables with all that is printed under them. `made_at`: a moment of their content, so that the
    same content gives the same file. `parts`: how it is on paper, where that is not its tables."""

    name: str
    title: str
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    definitions: Mapping[str, str]
    made_at: datetime
    parts: tuple[Part, ...] | None = None

    @property
    def main(self) -> Table:
        """The table a file with one table holds."""
        return self.tables[0]
