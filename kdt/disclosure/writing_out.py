"""Everything held about a case, as a text the person it is about can read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from textwrap import indent
from typing import Any

from kdt import clock, words
from kdt.disclosure.queries import Held, Looked, Told

# Which case it is about stands on top; panels, entries and places in a chain mean nothing outside.
_NOT_SAID = frozenset({"case", "replaces", "panel", "round", "proposal", "family"})


def dossier(
    number: str | None,
    held: Sequence[Held],
    looked: Sequence[Looked],
    told: Sequence[Told],
    today: date,
) -> str:
    """The whole text, in the order it is read."""
    parts = [
        _headed("title", _about(number, today)),
        *(_escalation(one, list(its)) for one, its in groupby(held, attrgetter("escalation"))),
        _headed("looked", _looked(looked)),
        _headed("requests", _requests(told)),
        _headed("left_out", [f"- {one}" for one in words.group("disclosure.left_out").values()]),
    ]
    return "\n\n".join(parts) + "\n"


def _headed(name: str, lines: Sequence[str]) -> str:
    heading = words.say(f"disclosure.{name}_heading")
    return "\n".join([heading, "=" * len(heading), *lines])


def _about(number: str | None, today: date) -> list[str]:
    said = number or words.say("page.case_destroyed")
    return [
        words.say("disclosure.case", number=said),
        words.say("disclosure.made_on", day=words.full_day(today)),
        words.say("disclosure.purpose"),
    ]


def _escalation(escalation: str, entries: Sequence[Held]) -> str:
    heading = words.say("verify.escalation", escalation=escalation)
    lines = [heading, "-" * len(heading)]
    for one in entries:
        lines += ["", *_entry(one)]
    return "\n".join(lines)


def _entry(one: Held) -> Iterator[str]:
    day, role = words.full_day(one.on), words.say(f"role.{one.role}")
    yield f"{day}: {words.say(one.done)} ({role})"
    recorded = clock.day(one.recorded_at)
    if recorded != one.on:
        yield indent(words.say("disclosure.recorded_on", day=words.full_day(recorded)), "  ")
    changes: Mapping[str, Any] = one.values.get("with", {})
    for name, value in {**one.values, **changes}.items():
        if name not in _NOT_SAID and name != "with":
            yield f"  {words.say(f'field.{name}')}: {_said(name, value)}"
    for name, text in one.texts.items():
        yield f"  {words.say(f'field.{name}')}:"
        if isinstance(text, date):
            yield indent(words.say("disclosure.destroyed", day=words.full_day(text)), "    ")
        else:
            yield indent(text or words.say("disclosure.empty"), "    ")


def _said(name: str, value: object) -> str:
    key = f"{name}.{value}"
    if words.known(key):
        return words.say(key)
    if value is True:
        return words.say("disclosure.yes")
    try:
        return words.full_day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _looked(looked: Sequence[Looked]) -> list[str]:
    if not looked:
        return [words.say("disclosure.nobody_looked")]
    return [
        words.say(
            "disclosure.looked",
            day=words.full_day(clock.day(one.at)),
            escalation=one.escalation,
            role=words.say(f"role.{one.role}"),
        )
        + (f" ({words.say(f'purpose.{one.purpose}')})" if one.purpose else "")
        for one in looked
    ]


def _requests(told: Sequence[Told]) -> list[str]:
    lines = []
    for one in told:
        said = words.say(f"fact.request.{one.fact}")
        codes = [
            words.say(f"disclosure.{name}.{one.values[name]}")
            for name in ("asked", "answer", "ground")
            if name in one.values
        ]
        day = words.full_day(clock.day(one.at))
        lines.append(f"{day}: {', '.join([said, *codes])}")
        if one.text:
            lines.append(indent(one.text, "  "))
    return lines
