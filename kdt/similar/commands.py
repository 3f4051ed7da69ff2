"""`kdt similar`: what similar cases are searched by."""

import click

from kdt import bootstrap, words
from kdt.clock import AMSTERDAM
from kdt.progress import shown
from kdt.similar import keeping
from kdt.store.transaction import reading


@click.group()
def similar() -> None:
    """Zie en vernieuw waarmee gelijkende zaken worden gezocht."""


@similar.command()
def status() -> None:
    """Zeg waarvan het is geleerd en wanneer, en hoeveel voorleggingen al te vinden zijn."""
    with bootstrap.opened() as store, reading(store) as connection:
        click.echo(_said(keeping.standing(connection)))


@similar.command()
def rebuild() -> None:
    """Leer opnieuw van de teksten zoals ze nu zijn, en maak alles ermee vindbaar.

    Zolang dat duurt, wordt gezocht met wat er was. De klok doet het zelf als het nodig is.
    """
    with bootstrap.opened() as store:
        with shown(words.say("similar.rebuilding")) as progress:
            keeping.rebuild(store, progress)
        with reading(store) as connection:
            click.echo(_said(keeping.standing(connection)))


def _said(found: keeping.Standing) -> str:
    if found.learnt_at is None:
        return words.say("similar.not_yet", texts=words.amount("text", found.texts))
    said = words.say(
        "similar.standing",
        moment=f"{found.learnt_at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}",
        sample=words.amount("text", found.sample),
        found=found.found,
        texts=found.texts,
    )
    return f"{said} {words.say('similar.renewing')}" if found.renewing else said
