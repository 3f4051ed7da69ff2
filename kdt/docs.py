"""The documents that the code writes itself: `python -m kdt.docs`; with `--check` it writes nothing
and fails when one is stale."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import click

from kdt import words
from kdt.ledger.table import FACTS, Subject
from kdt.procedure import CURRENT, Code, bpmn, render
from kdt.register.catalogue.table import BALANCES, CATALOGUE
from kdt.register.catalogue.writing import as_json
from kdt.themes import circuit
from kdt.verify.standing import STORED
from kdt.vocabulary import ThemeState

_OF_THE_PROCEDURE = (
    "Drawn from `kdt/procedure/table.py`: edit that, and run `python -m kdt.docs`. An escalation is"
    " in one phase at one level of the ladder, and stays with the version it was opened under."
)
_OF_THE_MEASURES = (
    "Drawn from `kdt/register/catalogue/`: edit that, and run `python -m kdt.docs`. A figure is"
    " asked for a period of the day a thing happened (Amsterdam, both ends included) and a"
    " reference date of the day it was recorded; the same question with the same reference date"
    " gives the same figure for ever. Each measure has a worked example, a small history with its"
    " answer, which people read on the page of the measure and the tests import and count."
)
_OF_THE_CIRCUIT = (
    "Drawn from `kdt/themes/circuit.py`: edit that, and run `python -m kdt.docs`. A theme is in one"
    " state; every step is a fact in the ledger with the day it happened and the moment it was"
    " recorded, and no step is dated before the one it follows on. What was recorded wrongly is"
    " taken back by `correct`, when what followed holds without it."
)
_OF_THE_LEDGER = (
    "Drawn from `kdt/ledger/table.py`. What is not an escalation (where KDTs are, which rode draden"
    " there are, who may act, what was imported) is recorded in chains of its own, one for each"
    " subject; [record.md](record.md) has the bytes. Values are codes, ids, days and numbers; what"
    " people worded themselves is a text, of which the entry holds a digest."
)
_OF_WHAT_IS_READ = (
    "Drawn from `kdt/verify/standing.py`. `kdt verify` folds the facts of each subject and compares"
    " these tables with what follows, every row and column but the moment of a last sign-in"
    " (`people`), of an import (`imports`), of the beginning of the record (`record`) and beside a"
    " recusal (`recusals`), which no fact says. What has no table is read from the ledger itself;"
    " the read log and the lists of destructions are held against the digests in their facts."
)
FOLDER = Path(__file__).parents[1] / "docs"


def procedure() -> str:
    """The procedure: its table, its outcomes, its refusals and its diagram."""
    sentences = words.group("refusal")
    refusals = ((f"`{code}`", sentences[code]) for code in Code)
    return "\n\n".join(
        (
            "# The procedure",
            f"Version {CURRENT.version}. {_OF_THE_PROCEDURE}",
            f"```mermaid\n{render.mermaid(CURRENT)}\n```",
            render.markdown(CURRENT, words.say),
            "## Refusals",
            render.table(("code", "what people read"), refusals),
        )
    )


def circuit_of_themes() -> str:
    """The circuit of themes: its states, its table, its refusals and its diagram."""
    rows = (
        (
            f"`{row.action}` {words.say(f'theme_action.{row.action}')}",
            ", ".join(f"`{one}`" for one in ThemeState if one in row.states),
            row.right.value,
            ", ".join(
                f"`{one.name}`" + ("" if one.required else " (optional)") for one in row.fields
            ),
            f"`{row.to}`" if row.to else "where it is",
            " ".join((guard.__doc__ or "").strip() for guard in row.guards),
        )
        for row in circuit.ROWS
    )
    sentences = words.group("refusal")
    return "\n\n".join(
        (
            "# The circuit of a theme",
            _OF_THE_CIRCUIT,
            f"```mermaid\n{circuit.mermaid()}\n```",
            render.table(("action", "from", "by who may", "fields", "to", "provided that"), rows),
            "## States",
            render.table(
                ("state", "Dutch"),
                ((f"`{one}`", words.say(f"theme_state.{one}")) for one in ThemeState),
            ),
            "## Refusals",
            render.table(
                ("code", "what people read"),
                ((f"`{code}`", sentences[code]) for code in circuit.Code),
            ),
        )
    )


def measures() -> str:
    """What each figure counts, by its key and its Dutch name."""
    meant = ((f"`{one.id}`", one.name, one.question, one.meaning) for one in CATALOGUE.values())
    rules = (
        (
            f"`{one.id}`",
            str(one.version),
            one.unit,
            one.period,
            one.known,
            ", ".join(said["divisions"]),
            ", ".join(said["addsUp"]) or "nothing",
            one.revision,
            one.disclosure,
            one.opens,
        )
        for one in CATALOGUE.values()
        for said in (as_json(one),)
    )
    head = ("key", "version", "unit", "period", "known", "divided by", "adds up over")
    balances = ((f"`{one.code}`", words.say(f"catalogue.balance.{one.code}")) for one in BALANCES)
    codes = (
        (f"`{code}`", said)
        for kind in ("unit", "period", "known", "revision", "disclosure", "opens")
        for code, said in words.group(f"catalogue.{kind}").items()
    )
    return "\n\n".join(
        (
            "# The measures",
            _OF_THE_MEASURES,
            render.table(("key", "name", "answers", "what it counts (as people read it)"), meant),
            "## By which rules",
            render.table((*head, "revised", "published", "opens"), rules),
            render.table(("code", "as people read it"), codes),
            "## Balances",
            "What must hold in every row; of a row that breaks one nothing is published.",
            render.table(("balance", "as people read it"), balances),
        )
    )


def ledger() -> str:
    """What the ledger records of which subject."""
    rows = (
        (
            f"`{subject}`",
            f"`{fact}`",
            words.say(f"fact.{subject}.{fact}"),
            _named(row.values, row.optional),
            _named(row.texts),
        )
        for subject, facts in FACTS.items()
        for fact, row in facts.items()
    )
    head = ("subject", "fact", "as people read it", "values", "texts")
    read = ((f"`{kind}`", _named(STORED.get(kind, ())) or "-") for kind in Subject)
    return "\n\n".join(
        (
            "# The ledger",
            _OF_THE_LEDGER,
            render.table(head, rows),
            "## Where it is read",
            _OF_WHAT_IS_READ,
            render.table(("subject", "tables"), read),
        )
    )


def _named(names: Iterable[str], optional: Iterable[str] = ()) -> str:
    given = [f"`{name}`" for name in sorted(names)]
    return ", ".join([*given, *(f"`{name}` (or none)" for name in sorted(optional))])


def procedure_bpmn() -> str:
    """The procedure for a modeller."""
    return bpmn.xml(CURRENT, words.say).rstrip("\n")


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "procedure.md": procedure,
    "procedure.bpmn": procedure_bpmn,
    "circuit.md": circuit_of_themes,
    "measures.md": measures,
    "ledger.md": ledger,
}


def stale(folder: Path) -> list[str]:
    """The documents that are not what the code would write now."""
    return [
        name
        for name, document in DOCUMENTS.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != document() + "\n"
    ]


def write(folder: Path) -> None:
    """Write them all."""
    for name, document in DOCUMENTS.items():
        (folder / name).write_text(document() + "\n", "utf-8", newline="\n")


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a document is stale.")
def main(check: bool) -> None:
    """Write the documents that follow from the code."""
    if not check:
        write(FOLDER)
    elif names := stale(FOLDER):
        click.echo(f"Stale: {', '.join(names)}. Run python -m kdt.docs.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
