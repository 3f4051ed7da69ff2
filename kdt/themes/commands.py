"""`kdt consultations`: the talks about themes that were held."""

import click

from kdt import bootstrap, words
from kdt.store.transaction import reading
from kdt.themes.consultations import consultations as every


@click.command()
def consultations() -> None:
    """Noem de gesprekken over rode draden, het laatste eerst: dag, soort, met wie en over welke
    rode draden. Wat is afgesproken, staat er niet bij."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in every(connection):
            form = words.say(f"consultation_form.{one.form}")
            partners = ", ".join(words.say(f"partner.{partner}") for partner in one.partners)
            click.echo(f"{one.held_on}\t{form}\t{partners}\t{', '.join(one.themes)}")
