"""`kdt people`, `kdt mappings` and `kdt absence`: what an administrator does by command."""

import getpass
from datetime import datetime

import click

from kdt import bootstrap, words
from kdt.access import delegating, queries
from kdt.access import mappings as kept
from kdt.access.mapping import STAR, RoleMapping
from kdt.access.permissions import Actor
from kdt.people import service
from kdt.store.transaction import reading
from kdt.vocabulary import Role

_DAY = click.DateTime(formats=["%Y-%m-%d"])
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


@click.group()
def absence() -> None:
    """Regel wie iemand vervangt die dat zelf niet meer kan."""


@absence.command("list")
def list_absences() -> None:
    """Noem alle vervangingen die nog niet voorbij zijn: nummer, van wie, door wie, waarin en
    wanneer."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in delegating.everybodys(connection):
            capacity = _capacity(one.role, one.location)
            days = f"{one.first_on}\t{one.last_on}"
            click.echo(f"{one.id}\t{one.giver}\t{one.taker}\t{capacity}\t{days}")


@absence.command("add")
@click.argument("giver")
@click.argument("taker")
@click.argument("role", type=click.Choice([one.value for one in Role]))
@click.argument("first_on", type=_DAY, metavar="EERSTE_DAG")
@click.argument("last_on", type=_DAY, metavar="LAATSTE_DAG")
@click.option("--location", help="De locatie van de rol; anders landelijk of overal.")
@_by
def add_absence(
    giver: str,
    taker: str,
    role: str,
    first_on: datetime,
    last_on: datetime,
    location: str | None,
    by: str | None,
) -> None:
    """Laat TAKER de persoon GIVER vervangen in een rol, van de eerste tot en met de laatste dag
    (JJJJ-MM-DD). Toont het nummer."""
    away = Actor(giver, Role(role), location)
    with bootstrap.opened() as store:
        made = delegating.arrange(store, _actor(by), away, taker, first_on.date(), last_on.date())
    click.echo(made.id)


@absence.command("end")
@click.argument("delegation", type=click.IntRange(1, 2**31 - 1))
@_by
def end_absence(delegation: int, by: str | None) -> None:
    """Beëindig een vervanging, vanaf nu."""
    with bootstrap.opened() as store:
        delegating.recall(store, _actor(by), delegation)


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)


def _capacity(role: Role, location: str | None) -> str:
    said = words.say(f"role.{role}")
    place = words.say("people.by_the_star") if location == STAR else location
    return said if place is None else f"{said}, {place}"
