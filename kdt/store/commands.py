"""`kdt migrate`: what an administrator does with the schema."""

from contextlib import AbstractContextManager

import click

from kdt import settings
from kdt.store import migrate as schema


@click.group()
def migrate() -> None:
    """Breng het schema van de database op orde.

    Met een eigen server is KDT_MIGRATION_URL nodig: het adres van de eigenaar.
    """


@migrate.command()
@click.argument("revision", default="head")
def up(revision: str) -> None:
    """Werk bij tot een revisie; zonder revisie tot de nieuwste."""
    with _owner() as url:
        schema.upgrade(url, revision)
        click.echo(f"Het schema staat op {schema.current(url)}.")


@migrate.command()
@click.argument("revision")
def down(revision: str) -> None:
    """Ga terug tot een revisie; weigert wat er dan verloren zou gaan."""
    with _owner() as url:
        schema.downgrade(url, revision)
        click.echo(f"Het schema staat op {schema.current(url) or 'niets'}.")


@migrate.command()
def status() -> None:
    """Zeg waar het schema staat en waar deze KDT mee werkt."""
    with _owner() as url:
        click.echo(
            f"Het schema staat op {schema.current(url) or 'niets'}, "
            f"deze KDT werkt met {schema.head()}."
        )


@migrate.command()
def check() -> None:
    """Zeg of de tabellen zijn zoals deze KDT ze verwacht; zo niet, dan is de status 1."""
    with _owner() as url:
        found = schema.differences(url)
    if found:
        raise click.ClickException(found)
    click.echo("De tabellen zijn zoals deze KDT ze verwacht.")


def _owner() -> AbstractContextManager[str]:
    return schema.owner_url(settings.load())
