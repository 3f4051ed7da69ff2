"""`kdt people` and `kdt mappings`: what an administrator does from the command line."""

import getpass

import click

from kdt import bootstrap, words
from kdt.access import mappings as kept
from kdt.access import queries
from kdt.access.mapping import STAR, RoleMapping
from kdt.access.permissions import Actor
from kdt.people import service
from kdt.store.transaction import reading
from kdt.vocabulary import Role

_by = click.option("--by", help="Wie het doet; anders wie is aangemeld.")


@click.group()
def people() -> None:
    """Zie wie er in KDT mogen, en sluit iemand uit of laat iemand weer toe."""


@people.command("list")
def list_people() -> None:
    """Noem iedereen: id, naam, of de toegang aan staat, en de rollen."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in queries.on_the_roll(connection):
            state = words.say(f"people.{'disabled' if one.disabled else 'enabled'}")
            roles = "; ".join(_capacity(*grant) for grant in one.person.grants)
            click.echo(f"{one.person.id}\t{one.person.label}\t{state}\t{roles}")


@people.command()
@click.argument("person")
@_by
def disable(person: str, by: str | None) -> None:
    """Sluit iemand uit, vanaf het eerstvolgende verzoek."""
    with bootstrap.opened() as store:
        service.set_disabled(store, _actor(by), person, disabled=True)


@people.command()
@click.argument("person")
@_by
def enable(person: str, by: str | None) -> None:
    """Laat iemand weer toe."""
    with bootstrap.opened() as store:
        service.set_disabled(store, _actor(by), person, disabled=False)


@click.group()
def mappings() -> None:
    """Bepaal welke waarde van welk gegeven van de aanmelddienst welke rol geeft.

    Een koppeling geldt vanaf de volgende keer dat iemand zich aanmeldt.
    """


@mappings.command("list")
def list_mappings() -> None:
    """Noem alle koppelingen: nummer, gegeven, waarde en rol."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in kept.all_mappings(connection):
            click.echo(f"{one.id}\t{one.claim}\t{one.value}\t{_capacity(one.role, one.location)}")


@mappings.command()
@click.argument("claim")
@click.argument("value")
@click.argument("role", type=click.Choice([one.value for one in Role]))
@click.option("--location", help="De locatie; * is de locatie die de * in de waarde noemt.")
@_by
def add(claim: str, value: str, role: str, location: str | None, by: str | None) -> None:
    """Geef wie een waarde heeft een rol: landelijk of overal, tenzij er een locatie bij staat."""
    new = RoleMapping(claim, value, Role(role), location)
    with bootstrap.opened() as store:
        click.echo(service.add_mapping(store, _actor(by), new))


@mappings.command()
@click.argument("mapping", type=click.IntRange(1, 2**31 - 1))
@_by
def remove(mapping: int, by: str | None) -> None:
    """Verwijder een koppeling."""
    with bootstrap.opened() as store:
        service.remove_mapping(store, _actor(by), mapping)


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)


def _capacity(role: Role, location: str | None) -> str:
    said = words.say(f"role.{role}")
    place = words.say("people.by_the_star") if location == STAR else location
    return said if place is None else f"{said}, {place}"
