"""Minutes as plain text, for who reads them on a command line."""

from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import indent

from kdt import clock, words
from kdt.cases.answers import Answer
from kdt.cases.inputs import Prose
from kdt.meetings.minutes import Item, Minutes


def written(found: Minutes, panel: str, called: Mapping[str, str]) -> str:
    """The whole text; `called`: how people are named, by their ids."""
    return "\n".join(_lines(found, panel, called))


def _lines(found: Minutes, panel: str, called: Mapping[str, str]) -> Iterator[str]:
    yield words.say("minutes.of", panel=panel, day=words.full_day(found.meeting.held_on))
    if found.approval is None:
        yield words.say("minutes.draft")
    else:
        by = called.get(found.approval.person, found.approval.person)
        day = words.full_day(clock.day(found.approval.at))
        yield words.say("minutes.approved", day=day, person=by)
    if found.present:
        there = ", ".join(called.get(one, one) for one in found.present)
        yield f"{words.say('minutes.present')}: {there}"
    if not found.items:
        yield words.say("minutes.nothing")
    for one in found.items:
        yield ""
        yield from _item(one)
    if found.not_reached:
        left = ", ".join(one.case_number or one.id for one in found.not_reached)
        yield f"\n{words.say('minutes.not_reached')}: {left}"
    yield f"\n{words.say('minutes.digest')}: {found.digest}"


def _item(one: Item) -> Iterator[str]:
    yield (one.seen and one.seen.case_number) or one.escalation
    if one.late:
        yield indent(words.say("minutes.late", why=words.say(f"late.{one.late}")), "  ")
    if one.answer is None:
        yield indent(words.say("minutes.not_yours"), "  ")
        return
    yield from _answer(one.answer)
    if one.consented:
        yield indent(words.say("minutes.consented"), "  ")
    if one.voided:
        yield indent(words.say("minutes.voided"), "  ")
    elif one.now is not None:
        yield indent(words.say("minutes.corrected"), "  ")
        yield from _answer(one.now)


def _answer(answer: Answer) -> Iterator[str]:
    said = words.say(f"outcome.{answer.outcome}")
    for detail in ("ruling", "inquiry"):
        if code := getattr(answer, detail):
            said += f": {words.say(f'{detail}.{code}')}"
    yield f"  {said[:1].upper()}{said[1:]}"
    if told := _told(answer.reasons):
        yield indent(told, "  ")


def _told(reasons: Prose | None) -> str | None:
    if isinstance(reasons, date):
        return words.say("disclosure.destroyed", day=words.full_day(reasons))
    return reasons
