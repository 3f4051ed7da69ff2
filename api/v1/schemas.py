"""The JSON schemas of what actions take, drawn from the fields of the procedure."""

from collections.abc import Mapping
from typing import Any

from kdt import words
from kdt.cases.inputs import CHANGES, codes, key
from kdt.procedure import FIELDS
from kdt.procedure.rows import Field, Kind
from kdt.values import LONGEST_NAME
from kdt.vocabulary import Action

Schema = dict[str, Any]

OCCURRED_ON: Schema = {
    "type": "string",
    "format": "date",
    "description": "De dag waarop het gebeurde, in Nederland; zonder dit veld vandaag, en bij een "
    "behandeling de dag van het overleg.",
}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": r"\S"}


def inputs(action: Action, extra: Mapping[str, Schema] | None = None) -> Schema:
    """The schema of an action's body: its own fields, the day it happened, and what is `extra`."""
    fields = FIELDS[action]
    return {
        "type": "object",
        "properties": {
            **{key(one.name): _field(one) for one in fields},
            "occurredOn": OCCURRED_ON,
            **(extra or {}),
        },
        "required": [key(one.name) for one in fields if one.required],
        "additionalProperties": False,
    }


def body(schema: Schema, example: Mapping[str, Any]) -> Schema:
    """What describes a JSON body to FastAPI, for an operation that reads it itself."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": schema, "example": dict(example)}},
        }
    }


def _field(one: Field) -> Schema:
    schema = _kind(one)
    if words.known(f"field.{one.name}"):
        schema["description"] = words.say(f"field.{one.name}")
    return schema


def _kind(one: Field) -> Schema:
    match one.kind:
        case Kind.CODE | Kind.OUTCOME:
            return {"type": "string", "enum": list(codes(one))}
        case Kind.DAY:
            return {"type": "string", "format": "date"}
        case Kind.CASE | Kind.NAME:
            return dict(NAME)
        case Kind.PROSE:
            return {"type": "string"} if one.may_be_empty else {"type": "string", "pattern": r"\S"}
        case Kind.FLAG:
            return {"type": "boolean", "const": True}
        case Kind.CHANGES:
            return {
                "type": "object",
                "properties": {name: _field(change) for name, change in CHANGES.items()},
                "minProperties": 1,
                "additionalProperties": False,
            }
