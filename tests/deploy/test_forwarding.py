"""The example that sends the log on to another machine, with the real program: over TLS, and to
nobody who is not who they should be. Skipped where it is not installed, but never on the CI."""

import contextlib
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.certificates import LOOPBACK, certificate

EXAMPLE = Path(__file__).parents[2] / "deploy" / "rsyslog-kdt.conf"
NAME = "logs.example.org"
LINE = '{"event": "signed_in", "person": "P-1"}'

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not [*Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")] and not os.environ.get("CI"),
        reason="rsyslog with rsyslog-gnutls is not installed",
    ),
]


@contextmanager
def forwarding(folder: Path, ca: Path, port: int) -> Iterator[None]:
    """The example, reading a log here and sending it there."""
    config = EXAMPLE.read_text("utf-8")
    for theirs, ours in (
        ("/var/lib/kdt/log/kdt.log", str(folder / "kdt.log")),
        ("/etc/ssl/logs-ca.pem", str(ca)),
        (f'target="{NAME}" port="6514"', f'target="{LOOPBACK}" port="{port}"'),
    ):
        assert theirs in config
        config = config.replace(theirs, ours)
    file = folder / "rsyslog.conf"
    file.write_text(f'global(workDirectory="{folder}")\n{config}')
    (folder / "kdt.log").write_text(f"{LINE}\n")
    command = ["rsyslogd", "-n", "-f", str(file), "-i", str(folder / "pid")]
    with (folder / "out.log").open("wb") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            raise


def received(folder: Path, name: str) -> bytes:
    """What arrives in half a minute at a server that has a certificate for this name."""
    own, key = certificate(folder, name)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own, key)
    with (
        socket.create_server((LOOPBACK, 0)) as plain,
        forwarding(folder, own, plain.getsockname()[1]),
    ):
        plain.settimeout(30)
        taken, _ = plain.accept()
        taken.settimeout(30)
        with contextlib.suppress(ssl.SSLError, OSError), context.wrap_socket(taken, True) as safe:
            return safe.recv(10_000)
    return b""


def test_a_line_of_the_log_arrives_elsewhere(tmp_path: Path) -> None:
    assert LINE.encode() in received(tmp_path, NAME)


def test_nobody_else_is_sent_it(tmp_path: Path) -> None:
    assert LINE.encode() not in received(tmp_path, "elsewhere.example.org")
