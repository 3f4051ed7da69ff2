"""`kdt signals`, `tests` and `adjustments`, and `kdt letters` for what the letters of 2022 name."""

import getpass
from datetime import date, datetime

import click
from sqlalchemy import Connection

from kdt import bootstrap, words
from kdt.errors import KdtError
from kdt.ledger.service import By
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.themes import adjustments as of_adjustments
from kdt.themes import implementation
from kdt.themes import letters as of_letters
from kdt.themes import signals as of_signals
from kdt.themes.replies import replies

_AS_OF = click.option(
    "--as-of",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    metavar="JJJJ-MM-DD",
    help="Zoals het register toen bekend was; anders nu.",
)


@click.command()
@_AS_OF
def signals(as_of: datetime | None) -> None:
    """Noem de signalen, het laatste eerst: id, dag, bron, stand en waar het over gaat. Reacties van
    medewerkers staan er niet bij, alleen ongeveer hoeveel het er zijn."""
    with bootstrap.opened() as store, reading(store) as connection:
        day = _day(connection, as_of)
        for one in of_signals.signals(connection, closed=False, as_of=day):
            source = words.say(f"signal_source.{one.source}")
            standing = words.say(f"signal_standing.{one.standing}")
            click.echo(f"{one.id}\t{one.received_on}\t{source}\t{standing}\t{one.title}")
        for source, about in replies(connection, day).items():
            click.echo(
                words.say("signals.about", source=words.say(f"signal_source.{source}"), about=about)
            )


@click.command()
@_AS_OF
def tests(as_of: datetime | None) -> None:
    """Noem de uitvoerings- en invoeringstoetsen, de laatste eerst: id, dag, soort, over welk
    voorstel, en van hoeveel betrokken organisaties bekend is hoe tevreden zij zijn."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in implementation.held(connection, as_of=_day(connection, as_of)):
            kind = words.say(f"test_kind.{one.kind}")
            heard = f"{len(one.last)}/{len(one.organisations)}"
            click.echo(f"{one.id}\t{one.held_on}\t{kind}\t{one.title}\t{heard}")


@click.command()
@_AS_OF
def adjustments(as_of: datetime | None) -> None:
    """Noem de aanpassingen, de laatste eerst: id, sinds wanneer, soort, stand, wie besliste, en
    wat."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in of_adjustments.adjustments(connection, as_of=_day(connection, as_of)):
            kind = words.say(f"adjustment_kind.{one.kind}")
            status = words.say(f"adjustment_status.{one.status}")
            by = words.say(f"decided_by.{one.decided_by}")
            click.echo(f"{one.id}\t{one.since}\t{kind}\t{status}\t{by}\t{one.title}")


@click.command()
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def letters(by: str | None) -> None:
    """Leg de signalen vast die de brieven van 25 juli en 8 november 2022 aan de Eerste Kamer
    noemen, met het oordeel dat zij erover geven en wat erop volgde. Wat er al staat, komt er geen
    tweede keer bij."""
    with bootstrap.opened() as store:
        new = of_letters.load(store, By(by or getpass.getuser()))
    signals_of_it = words.amount("signal", new.signals)
    changed = words.amount("adjustment", new.adjustments)
    click.echo(words.say("signals.loaded", signals=signals_of_it, adjustments=changed))


def _day(connection: Connection, as_of: datetime | None) -> date | None:
    day = as_of.date() if as_of else None
    if day is not None and day > today(connection):
        raise KdtError(words.say("query.reference_date_to_come"))
    return day
