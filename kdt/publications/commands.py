"""`kdt publish`: ask for a publication and make it, see it, and make it again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import click

from kdt import bootstrap, settings, words
from kdt.access.acting import acting
from kdt.access.table import Right
from kdt.errors import KdtError, NotFound
from kdt.progress import Progress, shown
from kdt.publications import certifying, document, making, secret, service, sheets
from kdt.publications.document import Document
from kdt.publications.making import How, Watch
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import (
    Asked,
    Publication,
    all_publications,
    made,
    publication,
    stage,
)
from kdt.publications.tables import TOPICS
from kdt.register import taking_away
from kdt.register.asking import DAY
from kdt.settings import Settings
from kdt.sheets.delimited import machine
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.tallies.measures import DIMENSIONS


@click.group(invoke_without_command=True)
@click.option("--replay", metavar="PUBLICATIE", help="Maak een publicatie opnieuw, en vergelijk.")
@click.pass_context
def publish(context: click.Context, replay: str | None) -> None:
    """Publiceer cijfers: afgerond zodat zij niemand aanwijzen.

    Een publicatie wordt aangevraagd, gemaakt en aangevallen. Vrijgeven doet een ander dan wie haar
    aanvroeg, die zelf is aangemeld, op de pagina 'Publicaties' of langs /v1.
    """
    if replay is not None:
        _replay(replay)
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


@publish.command()
@click.option(
    "--topic",
    type=click.Choice([str(one) for one in TOPICS]),
    default="considered",
    help="Waarover.",
)
@click.option("--period", type=click.Choice([str(one) for one in PeriodKind]), default="month")
@click.option("--from", "first", type=DAY, help="De eerste dag, in plaats van --period.")
@click.option("--until", type=DAY, help="Een dag in de laatste maand; anders de vorige maand.")
@click.option("--as-of", type=DAY, help="De peildatum, een dag die voorbij is; anders gisteren.")
@click.option("--by", default="", help=f"Verdeling, met komma's: {','.join(DIMENSIONS)}.")
@click.option("--months/--no-months", default=True, help="Ook elke maand, of alleen het geheel.")
@click.option("--who", required=True, help="Wie het vraagt: iemand die KDT kent en dit mag.")
def new(
    topic: str,
    period: str,
    first: date | None,
    until: date | None,
    as_of: date | None,
    by: str,
    months: bool,
    who: str,
) -> None:
    """Vraag een publicatie aan, maak haar en toon wat eruit kwam."""
    chosen = settings.load()
    with bootstrap.opened(chosen) as store:
        with reading(store) as connection:
            now = today(connection)
        last = until or now.replace(day=1) - timedelta(days=1)
        known = service.period_between(first, last) if first else service.period(period, last)
        reference = as_of or now - timedelta(days=1)
        asked = Asked(topic, known, reference, tuple(by.split(",")) if by else (), months)
        wanted = service.ask(store, acting(store, who, Right.PUBLISH), asked)
        click.echo(words.say("publication.asked_for", publication=wanted), err=True)
        with _watched() as watch:
            making.make(store, wanted, how(chosen), watch)
        _show(store, wanted)


@publish.command("list")
def list_() -> None:
    """Noem de publicaties, de laatste eerst."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in all_publications(connection):
            click.echo(f"{one.id}\t{_about(one)}\t{stage(one)}")


@publish.command()
@click.argument("wanted", metavar="PUBLICATIE")
@click.option("--format", "layout", type=click.Choice(["table", "json", "csv"]), default="table")
@taking_away.OUT
def show(wanted: str, layout: str, out: Path | None) -> None:
    """Toon een publicatie: afgerond, zoals zij het huis verlaat."""
    with bootstrap.opened() as store:
        _show(store, wanted, layout, out)


@publish.command()
@click.argument("wanted", metavar="PUBLICATIE")
def release(wanted: str) -> None:
    """Zeg waar een ander een publicatie vrijgeeft.

    Dat doet iemand die zelf is aangemeld: van wie een opdracht typt kan niemand zien of het een
    ander is dan wie haar aanvroeg.
    """
    chosen = settings.load()
    with bootstrap.opened(chosen) as store, reading(store) as connection:
        if publication(connection, wanted) is None:
            raise NotFound(words.say("refusal.not_found"))
    where = f"{chosen.base_url or ''}/publications/{wanted}"
    raise KdtError(words.say("publication.released_signed_in", where=where))


def how(chosen: Settings) -> How:
    """How publications are made by these settings."""
    return How(lambda: secret.own(chosen), chosen.publication_base, chosen.publication_final_days)


def _replay(wanted: str) -> None:
    chosen = settings.load()
    with bootstrap.opened(chosen) as store:
        found = making.replayed(store, wanted, secret.own(chosen))
    if found is None:
        raise NotFound(words.say("refusal.not_found"))
    kept, again = found
    as_of = words.full_day(document.read(kept.document).basis.as_of)
    if (kept.document, kept.inside) != (again.document, again.inside):
        raise KdtError(words.say("publication.other_bytes", publication=wanted))
    click.echo(words.say("publication.same_bytes", publication=wanted, as_of=as_of))


def _show(store: Store, wanted: str, layout: str = "table", out: Path | None = None) -> None:
    with reading(store) as connection:
        one, content = publication(connection, wanted), made(connection, wanted)
    if one is None:
        raise NotFound(words.say("refusal.not_found"))
    if content is None:
        why = one.steps[-1].values.get("why")
        said = words.say(f"publication.failed.{why}") if why else stage(one)
        raise KdtError(said)
    read = document.read(content.document)
    if out is not None:
        taking_away.write(out, sheets.book(read))
    elif layout == "json":
        click.echo(content.document.decode())
    elif layout == "csv":
        click.echo(machine(sheets.book(read).main), nl=False)
    else:
        _table(read)
        passed = certifying.read(content.certificate).passed
        click.echo(
            words.say("publication.made_now", publication=wanted, stage=stage(one)), err=True
        )
        if not passed:
            raise KdtError(words.say("publication.unsafe"))


def _table(one: Document) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    grid = sheets.grid(one)
    click.echo(f"{sheets.title(one)} ({sheets.status(one)})")
    table = Table(box=box.SIMPLE)
    for name in ("", *grid.columns):
        table.add_column(name, justify="right" if name else "left")
    for place, lines in grid.groups:
        if place:
            table.add_row(f"[bold]{place}[/bold]")
        for line in lines:
            table.add_row(line.category, *(words.number(one.cells[cell]) for cell in line.cells))
    console = Console()
    if not console.is_terminal:
        console.width = 60 + 20 * len(grid.columns)
    console.print(table)
    for note in sheets.notes(one):
        click.echo(note)


@contextmanager
def _watched() -> Iterator[Watch]:
    """A bar for each step of making a publication."""
    with shown(words.say("publication.making")) as progress:
        yield _watch(progress)


def _watch(progress: Progress) -> Watch:
    return lambda _step, done, of: progress(done, of)


def _about(one: Publication) -> str:
    topic = words.say(f"publication.topic.{one.asked.topic}")
    return f"{topic}\t{one.asked.period.key}"
