"""`kdt meetings`: meetings added, moved, cancelled and closed by command.

Whoever is named does it, in the capacities they have: the command line gives nobody a role.
"""

import getpass
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import click

from kdt import bootstrap, words
from kdt.access import permissions
from kdt.access import queries as access
from kdt.access.permissions import Actor
from kdt.access.queries import person
from kdt.errors import NotFound
from kdt.meetings import arranging, closing, minutes, minutes_text
from kdt.meetings.attendance import attend, presences
from kdt.meetings.minutes import Minutes
from kdt.panels.coverage import gaps
from kdt.panels.queries import all_panels, named_panels
from kdt.panels.slots import Meeting, meeting, meetings_of
from kdt.store.engine import Store
from kdt.store.moments import today
from kdt.store.transaction import reading
from kdt.vocabulary import Attested, MeetingKind, Reopening

_DAY = click.DateTime(formats=["%Y-%m-%d"])
_TIME = click.DateTime(formats=["%H:%M"])
_AHEAD = timedelta(weeks=4)
_BY = click.option("--by", help="Wie het doet: secretaris of voorzitter; anders wie is aangemeld.")
_REASON = click.option("--reason", required=True, help="Waarom; zonder namen van betrokkenen.")


def _when_and_where(command: Callable[..., None]) -> Callable[..., None]:
    starts_at = click.option("--starts-at", type=_TIME, metavar="UU:MM", help="Hoe laat.")
    place = click.option("--place", help="Zaal of link.")
    return starts_at(place(command))


@click.group()
def meetings() -> None:
    """Zie, maak, verplaats en sluit overleggen.

    Een overleg sluiten is verklaren dat alles wat is besproken, is vastgelegd.
    """


@meetings.command("list")
@click.argument("panel")
@click.option("--from", "first", type=_DAY, metavar="JJJJ-MM-DD", help="Vanaf welke dag.")
def list_meetings(panel: str, first: datetime | None) -> None:
    """Noem de overleggen van een KDT, vier weken vooruit."""
    with bootstrap.opened() as store, reading(store) as connection:
        now = today(connection)
        begin = now if first is None else first.date()
        for one in meetings_of(connection, panel, begin, max(begin, now) + _AHEAD):
            click.echo(f"{one.held_on}\t{one.starts_at:%H:%M}\t{_said(one, now)}")


@meetings.command("gaps")
def list_gaps() -> None:
    """Noem de geplande overleggen die geweest zijn en die niemand heeft gesloten."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in gaps(connection, today(connection)):
            click.echo(f"{one.panel}\t{one.held_on}")


@meetings.command("add")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.option("--written", is_flag=True, help="Een schriftelijke ronde, geen extra overleg.")
@_when_and_where
@_REASON
@_BY
def add(
    panel: str,
    held_on: datetime,
    written: bool,
    starts_at: datetime | None,
    place: str | None,
    reason: str,
    by: str | None,
) -> None:
    """Voeg een overleg toe op een dag waarop het KDT er geen heeft."""
    kind = MeetingKind.WRITTEN if written else MeetingKind.EXTRAORDINARY
    with bootstrap.opened() as store:
        arranging.add(
            store,
            _actors(store, by),
            panel,
            held_on.date(),
            kind,
            reason,
            starts_at=_time(starts_at),
            place=place,
        )


@meetings.command("move")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.argument("to", type=_DAY)
@_when_and_where
@_REASON
@_BY
def move(
    panel: str,
    held_on: datetime,
    to: datetime,
    starts_at: datetime | None,
    place: str | None,
    reason: str,
    by: str | None,
) -> None:
    """Verplaats een overleg; de agenda gaat in dezelfde volgorde mee."""
    with bootstrap.opened() as store:
        arranging.move(
            store,
            _actors(store, by),
            panel,
            held_on.date(),
            to.date(),
            reason,
            starts_at=_time(starts_at),
            place=place,
        )


@meetings.command("cancel")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@_REASON
@_BY
def cancel(panel: str, held_on: datetime, reason: str, by: str | None) -> None:
    """Zeg een overleg af; wat op de agenda staat, gaat terug naar de wachtrij."""
    with bootstrap.opened() as store:
        arranging.cancel(store, _actors(store, by), panel, held_on.date(), reason)


@meetings.command("close")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.argument("considered", type=click.IntRange(min=0))
@_BY
def close(panel: str, held_on: datetime, considered: int, by: str | None) -> None:
    """Verklaar dat alles is vastgelegd: zoveel behandelingen, of 0 als er niets is besproken."""
    attested = Attested.EVERYTHING if considered else Attested.NOTHING
    with bootstrap.opened() as store:
        closing.close(store, _actors(store, by), panel, held_on.date(), attested, considered)


@meetings.command("reopen")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.option(
    "--reason",
    type=click.Choice([one.value for one in Reopening]),
    required=True,
    help="Waarom: forgotten (uitkomst vergeten), mistaken (te vroeg gesloten), other.",
)
@_BY
def reopen(panel: str, held_on: datetime, reason: str, by: str | None) -> None:
    """Heropen een overleg dat is gesloten; sluit het daarna opnieuw."""
    with bootstrap.opened() as store:
        closing.reopen(store, _actors(store, by), panel, held_on.date(), Reopening(reason))


@meetings.command("attendance")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.option("--arrived", multiple=True, metavar="PERSOON", help="Wie er nu is.")
@click.option("--left", multiple=True, metavar="PERSOON", help="Wie er weg is.")
@_BY
def keep_attendance(
    panel: str, held_on: datetime, arrived: tuple[str, ...], left: tuple[str, ...], by: str | None
) -> None:
    """Leg vast wie er bij een overleg zijn, en noem wie er in het KDT zitten."""
    day = held_on.date()
    with bootstrap.opened() as store:
        if arrived or left:
            attend(store, _actors(store, by), panel, day, arrived=arrived, left=left)
        with reading(store) as connection:
            named = next((one for one in all_panels(connection) if one.id == panel), None)
            found = meeting(connection, panel, day)
            if named is None or found is None:
                raise NotFound(words.say("refusal.not_found"))
            for one in presences(connection, named.location, found.id):
                state = "present" if one.present else "left" if one.left_at else "absent"
                click.echo(f"{one.person}\t{one.label}\t{words.say(f'attendance.{state}')}")


@meetings.command("minutes")
@click.argument("panel")
@click.argument("held_on", type=_DAY)
@click.option(
    "--approve",
    metavar="VINGERAFDRUK",
    help="Stel het verslag vast dat u las: de vingerafdruk staat eronder.",
)
@_BY
def print_minutes(panel: str, held_on: datetime, approve: str | None, by: str | None) -> None:
    """Toon het verslag van een overleg, of stel het vast; de inzage wordt vastgelegd."""
    day = held_on.date()
    with bootstrap.opened() as store:
        actors = _actors(store, by)
        if approve is not None:
            minutes.approve(store, actors, panel, day, approve)
        with reading(store) as connection:
            named = next((one for one in named_panels(connection, day) if one.id == panel), None)
            if named is None or not any(permissions.serves(one, named.location) for one in actors):
                raise NotFound(words.say("refusal.not_found"))
            found = minutes.read(connection, actors, panel, day)
            if found is None:
                raise NotFound(words.say("refusal.not_found"))
            called = access.labels(connection, _people(found))
        click.echo(minutes_text.written(found, named.name, called))


def _people(found: Minutes) -> set[str]:
    approved = {found.approval.person} if found.approval else set[str]()
    return {*found.present, *approved}


def _actors(store: Store, by: str | None) -> tuple[Actor, ...]:
    with reading(store) as connection:
        found = person(connection, by or getpass.getuser())
    if found is None:
        raise NotFound(words.say("forbidden.arrange"))
    return found.actors


def _time(given: datetime | None) -> time | None:
    return None if given is None else given.time()


def _said(one: Meeting, now: date) -> str:
    if one.attested is not None:
        return words.say(f"meeting_line.{one.attested}")
    return words.say(f"meeting_line.{'to_come' if one.held_on >= now else 'open'}")
