"""`kdt signals` and `kdt letters`: signals of harshness, and those the letters of 2022 name."""

import getpass
from datetime import datetime

import click

from kdt import bootstrap, words
from kdt.ledger.service import By
from kdt.store.transaction import reading
from kdt.themes import letters as of_letters
from kdt.themes import signals as of_signals


@click.command()
@click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="JJJJ-MM-DD",
    help="Zoals het register toen bekend was; anders nu.",
)
def signals(as_of: datetime | None) -> None:
    """Noem de signalen, het laatste eerst: id, dag, bron, stand en waar het over gaat. Reacties van
    medewerkers staan er niet bij, alleen ongeveer hoeveel het er zijn."""
    day = as_of.date() if as_of else None
    with bootstrap.opened() as store, reading(store) as connection:
        for one in of_signals.signals(connection, closed=False, as_of=day):
            source = words.say(f"signal_source.{one.source}")
            standing = words.say(f"signal_standing.{one.standing}")
            click.echo(f"{one.id}\t{one.received_on}\t{source}\t{standing}\t{one.title}")
        for source, about in of_signals.replies(connection, day).items():
            click.echo(
                words.say("signals.about", source=words.say(f"signal_source.{source}"), about=about)
            )


@click.command()
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def letters(by: str | None) -> None:
    """Leg de signalen vast die de brieven van 25 juli en 8 november 2022 aan de Eerste Kamer
    noemen, met het oordeel dat zij erover geven. Wat er al staat, komt er geen tweede keer bij."""
    with bootstrap.opened() as store:
        new = of_letters.load(store, By(by or getpass.getuser()))
    click.echo(words.say("signals.loaded", new=words.amount("signal", new)))
