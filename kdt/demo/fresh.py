"""Throwing a demonstration away, to make room for a new one. Nothing else is ever thrown away."""

from pathlib import Path

import psycopg
from psycopg import errors as postgres
from psycopg import sql
from sqlalchemy import make_url

from kdt import words
from kdt.errors import Unavailable
from kdt.store import cluster, embedded


def throw_away(home: Path) -> None:
    """Drop the embedded database when it holds a demonstration, or nothing yet.

    Raises Unavailable when it holds anything else, or is in use.
    """
    held = embedded.acquire(home)
    try:
        with _connect(held.url()) as connection:
            if not _may_go(connection):
                raise Unavailable(words.say("demo.not_a_demo"))
        with _connect(held.url(cluster.SUPERUSER, cluster.SUPERUSER)) as connection:
            drop = sql.SQL("drop database {}").format(sql.Identifier(embedded.DATABASE))
            connection.execute(drop)
    except postgres.ObjectInUse as error:
        raise Unavailable(words.say("demo.in_use")) from error
    finally:
        held.release()


def _may_go(connection: psycopg.Connection) -> bool:
    there = connection.execute("select to_regclass('record') is not null").fetchone()
    if there != (True,):
        return True
    marked = connection.execute("select demo from record").fetchone()
    if marked is not None:
        return marked == (True,)
    return connection.execute("select exists (select from entries)").fetchone() == (False,)


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True)
