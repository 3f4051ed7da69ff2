"""`kdt backup`, `kdt restore`, `kdt drill` and `kdt database`: for whoever keeps the record."""

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from kdt import log, settings, words
from kdt.backup import service, upgrading
from kdt.backup.archive import NotABackup
from kdt.backup.service import Restored
from kdt.cases.exporting import STREAM, destination
from kdt.progress import shown
from kdt.settings import Settings
from kdt.store.cluster import VERSION
from kdt.verify.commands import as_text

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_FILE
def backup(file: Path) -> None:
    """Maak een reservekopie van het hele register, terwijl anderen doorwerken.

    Alle teksten, zaaknummers en namen staan erin; alleen wie haar maakt kan het bestand lezen. Dat
    u haar maakt, wordt eerst vastgelegd. Met - als bestand gaat ze naar de uitvoer, om haar
    bijvoorbeeld te versleutelen.
    """
    chosen = _started()
    with shown(words.say("backup.writing")), destination(file) as stream:
        made = service.back_up(chosen, stream, getpass.getuser())
    entries = words.amount("entry", made.entries)
    click.echo(words.say("backup.made", entries=entries, schema=made.schema), err=True)
    if made.demo:
        click.echo(words.say("backup.demo"), err=True)


@click.command()
@_FILE
@click.pass_context
def restore(context: click.Context, file: Path) -> None:
    """Zet een reservekopie terug in een lege database, werk haar bij en reken alles na.

    De status is 1 als er iets niet klopt; gebruik die database dan niet. Met - als bestand wordt
    de invoer gelezen.
    """
    chosen = _started()
    with shown(words.say("backup.working")), _source(file) as stream:
        done = service.restore(chosen, stream)
    _tell(context, done)


@click.command()
@click.pass_context
def drill(context: click.Context) -> None:
    """Oefen: maak een reservekopie, zet haar terug in een eigen database die daarna weer weg is,
    reken alles na, en zeg hoe lang het duurde. Het register zelf verandert niet.
    """
    chosen = _started()
    with shown(words.say("backup.working")):
        done = service.drill(chosen)
    click.echo(
        words.say(
            "backup.drilled",
            size=f"{done.bytes / 2**20:.1f}",
            made=f"{done.back_up_seconds:.1f}",
            restored=f"{done.restore_seconds:.1f}",
        )
    )
    _tell(context, done.restored)


@click.group()
def database() -> None:
    """De eigen database van KDT."""


@database.command()
def upgrade() -> None:
    """Breng de gegevens over naar de nieuwere PostgreSQL waar deze KDT mee werkt.

    Alles wordt nagerekend; de oude gegevens blijven staan.
    """
    chosen = _started()
    if not chosen.embedded:
        raise click.UsageError(words.say("backup.not_embedded"))
    with shown(words.say("backup.working")):
        done = upgrading.upgrade(chosen.home)
    if done is None:
        click.echo(words.say("backup.current", version=VERSION))
        return
    click.echo(
        words.say(
            "backup.upgraded",
            old=done.version,
            version=VERSION,
            entries=words.amount("entry", done.restored.manifest.entries),
            folder=done.kept,
        )
    )


def _started() -> Settings:
    chosen = settings.load()
    log.keep(chosen)
    return chosen


def _tell(context: click.Context, done: Restored) -> None:
    entries = words.amount("entry", done.manifest.entries)
    click.echo(words.say("backup.restored", entries=entries, made_at=done.manifest.made_at))
    # Also when there were none: whoever set another folder must see it.
    units = words.amount("unit", done.replayed.units)
    said = {"number": done.replayed.statements, "folder": done.statements, "units": units}
    click.echo(words.say("retention.replayed", **said))
    for line in as_text(done.report):
        click.echo(line)
    if not done.report.sound:
        context.exit(1)


@contextmanager
def _source(file: Path) -> Iterator[IO[bytes]]:
    if file == STREAM:
        yield sys.stdin.buffer
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        said = words.say("backup.unreadable", file=file.name, error=words.why(error))
        raise NotABackup(said) from error
    with stream:
        yield stream
