"""That there is an answer is told by mail: once, after the time to take it back, without the
case."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select, text

from kdt.access.mail import note
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import telling
from kdt.cases.model import notices
from kdt.cases.service import Receipt, perform
from kdt.cases.telling import Post, Told
from kdt.errors import Unavailable
from kdt.ledger.service import By
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests.canary import WORD
from tests.meetings.test_keeping import OFFICER, PLACE, SECRETARY, TODAY, brought, den_bosch, listed
from tests.service.test_together import command

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


@pytest.fixture
def box() -> Iterator[tuple[Box, Post]]:
    kept = Box()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    where = "https://kdt.voorbeeld.nl"
    yield kept, Post("127.0.0.1", port, "kdt@voorbeeld.nl", timedelta(0), where)
    server.stop()


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
