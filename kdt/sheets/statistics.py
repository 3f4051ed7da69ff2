"""Tables as JSON-stat 2.0 (https://json-stat.org/full/): a dataset, or a collection of them."""

import json
import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kdt import words
from kdt.sheets.table import Book, Column, Kind, Table, Value

# The dimension of the columns with numbers in them.
MEASURE = "measure"
STATUS = "status"


def json_stat(book: Book) -> str:
    """The tables with numbers in them."""
    about = {
        "label": book.title,
        "note": [*book.notes],
        "extension": {fact.column.name: _bare(fact.value) for fact in book.facts},
    }
    found = [_dataset(one) for one in book.tables if any(each.counts for each in one.values)]
    if len(found) == 1:
        whole: dict[str, object] = {**found[0], **about}
    else:
        whole = {"class": "collection", **about, "link": {"item": found}}
    return json.dumps({"version": "2.0", **whole}, ensure_ascii=False, indent=1)


def _dataset(table: Table) -> dict[str, object]:
    counted = [(at, one) for at, one in enumerate(table.values, len(table.keys)) if one.counts]
    beside = [
        (at, one)
        for at, one in enumerate(table.values, len(table.keys))
        if not one.counts and one.name != STATUS
    ]
    codes = [_in_order(table, at) for at in range(len(table.keys))]
    size = [*(len(one) for one in codes), len(counted)]
    places = [{code: number for number, code in enumerate(one)} for one in codes]
    value: dict[str, object] = {}
    status: dict[str, str] = {}
    said = next((at for at, one in enumerate(table.columns) if one.name == STATUS), None)
    for row in table.rows:
        known = [place[_bare(one)] for place, one in zip(places, row, strict=False)]
        for number, (at, _) in enumerate(counted):
            index = str(_index([*known, number], size))
            if row[at] is not None:
                value[index] = _number(row[at])
            if said is not None and isinstance(row[said], str):
                status[index] = str(row[said])
    full = len(value) == math.prod(size)
    roles = {one.role: [o.name for o in table.keys if o.role == one.role] for one in table.keys}
    return {
        "class": "dataset",
        "label": table.title,
        "id": [*(one.name for one in table.keys), MEASURE],
        "size": size,
        "role": {name: its for name, its in roles.items() if name} | {"metric": [MEASURE]},
        "dimension": {
            **{one.name: _dimension(one, of) for one, of in zip(table.keys, codes, strict=True)},
            MEASURE: _measures([one for _, one in counted]),
        },
        "value": [value[str(at)] for at in range(len(value))] if full else value,
        **({STATUS: status} if status else {}),
        **({"extension": {"beside": _beside(table, beside)}} if beside else {}),
    }


def _dimension(column: Column, codes: Sequence[str]) -> dict[str, object]:
    labels = {code: str(column.said(code)) for code in codes}
    return {"label": column.title, "category": {"index": [*codes], "label": labels}}


def _measures(columns: Sequence[Column]) -> dict[str, object]:
    return {
        "label": words.say("sheet.measure"),
        "category": {
            "index": [one.name for one in columns],
            "label": {one.name: one.title for one in columns},
            "note": {one.name: [one.about] for one in columns},
            "unit": {
                one.name: {
                    "decimals": 0 if one.kind is Kind.NUMBER else 1,
                    **({"label": one.unit} if one.unit else {}),
                }
                for one in columns
            },
        },
    }


def _beside(table: Table, columns: Sequence[tuple[int, Column]]) -> list[dict[str, str]]:
    """What is no number, a line a row."""
    return [
        {one.name: _bare(value) for one, value in zip(table.keys, row, strict=False)}
        | {one.name: _bare(row[at]) for at, one in columns}
        for row in table.rows
    ]


def _in_order(table: Table, at: int) -> list[str]:
    return [*dict.fromkeys(_bare(row[at]) for row in table.rows)]


def _index(place: Sequence[int], size: Sequence[int]) -> int:
    """Where a cell stands in the row of all cells, the last dimension changing first."""
    index = 0
    for at, of in zip(place, size, strict=True):
        index = index * of + at
    return index


def _number(value: Value) -> int | float:
    return float(value) if isinstance(value, Decimal) else int(str(value))


def _bare(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
