"""What the letters to the Senate of 2022 name, as a record can begin with: the data stands in
`letters.toml`, with where each letter says it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from kdt.ledger.service import By
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.themes import signalling
from kdt.themes.model import signal_terms
from kdt.themes.signalling import Found, Told


def load(store: Store, by: By) -> int:
    """Record what of the letters was never recorded here, each with the assessment its letter gives
    it; how many. What was withdrawn since is not brought back."""
    texts = _texts()
    new = 0
    with writing(store) as connection:
        signalling.lock(connection)
        known = {*connection.scalars(select(signal_terms.c.signal))}
        for one in texts["signal"]:
            if one["id"] in known:
                continue
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
                found = Found(one["assessment"], one["reasons"], texts["responsible"])
                signalling.view(connection, by, one["id"], found)
            new += 1
    return new


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("kdt.themes").joinpath("letters.toml").read_text("utf-8"))
