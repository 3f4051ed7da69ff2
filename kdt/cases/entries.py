"""The canonical form of an entry of the log of escalations, specified in `docs/record.md`."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from kdt import clock, hashing
from kdt.procedure import FIELDS, Act, Panel
from kdt.procedure.rows import Kind
from kdt.vocabulary import Action, Role

FORMAT = 1

DAYS = frozenset(
    field.name for fields in FIELDS.values() for field in fields if field.kind is Kind.DAY
) | {"occurred_on"}


def case_id(number: str) -> tuple[uuid.UUID, bytes]:
    """An opaque id for a new case, and the salt with which it can be tied to its number."""
    chosen = hashing.salt()
    return tied(number, chosen), chosen


def tied(number: str, salt: bytes) -> uuid.UUID:
    """The id that belongs to a case number and its salt: the first half of their SHA-256."""
    return uuid.UUID(bytes=hashlib.sha256(salt + number.encode()).digest()[:16])


def content(
    escalation: str,
    seq: int,
    act: Act,
    *,
    person: str,
    texts: Mapping[str, str],
    procedure: int,
    import_id: str | None,
) -> bytes:
    """The canonical bytes: JSON with sorted keys, no white space, UTF-8; people as digests."""
    entry: dict[str, Any] = {
        "format": FORMAT,
        "procedure": procedure,
        "escalation": escalation,
        "seq": seq,
        "ref": act.ref,
        "action": act.action,
        "role": act.role,
        "person": person,
        "occurredOn": act.occurred_on.isoformat(),
        "recordedAt": clock.written(act.recorded_at),
        "values": act.values,
        "texts": texts,
    }
    if act.panel is not None:
        entry["panel"] = [act.panel.level, act.panel.location]
    if import_id is not None:
        entry["import"] = import_id
    return hashing.encoded(entry)


def act(content: bytes, actor: str | None) -> Act:
    """The act an entry holds. `actor` has a row of its own; None where that was destroyed."""
    entry = json.loads(content)
    recorded_at = datetime.fromisoformat(entry["recordedAt"])
    values = _typed(entry["values"])
    panel = entry.get("panel")
    return Act(
        ref=entry["ref"],
        action=Action(entry["action"]),
        actor=actor,
        role=Role(entry["role"]),
        occurred_on=date.fromisoformat(entry["occurredOn"]),
        recorded_at=recorded_at,
        recorded_on=clock.day(recorded_at),
        values=values,
        prose=frozenset(entry["texts"]),
        panel=Panel(cast("str", values["panel"]), panel[0], panel[1]) if panel else None,
    )


def procedure_version(content: bytes) -> int:
    """The version of the procedure an entry was made under."""
    return int(json.loads(content)["procedure"])


def _typed(values: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _typed(cast("Mapping[str, object]", value))
        if name == "with"
        else date.fromisoformat(cast("str", value))
        if name in DAYS
        else value
        for name, value in values.items()
    }
