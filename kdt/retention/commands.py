"""`kdt retention`: what there is to destroy, what two people decided, and after a restore."""

import getpass
from pathlib import Path

import click

from kdt import bootstrap, settings, signing, words
from kdt.errors import Forbidden, NotFound
from kdt.progress import shown
from kdt.retention import destroying, replaying, statements
from kdt.retention.due import Standing, Unit, units
from kdt.retention.queries import What, items, selections
from kdt.store.moments import today
from kdt.store.transaction import reading

_WHAT = click.argument("what", type=click.Choice([str(one) for one in What]))


@click.group()
def retention() -> None:
    """Bewaren en vernietigen: wat over zijn termijn is, en wat twee mensen besloten.

    Besluiten doen twee functioneel beheerders die zelf zijn aangemeld, op de pagina 'Bewaren en
    vernietigen' of langs /v1.

    content staat voor teksten en zaaknummers, people voor wie wat vastlegde, reads voor wie wat
    las, attendance voor wie bij een overleg was, consultations voor wie bij een gesprek was en wat
    daar is afgesproken, replies voor wat medewerkers als signaal schreven.
    """


@retention.command()
@_WHAT
def due(what: str) -> None:
    """Noem wat over zijn termijn is, en wat er daarvan blijft; verandert niets."""
    with bootstrap.opened() as store, reading(store) as connection:
        day = today(connection)
        for unit in units(connection, What(what)):
            standing = unit.standing(day)
            if standing is not Standing.NOT_DUE:
                click.echo(f"{words.say(f'retention.standing.{standing}')}\t{_described(unit)}")


@retention.command("list")
def list_selections() -> None:
    """Noem de selecties, de laatste eerst."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in selections(connection):
            values = one.prepared.values
            amounts = words.amount(one.what.counted_in, values["escalations"])
            stage = words.say(f"retention.stage.{one.stage}")
            click.echo(f"{one.id}\t{words.say(f'retention.what.{one.what}')}\t{amounts}\t{stage}")


@retention.command()
@click.argument("selection")
def confirm(selection: str) -> None:
    """Noem wat een selectie bevat, en zeg waar een tweede haar bevestigt.

    Dat doet iemand die zelf is aangemeld: van wie een opdracht typt kan niemand zien of het een
    ander is dan wie de selectie maakte.
    """
    chosen = settings.load()
    with bootstrap.opened(chosen) as store, reading(store) as connection:
        listed = items(connection, selection)
    if not listed:
        raise NotFound(words.say("refusal.not_found"))
    for one in listed:
        ending = words.say(f"retention.kept.{one.ending}")
        click.echo(f"{one.escalation}\t{ending}\t{one.since}")
    where = f"{chosen.base_url or ''}/retention/selections/{selection}"
    raise Forbidden(words.say("retention.decided_signed_in", where=where))


@retention.command("carry-out")
def carry_out() -> None:
    """Vernietig wat bevestigd is; wie draait met kdt serve hoeft dit niet te doen."""
    chosen = settings.load()
    with bootstrap.opened(chosen) as store, shown(words.say("retention.destroying")) as progress:
        key = signing.own(chosen)
        done = destroying.carry_out(store, chosen.statements_folder, progress, key=key)
    click.echo(words.say("retention.carried_out", number=done), err=True)


@retention.command()
def scrub() -> None:
    """Herschrijf de bestanden van de database waarin iets is vernietigd.

    Zolang een tabel wordt herschreven, wacht iedereen; kdt serve doet het 's nachts.
    """
    chosen = settings.load()
    with bootstrap.opened(chosen) as store:
        done = destroying.scrub(store, chosen.statements_folder, key=signing.own(chosen))
    click.echo(words.say(f"retention.{'scrubbed' if done else 'nothing_to_scrub'}"), err=True)


@retention.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def replay(folder: Path | None, by: str | None) -> None:
    """Vernietig na het terugzetten van een reservekopie opnieuw wat al vernietigd was.

    Leest de verklaringen van vernietiging in de map, of anders in die van KDT_STATEMENTS. Doe dit
    voor KDT weer wordt gebruikt.
    """
    chosen = settings.load()
    where = folder or chosen.statements_folder
    told = statements.kept(where, signing.own(chosen))
    with bootstrap.opened(chosen) as store, shown(words.say("retention.destroying")) as progress:
        done = replaying.replay(store, told, by or getpass.getuser(), progress)
    units_again = words.amount("unit", done.units)
    said = {"number": done.statements, "folder": where, "units": units_again}
    click.echo(words.say("retention.replayed", **said), err=True)


def _described(unit: Unit) -> str:
    return ", ".join(
        f"{one.escalation} ({words.say(f'retention.kept.{one.ending}')} {one.since})"
        if one.ending
        else f"{one.escalation} ({words.say('retention.not_ended')})"
        for one in unit.items
    )
