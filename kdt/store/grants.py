"""What the application may do, granted by the migrations to one group role."""

from typing import Literal

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from kdt.errors import Unavailable

APP_ROLE = "kdt_app"
# Vectors and the search for what is near: what texts are compared by.
EXTENSION = "vector"
Right = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


def grant(table: str, *rights: Right, columns: tuple[str, ...] = ()) -> None:
    """In a migration: let the application do this with a table, or with some columns of it."""
    only = f" ({', '.join(columns)})" if columns else ""
    for right in rights:
        op.execute(f"GRANT {right}{only} ON {table} TO {APP_ROLE}")


def ensure_role(connection: Connection) -> None:
    """See to it that the group role exists; raises Unavailable when this owner may not make it."""
    if connection.scalar(text("select 1 from pg_roles where rolname = :name"), {"name": APP_ROLE}):
        return
    try:
        connection.execute(text(f"CREATE ROLE {APP_ROLE} NOLOGIN"))
    except ProgrammingError as error:
        raise Unavailable(
            f"De rol {APP_ROLE} ontbreekt en mag niet worden gemaakt; "
            f"laat de beheerder van de database uitvoeren: CREATE ROLE {APP_ROLE} NOLOGIN."
        ) from error


def ensure_extension(connection: Connection) -> None:
    """See to it that the extension is there; raises Unavailable when this owner may not make it."""
    known = {"name": EXTENSION}
    if connection.scalar(text("select 1 from pg_extension where extname = :name"), known):
        return
    try:
        connection.execute(text(f"CREATE EXTENSION {EXTENSION}"))
    except DBAPIError as error:
        raise Unavailable(
            f"De uitbreiding {EXTENSION} (pgvector, 0.8 of nieuwer) ontbreekt in deze database; "
            f"laat de beheerder van de database uitvoeren: CREATE EXTENSION {EXTENSION}."
        ) from error
