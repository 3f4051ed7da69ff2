"""What the application may do, granted by the migrations to one group role."""

from typing import Literal

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from kdt.errors import Unavailable

APP_ROLE = "kdt_app"
# Vectors and the search for what is near: what texts are compared by.
EXTENSION = "vector"
# From here on a search goes on until it has enough of what somebody may know of.
_OLDEST = (0, 8)
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
    """See to it that the extension is there; raises Unavailable when this owner may not make it,
    or it is too old."""
    if _version(connection) is not None:
        check_extension(connection)
        return
    try:
        connection.execute(text(f"CREATE EXTENSION {EXTENSION}"))
    except DBAPIError as error:
        raise Unavailable(
            f"De uitbreiding {EXTENSION} (pgvector, 0.8 of nieuwer) ontbreekt in deze database; "
            f"laat de beheerder van de database uitvoeren: CREATE EXTENSION {EXTENSION}."
        ) from error
    check_extension(connection)


def check_extension(connection: Connection) -> None:
    """Raise Unavailable unless the extension is there, and new enough."""
    found = _version(connection)
    if found is None or tuple(int(part) for part in found.split(".")[:2]) < _OLDEST:
        wanted = ".".join(map(str, _OLDEST))
        raise Unavailable(
            f"De uitbreiding {EXTENSION} (pgvector) moet {wanted} of nieuwer zijn, en is hier "
            f"{found or 'er niet'}; laat de beheerder van de database een nieuwere installeren, "
            f"en dan: ALTER EXTENSION {EXTENSION} UPDATE."
        )


def _version(connection: Connection) -> str | None:
    query = text("select extversion from pg_extension where extname = :name")
    found: str | None = connection.scalar(query, {"name": EXTENSION})
    return found
