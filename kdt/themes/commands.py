"""`kdt themes` and `kdt consultations`: where the rode draden are, and the talks about them."""

import click

from kdt import bootstrap, words
from kdt.store.moments import today as today_in
from kdt.store.transaction import reading
from kdt.themes.consultations import consultations as every
from kdt.themes.counting import counted, lately
from kdt.themes.queries import themes as listed


@click.command()
@click.option("--owed", is_flag=True, help="Alleen waar een actie is uitgezet.")
def themes(owed: bool) -> None:
    """Noem de rode draden: id, naam, waar zij staan en sinds wanneer, hoe vaak zij in de laatste
    vier weken zijn gezien, en wie uiterlijk wanneer aan zet is."""
    with bootstrap.opened() as store, reading(store) as connection:
        today = today_in(connection)
        seen = counted(connection, [lately(today)[0]])
        for one in listed(connection):
            standing = one.standing
            if owed and standing.owed is None:
                continue
            waits = ""
            if standing.owed is not None:
                by = words.say(f"owed_by.{standing.owed.by}")
                late = words.say("themes.overdue") if standing.owed.overdue(today) else ""
                waits = f"{by} {standing.owed.due_on} {late}".rstrip()
            state = words.say(f"theme_state.{one.state}")
            (recent,) = seen.get(one.id, (0,))
            click.echo(f"{one.id}\t{one.name}\t{state}\t{standing.since or ''}\t{recent}\t{waits}")


@click.command()
def consultations() -> None:
    """Noem de gesprekken over rode draden, het laatste eerst: dag, soort, met wie en over welke
    rode draden. Wat is afgesproken, staat er niet bij."""
    with bootstrap.opened() as store, reading(store) as connection:
        for one in every(connection):
            form = words.say(f"consultation_form.{one.form}")
            partners = ", ".join(words.say(f"partner.{partner}") for partner in one.partners)
            click.echo(f"{one.held_on}\t{form}\t{partners}\t{', '.join(one.themes)}")
