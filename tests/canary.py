"""A word in every text that the tests send, and a look at every place where no text may come: logs,
those of the database, metrics, addresses, bodies of errors, what is recorded beside the texts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import httpx
from prometheus_client import generate_latest
from sqlalchemy import Connection, text

from kdt.cases.inputs import key
from kdt.procedure import FIELDS
from kdt.procedure.rows import Kind

WORD = "kwikstaartveer"
# The fields people write in freely, as they are called outside.
PROSE = frozenset(
    {key(one.name) for fields in FIELDS.values() for one in fields if one.kind is Kind.PROSE}
    | {"description"}
)
# Tables that hold codes, ids and days alone.
_WITHOUT_TEXT = (
    "entries",
    "escalations",
    "considerations",
    "outbox",
    "requests",
    "rates",
    "knocks",
    "imports",
    "ledger",
    "reads",
    "processings",
)
_LOGS = ("**/log/kdt.log*", "**/postgres/log/*", "**/postgres/start.log")


def told(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is filled in, with the word in every text of it."""
    return {name: _told(name, value) for name, value in given.items()}


def _told(name: str, value: Any) -> Any:
    if isinstance(value, Mapping) and name == "with":
        return told(value)
    if name in PROSE and isinstance(value, str) and value.strip():
        return f"{value} {WORD}"
    return value


def look_at(answer: httpx.Response) -> httpx.Response:
    """The answer itself; fails when the word stands in an address or in an error for programs."""
    for one in (*answer.history, answer):
        places = [str(one.url), *one.headers.values()]
        assert not any(WORD in unquote_plus(place) for place in places), one.url
        if one.headers.get("content-type", "").startswith("application/problem+json"):
            assert WORD not in one.text, one.text
    return answer


def look_in(connection: Connection) -> None:
    """Fail when the word stands in a table that holds no texts."""
    counts = " union all ".join(
        f"select '{table}', count(*) from {table} where {table}::text like '%{WORD}%'"
        for table in _WITHOUT_TEXT
    )
    found = [table for table, count in connection.execute(text(counts)) if count]
    assert not found, f"a text stands in {found}"


def leaks(folder: Path) -> Iterator[str]:
    """The logs under a folder, and the metrics, that hold the word."""
    for pattern in _LOGS:
        for file in folder.glob(pattern):
            if WORD in file.read_text("utf-8", errors="replace"):
                yield str(file)
    if WORD in generate_latest().decode():
        yield "metrics"
