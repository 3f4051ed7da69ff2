"""That there is an answer is told by mail: once, after the time to take it back, without the
case."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select, text

from kdt import clockwork, signing
from kdt.access.mail import note
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import telling
from kdt.cases.model import notices
from kdt.cases.service import Receipt, perform
from kdt.cases.telling import Post, Told
from kdt.errors import Unavailable
from kdt.ledger.service import By
from kdt.settings import Settings
from kdt.store import knocks
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.canary import WORD
from tests.certificates import certificate
from tests.meetings.test_keeping import OFFICER, PLACE, SECRETARY, TODAY, brought, den_bosch, listed
from tests.service.test_together import command
from tests.support import free_port

__all__ = ["den_bosch"]
ADDRESS = "o-1@voorbeeld.nl"
LATER = "later@voorbeeld.nl"


class Box:
    """A mail server on this machine that keeps what it is given; it refuses who is unknown."""

    def __init__(self) -> None:
        self.kept: list[Any] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address == LATER:
            return "450 greylisted"
        if address != ADDRESS:
            return "550 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.kept.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "421 closing down"


@contextmanager
def taking_mail(**how: Any) -> Iterator[tuple[Box, Post]]:
    kept = Box()
    port = free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port, **how)
    server.start()
    where = "https://kdt.voorbeeld.nl"
    yield kept, Post("127.0.0.1", port, "kdt@voorbeeld.nl", timedelta(0), where)
    server.stop()


@pytest.fixture
def box() -> Iterator[tuple[Box, Post]]:
    with taking_mail() as found:
        yield found


def known(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
    """Whether a server lets somebody in."""
    said = (given.login, given.password)
    return AuthResult(success=said == (b"kdt", b"geheim"), handled=False)


def answered(store: Store, number: int) -> Receipt:
    one = brought(store, number)
    listed(store, one, TODAY)
    given = {"outcome": "decided", "ruling": "other", "reasons": f"Verzonnen {WORD}."}
    return perform(store, SECRETARY, one, [command("consider", **given)])


def told(store: Store) -> list[str | None]:
    with reading(store) as connection:
        return list(connection.scalars(select(notices.c.told).order_by(notices.c.recorded_at)))


def test_it_is_told_once_after_the_time_to_take_it_back_and_says_nothing_of_the_case(
    den_bosch: Store, box: tuple[Box, Post]
) -> None:
    kept, by = box
    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
    answered(den_bosch, 1)
    assert telling.tell(den_bosch, replace(by, after=timedelta(hours=1))) == 0
    assert telling.tell(den_bosch, by) == 1
    assert told(den_bosch) == [Told.NO_ADDRESS]
    with writing(den_bosch) as connection:
        note(connection, OFFICER.person, ADDRESS)
    done = answered(den_bosch, 2)
    taken_back = answered(den_bosch, 3)
    void = {"replaces": taken_back.refs[-1], "void": True, "reason": "Verzonnen."}
    perform(den_bosch, SECRETARY, taken_back.escalation, [command("correct", **void)])
    clocks = [threading.Thread(target=telling.tell, args=(den_bosch, by)) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    assert told(den_bosch)[1:] == [Told.SENT, Told.TAKEN_BACK]
    (mail,) = kept.kept
    said = mail.content.decode()
    assert mail.rcpt_tos == [ADDRESS]
    assert "https://kdt.voorbeeld.nl" in said
    for kept_out in (WORD, "Z-2", "decided", OFFICER.person + "\n"):
        assert kept_out not in said
    # The id is in the Message-ID alone, so that the same mail is known again.
    assert [line for line in said.splitlines() if done.escalation in line] == [
        f"Message-ID: <{done.escalation}.{done.version}@voorbeeld.nl>"
    ]


def test_one_that_the_server_wants_later_waits_and_the_next_is_told(
    den_bosch: Store, box: tuple[Box, Post], owner_url: str
) -> None:
    kept, by = box
    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
        note(connection, OFFICER.person, LATER)
    answered(den_bosch, 1)
    assert telling.tell(den_bosch, by) == 1
    with writing(den_bosch) as connection:
        note(connection, OFFICER.person, ADDRESS)
    answered(den_bosch, 2)
    # The first rests a while; that the server breaks off afterwards takes nothing back.
    assert telling.tell(den_bosch, by) == 1
    assert told(den_bosch) == [None, Told.SENT]
    engine = connect(owner_url)
    with engine.begin() as connection:
        earlier = "update notices set told_at = told_at - interval '6 minutes' where told is null"
        connection.execute(text(earlier))
    engine.dispose()
    assert telling.tell(den_bosch, by) == 1
    assert told(den_bosch) == [Told.SENT, Told.SENT]
    assert len(kept.kept) == 2


def test_what_cannot_be_told_now_waits_and_what_is_too_late_is_not_told(
    den_bosch: Store, box: tuple[Box, Post], owner_url: str
) -> None:
    kept, by = box
    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
        note(connection, OFFICER.person, "elders@voorbeeld.nl")
    answered(den_bosch, 1)
    with pytest.raises(Unavailable):
        telling.tell(den_bosch, replace(by, port=1))
    assert told(den_bosch) == [None]
    telling.tell(den_bosch, by)
    assert told(den_bosch) == [Told.REFUSED]
    answered(den_bosch, 2)
    with writing(den_bosch) as connection:
        note(connection, OFFICER.person, "geen adres\nBcc: ander@voorbeeld.nl")
    telling.tell(den_bosch, by)
    answered(den_bosch, 3)
    # As if nobody had set a server for three days.
    engine = connect(owner_url)
    with engine.begin() as connection:
        late = "update notices set recorded_at = recorded_at - interval '3 days' where told is null"
        connection.execute(text(late))
    engine.dispose()
    telling.tell(den_bosch, by)
    assert sorted(map(str, told(den_bosch))) == [Told.NO_ADDRESS, Told.REFUSED, Told.TOO_LATE]
    assert kept.kept == []


def test_nothing_else_of_the_clock_waits_for_a_mail_server_that_says_nothing(
    den_bosch: Store, tmp_path: Path
) -> None:
    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
        note(connection, OFFICER.person, ADDRESS)
    answered(den_bosch, 1)
    key = tmp_path / "key.pem"
    signing.create(key)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        chosen = Settings(
            smtp_host="127.0.0.1",
            smtp_port=silent.getsockname()[1],
            smtp_from="kdt@voorbeeld.nl",
            notice_minutes=0,
            checkpoint_to=str(tmp_path / "kept"),
            checkpoint_key=key,
        )
        running = clockwork.start(den_bosch, chosen)
        until, done = time.monotonic() + 15, set[str]()
        while not done >= {"make_checkpoint", "tell_released"} and time.monotonic() < until:
            time.sleep(0.05)
            with reading(den_bosch) as connection:
                done = {*knocks.last(connection)}
    # Whoever waited for an answer hears now that there is nobody.
    running.stop()
    assert done >= {"make_checkpoint", "tell_released"}
    assert "tell_answers" not in done
    assert told(den_bosch) == [None]


def test_it_signs_in_over_tls_with_a_server_that_asks_it(
    den_bosch: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, key = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own, key)
    file = tmp_path / "password"
    file.write_text("geheim\n")
    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
        note(connection, OFFICER.person, ADDRESS)
    answered(den_bosch, 1)
    asking = {"authenticator": known, "auth_required": True, "tls_context": context}
    with taking_mail(**asking, require_starttls=True) as (kept, by):
        # Under this name it is not taken for this machine itself.
        found = telling.post(
            Settings(
                smtp_host="127.1",
                smtp_port=by.port,
                smtp_from=by.sender,
                smtp_user="kdt",
                smtp_password_file=file,
                notice_minutes=0,
            )
        )
        assert found is not None
        assert "geheim" not in repr(found)
        with pytest.raises(Unavailable, match="KDT_SMTP_USER"):
            telling.tell(den_bosch, replace(found, host="localhost", password="anders"))
        with pytest.raises(Unavailable, match="KDT_SMTP_USER"):
            telling.tell(den_bosch, replace(found, host="localhost", password="gehéím"))
        with pytest.raises(Unavailable, match="neemt nu geen berichten aan"):
            telling.tell(den_bosch, replace(found, host="localhost", user=None))
        # Its certificate is for another name.
        with pytest.raises(Unavailable):
            telling.tell(den_bosch, found)
        assert kept.kept == []
        assert telling.tell(den_bosch, replace(found, host="localhost")) == 1
        assert len(kept.kept) == 1


def test_no_password_goes_over_the_network_in_the_clear(den_bosch: Store) -> None:
    given: list[Any] = []

    def heard(*said: Any) -> AuthResult:
        given.append(said)
        return known(*said)

    with writing(den_bosch) as connection:
        enter(connection, By("beheer"), [Person(OFFICER.person, "O", ((Role.OFFICER, PLACE),))])
        note(connection, OFFICER.person, ADDRESS)
    answered(den_bosch, 1)
    with taking_mail(authenticator=heard, auth_require_tls=False) as (kept, by):
        mine = replace(by, user="kdt", password="geheim")
        with pytest.raises(Unavailable, match="STARTTLS"):
            telling.tell(den_bosch, replace(mine, host="127.1"))
        assert given == kept.kept == []
        # What does not leave the machine may.
        assert telling.tell(den_bosch, mine) == 1
        assert len(given) == len(kept.kept) == 1
