"""`kdt verify`: work everything out again from the log, and name what does not agree."""

import gc
import json
from collections.abc import Iterator
from typing import Literal

import click

from kdt import words
from kdt.bootstrap import opened
from kdt.progress import shown
from kdt.verify.findings import Report
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
        with opened() as store, shown(words.say("verify.working")) as progress:
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
        yield words.say("verify.more", findings=words.amount("finding", report.count - SHOWN))
    sizes = {
        "escalations": words.amount("escalation", report.escalations),
        "entries": words.amount("entry", report.entries),
    }
    if report.destroyed:
        yield words.say("verify.destroyed", texts=words.amount("text", report.destroyed))
    if report.sound:
        yield words.say("verify.sound", **sizes)
    else:
        findings = words.amount("finding", report.count)
        yield words.say("verify.unsound", findings=findings, **sizes)


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
