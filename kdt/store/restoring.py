"""The mark on a database into which a backup is being brought back: nobody opens it before what had
been destroyed is gone again. It is there before anything comes in, so that no crash leaves a record
without it."""

from sqlalchemy import NullPool, create_engine, text

from kdt import words
from kdt.errors import Unavailable

MARK = "restoring"


def begin(url: str) -> None:
    """Mark the database of the owner's URL."""
    _do(url, f"create table if not exists {MARK} ()")


def end(url: str) -> None:
    """Take the mark away: what came back may be opened."""
    _do(url, f"drop table {MARK}")


def refuse(url: str) -> None:
    """Raise Unavailable when the mark is there; the application's URL will do."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        if connection.scalar(text("select to_regclass(:mark)::text"), {"mark": MARK}):
            raise Unavailable(words.say("backup.not_finished"))


def _do(url: str, statement: str) -> None:
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        connection.execute(text(statement))
