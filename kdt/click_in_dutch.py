"""What Click itself says, in Dutch: its usage errors, and the headings of its help.

Click asks gettext, which wants compiled files beside the locale of whoever types. KDT speaks one
language whatever the locale is, so it answers instead; in a module of its own and not in the
catalogue of words, which would take longer to read than a command takes to start.
"""

from collections.abc import Iterable
from types import ModuleType

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

MODULES: tuple[ModuleType, ...] = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)
SENTENCES = {
    "Usage:": "Gebruik:",
    "Options": "Opties",
    "Commands": "Opdrachten",
    "Positional arguments": "Argumenten",
    "Show this message and exit.": "Toon deze uitleg.",
    "Show the version and exit.": "Toon de versie.",
    "%(prog)s, version %(version)s": "%(prog)s, versie %(version)s",
    "default: {default}": "anders: {default}",
    "(dynamic)": "(hangt ervan af)",
    "required": "verplicht",
    "Error: {message}": "Zo gaat het niet: {message}",
    "Error: invalid input": "Antwoord met y (ja) of n (nee).",
    "Aborted!": "Gestopt.",
    "Do you want to continue?": "Doorgaan?",
    "Try '{command} {option}' for help.": "Met '{command} {option}' ziet u hoe het wel gaat.",
    "Missing command.": "Noem een opdracht.",
    "Missing argument": "Niet opgegeven: argument",
    "Missing option": "Niet opgegeven: optie",
    "Missing parameter": "Niet opgegeven:",
    "Missing {param_type}": "Niet opgegeven: {param_type}",
    "Missing parameter: {param_name}": "Niet opgegeven: {param_name}",
    "No such command {name!r}.": "De opdracht {name!r} is er niet.",
    "No such option {name!r}.": "De optie {name!r} is er niet.",
    "Did you mean {possibility}?": "Bedoelt u {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Bedoelt u een van deze: {possibilities}?)",
    "Invalid value: {message}": "Een waarde klopt niet: {message}",
    "Invalid value for {param_hint}: {message}": "De waarde van {param_hint} klopt niet: {message}",
    "Got unexpected extra argument ({args})": "Er staat een argument te veel ({args}).",
    "Got unexpected extra arguments ({args})": "Er staan argumenten te veel ({args}).",
    "Option {name!r} does not take a value.": "De optie {name!r} heeft geen waarde.",
    "Option {name!r} requires an argument.": "De optie {name!r} heeft een waarde nodig.",
    "Option {name!r} requires {nargs} arguments.": "De optie {name!r} heeft {nargs} waarden nodig.",
    "Argument {name!r} takes {nargs} values.": "Het argument {name!r} heeft {nargs} waarden nodig.",
    "Takes {nargs} values but 1 was given.": "hier horen {nargs} waarden, en er staat er 1.",
    "Takes {nargs} values but {len} were given.": (
        "hier horen {nargs} waarden, en er staan er {len}."
    ),
    "{len_type} values are required, but {len_value} was given.": (
        "hier horen {len_type} waarden, en er staat er {len_value}."
    ),
    "{len_type} values are required, but {len_value} were given.": (
        "hier horen {len_type} waarden, en er staan er {len_value}."
    ),
    "Choose from:\n\t{choices}": "Kies uit:\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} is niet {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} is niet een van {choices}.",
    # A day, and written so, is all that is asked for anywhere.
    "{value!r} does not match the format {format}.": "{value!r} is geen dag als JJJJ-MM-DD.",
    "{value!r} does not match the formats {formats}.": "{value!r} is geen dag als JJJJ-MM-DD.",
    "{value!r} is not a valid {number_type}.": "{value!r} is geen getal.",
    "{value} is not in the range {range}.": "{value} valt buiten {range}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": (
        "{value!r} is geen ja of nee. Schrijf een van: {states}"
    ),
    "{value!r} is not a valid UUID.": "{value!r} is geen UUID.",
    "file": "bestand",
    "directory": "map",
    "path": "bestand of map",
    "{name} {filename!r} does not exist.": "{name} {filename!r} is er niet.",
    "{name} {filename!r} is a file.": "{filename!r} is een bestand en geen map.",
    "{name} {filename!r} is a directory.": "{filename!r} is een map en geen bestand.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} is niet te lezen.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} is niet te schrijven.",
    "{name} {filename!r} is not executable.": "{name} {filename!r} is niet uit te voeren.",
    "Could not open file {filename!r}: {message}": (
        "Het bestand {filename!r} is niet te openen: {message}"
    ),
    "unknown error": "onbekende fout",
}


def install(modules: Iterable[ModuleType] = MODULES) -> None:
    """Have Click say it in Dutch, in this process."""
    for module in modules:
        vars(module).update(_=_one, ngettext=_some)


def _one(sentence: str) -> str:
    # What only a programmer gets to see stays as it is.
    return SENTENCES.get(sentence, sentence)


def _some(one: str, more: str, number: int) -> str:
    return _one(one if number == 1 else more)
