"""`kdt feeds`: the addresses at which a calendar program fetches somebody's meetings.

Whoever is named does it, as who they are: the command line gives nobody a panel.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kdt import bootstrap, clock, settings, words
from kdt.access.queries import Person
from kdt.access.queries import person as known
from kdt.errors import NotFound
from kdt.meetings import subscribing
from kdt.store.engine import Store
from kdt.store.transaction import reading

_by = click.option("--by", help="Wie het doet; anders wie is aangemeld.")
_panel = click.argument("panel", required=False)


@click.group()
def feeds() -> None:
    """Zie, maak en beëindig adressen waar een agendaprogramma overleggen ophaalt."""


@feeds.command("list")
@_by
def list_feeds(by: str | None) -> None:
    """Noem waarvan iemand een adres kan hebben, en sinds wanneer er een is."""
    with _asked(by) as (store, person), reading(store) as connection:
        for one in subscribing.of_person(connection, person):
            since = "-" if one.made_at is None else clock.day(one.made_at).isoformat()
            click.echo(f"{one.panel or '-'}\t{one.name}\t{since}")


@feeds.command()
@_panel
@_by
def make(panel: str | None, by: str | None) -> None:
    """Maak een adres van een KDT, of van al iemands overleggen, en toon het. Het vorige adres
    werkt dan niet meer."""
    chosen = settings.load()
    site = chosen.base_url or f"http://{chosen.host}:{chosen.port}"
    with _asked(by) as (store, person):
        _, token = subscribing.make(store, person, panel)
    assert token is not None
    click.echo(subscribing.address(site, token))


@feeds.command()
@_panel
@_by
def revoke(panel: str | None, by: str | None) -> None:
    """Laat een adres van een KDT, of van al iemands overleggen, niet meer werken."""
    with _asked(by) as (store, person):
        subscribing.revoke(store, person, panel)


@contextmanager
def _asked(by: str | None) -> Iterator[tuple[Store, Person]]:
    """The record, and who it is; raises NotFound when nobody is known by that name."""
    with bootstrap.opened() as store:
        with reading(store) as connection:
            person = known(connection, by or getpass.getuser())
        if person is None:
            raise NotFound(words.say("refusal.not_found"))
        yield store, person
