"""Carrying out what was confirmed, run as a process of its own that is killed in the middle."""

import os
import signal
import sys
from pathlib import Path

from kdt.retention import destroying
from kdt.store.engine import Store, connect


def main(url: str, folder: str, after: str) -> None:
    """Be gone, without a word to anybody, once so many batches of one unit are in."""
    destroying.BATCH = 1
    engine = connect(url)
    left = int(after)

    def progress(_done: int, _of: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    destroying.carry_out(Store(engine, url, engine.dispose), Path(folder), progress)


if __name__ == "__main__":
    main(*sys.argv[1:])
