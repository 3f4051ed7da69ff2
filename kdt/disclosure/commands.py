"""`kdt disclose`: what leaves the record on request, under the AVG and the Woo."""

import getpass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from kdt import bootstrap, words
from kdt.access.permissions import Actor
from kdt.cases.exporting import destination
from kdt.disclosure import publication, queries, service
from kdt.disclosure.publication import Wanted
from kdt.errors import NotFound
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Outcome, Role

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_BY = click.option("--by", help="Wie het doet; anders wie is aangemeld.")
_OUT = click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Het bestand dat ontstaat."
)


@click.group()
def disclose() -> None:
    """Inzage voor wie een zaak gaat (AVG), en een inventarislijst voor openbaarheid (Woo)."""


@disclose.command()
@click.argument("number")
@click.argument("asked", type=click.Choice([str(one) for one in service.Asked]))
@click.option("--on", type=_DAY, metavar="JJJJ-MM-DD", help="Wanneer het kwam; anders vandaag.")
@_BY
def receive(number: str, asked: str, on: datetime | None, by: str | None) -> None:
    """Noteer dat iemand over de eigen zaak iets vraagt: inzage, rectificatie, wissing, ..."""
    with bootstrap.opened() as store:
        day = None if on is None else on.date()
        service.receive(store, _actor(by), number, service.Asked(asked), received_on=day)


@disclose.command()
@click.argument("number")
@click.argument("answer", type=click.Choice([str(one) for one in service.Answer]))
@click.option("--reason", required=True, help="Waarom zo is geantwoord.")
@click.option(
    "--ground",
    type=click.Choice([str(one) for one in service.RefusalGround]),
    help="De grond, als niet alles is toegewezen.",
)
@_BY
def answer(number: str, answer: str, reason: str, ground: str | None, by: str | None) -> None:
    """Noteer wat er is geantwoord, en op welke grond iets is geweigerd."""
    with bootstrap.opened() as store:
        service.answer(
            store,
            _actor(by),
            _case(store, number),
            service.Answer(answer),
            reason,
            None if ground is None else service.RefusalGround(ground),
        )


@disclose.command("hand-over")
@click.argument("number")
@_OUT
@_BY
def hand_over(number: str, out: Path, by: str | None) -> None:
    """Schrijf alles wat over een zaak vastligt in een bestand voor wie erom vroeg.

    Er moet eerst een verzoek genoteerd zijn. Lees het bestand voor u het geeft: in de teksten
    kunnen namen van anderen staan.
    """
    with bootstrap.opened() as store, destination(out) as stream:
        written = service.hand_over(store, _actor(by), _case(store, number))
        stream.write(written.text.encode())


@disclose.command()
@click.option("--from", "first", required=True, type=_DAY, metavar="JJJJ-MM-DD")
@click.option("--until", required=True, type=_DAY, metavar="JJJJ-MM-DD")
@click.option("--theme", help="Alleen wat deze rode draad laat zien (id).")
@click.option("--outcome", type=click.Choice([str(one) for one in Outcome]))
@_OUT
def inventory(
    first: datetime, until: datetime, theme: str | None, outcome: str | None, out: Path
) -> None:
    """Schrijf een inventarislijst voor een Woo-verzoek, met per stuk een voorgesteld besluit.

    KDT maakt niets openbaar: een mens beslist per stuk.
    """
    wanted = Wanted(first.date(), until.date(), theme, outcome)
    with bootstrap.opened() as store, reading(store) as connection:
        found = publication.inventory(connection, wanted)
    with destination(out) as stream:
        # By the mark a spreadsheet takes it for UTF-8.
        stream.write(publication.as_csv(found).encode("utf-8-sig"))
    click.echo(words.say("woo.listed", items=words.amount("document", len(found))), err=True)


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)


def _case(store: Store, number: str) -> UUID:
    with reading(store) as connection:
        case = queries.case_of(connection, number)
    if case is None:
        raise NotFound(words.say("disclosure.no_such_case"))
    return case
