"""`kdt import`, `kdt export` and `kdt convert`: a record in, a record out. `kdt hand-over`: what
somebody who left had in hand."""

import getpass
import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import click

from kdt import bootstrap, words
from kdt.access.permissions import Actor
from kdt.cases import around, converting, spreadsheet
from kdt.cases.exporting import destination, encoded, export_history
from kdt.cases.importing import BadLine, ImportRefused, import_history
from kdt.progress import shown
from kdt.store.transaction import reading
from kdt.vocabulary import Role

_FORMAT = click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "json"]),
    default="text",
    help="Hoe foute regels worden genoemd; json is een object per regel.",
)


_by = click.option("--by", help="Wie het doet; anders wie is aangemeld.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@_FORMAT
@click.option("--by", "by", help="Wie het inbrengt; anders wie is aangemeld.")
def import_(file: Path, layout: str, by: str | None) -> None:
    """Breng een geschiedenisbestand in: helemaal, of bij een foute regel helemaal niet.

    Het register is leeg of zijn laatste registratie is ouder dan de eerste van het bestand. Bij
    foute regels verandert er niets en is de status 1.
    """
    with bootstrap.opened() as store:
        with shown(words.say("import.reading")) as progress:
            report = import_history(store, file, by=by or getpass.getuser(), progress=progress)
        # Before the database is let go: who breaks that off must know what there is.
        if not report.bad:
            entries = words.amount("entry", report.entries)
            lines = words.amount("line", report.lines)
            click.echo(words.say("import.done", entries=entries, lines=lines), err=True)
            return
    print_bad(report.bad, layout)
    lines = words.amount("line", len(report.bad))
    click.echo(words.say("import.refused", lines=lines), err=True)
    sys.exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", "by", help="Wie het meeneemt; anders wie is aangemeld.")
def export(file: Path, by: str | None) -> None:
    """Schrijf het hele register als geschiedenisbestand.

    Vooraf wordt vastgelegd wie het meeneemt. Alle teksten, zaaknummers en namen staan erin; alleen
    wie het schrijft kan het bestand lezen. Een bestand met deze naam wordt vervangen zodra het
    nieuwe af is; een - in plaats van een bestand is de standaarduitvoer.
    """
    with bootstrap.opened() as store:
        with shown(words.say("export.writing")) as progress:
            done = export_history(store, file, by=by or getpass.getuser(), progress=progress)
        click.echo(words.say("export.done", entries=words.amount("entry", done.entries)), err=True)
        if done.demo:
            click.echo(words.say("export.demo"), err=True)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Het geschiedenisbestand.")
@click.option("--template", is_flag=True, help="Toon een voorbeeld van het CSV-bestand.")
@_FORMAT
def convert(file: Path | None, out: Path | None, template: bool, layout: str) -> None:
    """Maak een geschiedenisbestand van een CSV-bestand met een behandeling per rij.

    Voor locaties die een spreadsheet bijhielden. Rijen van een zaak vormen een voorlegging tot de
    vraag beantwoord is, of zo lang de kolom voorlegging hetzelfde zegt. Zonder 'vastgelegd op' is
    alles vastgelegd op het moment van omzetten: breng het dan in voor er iets anders bij komt.
    """
    if template:
        click.echo(spreadsheet.template(), nl=False)
        return
    if file is None or out is None:
        raise click.UsageError(words.say("convert.no_file"))
    if out.exists() and file.exists() and out.samefile(file):
        raise click.UsageError(words.say("convert.onto_itself"))
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ImportRefused(
            words.say("import.unreadable", file=file.name, error=words.why(error))
        ) from error
    made = converting.convert(data, datetime.now(UTC))
    if made.bad:
        print_bad(made.bad, layout, "convert.bad_row")
        click.echo(words.say("convert.refused", rows=words.amount("row", len(made.bad))), err=True)
        sys.exit(1)
    with destination(out) as stream:
        stream.writelines(map(encoded, made.lines))
    rows = words.amount("row", made.rows)
    escalations = words.amount("escalation", made.escalations)
    click.echo(words.say("convert.done", rows=rows, escalations=escalations), err=True)


@click.group("hand-over")
def hand_over() -> None:
    """Draag de lopende zaken over van iemand die weg is."""


@hand_over.command("list")
@_by
def list_holders(by: str | None) -> None:
    """Noem wie lopende voorleggingen in handen heeft, en hoeveel."""
    with bootstrap.opened() as store, reading(store) as connection:
        for person, count in around.holders(connection, [_actor(by)]).items():
            click.echo(f"{person}\t{count}")


@hand_over.command("all")
@click.argument("giver")
@click.argument("taker")
@_by
def hand_over_all(giver: str, taker: str, by: str | None) -> None:
    """Draag over wat GIVER in handen heeft aan TAKER, die daar ook zaken voorlegt. Wat van een
    andere locatie is, blijft; toont hoeveel er ging en hoeveel er bleef."""
    with bootstrap.opened() as store:
        done = around.hand_over(store, [_actor(by)], giver, taker)
    went, stayed = (words.amount("escalation", count) for count in (done.went, done.stayed))
    click.echo(words.say("hand_over.done", went=went, stayed=stayed))


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)


def print_bad(bad: Iterable[BadLine], layout: str, key: str = "import.bad_line") -> None:
    """Name every bad line on standard output, for people or for programs; `key`: in which words."""
    for one in bad:
        problem = " ".join(one.problems)
        if layout == "json":
            click.echo(json.dumps({"line": one.line, "ref": one.ref, "problem": problem}))
            continue
        said = key if one.ref is None else f"{key}_of"
        click.echo(_printable(words.say(said, line=one.line, ref=one.ref, problem=problem)))


def _printable(text: str) -> str:
    """The text as a terminal can show it: what would steer the terminal is spelt out."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )
