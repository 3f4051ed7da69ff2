"""`kdt revisions`: why the figures of a period are not what they were."""

import json
from datetime import date

import click

from kdt import bootstrap, words
from kdt.register import revisions as statements
from kdt.register.asking import DAY, answered
from kdt.register.catalogue import table as catalogue
from kdt.register.figures import Query
from kdt.register.revisions import Cause, Revised
from kdt.store import moments
from kdt.store.transaction import reading


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="De eerste dag.")
@click.option("--until", type=DAY, required=True, help="De laatste dag; die telt mee.")
@click.option("--since", type=DAY, required=True, help="De vorige peildatum.")
@click.option("--as-of", type=DAY, help="De nieuwe peildatum; anders alles wat nu is vastgelegd.")
@click.option("--by", default="", help="Uitsplitsing, met komma's: level,location,question,ground.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def revisions(
    first: date, until: date, since: date, as_of: date | None, by: str, layout: str
) -> None:
    """Verklaar elk cijfer dat tussen twee peildata veranderde.

    Wat het was, met wat later is vastgelegd, ongedaan gemaakt of anders ingedeeld, is wat het is.
    """
    with answered():
        query = Query(first, until, as_of, tuple(by.split(",")) if by else ())
        with bootstrap.opened() as store, reading(store) as connection:
            today = moments.today(connection)
            query.check(today)
            found = statements.statement(connection, query, since)
    if layout == "json":
        click.echo(json.dumps(statements.as_json(found, today=today), ensure_ascii=False))
        return
    for one in found.numbers:
        click.echo(_line(one))
    key = "closes" if found.closes else "does_not_close"
    click.echo(words.say(f"revisions.{key}" if found.numbers else "revisions.nothing"))


def _line(one: Revised) -> str:
    place = ", ".join((*one.key, catalogue.of(one.measure).name))
    moved = [
        f"{sign}{amounts[cause]} {words.say(f'cause.{cause}')}"
        for cause in Cause
        for sign, amounts in (("+", one.came), ("-", one.went))
        if amounts.get(cause)
    ]
    return f"{place}: {one.old} {' '.join(moved)} = {one.new}"
