"""`kdt verify`: work everything out again from the log, and name what does not agree."""

import gc
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

import click

from kdt import clock, depots, settings, signing, words
from kdt.bootstrap import opened
from kdt.errors import KdtError
from kdt.progress import shown
from kdt.settings import Settings
from kdt.verify import checkpoints, statements
from kdt.verify.alone import Held
from kdt.verify.checkpoints import CheckpointUnusable
from kdt.verify.findings import Report
from kdt.verify.run import verify as run

# What is wrong with the keeping of checkpoints: a code, and what there is to say of it.
Trouble = tuple[str, str]

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
@click.option(
    "--checkpoint",
    help="Een ijkpunt om het register tegen te houden: het bestand, of de plek (dan het nieuwste). "
    "Zonder is dat het nieuwste op KDT_CHECKPOINT_TO, als dat is ingesteld.",
)
@click.option(
    "--key", "public", multiple=True, help="De publieke sleutel waarmee het ondertekend moet zijn."
)
@click.pass_context
def verify(
    context: click.Context,
    form: Literal["text", "json"],
    checkpoint: str | None,
    public: tuple[str, ...],
) -> None:
    """Reken alles na uit het logboek en noem wat niet klopt.

    De status is 0 als alles klopt en 1 als er iets niet klopt.
    """
    chosen = settings.load()
    keys = [checkpoints.public_key(one) for one in public] or _own_key(chosen)
    if checkpoint and not keys:
        raise CheckpointUnusable(words.say("checkpoint.which_key"))
    trouble: list[Trouble] = []
    held = checkpoints.load(checkpoint, keys) if checkpoint else _kept(chosen, keys, trouble)
    # What is kept until the end holds no cycles; looking for them takes a fifth of the time.
    gc.disable()
    try:
        with opened(chosen) as store, shown(words.say("verify.working")) as progress:
            report = run(store, progress, held)
    finally:
        gc.enable()
    for code, detail in trouble:
        report.add(code, where=words.say("verify.checkpoints"), detail=detail)
    if keys:
        for name in statements.altered(chosen.statements_folder, keys):
            report.add("statement_unsigned", where=name)
    if form == "json":
        click.echo(json.dumps(as_json(report), ensure_ascii=False))
    else:
        for line in as_text(report):
            click.echo(line)
    if not report.sound:
        context.exit(1)


def _own_key(chosen: Settings) -> list[bytes]:
    """The public half of the key this KDT signs with, if it does."""
    return [signing.load(chosen.checkpoint_key).public] if chosen.checkpoint_key else []


def _kept(chosen: Settings, keys: list[bytes], trouble: list[Trouble]) -> Held | None:
    """The newest checkpoint where they are kept, if they are; that it cannot be used, is not there
    or is too old is a finding like any other."""
    if chosen.checkpoint_to is None:
        return None
    try:
        place = depots.depot(chosen.checkpoint_to)
        found = checkpoints.newest(place)
        if found is None:
            trouble.append(("checkpoint_none", ""))
            return None
        held = checkpoints.hold(place, found, keys)
    except KdtError as problem:
        trouble.append(("checkpoint_unusable", str(problem)))
        return None
    moment = held.checkpoint.moment
    if checkpoints.overdue(moment, datetime.now(UTC), chosen.checkpoint_minutes):
        trouble.append(("checkpoint_overdue", words.moment(moment)))
    return held


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
    if report.held:
        yield from _covered(report.held)
    if report.reads:
        yield words.say(
            "verify.reads",
            reads=words.amount("read", report.reads),
            unsealed=words.number(report.unsealed),
        )
    if report.sound:
        yield words.say("verify.sound", **sizes)
    else:
        findings = words.amount("finding", report.count)
        yield words.say("verify.unsound", findings=findings, **sizes)


def _covered(held: Held) -> Iterator[str]:
    checkpoint = held.checkpoint
    covered = sum(entries for _, entries in checkpoint.chains.values())
    yield words.say(
        "verify.covered",
        number=checkpoint.number,
        moment=words.moment(checkpoint.moment),
        entries=words.amount("entry", covered),
        chains=words.amount("chain", sum(chains for chains, _ in checkpoint.chains.values())),
    )
    yield words.say(
        "verify.exposed",
        entries=words.amount("entry", held.exposed_entries),
        chains=words.amount("chain", held.exposed_chains),
    )
    if held.imported:
        yield words.say("verify.imported", entries=words.amount("entry", held.imported))


def _held_as_json(held: Held) -> dict[str, object]:
    return {
        "number": held.checkpoint.number,
        "moment": clock.written(held.checkpoint.moment),
        "key": held.checkpoint.key,
        "chains": sum(chains for chains, _ in held.checkpoint.chains.values()),
        "entries": sum(entries for _, entries in held.checkpoint.chains.values()),
        "exposedChains": held.exposed_chains,
        "exposedEntries": held.exposed_entries,
        "importedEarlier": held.imported,
    }


def as_json(report: Report) -> dict[str, object]:
    """The same, for programs."""
    return {
        "sound": report.sound,
        "escalations": report.escalations,
        "entries": report.entries,
        "destroyedTexts": report.destroyed,
        "checkpoint": _held_as_json(report.held) if report.held else None,
        "reads": report.reads,
        "unsealedReads": report.unsealed,
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
