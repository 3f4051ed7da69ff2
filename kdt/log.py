"""The log file: what happened, in codes and ids; never a case number, a text or a name."""

import json
import logging
import logging.handlers
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import ExcInfo, Processor

from kdt import words
from kdt.errors import Unavailable
from kdt.settings import Settings

_BYTES = 10 * 2**20
_FILES = 5


def keep(settings: Settings) -> Path:
    """Write the log to KDT_HOME/log/kdt.log, one JSON object a line; gives its path.

    Raises Unavailable when that cannot be written.
    """
    path = settings.home.resolve() / "log" / "kdt.log"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = _Log(path, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
    except OSError as error:
        raise Unavailable(f"KDT kan {path} niet schrijven: {words.why(error)}.") from error
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_Places()),
                structlog.processors.JSONRenderer(_line),
            ],
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    return path


def _line(event: object, **options: Any) -> str:
    """One line of visible ASCII, whatever is in it: nobody can add a line, or steer a terminal."""
    return json.dumps(event, **options).replace("\x7f", "\\u007f")


class _Log(logging.handlers.RotatingFileHandler):
    """The file. Closed it stays closed: another thread that had it in hand opened it again."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self._ended = False

    def emit(self, record: logging.LogRecord) -> None:
        # Under the lock that closing takes.
        if not self._ended:
            super().emit(record)

    def close(self) -> None:
        self.acquire()
        try:
            self._ended = True
            super().close()
        finally:
            self.release()


class _Places:
    """Shows an error as kinds and places alone.

    Its message stays out: PostgreSQL puts the values of a row in it, and those may be a
    case number or a text.
    """

    def __call__(self, exc_info: ExcInfo) -> str:
        error: BaseException | None = exc_info[1]
        lines = []
        while error:
            state = getattr(error, "sqlstate", None)
            lines.append(type(error).__qualname__ + (f" {state}" if state else ""))
            frames = traceback.extract_tb(error.__traceback__)
            lines.extend(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
            error = error.__cause__ or error.__context__
        return "\n".join(lines)
