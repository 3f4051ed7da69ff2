"""That figures were released is told to subscribed addresses: once, signed, without a number, and
nowhere on a network of one's own."""

import base64
import hashlib
import http.server
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import Message
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import text

from kdt import clockwork, signing
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.errors import Forbidden, InvalidInput, Refused
from kdt.ledger.service import By
from kdt.publications import sending, service, subscribing
from kdt.publications.sending import WAITS, Post
from kdt.publications.subscriptions import Delivery, Told, subscription, subscriptions
from kdt.settings import Settings
from kdt.store import knocks
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading, writing
from kdt.vocabulary import Role
from tests import certificates
from tests.publications.waiting import digest, prepared
from tests.support import assert_sound

ADMINISTRATOR = Actor("beheer-1", Role.ADMINISTRATOR)
MANAGER = Actor("manager-1", Role.MANAGER)


@dataclass
class Box:
    """A server on this machine that keeps what it is given, and answers as it is told to."""

    port: int = 0
    status: int = 204
    kept: list[tuple[str, Message, bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}/kdt?voor=ons"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of localhost, signed by itself, with its key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    both = folder / "both.pem"
    both.write_bytes(b"".join(one.read_bytes() for one in certificates.certificate(folder)))
    return both


@pytest.fixture
def box(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    """One whose certificate is trusted."""
    kept = Box()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.kept.append((self.path, self.headers, body))
            self.send_response(kept.status)
            self.send_header("Location", "https://localhost:1/elders")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("localhost", 0), Handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def talking(certificate: Path, *, tls: bool) -> Iterator[str]:
    """The address of somebody who keeps saying that there is more to come, before or after there is
    TLS, and never comes to the point."""
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(certificate)
    over = threading.Event()

    def answer(plain: socket.socket) -> None:
        with suppress(OSError), plain:
            line = own.wrap_socket(plain, server_side=True) if tls else plain
            with line:
                # The head of a TLS record of 16 kB, of which a byte comes at a time.
                line.sendall(b"" if tls else b"\x16\x03\x03\x40\x00")
                while not over.wait(0.05):
                    line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" if tls else b"\x02")

    def take(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                answer(server.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=take, args=(server,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            over.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.fixture
def by(tmp_path: Path) -> Post:
    return Post(signing.create(tmp_path / "key.pem"), "https://kdt.voorbeeld.nl", True)


@pytest.fixture
def house(store: Store) -> Store:
    """A record in which two may publish."""
    people = [
        Person(one.person, one.person, ((one.role, None),)) for one in (ADMINISTRATOR, MANAGER)
    ]
    with writing(store) as connection:
        enter(connection, By("beheer"), people)
    return store


def released(store: Store, year: int = 2021) -> str:
    wanted = prepared(store, MANAGER, year)
    service.release(store, ADMINISTRATOR, wanted, digest(store, wanted))
    return wanted


def deliveries(store: Store) -> list[Delivery]:
    with reading(store) as connection:
        return [each for one in subscriptions(connection) for each in one.deliveries]


def later(store: Store) -> None:
    """As if so much time had gone by that whatever waits is due."""
    with writing(store) as connection:
        connection.execute(text("update event_deliveries set due_at = now() where told is null"))


def test_a_release_is_told_once_signed_and_without_a_number(
    house: Store, box: Box, by: Post
) -> None:
    before = released(house, 2020)
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    wanted = released(house)
    clocks = [threading.Thread(target=sending.tell, args=(house, by)) for _ in range(4)]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()
    [(path, headers, body)] = box.kept
    assert path == "/kdt?voor=ons"
    told = json.loads(body)
    assert (told["specversion"], told["id"]) == ("1.0", f"{wanted}/release")
    assert told["subject"] == wanted
    assert told["type"] == "nl.kdt.publication.release"
    assert told["source"].startswith("urn:nld:")
    assert told["dataref"] == f"https://kdt.voorbeeld.nl/open-data/{wanted}/document.json"
    assert told["data"].keys() == {"publication", "topic", "from", "until", "asOf", "document"}
    assert before not in body.decode()
    assert_signed(by, box.address, headers, body)
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.attempts, delivery.problem) == (Told.SENT, 1, None)
    assert sending.tell(house, by) == 0
    assert_sound(house)


def assert_signed(by: Post, address: str, headers: Message, body: bytes) -> None:
    """As whoever receives it finds out, from the standards alone (RFC 9421, RFC 9530)."""
    digest_of = base64.b64encode(hashlib.sha256(body).digest()).decode()
    assert headers["Content-Digest"] == f"sha-256=:{digest_of}:"
    label, _, given = headers["Signature-Input"].partition("=")
    covered = re.findall(r'"([^"]+)"', given.partition(")")[0])
    assert set(covered) == {"@method", "@target-uri", "content-digest", "content-type"}
    values = {"@method": "POST", "@target-uri": address}
    lines = [f'"{one}": {values.get(one) or headers[one]}' for one in covered]
    base = "\n".join([*lines, f'"@signature-params": {given}']).encode()
    signature = base64.b64decode(headers["Signature"].removeprefix(f"{label}=:").removesuffix(":"))
    key = Ed25519PublicKey.from_public_bytes(by.key.public)
    key.verify(signature, base)
    with pytest.raises(InvalidSignature):
        key.verify(signature, base.replace(b"POST", b"PUT"))


def test_what_is_not_taken_is_tried_again_less_and_less_often_and_then_seen_to_have_failed(
    house: Store, box: Box, by: Post
) -> None:
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    box.status = 503
    for attempt in range(1, len(WAITS) + 2):
        assert sending.tell(house, by) == 1
        [delivery] = deliveries(house)
        assert (delivery.attempts, delivery.problem) == (attempt, "status_503")
        assert delivery.told == (Told.FAILED if attempt > len(WAITS) else None)
        assert sending.tell(house, by) == 0
        later(house)
    assert len(box.kept) == len(WAITS) + 1
    assert len({json.loads(body)["id"] for _, _, body in box.kept}) == 1
    assert sorted(WAITS) == [*WAITS]


@pytest.mark.parametrize(
    ("status", "told", "tried"), [(410, Told.FAILED, 1), (302, None, 1), (200, Told.SENT, 1)]
)
def test_gone_is_for_good_and_nothing_is_followed_elsewhere(
    house: Store, box: Box, by: Post, status: int, told: Told | None, tried: int
) -> None:
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    box.status = status
    sending.tell(house, by)
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.attempts, len(box.kept)) == (told, tried, 1)


def test_nothing_goes_to_a_network_of_ones_own_wherever_a_name_leads(
    house: Store, box: Box, by: Post
) -> None:
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    sending.tell(house, replace(by, local=False))
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.problem, box.kept) == (None, "local_address", [])


def test_a_certificate_nobody_vouches_for_is_not_trusted(
    house: Store, box: Box, by: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    monkeypatch.delenv("SSL_CERT_FILE")
    sending.tell(house, by)
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.problem, box.kept) == (None, "no_trust", [])


@pytest.mark.parametrize("tls", [False, True])
def test_who_never_comes_to_the_point_is_cut_short(
    house: Store, certificate: Path, by: Post, monkeypatch: pytest.MonkeyPatch, tls: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(sending, "_IN_ALL", 0.5)
    with talking(certificate, tls=tls) as address:
        subscribing.begin(house, ADMINISTRATOR, address, local=True)
        released(house)
        telling = threading.Thread(target=sending.tell, args=(house, by), daemon=True)
        telling.start()
        telling.join(5)
        assert not telling.is_alive()
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.problem) == (None, "unreachable")


def test_nothing_else_of_the_clock_waits_for_a_slow_address(
    house: Store, certificate: Path, by: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    chosen = Settings(
        checkpoint_to=str(tmp_path / "kept"),
        checkpoint_key=tmp_path / "key.pem",
        events_local="yes",
    )
    with talking(certificate, tls=True) as address:
        subscribing.begin(house, ADMINISTRATOR, address, local=True)
        released(house)
        running = clockwork.start(house, chosen)
        until, done = time.monotonic() + 30, set[str]()
        while not done >= {"make_checkpoint", "forget_expired"}:
            assert time.monotonic() < until
            time.sleep(0.05)
            with reading(house) as connection:
                done = {*knocks.last(connection)}
        assert "tell_released" not in done
    running.stop()
    assert [one.problem for one in deliveries(house)] == ["unreachable"]


def test_what_breaks_off_each_time_is_not_tried_without_end(
    house: Store, box: Box, by: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    with monkeypatch.context() as broken:
        # As if it were killed while sending.
        broken.setattr(sending, "_CLAIMED", timedelta(0))
        broken.setattr(sending, "headers", lambda *_: 1 / 0)
        for _ in range(len(WAITS) + 1):
            with pytest.raises(ZeroDivisionError):
                sending.tell(house, by)
        assert sending.tell(house, by) == 1
    [delivery] = deliveries(house)
    assert (delivery.told, delivery.problem) == (Told.FAILED, "broken_off")
    assert delivery.attempts == len(WAITS) + 1
    assert sending.tell(house, by) == 0
    assert box.kept == []


def test_a_name_that_cannot_be_a_name_holds_up_nobody_behind_it(
    house: Store, box: Box, by: Post, owner_url: str
) -> None:
    wrong = subscribing.begin(house, ADMINISTRATOR, "https://voorbeeld.nl/")
    engine = connect(owner_url)
    with engine.begin() as connection:
        # As one that was taken when nobody looked at that.
        terms = "update event_subscription_terms set address = 'https://haak..voorbeeld.nl/'"
        connection.execute(text(terms))
    engine.dispose()
    subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    with writing(house) as connection:
        first = "update event_deliveries set due_at = now() - interval '1 hour'"
        connection.execute(text(f"{first} where subscription = :it"), {"it": wrong})
    assert sending.tell(house, by) == 2
    assert {(one.told, one.problem) for one in deliveries(house)} == {
        (None, "unknown_name"),
        (Told.SENT, None),
    }


@pytest.mark.parametrize("typed", ["HTTPS://LocalHost:{port}", "https://localhost:{port}/?"])
def test_what_is_signed_is_the_address_its_receiver_sees(
    house: Store, box: Box, by: Post, typed: str
) -> None:
    subscribing.begin(house, ADMINISTRATOR, typed.format(port=box.port), local=True)
    released(house)
    sending.tell(house, by)
    [(path, headers, body)] = box.kept
    assert_signed(by, f"https://{headers['Host']}{path}", headers, body)


def test_two_spellings_are_one_address(store: Store) -> None:
    subscribing.begin(store, ADMINISTRATOR, "HTTPS://Voorbeeld.NL:443")
    with reading(store) as connection:
        assert [one.address for one in subscriptions(connection)] == ["https://voorbeeld.nl/"]
    for other in ("https://voorbeeld.nl", "https://voorbeeld.nl:/", "https://VOORBEELD.nl/?"):
        with pytest.raises(InvalidInput) as refusal:
            subscribing.begin(store, ADMINISTRATOR, other)
        assert [one.code for one in refusal.value.problems] == ["subscribed_already"]
    subscribing.begin(store, ADMINISTRATOR, "https://[2A02:2770::1]:8443/Kdt?Voor=ons")
    with reading(store) as connection:
        assert subscriptions(connection)[0].address == "https://[2a02:2770::1]:8443/Kdt?Voor=ons"


def test_what_was_once_kept_as_it_was_typed_is_read_as_its_receiver_sees_it(
    store: Store, owner_url: str
) -> None:
    one = subscribing.begin(store, ADMINISTRATOR, "https://voorbeeld.nl")
    engine = connect(owner_url)
    with engine.begin() as connection:
        typed = "update event_subscription_terms set address = 'HTTPS://Voorbeeld.NL:443'"
        connection.execute(text(typed))
    engine.dispose()
    with reading(store) as connection:
        (found,) = subscriptions(connection)
        assert (found.address, found) == ("https://voorbeeld.nl/", subscription(connection, one))
    with pytest.raises(InvalidInput):
        subscribing.begin(store, ADMINISTRATOR, "https://voorbeeld.nl/")


def test_who_ended_it_is_told_nothing_that_still_waited(house: Store, box: Box, by: Post) -> None:
    one = subscribing.begin(house, ADMINISTRATOR, box.address, local=True)
    released(house)
    subscribing.end(house, ADMINISTRATOR, one)
    with pytest.raises(Refused):
        subscribing.end(house, ADMINISTRATOR, one)
    assert sending.tell(house, by) == 1
    assert box.kept == []
    assert sending.tell(house, by) == 0


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://voorbeeld.nl/kdt", "not_https"),
        ("https://", "not_https"),
        ("https://iemand@voorbeeld.nl", "not_https"),
        ("https://voorbeeld.nl/#hier", "not_https"),
        ("https://voorbeeld.nl:99999", "not_https"),
        ("https://voorbeeld.nl:0", "not_https"),
        ("https://haak..voorbeeld.nl/x", "not_https"),
        (f"https://{'a' * 64}.nl", "not_https"),
        ("https://voorbeeld.nl/\r\nX: y", "not_https"),
        ("https://localhost/kdt", "local_address"),
        ("https://kdt", "local_address"),
        ("https://db.internal", "local_address"),
        ("https://127.0.0.1", "local_address"),
        ("https://10.0.0.8:8443", "local_address"),
        ("https://169.254.169.254/latest", "local_address"),
        ("https://[::1]", "local_address"),
        ("https://[::ffff:10.0.0.8]", "local_address"),
        ("https://[64:ff9b::a00:8]", "local_address"),
        ("https://[fd00::1]", "local_address"),
        ("https://[64:ff9b:1::a00:1]", "local_address"),
        ("https://[fec0::1]", "local_address"),
        ("https://[::7f00:1]", "local_address"),
    ],
)
def test_only_an_address_on_the_internet_is_taken(store: Store, address: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        subscribing.begin(store, ADMINISTRATOR, address)
    assert [one.code for one in refusal.value.problems] == [problem]


def test_an_administrator_alone_says_who_is_told(store: Store) -> None:
    address = "https://voorbeeld.nl/kdt"
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            with pytest.raises(Forbidden):
                subscribing.begin(store, Actor("iemand", role), address)
    made = subscribing.begin(store, ADMINISTRATOR, address, key="k")
    assert subscribing.begin(store, ADMINISTRATOR, address, key="k") == made
    with pytest.raises(InvalidInput):
        subscribing.begin(store, ADMINISTRATOR, address)
