"""Exporting the whole record as a history file: one order, one spelling, constant memory.

What an import of the file into an empty record exports again is the same, byte for byte.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import itemgetter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt import words
from kdt.cases import meeting_lines, theme_lines
from kdt.cases.inputs import CHANGES, key
from kdt.cases.lines import EXPLAINED_SINCE, NUMBERLESS_SINCE, REASONED_SINCE
from kdt.cases.model import case_numbers, entries, entry_people, entry_texts, record
from kdt.errors import KdtError
from kdt.panels.history import is_told, slots, told
from kdt.panels.queries import all_panels
from kdt.procedure import FIELDS
from kdt.procedure.rows import EXPLAINS, Kind
from kdt.progress import Progress, unseen
from kdt.reads.codes import Look
from kdt.reads.service import note_whole
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import history
from kdt.themes.queries import themes
from kdt.vocabulary import Action

# What a command calls standard input, or output.
STREAM = Path("-")
_BATCH = 5_000
# The one order of the record, which never changes.
_ALL = (
    select(
        entries.c.escalation_id,
        entries.c.seq,
        entries.c.recorded_at,
        entries.c.content,
        entry_people.c.person,
    )
    .outerjoin_from(
        entries,
        entry_people,
        and_(
            entries.c.escalation_id == entry_people.c.escalation_id,
            entries.c.seq == entry_people.c.seq,
        ),
    )
    .order_by(entries.c.recorded_at, entries.c.position)
)


class ExportFailed(KdtError):
    """The file could not be written; what stood there before still does."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many entries, and whether they are a demonstration."""

    entries: int
    demo: bool


def export_history(store: Store, file: Path, *, by: str, progress: Progress = unseen) -> Exported:
    """Write the whole record, texts included, to `file` for `by`, or to standard output when that
    is `-`; `progress` is told entries written.

    The file is complete or not there at all. Raises ExportFailed when it cannot be written, and
    NotLogged when it cannot be logged that `by` takes it.
    """
    with destination(file) as stream:
        note_whole(store, by, Look.EXPORT)
        return _write(store, stream.write, progress)


@contextmanager
def destination(file: Path) -> Iterator[IO[bytes]]:
    """Where a command writes: a file as by `replacing`, or standard output for `-`. What went to
    the latter cannot be taken back when the block ends badly."""
    if file == STREAM:
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise ExportFailed(
                words.say("export.unwritable", file=STREAM, error=words.why(error))
            ) from error
        return
    with replacing(file) as stream:
        yield stream


@contextmanager
def replacing(file: Path) -> Iterator[IO[bytes]]:
    """A stream that takes the place of `file` when the block ends well, and else leaves nothing.

    Readable for its owner alone: texts are in it. Raises ExportFailed when it cannot be written.
    """
    try:
        if file.exists() and not file.is_file():
            raise ExportFailed(words.say("export.no_file", file=file.name))
        with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}.", delete=False) as half:
            try:
                yield half
                half.flush()
                os.fsync(half.fileno())
                Path(half.name).replace(file)
            except BaseException:
                Path(half.name).unlink()
                raise
    except OSError as error:
        raise ExportFailed(
            words.say("export.unwritable", file=file.name, error=words.why(error))
        ) from error


def _write(store: Store, write: Callable[[bytes], object], progress: Progress) -> Exported:
    with reading(store) as connection:
        of = connection.scalar(select(func.count()).select_from(entries)) or 0
        demo = bool(connection.scalar(select(record.c.demo)))
        for line in _head(connection, demo=demo):
            write(encoded(line))
        done = 0
        for one in merge(*_sources(connection), key=itemgetter(0)):
            write(encoded(one.line))
            done += one.is_entry
            if one.is_entry and (done % _BATCH == 0 or done == of):
                progress(done, of)
        return Exported(done, demo)


class _Dated(NamedTuple):
    """A line with its moment."""

    moment: datetime
    line: Mapping[str, object]
    is_entry: bool = False


def _sources(connection: Connection) -> Iterator[Iterator[_Dated]]:
    """What the file is merged from, each in order; of one moment the first comes first."""
    if is_told(connection):
        yield (_Dated(one.recorded_at, meeting_lines.slot_line(one)) for one in slots(connection))
        yield (_Dated(one.recorded_at, meeting_lines.told_line(one)) for one in told(connection))
    yield _entries(connection)
    # After the entries of the same moment: what is told of escalations follows on them.
    if history.is_told(connection):
        of_themes = history.told(connection, entered=False)
        yield (_Dated(one.recorded_at, theme_lines.line(one)) for one in of_themes)


def _entries(connection: Connection) -> Iterator[_Dated]:
    with connection.execute(_ALL, execution_options={"yield_per": _BATCH}) as found:
        for batch in found.partitions():
            for row, line in zip(batch, _lines(connection, batch), strict=True):
                yield _Dated(row.recorded_at, line, is_entry=True)


def encoded(line: Mapping[str, object]) -> bytes:
    """A line as a history file has it."""
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _head(connection: Connection, *, demo: bool) -> Iterator[Mapping[str, object]]:
    """The header, and all panels and themes, known before anything refers to them."""
    every = sorted(themes(connection), key=lambda theme: theme.id)
    numberless = connection.scalar(select(exists().where(case_numbers.c.destroyed_on.is_not(None))))
    version = 2 if demo or every else 1
    if numberless:
        version = NUMBERLESS_SINCE
    if connection.scalar(select(_explained())):
        version = EXPLAINED_SINCE
    if is_told(connection):
        version = meeting_lines.SINCE
    reasoned = connection.scalar(select(_reasoned()))
    # From version 6 on a theme says when it was entered, an imported one too.
    dated = reasoned or history.is_told(connection)
    if dated:
        version = REASONED_SINCE if reasoned else theme_lines.SINCE
    yield {"kind": "history", "version": version}
    if demo:
        yield {"kind": "demo"}
    for panel in all_panels(connection):
        place = {} if panel.location is None else {"location": panel.location}
        yield {"kind": "panel", "id": panel.id, "level": panel.level} | place
    if dated:
        entered = history.told(connection, entered=True)
        yield from map(theme_lines.line, sorted(entered, key=lambda one: one.id))
        return
    for theme in every:
        yield {
            "kind": "theme",
            "id": theme.id,
            "name": theme.name,
            "description": theme.description,
        }


def _explained() -> ColumnElement[bool]:
    """Whether the record says of any inquiry what it is for: a correction may say so too."""
    due = entries.c.action.in_((Action.CONSIDER, Action.CORRECT))
    said = func.convert_from(entries.c.content, "UTF8").like('%"due_on":%')
    return or_(
        exists().where(entry_texts.c.field.in_(EXPLAINS)),
        exists().where(due, said),
    )


def _reasoned() -> ColumnElement[bool]:
    """Whether any tag says why: all that policy gave do."""
    with_text = entry_texts.join(
        entries,
        and_(
            entries.c.escalation_id == entry_texts.c.escalation_id,
            entries.c.seq == entry_texts.c.seq,
        ),
    )
    said = select(entries.c.ref).select_from(with_text)
    return exists(said.where(entry_texts.c.field == "reason", entries.c.action == Action.TAG))


def _lines(connection: Connection, rows: Sequence[Any]) -> Iterator[dict[str, object]]:
    contents: list[dict[str, Any]] = [json.loads(row.content) for row in rows]
    numbers = _numbers(connection, contents)
    texts = _texts(connection, [one for one in contents if one["texts"]])
    for row, entry in zip(rows, contents, strict=True):
        yield {
            "ref": entry["ref"],
            "recordedAt": entry["recordedAt"],
            "occurredOn": entry["occurredOn"],
            # Where the name was destroyed, the digest still tells this entry's person apart.
            "actor": row.person or f"destroyed-{entry['person'][:16]}",
            "role": entry["role"],
            "action": entry["action"],
            "escalation": entry["escalation"],
        } | _inputs(entry, numbers, texts)


def _inputs(
    entry: Mapping[str, Any],
    numbers: Mapping[str, object],
    texts: Mapping[tuple[str, int, str], object],
) -> dict[str, object]:
    """The inputs of an entry in the order of the procedure's table."""
    given = dict(entry["values"])
    changes = dict(given.get("with", {}))
    fields = FIELDS[Action(entry["action"])]
    own = {one.name for one in fields if one.kind is Kind.PROSE}
    for name in entry["texts"]:
        (given if name in own else changes)[name] = texts[entry["escalation"], entry["seq"], name]
    for values in (given, changes):
        if "case" in values:
            values["case"] = numbers[values["case"]]
    if "with" in given:
        given["with"] = {
            name: changes[one.name] for name, one in CHANGES.items() if one.name in changes
        }
    return {key(one.name): given[one.name] for one in fields if one.name in given}


def _numbers(connection: Connection, contents: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """The case numbers these entries speak of, by the id of their case; of one that was destroyed,
    the id and the day."""
    ids = {
        UUID(values["case"])
        for entry in contents
        for values in (entry["values"], entry["values"].get("with", {}))
        if "case" in values
    }
    found = connection.execute(select(case_numbers).where(case_numbers.c.case_id.in_(ids)))
    return {
        str(one.case_id): one.number
        if one.destroyed_on is None
        else {"id": str(one.case_id), "destroyed": one.destroyed_on.isoformat()}
        for one in found
    }


def _texts(
    connection: Connection, contents: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, int, str], object]:
    """The texts of these entries: what they say, or the day they were destroyed."""
    both = func.unnest(
        literal([one["escalation"] for one in contents], ARRAY(Text)),
        literal([one["seq"] for one in contents], ARRAY(Integer)),
    )
    wanted = both.table_valued("escalation_id", "seq").render_derived()
    found = connection.execute(
        select(entry_texts).join(
            wanted,
            and_(
                entry_texts.c.escalation_id == wanted.c.escalation_id,
                entry_texts.c.seq == wanted.c.seq,
            ),
        )
    )
    return {
        (one.escalation_id, one.seq, one.field): one.content
        if one.destroyed_on is None
        else {"destroyed": one.destroyed_on.isoformat()}
        for one in found
    }
