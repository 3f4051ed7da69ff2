"""Telling whoever goes on with a case that there is an answer: by mail, without anything of the
case, once the time to take it back is over.

What is to be told is a row made with the consideration itself; what came with a history file has
none. Whatever the number of clocks, each row is told by the one that holds it.
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from kdt import words
from kdt.access.model import hand_overs, mail_addresses, people
from kdt.cases.model import considerations, escalations, notices
from kdt.errors import Unavailable
from kdt.settings import Settings, is_loopback
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow

# Whoever was told so late would wonder what it is about: it stands in the product long since.
_TOO_LATE = timedelta(days=2)
_SECONDS = 20


class Told(StrEnum):
    """What became of a notice."""

    SENT = "sent"
    # The consideration was voided meanwhile.
    TAKEN_BACK = "taken_back"
    NO_ADDRESS = "no_address"
    REFUSED = "refused"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Post:
    """Where mail is handed over, from whom it is, after how long, and where the product is."""

    host: str
    port: int
    sender: str
    after: timedelta
    base_url: str | None


def post(settings: Settings) -> Post | None:
    """How notices are sent; None where no server is set."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    after = timedelta(minutes=settings.notice_minutes)
    sender = settings.smtp_from
    return Post(settings.smtp_host, settings.smtp_port, sender, after, settings.base_url)


def tell(store: Store, by: Post) -> int:
    """Tell what is due, one after another; how many were dealt with. Raises Unavailable when the
    server takes no mail: what is left is told at the next knock."""
    done = 0
    while _one(store, by):
        done += 1
    return done


def _one(store: Store, by: Post) -> bool:
    """Deal with the oldest notice that nobody else is dealing with; whether there was one.

    Its row is held while the mail is handed over, and written after that: killed in between it is
    told again, under the same Message-ID.
    """
    with writing(store) as connection:
        due = (
            select(notices)
            .where(notices.c.told.is_(None), notices.c.recorded_at <= func.now() - by.after)
            .order_by(notices.c.recorded_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = connection.execute(due).one_or_none()
        if row is None:
            return False
        this = (notices.c.escalation_id == row.escalation_id) & (notices.c.seq == row.seq)
        told = _told(connection, row, by)
        connection.execute(update(notices).where(this).values(told=told, told_at=func.now()))
    return True


def _told(connection: Connection, row: AnyRow, by: Post) -> Told:
    if row.recorded_at < datetime.now(UTC) - by.after - _TOO_LATE:
        return Told.TOO_LATE
    stands = select(considerations.c.seq).where(
        considerations.c.escalation_id == row.escalation_id, considerations.c.seq == row.seq
    )
    if connection.scalar(stands) is None:
        return Told.TAKEN_BACK
    address = connection.scalar(
        select(mail_addresses.c.address)
        .outerjoin_from(escalations, hand_overs, hand_overs.c.escalation_id == escalations.c.id)
        .join(people, people.c.id == func.coalesce(hand_overs.c.holder, escalations.c.brought_by))
        .join(mail_addresses, mail_addresses.c.person == people.c.id)
        .where(escalations.c.id == row.escalation_id, ~people.c.disabled)
    )
    if address is None:
        return Told.NO_ADDRESS
    return _handed_over(_message(row, address, by), by)


def _message(row: AnyRow, address: str, by: Post) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = by.sender, address
    message["Subject"] = words.say("mail.subject")
    message["Date"] = row.recorded_at
    message["Message-ID"] = f"<{row.escalation_id}.{row.seq}@{by.sender.rpartition('@')[2]}>"
    # No program answers it that somebody is away.
    message["Auto-Submitted"] = "auto-generated"
    where = words.say("mail.where", address=by.base_url) if by.base_url else ""
    message.set_content(words.say("mail.text", where=where))
    return message


def _handed_over(message: EmailMessage, by: Post) -> Told:
    try:
        with smtplib.SMTP(by.host, by.port, timeout=_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif not is_loopback(by.host):
                raise Unavailable(words.say("mail.without_tls", host=by.host))
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused:
        return Told.REFUSED
    except (smtplib.SMTPException, OSError) as error:
        # What the server says may hold the address.
        raise Unavailable(words.say("mail.not_taken", host=by.host)) from error
    return Told.SENT
