"""The catalogue as programs read it, of `kdt measures --format json` and the API alike."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from kdt.register.catalogue import examples
from kdt.register.catalogue.model import Ask, Definition, Division
from kdt.register.catalogue.table import balances


def as_json(one: Definition) -> dict[str, Any]:
    """What a measure counts, and by which rules."""
    return {
        "id": one.id,
        "version": one.version,
        "name": one.name,
        "question": one.question,
        "meaning": one.meaning,
        "unit": one.unit,
        "actions": list(one.actions),
        "outcome": one.outcome,
        "detail": one.detail,
        "period": one.period,
        "known": one.known,
        "divisions": _in_order(one.divisions),
        "addsUp": _in_order(one.adds_up),
        "balances": [asdict(each) for each in balances(one)],
        "revision": one.revision,
        "disclosure": one.disclosure,
        "opens": one.opens,
        "within": one.within,
    }


def worked(one: Definition) -> dict[str, Any]:
    """The same, with its example: a history file and what the measure says of it."""
    asks = [_ask(each) for each in one.example.asks]
    return as_json(one) | {"example": {"history": examples.lines(one.example.story), "asks": asks}}


def _ask(one: Ask) -> dict[str, Any]:
    return {
        "from": one.first.isoformat(),
        "until": one.until.isoformat(),
        "asOf": one.as_of.isoformat() if one.as_of else None,
        "at": dict(one.at),
        "answer": one.answer,
    }


def _in_order(divisions: Iterable[Division]) -> list[Division]:
    known = {*divisions}
    return [one for one in Division if one in known]
