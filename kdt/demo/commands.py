"""`kdt demo`: an empty record filled with an example year that ends today."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kdt import bootstrap, clock, settings, words
from kdt.demo import playing
from kdt.demo.fresh import throw_away
from kdt.errors import KdtError
from kdt.progress import shown
from kdt.settings import Settings
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading

_AGAIN = "from kdt.cli import main; main()"


@click.command()
@click.option("--serve", is_flag=True, help="Start KDT meteen; het jaar speelt intussen in.")
@click.option("--fresh", is_flag=True, help="Gooi een eerder voorbeeld eerst weg.")
@click.pass_context
def demo(context: click.Context, serve: bool, fresh: bool) -> None:
    """Vul een leeg register met een verzonnen voorbeeldjaar, dat vandaag eindigt.

    Het register blijft een voorbeeld: er wordt niets anders in ingelezen. Daarna staan hier de
    antwoorden op de vragen van de Eerste Kamer, uit dat register.
    """
    chosen = settings.load()
    if not chosen.embedded:
        raise KdtError(words.say("demo.not_on_a_server"))
    if fresh:
        throw_away(chosen.home)
    with bootstrap.opened(chosen) as store:
        playing.begin(store)
        if serve:
            with _playing_in():
                context.invoke(_command(context, "serve"))
        else:
            _play(store, chosen)
            context.invoke(_command(context, "answers"))


@contextmanager
def _playing_in() -> Iterator[None]:
    """Play the year in from a process of its own: this one has pages to answer."""
    behind = subprocess.Popen([sys.executable, "-c", _AGAIN, "demo"])
    try:
        yield
    finally:
        behind.terminate()
        behind.wait()


def _play(store: Store, chosen: Settings) -> None:
    with reading(store) as connection:
        moment = moments.now(connection)
    with shown(words.say("demo.playing")) as progress:
        standing, count = playing.play(store, chosen.home, moment, progress=progress)
    day = words.full_day(standing.end)
    said, entries = "demo.done" if count else "demo.was_there", words.amount("entry", count)
    click.echo(words.say(said, entries=entries, day=day))
    if standing.end != clock.day(moment):
        click.echo(words.say("demo.ended", day=day))


def _command(context: click.Context, name: str) -> click.Command:
    """Another command of the same program, by name: this package knows nothing of the web."""
    root = context.find_root()
    assert isinstance(root.command, click.Group)
    command = root.command.get_command(root, name)
    assert command is not None
    return command
