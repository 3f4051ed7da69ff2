"""`kdt verify`: work everything out again from the log, and name what does not agree."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import click

from kdt import words
from kdt.bootstrap import opened
from kdt.verify.findings import Report
from kdt.verify.run import Progress
from kdt.verify.run import verify as run

# More than this nobody reads; the rest is counted.
SHOWN = 100


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Zinnen om te lezen, of één JSON-object.",
)
@click.pass_context
def verify(context: click.Context, form: Literal["text", "json"]) -> None:
    """Reken alles na uit het logboek en noem wat niet klopt.

    De status is 0 als alles klopt en 1 als er iets niet klopt.
    """
    # What is kept until the end holds no cycles; looking for them takes a fifth of the time.
    gc.disable()
    try:
        with opened() as store, _shown() as progress:
            report = run(store, progress)
    finally:
        gc.enable()
    if form == "json":
        click.echo(json.dumps(as_json(report), ensure_ascii=False))
    else:
        for line in as_text(report):
            click.echo(line)
    if not report.sound:
        context.exit(1)


def as_text(report: Report) -> Iterator[str]:
    """What was found, a sentence a line, and the sum."""
    for finding in report.findings[:SHOWN]:
        yield finding.sentence
    if report.count > SHOWN:
        yield words.say("verify.more", count=report.count - SHOWN)
    sizes = {"escalations": report.escalations, "entries": report.entries}
    if report.destroyed:
        yield words.say("verify.destroyed", count=report.destroyed)
    if report.sound:
        yield words.say("verify.sound", **sizes)
    else:
        yield words.say("verify.unsound", count=report.count, **sizes)


def as_json(report: Report) -> dict[str, object]:
    """The same, for programs."""
    return {
        "sound": report.sound,
        "escalations": report.escalations,
        "entries": report.entries,
        "destroyedTexts": report.destroyed,
        "count": report.count,
        "findings": [
            {
                "code": finding.code,
                "escalation": finding.escalation,
                "seq": finding.seq,
                "where": finding.where,
                "sentence": finding.sentence,
            }
            for finding in report.findings[:SHOWN]
        ],
    }


@contextmanager
def _shown() -> Iterator[Progress]:
    """A progress bar on a terminal, on the side where it does not spoil the answer."""
    from rich.console import Console
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(words.say("verify.working"), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
