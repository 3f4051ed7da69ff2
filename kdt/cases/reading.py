"""Reading the lines of a history file, some at a time; of a long one in a process of its own, so
that the next lines are read while these are judged."""

import gc
import os
import signal
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import IO, NamedTuple

from kdt import words
from kdt.cases.lines import LONGEST_LINE, Header, Line, parse
from kdt.errors import Unavailable
from kdt.values import Problem

CHUNK = 5_000
CHUNK_BYTES = 2**24
# As many chunks are read before they are asked for; more would only fill memory.
AHEAD = 2


class Said(NamedTuple):
    """What a line says, or None and what is wrong with it; its `ref` as far as it can be read."""

    line: Line | None
    ref: str | None
    problems: list[Problem]


class _Chunk(NamedTuple):
    lines: list[bytes]
    # How many bytes they took in the file.
    size: int


def read(stream: IO[bytes]) -> Generator[tuple[list[Said], int]]:
    """The lines of a file in order, each read on its own, and how many bytes they took there.

    Raises Unavailable when the process that reads was ended.
    """
    chunks = _chunks(stream)
    first = next(chunks, None)
    if first is None:
        return
    head = Said(*parse(first.lines[0], first=True, version=1))
    # Only the first line can say which version of the format the others are in.
    version = head.line.version if isinstance(head.line, Header) else 1
    yield [head, *_parsed(first.lines[1:], version)], first.size
    yield from _read_ahead(chunks, version)


def _read_ahead(chunks: Iterator[_Chunk], version: int) -> Generator[tuple[list[Said], int]]:
    """The process begins with the first chunk: a short file has none left for it. It is a fresh
    one, for a copy of a process with threads may stand still for ever."""
    waiting: deque[tuple[Future[list[Said]], int]] = deque()
    try:
        with ProcessPoolExecutor(1, get_context("spawn"), initializer=_quietly) as reader:
            for chunk in chunks:
                waiting.append((reader.submit(_parsed, chunk.lines, version), chunk.size))
                if len(waiting) > AHEAD:
                    yield _next(waiting)
            while waiting:
                yield _next(waiting)
    except BrokenProcessPool as error:
        raise Unavailable(words.say("import.reader_ended")) from error


def _next(waiting: deque[tuple[Future[list[Said]], int]]) -> tuple[list[Said], int]:
    future, size = waiting.popleft()
    return future.result(), size


def _quietly() -> None:
    """Whoever breaks off an import says so to the process that imports; this one ends with it, also
    when that is killed. It keeps nothing, so there are no cycles to look for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def _parsed(lines: list[bytes], version: int) -> list[Said]:
    return [Said(*parse(line, first=False, version=version)) for line in lines]


def _chunks(stream: IO[bytes]) -> Iterator[_Chunk]:
    """Lines without their ends."""
    lines: list[bytes] = []
    size = kept = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        size += len(raw)
        kept += len(raw)
        while raw[-1:] != b"\n" and (rest := stream.readline(LONGEST_LINE)):
            # Too long a line is read past, not kept: one byte more than the longest tells enough.
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        lines.append(raw.removesuffix(b"\n").removesuffix(b"\r"))
        if len(lines) == CHUNK or kept > CHUNK_BYTES:
            yield _Chunk(lines, size)
            lines, size, kept = [], 0, 0
    if lines:
        yield _Chunk(lines, size)
