"""Who is on their way to the organisation's provider: a row for each, good for one return.

What proves that the answer belongs to the question (state, nonce, verifier) stands here; the
browser holds a random token alone, and the row its digest.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, func
from sqlalchemy.dialects.postgresql import insert

from kdt.access.model import sign_ins
from kdt.access.sessions import digest

# Time to find a password and a telephone.
LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What goes along to the provider, and the path to go on to afterwards."""

    state: str
    nonce: str
    verifier: str
    onward: str


def begin(connection: Connection, browser: str, onward: str) -> SignIn:
    """Send a browser off, known by its token; what has expired goes."""
    connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < func.now()))
    begun = SignIn(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), onward
    )
    connection.execute(
        insert(sign_ins).values(
            state=digest(begun.state),
            browser=digest(browser),
            nonce=begun.nonce,
            verifier=begun.verifier,
            onward=begun.onward,
            expires_at=func.now() + LASTS,
        )
    )
    return begun


def take(connection: Connection, browser: str, state: str) -> SignIn | None:
    """What belongs to a return, which is then used up; None when this browser was not sent off
    with this state, came too late, or came before."""
    row = connection.execute(
        delete(sign_ins)
        .where(sign_ins.c.state == digest(state), sign_ins.c.browser == digest(browser))
        .returning(
            sign_ins.c.nonce,
            sign_ins.c.verifier,
            sign_ins.c.onward,
            (sign_ins.c.expires_at >= func.now()).label("in_time"),
        )
    ).one_or_none()
    return SignIn(state, row.nonce, row.verifier, row.onward) if row and row.in_time else None
