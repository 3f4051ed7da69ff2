"""The mappings from claims to roles, as they stand in their table."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from kdt.access.mapping import RoleMapping
from kdt.access.model import mappings
from kdt.vocabulary import Role


def all_mappings(connection: Connection) -> list[RoleMapping]:
    """Every mapping, by claim and value."""
    found = connection.execute(
        select(mappings).order_by(
            mappings.c.claim, mappings.c.value, mappings.c.role, mappings.c.location.nulls_first()
        )
    )
    return [
        RoleMapping(row.claim, row.value, Role(row.role), row.location, row.id) for row in found
    ]


def insert_mapping(connection: Connection, new: RoleMapping) -> int | None:
    """Keep a mapping; its id, or None when it was there."""
    made: int | None = connection.scalar(
        insert(mappings)
        .values(claim=new.claim, value=new.value, role=new.role, location=new.location)
        .on_conflict_do_nothing()
        .returning(mappings.c.id)
    )
    return made


def delete_mapping(connection: Connection, mapping: int) -> RoleMapping | None:
    """Take a mapping away; which it was, or None when there is none with this id."""
    row = connection.execute(
        delete(mappings).where(mappings.c.id == mapping).returning(mappings)
    ).one_or_none()
    if row is None:
        return None
    return RoleMapping(row.claim, row.value, Role(row.role), row.location, row.id)
