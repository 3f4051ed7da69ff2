"""`kdt differences`: where cases alike were answered otherwise."""

from datetime import UTC, datetime

import click

from kdt import bootstrap, words
from kdt.differences.keeping import compare_when_due
from kdt.differences.queries import last_comparison
from kdt.store.transaction import reading


@click.command()
def differences() -> None:
    """Noem vergelijkbare zaken met een andere uitkomst: vraag, rode draad, locatie, uitkomst en
    aantal zaken, en hoe vaak toeval alleen zo'n verschil maakt.

    De klok vergelijkt elke week; is dat nog niet gebeurd, dan gebeurt het nu.
    """
    with bootstrap.opened() as store:
        compare_when_due(store, datetime.now(UTC))
        with reading(store) as connection:
            found = last_comparison(connection)
    for one in found.differences if found else ():
        for location, answers in one.cases.items():
            for answer, cases in answers.items():
                click.echo(
                    f"{one.question}\t{one.theme}\t{location}\t{answer}\t{cases}\t{one.chance:.4f}"
                )
    if found is not None:
        click.echo(
            words.say(
                "differences.compared", profiles=found.profiles, day=words.full_day(found.until)
            ),
            err=True,
        )
