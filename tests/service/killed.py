"""A client that is killed again and again, run as a process of its own.

Each life works through requests and writes down, on disk before it goes on, what was acknowledged.
"""

import os
import signal
import sys
import time
from random import Random

from kdt.cases import service
from kdt.store.engine import Store, connect
from tests.service.test_together import PLACES, command, officer


def live(url: str, journal: int, life: int) -> None:
    """Bring cases and withdraw every other one, until killed."""
    engine = connect(url)
    store = Store(engine, url, engine.dispose)
    for number in range(10**6):
        place = PLACES[number % 2]
        opening = {"case": f"Z-{number % 7}", "location": place, "ground": "other"}
        wishes = [command("open", **opening, question="decision"), command("submit")]
        key = f"sleutel-{life}-{number}"
        done = service.perform(store, officer(place), None, wishes, key=key)
        write(journal, *done.refs)
        withdraw = command("withdraw", reason="Verzonnen.")
        done = service.perform(store, officer(place), done.escalation, [withdraw], version=2)
        write(journal, *done.refs)


def write(journal: int, *refs: str) -> None:
    """Write down what was acknowledged, and wait until it is on disk."""
    os.write(journal, "".join(f"{ref}\n" for ref in refs).encode())
    os.fsync(journal)


def main(url: str, file: str, kills: str) -> None:
    """Live, and be killed at a moment nobody chose, `kills` times."""
    random = Random(1)
    journal = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for life in range(int(kills)):
        child = os.fork()
        if child == 0:
            live(url, journal, life)
        time.sleep(0.1 + random.random() * 0.4)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
