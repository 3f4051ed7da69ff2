"""What tests share: the question whether a record is still sound, and where to listen."""

import socket

from kdt.store.engine import Store
from kdt.verify import verify


def assert_sound(store: Store) -> None:
    """Fail, naming what is wrong, unless log, projections and tallies agree throughout."""
    report = verify(store)
    assert report.sound, "\n".join(finding.sentence for finding in report.findings[:20])


def free_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
