"""`kdt reads`: what an auditor does from the command line. Looking is logged, as on a screen."""

import csv
import getpass
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import click

from kdt import bootstrap, words
from kdt.access.permissions import Actor
from kdt.audit import files, sampling, unusual
from kdt.audit import reading as log
from kdt.audit.sampling import Question, Strata
from kdt.cells import plain
from kdt.errors import KdtError, NotFound
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role

_Command = Callable[..., None]
# A week, today included.
_WEEK = timedelta(days=6)


def _day(name: str, target: str, said: str) -> Callable[[_Command], _Command]:
    kind = click.DateTime(formats=["%Y-%m-%d"])
    return click.option(name, target, type=kind, metavar="JJJJ-MM-DD", help=said)


_FIRST = _day("--from", "first", "De eerste dag.")
_UNTIL = _day("--until", "until", "De laatste dag; die telt mee.")
_FORMAT = click.option(
    "--format",
    "layout",
    type=click.Choice(["csv", "json"]),
    default="csv",
    help="Met woorden voor een rekenblad, of met codes voor een programma.",
)


@click.group()
def reads() -> None:
    """Zie wie wat las, wat daarin opvalt, en trek een steekproef.

    Dat u kijkt, wordt ook vastgelegd, onder de naam waarmee u op deze machine bent aangemeld.
    """


@reads.command("case")
@click.argument("number")
@_FIRST
@_UNTIL
@_FORMAT
def of_case(number: str, first: datetime | None, until: datetime | None, layout: str) -> None:
    """Wie las deze zaak? Bij haar zaaknummer of het nummer van een voorlegging."""
    days = _date(first), _date(until)
    with bootstrap.opened() as store:
        with reading(store) as connection:
            known = log.of_case(connection, _auditor(), number)
        if not known:
            raise NotFound(words.say("audit.nothing_found"))
        asked = [log.Wanted(one, None, *days) for one in known]
        found = [line for one in asked for line in log.lines(store, _auditor(), one, limit=None)]
    _print_lines(found, layout)


@reads.command("person")
@click.argument("person")
@_FIRST
@_UNTIL
@_FORMAT
def of_person(person: str, first: datetime | None, until: datetime | None, layout: str) -> None:
    """Wat las deze persoon? Bij het id dat `kdt people list` noemt."""
    wanted = log.Wanted(None, person, _date(first), _date(until))
    with bootstrap.opened() as store:
        found = log.lines(store, _auditor(), wanted, limit=None)
    _print_lines(found, layout)


@reads.command("unusual")
@_FIRST
@_UNTIL
@_FORMAT
def list_unusual(first: datetime | None, until: datetime | None, layout: str) -> None:
    """Wat is een vraag waard, volgens vaste regels? Zonder periode: in de laatste week."""
    with bootstrap.opened() as store:
        last = _date(until) or _today(store)
        begin = _date(first) or last - _WEEK
        if begin > last or last - begin > unusual.LONGEST:
            raise KdtError(words.say("api.bad_period", days=unusual.LONGEST.days))
        found = unusual.events(store, _auditor(), begin, last)
    if layout == "json":
        _print_json({"events": [files.event_json(one) for one in found]})
    else:
        _print_csv(files.EVENT_COLUMNS, map(files.event_cells, found))


@reads.command("sample")
@click.option("--seed", help="Het startgetal; anders een nieuw, dat erbij wordt gezegd.")
@click.option("--size", type=click.IntRange(1, sampling.LARGEST), default=sampling.USUAL)
@click.option(
    "--by",
    type=click.Choice([str(one) for one in Strata]),
    default=str(Strata.NONE),
    help="Alles samen, of naar rato uit elke locatie of elke uitkomst.",
)
@_day("--as-of", "as_of", "Voorgelegd tot en met deze dag; anders vandaag.")
@_FORMAT
def draw_sample(seed: str | None, size: int, by: str, as_of: datetime | None, layout: str) -> None:
    """Trek een aselecte steekproef. Hetzelfde startgetal geeft bij hetzelfde register dezelfde."""
    chosen = seed or sampling.new_seed()
    if not sampling.SEED.fullmatch(chosen):
        raise KdtError(words.say("audit.bad_seed"))
    with bootstrap.opened() as store:
        day = _date(as_of) or _today(store)
        found = sampling.sample(store, _auditor(), Question(chosen, size, Strata(by), day))
    if layout == "json":
        _print_json(files.sample_json(found))
    else:
        rows = (files.sample_cells(found, one) for one in found.drawn)
        _print_csv(files.SAMPLE_COLUMNS, rows)
    said = {"drawn": len(found.drawn), "population": found.population, "seed": chosen}
    click.echo(words.say("audit.drawn", **said), err=True)


def _auditor() -> list[Actor]:
    """Whoever may use the command line could read the log without it; this way it is logged."""
    return [Actor(getpass.getuser(), Role.AUDITOR)]


def _today(store: Store) -> date:
    with reading(store) as connection:
        return moments.today(connection)


def _date(given: datetime | None) -> date | None:
    return None if given is None else given.date()


def _print_lines(found: Sequence[log.Line], layout: str) -> None:
    if layout == "json":
        _print_json({"reads": [files.read_json(one) for one in found]})
    else:
        _print_csv(files.READ_COLUMNS, map(files.read_cells, found))


def _print_json(content: object) -> None:
    click.echo(json.dumps(content, ensure_ascii=False))


def _print_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """RFC 4180; nothing in it is a formula."""
    out = csv.writer(sys.stdout)
    out.writerow([words.say(f"audit_column.{one}") for one in columns])
    out.writerows([*map(plain, row)] for row in rows)
