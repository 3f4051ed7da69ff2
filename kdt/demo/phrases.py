"""Small grammar for the invented texts.

`{a|b}` is a choice, `{name}` a slot that keeps its value within one case, `<hij~zij>` follows the
sex of the person concerned. A text that opens with `m:` or `f:` settles that sex.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_SEXED = re.compile(r"<([^<>~]*)~([^<>~]*)>")
_SENTENCE_START = re.compile(r"(^|[.!?]\s+|\n)([a-zà-ÿ])")


def load(name: str) -> dict[str, Any]:
    """One file of texts, by its name without the ending."""
    return tomllib.loads(files("kdt.demo").joinpath("texts", f"{name}.toml").read_text("utf-8"))


@cache
def phrases() -> dict[str, list[str]]:
    """All shared pools of phrases: openings and asides, and what panels write."""
    return {**load("common")["phrases"], **load("panel")["phrases"]}


@cache
def common_slots() -> dict[str, str | list[str]]:
    """The values slots may take, wherever they are used."""
    return dict(load("common")["slots"])


@dataclass
class Person:
    """What one invented case has settled so far: the sex of its person and the slots filled."""

    slots: dict[str, str]
    female: bool
    filled: dict[str, str] = field(default_factory=dict)


def expand(template: str, rng: Random, person: Person, **given: str) -> str:
    """One rendering of a template; the person's slots are filled on first use and then stay."""
    text = template.removeprefix("m: ").removeprefix("f: ")
    while match := _INNERMOST.search(text):
        text = text[: match.start()] + _value(match[1], rng, person, given) + text[match.end() :]
    text = _SEXED.sub(lambda m: m[2] if person.female else m[1], text)
    return _SENTENCE_START.sub(lambda m: m[1] + m[2].upper(), text)


def _value(inner: str, rng: Random, person: Person, given: dict[str, str]) -> str:
    if "|" in inner:
        return rng.choice(inner.split("|"))
    name = inner.lower()
    value = given.get(name) or person.filled.get(name)
    if value is None:
        value = _fill(person.slots.get(name, name), rng)
        if name in person.slots:
            person.filled[name] = value
    return value[0].upper() + value[1:] if inner[0].isupper() else value


def _fill(slot: str, rng: Random) -> str:
    """A slot names a shared list, or is a range of whole numbers such as `3-9`."""
    values = common_slots().get(slot, slot)
    if isinstance(values, list):
        return rng.choice(values)
    low, dash, high = values.partition("-")
    if not dash:
        raise ValueError(f"no such slot: {slot}")
    return str(rng.randint(int(low), int(high)))
