"""`kdt measures`: what every number counts."""

import json

import click

from kdt import words
from kdt.errors import KdtError
from kdt.register.catalogue import examples
from kdt.register.catalogue.model import Definition
from kdt.register.catalogue.table import CATALOGUE, balances
from kdt.register.catalogue.writing import as_json, worked


@click.command()
@click.argument("measure", required=False)
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def measures(measure: str | None, layout: str) -> None:
    """Zie wat elk cijfer telt; van één cijfer ook de regels en een voorbeeld om na te tellen."""
    if measure is not None and measure not in CATALOGUE:
        raise KdtError(words.say("catalogue.unknown", given=measure, known=", ".join(CATALOGUE)))
    these = [*CATALOGUE.values()] if measure is None else [CATALOGUE[measure]]
    if layout == "json":
        said = [as_json(one) for one in these] if measure is None else worked(these[0])
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for one in these:
        click.echo(f"{one.id}: {one.name} ({words.say(f'catalogue.unit.{one.unit}')})")
        click.echo(f"  {one.question}\n  {one.meaning}")
        if measure is not None:
            _print_rules(one)


def _print_rules(one: Definition) -> None:
    for kind in ("period", "known", "revision", "disclosure", "opens"):
        click.echo(f"  {words.say(f'catalogue.{kind}.{getattr(one, kind)}')}")
    for each in balances(one):
        click.echo(f"  {words.say(f'catalogue.balance.{each.code}')}")
    click.echo()
    for event in examples.events(one.example.story):
        recorded = f" ({event.recorded_on})" if event.recorded_on else ""
        click.echo(f"  {event.occurred_on}{recorded}  {event.escalation}  {event.what}")
    for ask in one.example.asks:
        asked = words.say("catalogue.asked", first=ask.first, until=ask.until)
        known = [words.say("catalogue.as_of", day=ask.as_of)] if ask.as_of else []
        click.echo(f"  {', '.join([asked, *ask.at.values(), *known])}: {ask.answer}")
