"""`kdt questions`: what Parliament asked, and what the record gives for it."""

from datetime import date
from pathlib import Path

import click

from kdt import bootstrap, words
from kdt.access.acting import acting
from kdt.access.table import Right
from kdt.errors import NotFound
from kdt.parliament import queries, service
from kdt.parliament.books import book
from kdt.parliament.queries import Compared
from kdt.parliament.service import Told
from kdt.register import taking_away
from kdt.register.asking import DAY
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Chamber


@click.group(invoke_without_command=True)
@click.pass_context
def questions(context: click.Context) -> None:
    """Vragen van het parlement: wat werd geantwoord, en wat het nu zou zijn."""
    if context.invoked_subcommand is not None:
        return
    with bootstrap.opened() as store, reading(store) as connection:
        for one in queries.questions(connection):
            click.echo(f"{one.asked_on}\t{one.id}\t{one.answered_on or ''}\t{_line(one.asked)}")


@questions.command()
@click.argument("wanted", metavar="VRAAG")
@taking_away.OUT
def show(wanted: str, out: Path | None) -> None:
    """Toon een vraag, het antwoord, en de getallen van toen en nu."""
    with bootstrap.opened() as store, reading(store) as connection:
        one = queries.question(connection, wanted)
        if one is None:
            raise NotFound(words.say("refusal.not_found"))
        found, now = queries.compared(connection, one), today(connection)
    if out is not None:
        taking_away.write(out, book(one, found, today=now))
        return
    click.echo(f"{one.id} ({one.asked_on}): {one.asked}\n")
    click.echo(one.answer or words.say("parliament.unanswered"))
    for each in found:
        click.echo(_compared(each))


@questions.command()
@click.option(
    "--chamber",
    type=click.Choice([str(one) for one in Chamber]),
    required=True,
    help="Welke Kamer.",
)
@click.option("--asked-on", required=True, type=DAY, help="De dag waarop de vraag kwam.")
@click.option("--asked", required=True, help="De vraag, woordelijk.")
@click.option("--measures", required=True, help="Wat er wordt geteld, met komma's.")
@click.option("--from", "first", type=DAY, required=True, help="De eerste dag van de periode.")
@click.option("--until", required=True, type=DAY, help="De laatste dag; die telt mee.")
@click.option("--answer", default="", help="Wat is geantwoord.")
@click.option("--answered-on", type=DAY, help="De dag waarop dat is verstuurd.")
@click.option("--as-of", type=DAY, help="De peildatum van het antwoord.")
@click.option("--reference", default="", help="Waar het staat, zoals een Kamerstuk.")
@click.option("--who", required=True, help="Wie het vastlegt: iemand die KDT kent en dit mag.")
def add(
    chamber: str,
    asked_on: date,
    asked: str,
    measures: str,
    first: date,
    until: date,
    answer: str,
    answered_on: date | None,
    as_of: date | None,
    reference: str,
    who: str,
) -> None:
    """Leg een vraag vast."""
    told = Told(
        chamber,
        asked_on,
        asked,
        measures.split(","),
        first,
        until,
        answer,
        answered_on,
        as_of,
        reference,
    )
    with bootstrap.opened() as store:
        click.echo(service.enter(store, acting(store, who, Right.ANSWER_PARLIAMENT), told))


def _compared(one: Compared) -> str:
    level = words.say(f"level.{one.level}" if one.level else "answers.all_levels")
    then = "-" if one.then is None else words.number(one.then)
    return f"{words.say(f'measure.{one.measure}')}\t{level}\t{then}\t{words.number(one.now)}"


def _line(text: str) -> str:
    return " ".join(text.split())
