"""What the letters to the Senate of 2022 name, as a record can begin with: the data stands in
`letters.toml`, with where each letter says it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection, select

from kdt.ledger.service import By
from kdt.store.engine import Store
from kdt.themes import adjusting, signalling
from kdt.themes.adjusting import Told as Adjusted
from kdt.themes.model import adjustment_terms, signal_terms
from kdt.themes.service import changing
from kdt.themes.signalling import Found, Told
from kdt.themes.signals import signals


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many of each were new."""

    signals: int
    adjustments: int


def load(store: Store, by: By) -> Loaded:
    """Record what of the letters was never recorded here: each signal with the assessment its
    letter gives it, and what was or was not changed. What was withdrawn since is not brought
    back, and neither is what followed it."""
    texts = _texts()
    with changing(store) as connection:
        known = {*connection.scalars(select(signal_terms.c.signal))}
        new = [one for one in texts["signal"] if one["id"] not in known]
        for one in new:
            _signal(connection, by, one, texts["responsible"])
        told = {*connection.scalars(select(adjustment_terms.c.adjustment))}
        standing = {one.id for one in signals(connection, closed=False)}
        followed = [
            one
            for one in texts["adjustment"]
            if one["id"] not in told and standing.issuperset(one["signals"])
        ]
        for one in followed:
            given = {name: value for name, value in one.items() if name != "id"}
            adjusting.record(connection, by, one["id"], Adjusted(**given, at_latest=True))
    return Loaded(len(new), len(followed))


def _signal(connection: Connection, by: By, one: Mapping[str, Any], responsible: str) -> None:
    told = Told(
        one["source"],
        one["received_on"],
        one["title"],
        one["concerns"],
        at_latest=True,
        lawyers=one["lawyers"],
        origin=one["origin"],
        reference=one["reference"],
        followed=one["followed"],
    )
    signalling.record(connection, by, one["id"], told)
    if "assessment" in one:
        found = Found(one["assessment"], one["reasons"], responsible)
        signalling.view(connection, by, one["id"], found)


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("kdt.themes").joinpath("letters.toml").read_text("utf-8"))
