"""`kdt figures` and `kdt answers`: count over a period, at a reference date."""

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click
from sqlalchemy import select

from kdt import bootstrap, words
from kdt.cases.model import record
from kdt.cells import plain
from kdt.register import (
    books,
    breakdown,
    comparing,
    comparing_lines,
    from_log,
    lead_time_lines,
    taking_away,
)
from kdt.register import figures as tallies
from kdt.register import lead_times as durations
from kdt.register.asking import DAY, answered
from kdt.register.breakdown import FURTHER, Breakdown, broken_down
from kdt.register.catalogue import table as catalogue
from kdt.register.comparing import Basis
from kdt.register.figures import BadQuery, Query, Row
from kdt.register.funnel import Funnel
from kdt.register.grain import Grain
from kdt.register.lead_times import LeadTimes
from kdt.register.pace import WITHIN
from kdt.register.stays import TimeUnit
from kdt.store import moments
from kdt.store.transaction import reading
from kdt.themes.queries import themes
from kdt.vocabulary import Ground, Measure, Question

_ENGINES = {"tallies": tallies.figures, "log": from_log.figures}


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="De eerste dag.")
@click.option("--until", type=DAY, required=True, help="De laatste dag; die telt mee.")
@click.option(
    "--as-of", type=DAY, help="De peildatum: wat tot en met die dag was vastgelegd, telt."
)
@click.option(
    "--by",
    default="",
    help="Uitsplitsing, met komma's: level,location,question,ground; behandelingen en zaken ook "
    "naar outcome,ruling,theme.",
)
@click.option(
    "--per",
    type=click.Choice([one.value for one in Grain]),
    help="Per dag, week, maand, kwartaal of jaar.",
)
@click.option(
    "--only",
    multiple=True,
    help="Alleen voorleggingen waarvoor dit geldt: location=, question=, ground= of theme=.",
)
@click.option("--format", "layout", type=click.Choice(["table", "json", "csv"]), default="table")
@click.option(
    "--engine",
    type=click.Choice([*_ENGINES]),
    default="tallies",
    help="Uit de tellingen, of opnieuw geteld uit het register zelf; het antwoord is gelijk.",
)
@taking_away.OUT
def figures(
    first: date,
    until: date,
    as_of: date | None,
    by: str,
    per: str | None,
    only: Sequence[str],
    layout: str,
    engine: str,
    out: Path | None,
) -> None:
    """Tel over een periode, zoals het register op een peildatum bekend was.

    Zonder peildatum telt alles wat nu is vastgelegd.
    """
    with answered():
        dimensions = tuple(by.split(",")) if by else ()
        if per or only or {*dimensions} & {*FURTHER}:
            grain = Grain(per) if per else None
            asked = Breakdown(Query(first, until, as_of), dimensions, grain, _pairs(only))
            _broken_down(asked, layout, out)
            return
        query = Query(first, until, as_of, dimensions)
        with bootstrap.opened() as store, reading(store) as connection:
            today = moments.today(connection)
            query.check(today)
            rows = _ENGINES[engine](connection, query)
            demo = connection.scalar(select(record.c.demo))
    if demo:
        click.echo(words.say("query.demo"), err=True)
    if out is not None:
        taking_away.write(out, books.figures_book(query, rows, today=today, demo=bool(demo)))
    elif layout == "json":
        click.echo(json.dumps(tallies.as_json(query, rows, today=today), ensure_ascii=False))
    elif layout == "csv":
        _print_csv(query.by, tuple(Measure), rows)
    else:
        _print_table(query, rows, today)


def _broken_down(asked: Breakdown, layout: str, out: Path | None) -> None:
    with bootstrap.opened() as store, reading(store) as connection:
        today = moments.today(connection)
        asked.query.check(today)
        found = broken_down(connection, asked)
        demo = bool(connection.scalar(select(record.c.demo)))
        named = {one.id: one.name for one in themes(connection)}
    if out is not None:
        book = books.breakdown_book(asked, found, themes=named, today=today, demo=demo)
        taking_away.write(out, book)
    elif layout == "json":
        said = breakdown.as_json(asked, found, today=today)
        click.echo(json.dumps(said, ensure_ascii=False))
    elif layout == "csv":
        _print_csv(asked.heads, asked.measures, found.rows)
    else:
        _print(
            _title(asked.query, today),
            [catalogue.of(one).name for one in asked.measures],
            [
                (label, [str(row.amounts[one]) for one in asked.measures])
                for label, row in [
                    *((_place(asked.heads, row.key), row) for row in found.rows),
                    (words.say("figures.total"), found.total),
                ]
            ],
        )


def _place(heads: Sequence[str], key: Sequence[str]) -> str:
    named = (
        _word(name, value) if value else words.say(f"figures.none.{name}")
        for name, value in zip(heads, key, strict=True)
    )
    return ", ".join(named) or words.say("figures.all")


def _pairs(given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, found, value = one.partition("=")
        if not found:
            raise BadQuery("not_a_pair", given=one)
        pairs[name] = value
    return pairs


@click.command("lead-times")
@click.option("--from", "first", type=DAY, required=True, help="De eerste dag.")
@click.option("--until", type=DAY, required=True, help="De laatste dag; die telt mee.")
@click.option("--as-of", type=DAY, help="De peildatum; tot dan wordt ook gevolgd.")
@click.option("--by", default="", help="Uitsplitsing, met komma's: level,location,question,ground.")
@click.option(
    "--unit",
    type=click.Choice([one.value for one in TimeUnit]),
    default=TimeUnit.DAYS.value,
    help="In dagen, of in werkdagen naar de kalender.",
)
@click.option("--format", "layout", type=click.Choice(["table", "json"]), default="table")
def lead_times(
    first: date, until: date, as_of: date | None, by: str, unit: str, layout: str
) -> None:
    """Zeg hoe lang duurt wat in een periode binnenkwam, ook als het nog open is."""
    counted_in = TimeUnit(unit)
    with answered():
        query = Query(first, until, as_of, tuple(by.split(",")) if by else ())
        with bootstrap.opened() as store, reading(store) as connection:
            today = moments.today(connection)
            query.check(today)
            rows = durations.lead_times(connection, query, counted_in, today=today)
    if layout == "json":
        said = durations.as_json(query, counted_in, rows, today=today)
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _print_lead_times(query, counted_in, rows, today)


@click.command()
@click.option("--from", "first", type=DAY, required=True, help="De eerste dag.")
@click.option("--until", type=DAY, required=True, help="De laatste dag; die telt mee.")
@click.option("--as-of", type=DAY, help="De peildatum; anders alles wat nu is vastgelegd.")
@click.option(
    "--basis",
    type=click.Choice([one.value for one in Basis]),
    default=Basis.HELD_OVER.value,
    help="Waarop: aangehouden, besloten, doorverwezen, of op tijd beantwoord.",
)
@click.option(
    "--question",
    type=click.Choice([one.value for one in Question]),
    help="Alleen deze vraagstelling.",
)
@click.option(
    "--ground", type=click.Choice([one.value for one in Ground]), help="Alleen deze aanleiding."
)
@click.option("--format", "layout", type=click.Choice(["table", "json"]), default="table")
def compare(
    first: date,
    until: date,
    as_of: date | None,
    basis: str,
    question: str | None,
    ground: str | None,
    layout: str,
) -> None:
    """Vergelijk locaties met wat toeval alleen doet: een reden om te kijken, geen oordeel."""
    named = {"question": question, "ground": ground}
    where = {name: value for name, value in named.items() if value is not None}
    on = Basis(basis)
    with answered():
        query = Query(first, until, as_of)
        with bootstrap.opened() as store, reading(store) as connection:
            today = moments.today(connection)
            query.check(today)
            found = comparing.comparison(connection, query, on, where, today)
    if layout == "json":
        click.echo(json.dumps(comparing.as_json(found, today=today), ensure_ascii=False))
    elif found.funnel is None:
        click.echo(words.say("compare.unknown"))
    else:
        _print_comparison(query, on, found.funnel)


@click.command()
@click.option("--from", "first", type=DAY, help="De eerste dag; anders een jaar terug.")
@click.option("--until", type=DAY, help="De laatste dag; anders de peildatum of vandaag.")
@click.option("--as-of", type=DAY, help="De peildatum; anders alles wat nu is vastgelegd.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
@taking_away.OUT
def answers(
    first: date | None, until: date | None, as_of: date | None, layout: str, out: Path | None
) -> None:
    """Beantwoord de vragen van de Eerste Kamer van 8 november 2022 uit het register."""
    from kdt.register import answering
    from kdt.register import answers as senate

    with answered(), bootstrap.opened() as store, reading(store) as connection:
        today = moments.today(connection)
        query = senate.question(first, until, as_of, today=today)
        found = senate.answers(connection, query, today=today)
    if out is not None:
        taking_away.write(out, books.answers_book(found, today=today))
    elif layout == "json":
        click.echo(json.dumps(answering.as_json(found), ensure_ascii=False))
    else:
        click.echo(answering.as_text(found, today=today))


def _print_csv(heads: Sequence[str], measures: Sequence[Measure], rows: Sequence[Row]) -> None:
    """RFC 4180, for programs: the keys of the JSON as the heading, a line a row. Somebody will open
    it in a spreadsheet, so a name is never a formula."""
    out = csv.writer(sys.stdout)
    out.writerow([*heads, *(measure.value for measure in measures)])
    out.writerows(
        [*map(plain, row.key), *(row.amounts[measure] for measure in measures)] for row in rows
    )


def _print_lead_times(query: Query, unit: TimeUnit, rows: Sequence[LeadTimes], today: date) -> None:
    said = [[*lead_time_lines.lines(row, unit)] for row in rows]
    first, until = words.full_day(query.first), words.full_day(query.until)
    followed = words.full_day(durations.followed(query, today))
    title = words.say("lead_times.caption", first=first, until=until, followed=followed)
    _print(
        title,
        ["\n".join(map(_word, query.by, row.key)) for row in rows],
        [(these[0].label, [one.value for one in these]) for these in zip(*said, strict=True)],
    )


def _print_comparison(query: Query, basis: Basis, found: Funnel) -> None:
    first, until = words.full_day(query.first), words.full_day(query.until)
    caption = words.say(f"compare.caption.{basis}", within=WITHIN)
    _print(
        words.say("compare.title", caption=caption, first=first, until=until),
        [one.place for one in found.places],
        [
            (label, [value(one) for one in found.places])
            for label, value in comparing_lines.lines(basis).items()
        ],
    )
    for sentence in comparing_lines.sentences(basis, found, str):
        click.echo(sentence)


def _title(query: Query, today: date) -> str:
    known = words.say("query.known_now")
    if query.as_of:
        key = "query.known_provisional" if tallies.provisional(query, today) else "query.known_on"
        known = words.say(key, day=words.full_day(query.as_of))
    first, until = words.full_day(query.first), words.full_day(query.until)
    return words.say("query.title", first=first, until=until, known=known)


def _print_table(query: Query, rows: Sequence[Row], today: date) -> None:
    _print(
        _title(query, today),
        ["\n".join(map(_word, query.by, row.key)) for row in rows],
        [
            (catalogue.of(measure).name, [str(row.amounts[measure]) for row in rows])
            for measure in Measure
        ],
    )


def _print(title: str, columns: Sequence[str], lines: Sequence[tuple[str, Sequence[str]]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE)
    table.add_column("")
    for column in columns:
        table.add_column(column, justify="right")
    for label, values in lines:
        table.add_row(label, *values)
    console = Console()
    if not console.is_terminal:
        # Nobody's window decides where a line ends.
        console.width = 40 + 40 * (len(columns) + 1)
    console.print(table)


def _word(dimension: str, value: str) -> str:
    key = f"{dimension}.{value}"
    return words.say(key) if words.known(key) else value
