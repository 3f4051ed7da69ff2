"""Where somebody is told that something waits for them: the address their provider gives."""

import re

from sqlalchemy import Connection, delete
from sqlalchemy.dialects.postgresql import insert

from kdt.access.model import mail_addresses

# One address, and nothing that could become another head of a message.
_ADDRESS = re.compile(r"[^@\s<>,;:]{1,64}@[^@\s<>,;:]{1,190}")


def note(connection: Connection, person: str, claimed: object) -> None:
    """Keep the address claimed of who signed in; without one, or with none that is, they have none
    any more."""
    if isinstance(claimed, str) and _ADDRESS.fullmatch(claimed):
        new = insert(mail_addresses).values(person=person, address=claimed)
        changed = {"address": new.excluded.address}
        connection.execute(new.on_conflict_do_update(index_elements=["person"], set_=changed))
    else:
        connection.execute(delete(mail_addresses).where(mail_addresses.c.person == person))
