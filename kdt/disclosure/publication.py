"""The list of what there is for a request under the Wet open overheid: a line for each document,
with a proposed decision and its grounds. An official decides; the product publishes nothing."""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, and_, select

from kdt import cells, words
from kdt.cases.model import considerations, entries, entry_texts
from kdt.store.scope import counting
from kdt.themes.counting import showing
from kdt.vocabulary import Action

REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: a period of days on which things happened, and what it is narrowed to."""

    first: date
    until: date
    theme: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document, and what is proposed for it."""

    name: str
    decision: str
    grounds: tuple[str, ...]
    shown: str
    why: str


@dataclass(frozen=True, slots=True)
class Item:
    """A document: of which entry, of what kind; `destroyed_on` when it is there no more."""

    escalation: str
    seq: int
    on: date
    action: str
    kind: str
    destroyed_on: date | None = None

    @property
    def id(self) -> str:
        """Its number on the list, the same every time."""
        return f"{self.escalation}-{self.seq}-{self.kind}"

    @property
    def decision(self) -> str:
        """What is proposed."""
        return "gone" if self.destroyed_on is not None else kinds()[self.kind].decision

    @property
    def grounds(self) -> tuple[str, ...]:
        """On which grounds it is not, or not all, made public."""
        return () if self.destroyed_on is not None else kinds()[self.kind].grounds

    @property
    def why(self) -> str:
        """The grounds in words of this kind of document."""
        if self.destroyed_on is not None:
            return words.say("woo.destroyed", day=words.full_day(self.destroyed_on))
        return kinds()[self.kind].why


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("kdt.disclosure").joinpath("woo.toml").read_text("utf-8"))


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds of documents."""
    return {
        code: Kind(**{**given, "grounds": tuple(given["grounds"])})
        for code, given in _data()["document"].items()
    }


def ground(code: str) -> str:
    """A ground in words."""
    found: str = _data()["ground"][code]
    return found


def decision(code: str) -> str:
    """A decision in a word."""
    found: str = _data()["decision"][code]
    return found


def inventory(connection: Connection, wanted: Wanted) -> list[Item]:
    """Everything there is that answers a request, in the order of the record: each entry, and each
    of its texts as a document of its own."""
    query = (
        select(
            entries.c.escalation_id,
            entries.c.seq,
            entries.c.occurred_on,
            entries.c.action,
            entry_texts.c.field,
            entry_texts.c.destroyed_on,
        )
        .outerjoin_from(
            entries,
            entry_texts,
            and_(
                entries.c.escalation_id == entry_texts.c.escalation_id,
                entries.c.seq == entry_texts.c.seq,
            ),
        )
        .where(entries.c.occurred_on.between(wanted.first, wanted.until))
        .order_by(entries.c.recorded_at, entries.c.position, entry_texts.c.field)
    )
    if wanted.theme is not None:
        query = query.where(entries.c.escalation_id.in_(showing(connection, wanted.theme)))
    if wanted.outcome is not None:
        answered = select(considerations.c.escalation_id).where(
            considerations.c.outcome == wanted.outcome
        )
        query = query.where(entries.c.escalation_id.in_(answered))
    found: list[Item] = []
    # No text is read here: only whether it is there.
    with counting(connection, left=True):
        rows = connection.execute(query).all()
    for row in rows:
        entry = (row.escalation_id, row.seq, row.occurred_on, row.action)
        if not found or (found[-1].escalation, found[-1].seq) != entry[:2]:
            found.append(Item(*entry, REGISTRATION))
        if row.field is not None:
            found.append(Item(*entry, row.field, row.destroyed_on))
    return found


def as_csv(found: Iterable[Item]) -> str:
    """The list as a sheet, with semicolons; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(words.say(f"woo.column.{name}") for name in _COLUMNS)
    writer.writerows([cells.plain(each) for each in _row(one)] for one in found)
    return out.getvalue()


_COLUMNS = ("id", "escalation", "day", "action", "kind", "decision", "shown", "grounds", "why")


def _row(one: Item) -> Sequence[str]:
    kind = kinds()[one.kind]
    return (
        one.id,
        one.escalation,
        one.on.isoformat(),
        words.say(f"done.{Action(one.action)}"),
        kind.name,
        decision(one.decision),
        kind.shown if one.decision == "partly" else "",
        "; ".join(one.grounds),
        one.why,
    )
