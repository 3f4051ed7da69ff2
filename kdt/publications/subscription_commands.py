"""`kdt subscriptions`: to which addresses releases are told."""

import click

from kdt import bootstrap, settings, words
from kdt.access.acting import acting
from kdt.access.table import Right
from kdt.publications import subscribing
from kdt.publications.subscriptions import subscriptions as all_subscriptions
from kdt.store.transaction import reading

_WHO = click.option("--who", required=True, help="Wie het doet: iemand die KDT kent en dit mag.")


@click.group(invoke_without_command=True)
@click.pass_context
def subscriptions(group: click.Context) -> None:
    """Aan welke adressen wordt verteld dat er cijfers zijn vrijgegeven."""
    if group.invoked_subcommand is not None:
        return
    with bootstrap.opened() as store, reading(store) as connection:
        for one in all_subscriptions(connection):
            last = one.last
            told = "" if last is None else last.told or words.say("subscription.waiting")
            problem = (last.problem or "") if last else ""
            click.echo(f"{one.id}\t{one.address}\t{told}\t{problem}")


@subscriptions.command()
@click.argument("address", metavar="ADRES")
@_WHO
def add(address: str, who: str) -> None:
    """Schrijf een adres in."""
    chosen = settings.load()
    with bootstrap.opened(chosen) as store:
        actor, local = acting(store, who, Right.SUBSCRIBE), chosen.tells_local
        click.echo(subscribing.begin(store, actor, address, local=local))


@subscriptions.command()
@click.argument("wanted", metavar="INSCHRIJVING")
@_WHO
def end(wanted: str, who: str) -> None:
    """Beëindig een inschrijving."""
    with bootstrap.opened() as store:
        subscribing.end(store, acting(store, who, Right.SUBSCRIBE), wanted)
