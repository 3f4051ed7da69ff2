"""Telling whoever goes on with a case that there is an answer: by mail, without anything of the
case, once the time to take it back is over.

What is to be told is a row made with the consideration itself; what came with a history file has
none. Whatever the number of clocks, each row is told by the one that claims it.
"""

import smtplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from kdt import words
from kdt.access.model import hand_overs, mail_addresses, people
from kdt.cases.model import considerations, escalations, notices
from kdt.errors import Unavailable
from kdt.settings import Settings, is_loopback, secret_in
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.store.writing import AnyRow, AnySelect

# Whoever was told so late would wonder what it is about: it stands in the product long since.
_TOO_LATE = timedelta(days=2)
_SECONDS = 20
# Seconds a knock may take: who stops the clock waits for it.
_LONGEST = 30
# How long after an attempt, or a claim, it is tried again.
_AGAIN = timedelta(minutes=5)
_NEVER = 500


class Told(StrEnum):
    """What became of a notice."""

    # Claimed by whoever is handing it over.
    SENDING = "sending"
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
    # With which it signs in there; without, it does not.
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def post(settings: Settings) -> Post | None:
    """How notices are sent; None where no server is set. Raises Unavailable when the password
    cannot be read."""
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    after = timedelta(minutes=settings.notice_minutes)
    found = Post(
        settings.smtp_host, settings.smtp_port, settings.smtp_from, after, settings.base_url
    )
    if settings.smtp_user is None or settings.smtp_password_file is None:
        return found
    password = secret_in(settings.smtp_password_file)
    return replace(found, user=settings.smtp_user, password=password)


def tell(store: Store, by: Post) -> int:
    """Tell what is due, one after another, for as long as a knock may take; how many were dealt
    with. Raises Unavailable when the server takes no mail at all: what is left is told later."""
    done, until = 0, time.monotonic() + _LONGEST
    while time.monotonic() < until and _one(store, by):
        done += 1
    return done


def _one(store: Store, by: Post) -> bool:
    """Deal with the oldest notice that nobody else is dealing with; whether there was one.

    It is claimed first and the mail handed over after that, with nothing locked meanwhile. Killed
    in between it is told again, once the claim is old, under the same Message-ID.
    """
    with writing(store) as connection:
        row = connection.execute(_due(by)).one_or_none()
        if row is None:
            return False
        told = _needless(connection, row, by)
        address = None if told else _address(connection, row)
        if told is None and address is None:
            told = Told.NO_ADDRESS
        _note(connection, row, told or Told.SENDING)
    if address is not None:
        try:
            outcome = _handed_over(_message(row, address, by), by)
        except Unavailable:
            with writing(store) as connection:
                _note(connection, row, None, row.told_at)
            raise
        with writing(store) as connection:
            _note(connection, row, outcome)
    return True


def _due(by: Post) -> AnySelect:
    """The oldest that is to be told: not tried a short while ago, nor claimed by somebody who may
    still be at it."""
    open_now = notices.c.told.is_(None) | (notices.c.told == Told.SENDING)
    rested = notices.c.told_at.is_(None) | (notices.c.told_at < func.now() - _AGAIN)
    return (
        select(notices)
        .where(open_now, rested, notices.c.recorded_at <= func.now() - by.after)
        .order_by(notices.c.recorded_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _note(connection: Connection, row: AnyRow, told: Told | None, *at: datetime | None) -> None:
    """What became of a notice, now or `at`; None: it is to be tried again."""
    this = (notices.c.escalation_id == row.escalation_id) & (notices.c.seq == row.seq)
    when = at[0] if at else func.now()
    connection.execute(update(notices).where(this).values(told=told, told_at=when))


def _needless(connection: Connection, row: AnyRow, by: Post) -> Told | None:
    """Why it need not be told; None when it has to be."""
    if row.recorded_at < datetime.now(UTC) - by.after - _TOO_LATE:
        return Told.TOO_LATE
    stands = select(considerations.c.seq).where(
        considerations.c.escalation_id == row.escalation_id, considerations.c.seq == row.seq
    )
    return Told.TAKEN_BACK if connection.scalar(stands) is None else None


def _address(connection: Connection, row: AnyRow) -> str | None:
    return connection.scalar(
        select(mail_addresses.c.address)
        .outerjoin_from(escalations, hand_overs, hand_overs.c.escalation_id == escalations.c.id)
        .join(people, people.c.id == func.coalesce(hand_overs.c.holder, escalations.c.brought_by))
        .join(mail_addresses, mail_addresses.c.person == people.c.id)
        .where(escalations.c.id == row.escalation_id, ~people.c.disabled)
    )


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


def _handed_over(message: EmailMessage, by: Post) -> Told | None:
    """What became of it; None when the server wants it later. Raises Unavailable when there is no
    server that takes mail."""
    try:
        with _server(by) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return Told.REFUSED if all(map(_for_good, codes)) else None
    except smtplib.SMTPDataError as refused:
        return Told.REFUSED if _for_good(refused.smtp_code) else None
    except smtplib.SMTPNotSupportedError:
        # An address this server cannot write.
        return Told.REFUSED
    except (smtplib.SMTPException, OSError) as error:
        raise _not_taken(by) from error
    return Told.SENT


@contextmanager
def _server(by: Post) -> Iterator[smtplib.SMTP]:
    """The server, ready to take mail from us. Raises Unavailable."""
    try:
        server = smtplib.SMTP(by.host, by.port, timeout=_SECONDS)
    except (smtplib.SMTPException, OSError) as error:
        raise _not_taken(by) from error
    try:
        _introduced(server, by)
        yield server
    finally:
        # It has the message or has not; what it says to goodbye changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _introduced(server: smtplib.SMTP, by: Post) -> None:
    """Over TLS, but for a server on this machine, and signed in where that is set."""
    try:
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif not is_loopback(by.host):
            raise Unavailable(words.say("mail.without_tls", host=by.host))
        if by.user is not None and by.password is not None:
            server.login(by.user, by.password)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, UnicodeError) as error:
        # smtplib signs in with ASCII alone.
        raise Unavailable(words.say("mail.not_signed_in", host=by.host)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _not_taken(by) from error


def _for_good(code: int) -> bool:
    """Whether a reply says never (RFC 5321, 4.2.1), and not later."""
    return code >= _NEVER


def _not_taken(by: Post) -> Unavailable:
    # What the server says may hold the address.
    return Unavailable(words.say("mail.not_taken", host=by.host))
