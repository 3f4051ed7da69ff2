"""The parameters of whatever is asked over a period, at a reference date."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from sqlalchemy import Connection

from api.v1.inputs import Day
from kdt.register.figures import Query as Asked
from kdt.store.moments import today
from kdt.values import FIRST_DAY, LAST_DAY

Dimension = Literal["level", "location", "question", "ground"]

First = Annotated[Day, Query(alias="from", description="De eerste dag.")]
Until = Annotated[Day, Query(description="De laatste dag; die telt mee.")]
AsOf = Annotated[
    Day | None,
    Query(
        alias="asOf",
        description="De peildatum: wat tot en met die dag was vastgelegd, telt. Zonder peildatum "
        "telt alles wat nu is vastgelegd.",
    ),
]
By = Annotated[list[Dimension] | None, Query(description="De uitsplitsing.")]


def check_reference_date(connection: Connection, as_of: date | None) -> None:
    """Raise BadQuery when the reference date is yet to come."""
    Asked(FIRST_DAY, LAST_DAY, as_of).check(today(connection))
