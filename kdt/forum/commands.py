"""`kdt forum`: what waits for the IND-wide forum, and what came of the rest."""

import click

from kdt import bootstrap
from kdt.forum.queries import items
from kdt.store.transaction import reading


@click.command()
def forum() -> None:
    """Noem wat in het IND-brede forum is ingebracht, het laatste eerst: dag, nummer, wanneer het is
    besproken en tot welke rode draad het leidde."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in items(connection):
            if not one.withdrawn:
                click.echo(
                    f"{one.brought_on}\t{one.id}\t{one.discussed_on or ''}\t{one.theme or ''}"
                )
