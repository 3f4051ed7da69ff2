"""What is told about themes, of whichever sort: a talk, a signal, a test or an adjustment. It is
entered, told anew and withdrawn, and others say something of it; nothing of it is changed.

What a sort is about, who may tell it, what is wrong with what is told and how that is recorded
stand in its own module, as a `Sort`.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from kdt import words
from kdt.access import permissions, queries, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.store import moments
from kdt.store.engine import Store
from kdt.themes.checking import refuse
from kdt.themes.implementation import held
from kdt.themes.queries import themes
from kdt.themes.service import changing
from kdt.themes.signals import signals
from kdt.values import Problem

T = TypeVar("T")
S = TypeVar("S")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What is told as the ledger has it: codes, ids and days, and what is worded."""

    values: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


class Known(Protocol):
    """What can be spoken of, and when."""

    @property
    def today(self) -> date:
        """The day it is in Amsterdam."""

    @property
    def themes(self) -> Collection[str]:
        """All themes, those that are closed too."""

    @property
    def signals(self) -> Collection[str]:
        """The signals that stand and are no replies of staff."""

    @property
    def tests(self) -> Collection[str]:
        """The tests that stand."""

    @property
    def people(self) -> Collection[str] | None:
        """Who works with KDT; None where whoever is named need not be known."""


class Here:
    """What the record knows now, read when it is asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def today(self) -> date:
        """Today."""
        return moments.today(self._connection)

    @cached_property
    def themes(self) -> list[str]:
        """By id, in order; so are the others."""
        return sorted(one.id for one in themes(self._connection))

    @cached_property
    def signals(self) -> list[str]:
        """Those everybody may know of."""
        return sorted(one.id for one in signals(self._connection, closed=False))

    @cached_property
    def tests(self) -> list[str]:
        """Those that were held."""
        return sorted(one.id for one in held(self._connection))

    @cached_property
    def people(self) -> set[str]:
        """Everybody there is."""
        return {one.id for one in queries.all_people(self._connection)}


def _anybody(_row: Row, _person: str) -> None:
    """Nobody is kept from it."""


def _anything(_row: Row, _told: object) -> None:
    """Whatever it was, it may be told so."""


@dataclass(frozen=True, slots=True)
class Sort(Generic[T]):
    """One sort of what is told, in fields of `told` that are columns of its table: `check` says
    all that is wrong with it and `said` how it is recorded by somebody. `columns`: what the ledger
    calls otherwise than the table. `check_person` and `check_change` raise when this person, or
    such a telling, cannot be."""

    subject: Subject
    right: Right
    # What the ids begin with.
    letter: str
    withdrawn: StrEnum
    table: Table
    told: type[T]
    check: Callable[[T, Known], list[Problem]]
    said: Callable[[T, str], Said]
    columns: Mapping[str, str] = field(default_factory=dict)
    check_person: Callable[[Row, str], None] = _anybody
    check_change: Callable[[Row, T], None] = _anything

    def enter(self, store: Store, actor: Actor, told: T, *, key: str | None = None) -> str:
        """Record one; its id. A repeat with the same key gives the same.

        Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
        """
        permissions.require(actor, self.right)
        repeat = repeats.of(actor, key, self.subject, told)
        with changing(store) as connection:
            if made := repeat.recorded(connection):
                return made
            new = f"{self.letter}-{secrets.token_hex(4).upper()}"
            self.record(connection, By(actor.person, actor.role), new, told)
            repeat.record(connection, self.subject, new)
        return new

    def change(self, store: Store, actor: Actor, wanted: str, told: T) -> None:
        """Tell it anew. Raises Forbidden, NotFound, InvalidInput and Refused."""
        with changing(store) as connection:
            self.check_change(self.standing(connection, actor, wanted), told)
            self.record(connection, By(actor.person, actor.role), wanted, told, "change")

    def withdraw(self, store: Store, actor: Actor, wanted: str) -> None:
        """Say that it was none. Raises Forbidden, NotFound and Refused."""
        with changing(store) as connection:
            last = self.standing(connection, actor, wanted)
            fact = Fact(self.subject, wanted, "withdraw")
            keep(connection, By(actor.person, actor.role), fact, self.table, over(last))

    def record(
        self, connection: Connection, by: By, wanted: str, told: T, fact: str = "enter"
    ) -> None:
        """Record what is told, within the caller's transaction. Raises InvalidInput."""
        refuse(self.check(told, Here(connection)))
        said = self.said(told, by.person)
        new = Fact(self.subject, wanted, fact, said.values, said.texts)
        keep(connection, by, new, self.table, self.row(wanted, said))

    def standing(self, connection: Connection, actor: Actor, wanted: str) -> Row:
        """It as it was told last, in a transaction in which nobody else tells anything."""
        permissions.require(actor, self.right)
        last = connection.execute(
            select(self.table)
            .where(self.table.c[self.id] == wanted)
            .order_by(self.table.c.recorded_at.desc())
            .limit(1)
        ).one_or_none()
        if last is None:
            raise NotFound(words.say("refusal.not_found"))
        row = last._asdict()
        self.check_person(row, actor.person)
        if not row["stands"]:
            raise refused(self.withdrawn)
        return row

    @property
    def id(self) -> str:
        """The column of its id."""
        return self.table.columns.keys()[0]

    def row(self, wanted: str, said: Said) -> Row:
        """How it stands in its table."""
        return {self.id: wanted, **self._columns(said), "stands": True}

    def read(self, said: Said) -> T:
        """What was told when it is recorded so."""
        return self.told(**self._columns(said))

    def _columns(self, said: Said) -> dict[str, Any]:
        """By the names of the columns; a list that is worded has one a line."""
        named = {self.columns.get(name, name): value for name, value in said.values.items()}
        for name, text in said.texts.items():
            of_lines = isinstance(self.table.c[name].type, ARRAY)
            named[name] = text.split("\n") if of_lines else text
        return named


@dataclass(frozen=True, slots=True)
class Remark(Generic[S]):
    """What somebody says of one of a sort besides, which stands in rows of its own. `check` is
    given how the other was told last; `read` says what was said when it is recorded so."""

    sort: Sort[Any]
    fact: str
    table: Table
    check: Callable[[S, Row, Known], list[Problem]]
    said: Callable[[S, str], Said]
    read: Callable[[Said], S]

    def make(
        self, store: Store, actor: Actor, wanted: str, remark: S, *, key: str | None = None
    ) -> None:
        """Record it. Raises Forbidden, NotFound, InvalidInput, Refused and Conflict."""
        repeat = repeats.of(actor, key, self.sort.subject, wanted, remark)
        with changing(store) as connection:
            if repeat.recorded(connection):
                return
            last = self.sort.standing(connection, actor, wanted)
            self.record(connection, By(actor.person, actor.role), wanted, remark, last)
            repeat.record(connection, self.sort.subject, wanted)

    def record(self, connection: Connection, by: By, wanted: str, remark: S, last: Row) -> None:
        """Record it within the caller's transaction. Raises InvalidInput."""
        refuse(self.check(remark, last, Here(connection)))
        said = self.said(remark, by.person)
        fact = Fact(self.sort.subject, wanted, self.fact, said.values, said.texts)
        keep(connection, by, fact, self.table, self.row(wanted, said))

    def row(self, wanted: str, said: Said) -> Row:
        """How it stands in its table."""
        return {self.sort.id: wanted, **said.values, **said.texts}


def over(last: Row) -> Row:
    """As it was told last, and withdrawn."""
    return {**last, "stands": False}


def keep(connection: Connection, by: By, fact: Fact, table: Table, row: Row) -> None:
    """Record a fact, and the row that follows from it."""
    (recorded,) = append(connection, by, fact)
    kept = {"recorded_by": by.person, "recorded_at": recorded.recorded_at}
    connection.execute(insert(table).values({**row, **kept}))
