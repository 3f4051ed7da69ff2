"""The command `kdt` as somebody types it, in this process: a process of its own takes a second."""

import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock

import pytest
from click.testing import CliRunner

from kdt import cli

# The status the command ends with, what it printed, and what went wrong.
Kdt = Callable[..., tuple[int, str, str]]


def typed(
    folder: Path, environment: Mapping[str, str], *arguments: str | Path
) -> CompletedProcess[str]:
    """Type it in a folder: the status it ends with, what it printed, and what went wrong."""
    words = ["kdt", *map(str, arguments)]
    kept = signal.getsignal(signal.SIGTERM)
    with (
        chdir(folder),
        mock.patch.object(sys, "argv", words),
        CliRunner().isolation(env=environment) as (out, err, _),
    ):
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            signal.signal(signal.SIGTERM, kept)
        # As the end of a process does.
        sys.stdout.flush()
        status = ended.value.code
        assert isinstance(status, int)
        return CompletedProcess(words, status, out.getvalue().decode(), err.getvalue().decode())
