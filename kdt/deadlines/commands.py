"""`kdt deadlines`: the rules of law by which a deadline is proposed, and how far ahead to warn."""

import getpass
from datetime import datetime

import click

from kdt import bootstrap, words
from kdt.access.permissions import Actor
from kdt.deadlines import rules, service
from kdt.deadlines.reckoning import Term, Unit
from kdt.deadlines.rules import Rule
from kdt.store.transaction import reading
from kdt.vocabulary import Role

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def deadlines() -> None:
    """Beheer de beslistermijnen, en hoe lang vooraf KDT waarschuwt."""


@deadlines.command("list")
def list_rules() -> None:
    """Noem elke beslistermijn: id, vanaf welke aanvraagdatum, waarvoor, hoe lang en waar dat
    staat; en daarna hoeveel werkdagen vooraf KDT waarschuwt."""
    with bootstrap.opened() as store, reading(store) as connection:
        for rule, timeline in rules.timelines(connection).items():
            for one in timeline:
                said = rules.worded(one.rule)
                click.echo(
                    f"{rule}\t{one.effective_on}\t{one.rule.name}\t{said}\t{one.rule.source}"
                )
        for day, days in rules.warnings(connection):
            click.echo(f"{day}\t{words.say('rules.ahead', days=days)}")


@deadlines.command("set")
@click.argument("name")
@click.argument("count", type=int)
@click.argument("unit", type=click.Choice([one.value for one in Unit]))
@click.option("--source", required=True, help="Waar het staat: wet en artikel.")
@click.option("--on", type=_DAY, metavar="JJJJ-MM-DD", required=True, help="Aanvragen vanaf.")
@click.option("--extension", type=int, default=0, help="Hoogstens te verlengen, in dezelfde maat.")
@click.option("--rule", help="Het id van een termijn die er al is; anders een nieuwe.")
@click.option("--ends", is_flag=True, help="De termijn geldt vanaf die dag niet meer.")
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def set_rule(
    name: str,
    count: int,
    unit: str,
    source: str,
    on: datetime,
    extension: int,
    rule: str | None,
    ends: bool,
    by: str | None,
) -> None:
    """Leg vast binnen welke termijn op een soort aanvraag moet zijn beslist."""
    given = Rule(name, source, Term(count, Unit(unit)), extension, open=not ends)
    with bootstrap.opened() as store:
        click.echo(service.set_rule(store, _actor(by), given, on.date(), rule))


@deadlines.command("warn")
@click.argument("days", type=int)
@click.option("--on", type=_DAY, metavar="JJJJ-MM-DD", help="Vanaf welke dag; anders nu.")
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def warn(days: int, on: datetime | None, by: str | None) -> None:
    """Kies hoeveel werkdagen vooraf KDT waarschuwt voor een termijn."""
    with bootstrap.opened() as store:
        service.warn_ahead(store, _actor(by), days, on.date() if on else None)


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)
