"""`kdt rising`: what the weekly scan of rode draden found, and that again."""

from datetime import UTC, datetime

import click

from kdt import bootstrap, words
from kdt.rising.keeping import again, scan_when_due
from kdt.rising.queries import Rise, last_scan
from kdt.store.transaction import reading


@click.command()
@click.option("--again", "anew", is_flag=True, help="Reken het opnieuw uit, en vergelijk.")
def rising(anew: bool) -> None:
    """Noem welke rode draden stijgen: id, waar, aantal weken, zaken, en hoeveel er gewoonlijk zijn.

    De klok kijkt elke week; is dat nog niet gebeurd, dan gebeurt het nu.
    """
    with bootstrap.opened() as store:
        scan_when_due(store, datetime.now(UTC))
        with reading(store) as connection:
            scan = last_scan(connection)
        if scan is None:
            return
        for one in scan.rises:
            click.echo(_line(one))
        click.echo(words.say("rising.seen_until", day=words.full_day(scan.until)), err=True)
        if anew:
            same = {*again(store, scan.until)} == {*scan.rises}
            click.echo(words.say("rising.same" if same else "rising.changed"), err=True)


def _line(one: Rise) -> str:
    where = one.location or words.say("rising.nationwide")
    return f"{one.theme}\t{where}\t{one.weeks}\t{one.cases}\t{one.usual:.1f}"
