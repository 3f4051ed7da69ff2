"""`kdt panels`, `kdt locations`, `kdt calendar` and `kdt agenda-order`: what an administrator does
by command."""

import getpass
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

import click

from kdt import bootstrap, clock, names, words
from kdt.access.permissions import Actor
from kdt.errors import NotFound
from kdt.meetings import service, settings
from kdt.panels import weights
from kdt.panels.calendar import days_of
from kdt.panels.queries import (
    Term,
    all_panels,
    location_terms_by_id,
    named_panels,
    panel_terms_by_id,
)
from kdt.procedure import CURRENT
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.values import Problem
from kdt.vocabulary import Role

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def _on_and_by(command: Callable[..., None]) -> Callable[..., None]:
    """What every change is given: from which day it counts, and who makes it."""
    on = click.option("--on", type=_DAY, metavar="JJJJ-MM-DD", help="Vanaf welke dag; anders nu.")
    by = click.option("--by", help="Wie het doet; anders wie is aangemeld.")
    return on(by(command))


@click.group()
def panels() -> None:
    """Maak, hernoem en sluit KDT's.

    Een KDT sluit pas als zijn locatie gesloten is en er niets meer te behandelen valt.
    """


@panels.command("list")
def list_panels() -> None:
    """Noem alle KDT's: hun id, niveau, naam, en sinds wanneer ze open of gesloten zijn."""
    with bootstrap.opened() as store, reading(store) as connection:
        terms = panel_terms_by_id(connection)
        for panel in all_panels(connection):
            level = words.say(f"level.{panel.level}")
            click.echo(f"{panel.id}\t{level}\t{_described(terms[panel.id])}")


@panels.command("add")
@click.argument("level", type=click.Choice([one.code for one in CURRENT.ladder.levels]))
@click.option("--location", help="De locatie, voor een niveau met een KDT per locatie.")
@click.option("--name", help="Hoe het heet; anders naar niveau en locatie.")
@_on_and_by
def add_panel(
    level: str, location: str | None, name: str | None, on: datetime | None, by: str | None
) -> None:
    """Maak een KDT op een niveau."""
    with bootstrap.opened() as store:
        panel = service.create_panel(store, _actor(by), level, location, name=name, on=_day(on))
    click.echo(panel)


@panels.command("rename")
@click.argument("panel")
@click.argument("name")
@_on_and_by
def rename_panel(panel: str, name: str, on: datetime | None, by: str | None) -> None:
    """Geef een KDT een andere naam; het id blijft."""
    with bootstrap.opened() as store:
        service.change_panel(store, _actor(by), panel, name=name, on=_day(on))


@panels.command("close")
@click.argument("panel")
@_on_and_by
def close_panel(panel: str, on: datetime | None, by: str | None) -> None:
    """Sluit een KDT waar niets meer voor komt."""
    with bootstrap.opened() as store:
        service.change_panel(store, _actor(by), panel, is_open=False, on=_day(on))


@panels.command("reopen")
@click.argument("panel")
@_on_and_by
def reopen_panel(panel: str, on: datetime | None, by: str | None) -> None:
    """Open een gesloten KDT weer."""
    with bootstrap.opened() as store:
        service.change_panel(store, _actor(by), panel, is_open=True, on=_day(on))


@panels.command("pattern")
@click.argument("panel")
@click.option("--weekdays", help="Op welke dagen, maandag is 1: 1,2,3,4,5.")
@click.option("--starts-at", type=click.DateTime(["%H:%M"]), metavar="UU:MM", help="Hoe laat.")
@click.option("--place", help="Zaal of link.")
@click.option("--cut-off-days", type=int, help="Werkdagen vooraf dat de agenda wordt opgesteld.")
@click.option("--cut-off-hours", type=int, help="En daarbij uren vooraf.")
@click.option("--capacity", type=int, help="Duur in minuten.")
@click.option("--item-minutes", type=int, help="Minuten voor een zaak.")
@click.option("--attendance", type=int, help="Hoeveel mensen er ten minste moeten zijn.")
@_on_and_by
def choose_pattern(
    panel: str,
    weekdays: str | None,
    starts_at: datetime | None,
    on: datetime | None,
    by: str | None,
    **numbers: Any,
) -> None:
    """Kies wanneer en hoe lang een KDT overlegt; wat u weglaat, blijft zoals het is."""
    given = {name: value for name, value in numbers.items() if value is not None}
    if weekdays is not None:
        given["weekdays"] = _weekdays(weekdays)
    if starts_at is not None:
        given["starts_at"] = starts_at.time()
    with bootstrap.opened() as store:
        with reading(store) as connection:
            every = named_panels(connection, _day(on) or today(connection))
        now = next((one.pattern for one in every if one.id == panel), None)
        if now is None:
            raise NotFound(words.say("refusal.not_found"))
        settings.set_pattern(store, _actor(by), panel, replace(now, **given), on=_day(on))


@click.group()
def locations() -> None:
    """Maak, hernoem en sluit locaties.

    Van een gesloten locatie komen geen nieuwe zaken; wat er al was, wordt afgemaakt.
    """


@locations.command("list")
def list_locations() -> None:
    """Noem alle locaties: hun id, naam, en sinds wanneer ze open of gesloten zijn."""
    with bootstrap.opened() as store, reading(store) as connection:
        for location, terms in location_terms_by_id(connection).items():
            click.echo(f"{location}\t{_described(terms)}")


@locations.command("add")
@click.argument("name")
@_on_and_by
def add_location(name: str, on: datetime | None, by: str | None) -> None:
    """Maak een locatie, meteen met haar lokale KDT."""
    with bootstrap.opened() as store:
        click.echo(service.create_location(store, _actor(by), name, on=_day(on)))


@locations.command("rename")
@click.argument("location")
@click.argument("name")
@_on_and_by
def rename_location(location: str, name: str, on: datetime | None, by: str | None) -> None:
    """Geef een locatie een andere naam; in cijfers en bestanden blijft de eerste naam staan."""
    with bootstrap.opened() as store:
        service.change_location(store, _actor(by), location, name=name, on=_day(on))


@locations.command("close")
@click.argument("location")
@_on_and_by
def close_location(location: str, on: datetime | None, by: str | None) -> None:
    """Sluit een locatie voor nieuwe zaken."""
    with bootstrap.opened() as store:
        service.change_location(store, _actor(by), location, is_open=False, on=_day(on))


@locations.command("reopen")
@click.argument("location")
@_on_and_by
def reopen_location(location: str, on: datetime | None, by: str | None) -> None:
    """Open een gesloten locatie weer, met haar KDT."""
    with bootstrap.opened() as store:
        service.change_location(store, _actor(by), location, is_open=True, on=_day(on))


@locations.command("live")
@click.argument("location")
@_on_and_by
def go_live(location: str, on: datetime | None, by: str | None) -> None:
    """Laat KDT vanaf een dag de overleggen van een locatie plannen en haar agenda's opstellen."""
    with bootstrap.opened() as store:
        with reading(store) as connection:
            day = _day(on) or today(connection)
        settings.go_live(store, _actor(by), location, day)


@click.group("agenda-order")
def agenda_order() -> None:
    """Zie en kies waarop agenda's worden geordend."""


@agenda_order.command("list")
def list_weights() -> None:
    """Noem de gewichten van nu, en wat voor later is gekozen."""
    with bootstrap.opened() as store, reading(store) as connection:
        now = today(connection)
        timeline = [(now, weights.in_force(connection, now)), *weights.announced(connection, now)]
        for on, chosen in timeline:
            weighed = (
                f"{words.say(f'order.label_{name}')}: {weight}"
                for name, weight in asdict(chosen).items()
            )
            click.echo("\t".join([str(on), *weighed]))


@agenda_order.command("set")
@click.option("--unresolved", type=int, help="Gewicht van: vorige keer niet uitgekomen.")
@click.option("--deadline", type=int, help="Gewicht van de uiterste beslisdatum.")
@click.option("--held-over", type=int, help="Gewicht van hoe vaak de zaak is aangehouden.")
@click.option("--waiting", type=int, help="Gewicht van hoe lang de zaak wacht.")
@_on_and_by
def choose_weights(on: datetime | None, by: str | None, **given: int | None) -> None:
    """Kies gewichten, van 0 tot en met 9; wat u weglaat, blijft zoals het is."""
    chosen = {name: value for name, value in given.items() if value is not None}
    with bootstrap.opened() as store:
        with reading(store) as connection:
            now = weights.in_force(connection, _day(on) or today(connection))
        settings.set_weights(store, _actor(by), replace(now, **chosen), on=_day(on))


@click.group()
def calendar() -> None:
    """Zie en kies welke dagen vrij zijn."""


@calendar.command("list")
@click.argument("year", type=click.IntRange(1900, 2999), required=False)
def list_days(year: int | None) -> None:
    """Noem de feestdagen en gekozen dagen van een jaar (dit jaar)."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in days_of(connection, year or today(connection).year):
            kind = words.say(f"calendar.{'off' if one.off else 'working'}")
            click.echo(f"{one.day}\t{kind}\t{one.name}")


@calendar.command("set")
@click.argument("day", type=_DAY)
@click.argument("name")
@click.option("--off/--working", default=True, help="Een vrije dag, of een werkdag.")
@click.option("--by", help="Wie het doet; anders wie is aangemeld.")
def choose_day(day: datetime, name: str, off: bool, by: str | None) -> None:
    """Maak van een dag een vrije dag of een werkdag."""
    with bootstrap.opened() as store:
        settings.set_day(store, _actor(by), day.date(), name, off=off)


def _weekdays(given: str) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(one) for one in given.split(",")}))
    except ValueError:
        raise names.invalid(Problem("missing", "weekdays")) from None


def _actor(by: str | None) -> Actor:
    """Whoever may use the command line administers."""
    return Actor(by or getpass.getuser(), Role.ADMINISTRATOR)


def _day(on: datetime | None) -> date | None:
    return None if on is None else on.date()


def _described(terms: list[Term]) -> str:
    """What it is called and whether it is open today, and what was announced for later."""
    today = clock.day(datetime.now(UTC))
    in_force = [term for term in terms if term.effective_on <= today][-1:]
    announced = [term for term in terms if term.effective_on > today]
    return "; ".join(
        words.say(
            "panels.now" if term.effective_on <= today else "panels.from",
            name=term.name,
            state=words.say(f"panels.{'open' if term.open else 'closed'}"),
            day=words.full_day(term.effective_on),
        )
        for term in (*in_force, *announced)
    )
