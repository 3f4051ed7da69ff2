"""Facts as a history file has them: with their texts, and since when each was known. What came with
an import says so in a value of its own, for in the ledger it stands from the import on."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kdt import clock
from kdt.ledger.service import Fact
from kdt.store.writing import AnyRow
from kdt.vocabulary import Role

VALUE = "known_at"
# Part of a query over the ledger, as `f`: what is told of a fact, and by whom.
COLUMNS = f"""
    f.ref, f.subject, f.subject_id, f.seq, f.fact, f.occurred_on, f.content, p.person,
    coalesce(
        (convert_from(f.content, 'UTF8')::jsonb -> 'values' ->> '{VALUE}')::timestamptz,
        f.recorded_at
    ) as known_at,
    (
        select jsonb_object_agg(t.field, t.content) from ledger_texts t
        where t.subject = f.subject and t.subject_id = f.subject_id and t.seq = f.seq
    ) as texts
"""
FACTS = """
    ledger f
    join ledger_people p on p.subject = f.subject and p.subject_id = f.subject_id and p.seq = f.seq
"""


def since(fact: Fact, at: datetime) -> Fact:
    """The fact as one that was known since a moment before it is entered."""
    return replace(fact, values={**fact.values, VALUE: clock.written(at)})


def said(row: AnyRow) -> tuple[Role, Mapping[str, Any]]:
    """In which capacity a fact was told, and its values."""
    content = json.loads(row.content)
    values = {name: value for name, value in content["values"].items() if name != VALUE}
    return Role(content["role"]), values
