"""`kdt checkpoint`, `kdt proof` and `kdt verifier`: what an auditor can hold the record against."""

import getpass
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import click

from kdt import bootstrap, depots, settings, signing, words
from kdt.cases.exporting import destination
from kdt.checkpoints import proof as proofs
from kdt.checkpoints import service
from kdt.depots import Depot
from kdt.progress import shown
from kdt.reads.codes import Look
from kdt.reads.service import note_whole
from kdt.settings import InvalidSetting
from kdt.verify import checkpoints as kept
from kdt.verify.checkpoints import Found


@click.group(invoke_without_command=True)
@click.pass_context
def checkpoint(context: click.Context) -> None:
    """Maak nu een ijkpunt en bewaar het op KDT_CHECKPOINT_TO.

    Een ijkpunt legt buiten de database vast hoe elke keten er nu uitziet, ondertekend met
    KDT_CHECKPOINT_KEY. Wat daarna aan het verleden verandert, noemt kdt verify.
    """
    if context.invoked_subcommand is not None:
        return
    place, key = _place(), _key()
    with bootstrap.opened() as store:
        made = service.make(store, place, key, datetime.now(UTC))
    click.echo(_said(made.number, made.moment, sum(of[1] for of in made.chains.values())))


@checkpoint.command("list")
def list_() -> None:
    """Toon alle ijkpunten, en of elk volgt op het vorige en goed ondertekend is."""
    place, key = _place(), _key()
    good = True
    for line, well in _listed(place, key.public):
        click.echo(line)
        good &= well
    if not good:
        raise click.ClickException(words.say("checkpoint.broken"))


@checkpoint.command()
def key() -> None:
    """Toon de publieke sleutel, om aan wie narekent te geven."""
    click.echo(_key().public.hex())


@checkpoint.command("new-key")
@click.argument("file", type=click.Path(path_type=Path))
def new_key(file: Path) -> None:
    """Maak een nieuwe sleutel in een bestand dat er nog niet is; toon de publieke helft."""
    click.echo(signing.create(file).public.hex())


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--with-texts",
    is_flag=True,
    help="Ook de teksten, namen en zaaknummers, zodat hun vingerafdrukken zijn na te rekenen.",
)
def proof(file: Path, with_texts: bool) -> None:
    """Schrijf alle registraties en het nieuwste ijkpunt in een bestand, om elders na te rekenen.

    Zonder --with-texts staan er alleen codes, nummers en vingerafdrukken in. Met --with-texts wordt
    vooraf vastgelegd wie ze meeneemt.
    """
    chosen = settings.load()
    place = depots.depot(chosen.checkpoint_to) if chosen.checkpoint_to else None
    with (
        bootstrap.opened(chosen) as store,
        shown(words.say("export.writing")) as progress,
        destination(file) as stream,
    ):
        if with_texts:
            note_whole(store, getpass.getuser(), Look.EXPORT)
        done = proofs.write(store, stream.write, place, with_texts=with_texts, progress=progress)
    said = "proof.done_with_texts" if with_texts else "proof.done"
    click.echo(words.say(said, entries=words.amount("entry", done)), err=True)


@click.command()
def verifier() -> None:
    """Toon het programma dat een bewijsbestand narekent: één bestand Python, zonder KDT."""
    click.echo(files("kdt.verify").joinpath("alone.py").read_text("utf-8"), nl=False)


def _place() -> Depot:
    chosen = settings.load()
    if chosen.checkpoint_to is None:
        raise InvalidSetting(words.say("checkpoint.not_set"))
    return depots.depot(chosen.checkpoint_to)


def _key() -> signing.Key:
    chosen = settings.load()
    if chosen.checkpoint_key is None:
        raise InvalidSetting(words.say("checkpoint.not_set"))
    return signing.load(chosen.checkpoint_key)


def _listed(place: Depot, public: bytes) -> Iterator[tuple[str, bool]]:
    """A line for each checkpoint in order, and whether it is as it should be."""
    before: Found | None = None
    for found in kept.every(place):
        one = found.checkpoint
        said = _said(one.number, one.moment, sum(of[1] for of in one.chains.values()))
        follows = one.number == (before.checkpoint.number + 1 if before else 1)
        digest = sha256(before.content).hexdigest() if before else None
        if not follows or one.previous != digest:
            yield words.say("checkpoint.not_following", said=said), False
        elif not one.signed_by(public):
            yield words.say("checkpoint.not_signed", said=said), False
        else:
            yield said, True
        before = found


def _said(number: int, moment: datetime, entries: int) -> str:
    return words.say(
        "checkpoint.said",
        number=number,
        moment=words.moment(moment),
        entries=words.amount("entry", entries),
    )
