"""The answers in words: what they rest on, as a text, and as programs get them."""

from datetime import date
from typing import Any

from kdt import words
from kdt.panels.coverage import AMOUNTS, Coverage
from kdt.panels.desk import default_name
from kdt.procedure import Panel
from kdt.register.answers import Answer, Answers, Basis
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.figures import provisional


def title(found: Answers) -> str:
    """What it is, over which period."""
    query = found.query
    first, until = words.full_day(query.first), words.full_day(query.until)
    return words.say("answers.title", first=first, until=until)


def what(measure: str) -> str:
    """What is counted, in a word."""
    known = CATALOGUE.get(measure)
    return known.name if known else words.say(f"answers.number.{measure}")


def definition(measure: str) -> str:
    """What it counts."""
    known = CATALOGUE.get(measure)
    return known.meaning if known else words.say(f"answers.defined.{measure}")


def now_said(one: Answer) -> tuple[str, ...]:
    """What the record says; that it was not registered over the period, and since when it is."""
    if one.registered:
        return one.now
    if one.since is None:
        return (words.say("answers.not_registered"),)
    return (words.say("answers.not_registered_then", since=words.full_day(one.since)),)


def remarks(found: Answers, one: Answer) -> tuple[str, ...]:
    """What to mind of an answer: its remarks, how complete it is, and since when."""
    said = [*one.remarks]
    if one.of_meetings:
        said.append(coverage_line(found))
    if one.of_meetings and one.registered and one.since and one.since > found.query.first:
        said.append(words.say("answers.partly", since=words.full_day(one.since)))
    return tuple(said)


def coverage_line(found: Answers) -> str:
    """How many of the meetings planned were closed, and how many panels take part since when."""
    days = [one.live_on for one in found.meetings if one.live_on is not None]
    if not days:
        return words.say("answers.meetings_none")
    return words.say(
        "answers.coverage",
        attested=words.number(sum(one.attested for one in found.meetings)),
        planned=words.number(sum(one.planned for one in found.meetings)),
        live=words.number(len(days)),
        panels=words.number(len(found.meetings)),
        first=words.full_day(min(days)),
        last=words.full_day(max(days)),
    )


def imported_line(basis: Basis) -> str | None:
    """How much of what is counted came with a history file; None: nothing."""
    if not basis.imported:
        return None
    considered = words.amount("consideration", basis.considered)
    imported = words.number(basis.imported)
    return words.say("answers.imported", considered=considered, imported=imported)


def basis_lines(found: Answers, *, today: date) -> list[str]:
    """What the answers rest on: reference date, imports, since when, whether it is a demo."""
    as_of, basis = found.query.as_of, found.basis
    if as_of is None:
        lines = [words.say("answers.known_now")]
    else:
        key = "answers.known_provisional" if provisional(found.query, today) else "answers.known_on"
        lines = [words.say(key, day=words.full_day(as_of))]
    if imported := imported_line(basis):
        lines.append(imported)
    if basis.kept_since is None:
        lines.append(words.say("answers.not_kept_yet"))
    else:
        lines.append(words.say("answers.kept_since", since=words.full_day(basis.kept_since)))
    if basis.demo:
        lines.append(words.say("answers.demo"))
    return lines


def meeting_lines(found: Answers) -> list[str]:
    """Of each panel, how many of its meetings somebody attested, and since when it is live."""
    if not any(one.live_on for one in found.meetings):
        return [words.say("answers.meetings_none")]
    sums = {
        name: words.number(sum(getattr(one, name) for one in found.meetings)) for name in AMOUNTS
    }
    total = words.say("answers.meetings_all", **sums)
    return [total, *(_meeting_line(one) for one in found.meetings)]


def panel_name(one: Coverage) -> str:
    """A panel by its usual name."""
    return default_name(Panel(one.panel, one.level, one.location))


def _meeting_line(one: Coverage) -> str:
    if one.live_on is None:
        return words.say("answers.meetings_not_yet", panel=panel_name(one))
    amounts = {name: words.number(getattr(one, name)) for name in AMOUNTS}
    since = words.full_day(one.live_on)
    return words.say("answers.meetings_of", panel=panel_name(one), since=since, **amounts)


def as_text(found: Answers, *, today: date) -> str:
    """The answers as a letter would have them, for a terminal."""
    lines = [title(found), "", *basis_lines(found, today=today), found.source]
    for one in found.answers:
        lines += ["", f"{one.number}. {one.question}"]
        lines += [f"   {words.say('answers.then')}: {one.then}"]
        lines += [f"   {words.say('answers.now')}:"]
        lines += [f"   - {text}" for text in now_said(one)]
        lines += [f"   * {text}" for text in remarks(found, one)]
        if one.measures:
            lines.append(f"   {words.say('answers.counted')}:")
        lines += [f"     {what(each)}: {definition(each)}" for each in one.measures]
    lines += ["", words.say("answers.meetings"), f"   {words.say('answers.meetings_hint')}"]
    lines += [f"   - {text}" for text in meeting_lines(found)]
    return "\n".join(lines)


def as_json(found: Answers) -> dict[str, Any]:
    """The answers as programs get them."""
    query, basis = found.query, found.basis
    return {
        "from": query.first.isoformat(),
        "until": query.until.isoformat(),
        "asOf": query.as_of.isoformat() if query.as_of else None,
        "source": found.source,
        "demo": basis.demo,
        "considered": basis.considered,
        "consideredImported": basis.imported,
        "keptSince": basis.kept_since.isoformat() if basis.kept_since else None,
        "meetings": [
            {
                "panel": one.panel,
                "level": one.level,
                "location": one.location,
                "liveOn": one.live_on.isoformat() if one.live_on else None,
                **{name: getattr(one, name) for name in AMOUNTS},
            }
            for one in found.meetings
        ],
        "answers": [_answer(found, one) for one in found.answers],
    }


def _answer(found: Answers, one: Answer) -> dict[str, Any]:
    return {
        "number": one.number,
        "question": one.question,
        "then": one.then,
        "registered": one.registered,
        "since": one.since.isoformat() if one.since else None,
        "now": [*now_said(one)],
        "remarks": [*remarks(found, one)],
        "numbers": [
            {"measure": each.measure, "level": each.level, "amount": each.amount}
            for each in one.numbers
        ],
        "definitions": {each: definition(each) for each in one.measures},
    }
