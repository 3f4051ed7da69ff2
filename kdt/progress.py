"""How far a long command is: a bar on a terminal, on the side that does not spoil the answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Told now and then: how much is done, of how much.
Progress = Callable[[int, int], None]


def unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


@contextmanager
def shown(label: str) -> Iterator[Progress]:
    """A progress bar on standard error for the length of a block, where somebody is looking."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not console.is_terminal:
        yield unseen
        return
    with Bar(console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
