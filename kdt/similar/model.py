"""What was learnt of the texts, and where each text is by it.

All of it is derived: it is learnt again from the texts at any time, goes with them when they are
destroyed, and is no part of the record. The points of one model stand in one table and those of the
next in the other, so that points of two are never compared.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

from kdt.similar.learning import DIRECTIONS
from kdt.store.metadata import metadata


class Point(UserDefinedType[str]):
    """A column of pgvector's half-precision vectors, written and read as text."""

    cache_ok = True

    def __init__(self, size: int | str = DIRECTIONS) -> None:
        self.size = int(size)

    def get_col_spec(self, **_: Any) -> str:
        """The type as the database names it."""
        return f"halfvec({self.size})"


# What looks a schema over meets the type too.
ischema_names["halfvec"] = Point

similar_models = Table(
    "similar_models",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column(
        "learnt_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    # How many texts there were, and of how many it was learnt.
    Column("texts", Integer, nullable=False),
    Column("sample", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    # Whether every text has had its point, so that it is searched by.
    Column("filled", Boolean, nullable=False),
    # The position in the log up to which texts have had theirs.
    Column("place", BigInteger, nullable=False),
    # How many texts were destroyed since.
    Column("destroyed", Integer, nullable=False, server_default=text("0")),
)


def _points(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("escalation_id", Text, primary_key=True),
        Column("point", Point, nullable=False),
        Index(
            f"ix_{name}_point",
            "point",
            postgresql_using="hnsw",
            postgresql_ops={"point": "halfvec_ip_ops"},
        ),
    )


_POINTS = (_points("similar_even"), _points("similar_odd"))


def points_of(model: int) -> Table:
    """Where the points of a model stand."""
    return _POINTS[model % 2]
