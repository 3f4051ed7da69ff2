"""The history of an escalation, newest first, with what was corrected beside what was recorded."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from starlette.requests import Request

from api.pages.places import Places
from api.pages.rendering import capital, day, day_long, url
from api.pages.steps import uncorrectable
from kdt import clock, words
from kdt.access.queries import Person
from kdt.cases.inputs import Prose
from kdt.cases.view import Entry as Recorded
from kdt.cases.view import EscalationView
from kdt.procedure import CURRENT, FIELDS
from kdt.procedure.rows import EXPLAINS
from kdt.themes.queries import Theme
from kdt.vocabulary import Action

_KINDS = {Action.CONSIDER: "outcome", Action.CORRECT: "correction", Action.TAG: "tag"}


@dataclass(frozen=True, slots=True)
class Mention:
    """Another entry this one speaks of."""

    id: int
    title: str
    date: date


@dataclass(frozen=True, slots=True)
class Change:
    """A field a correction changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as `timeline` in `macros/parts.html` draws it."""

    id: int
    recorded_at: datetime | None
    actor: str
    title: str
    text: str | None
    destroyed_on: date | None
    kind: str
    settles: bool
    replaced_by: Mention | None
    voided: bool
    replaces: Mention | None
    changes: tuple[Change, ...]
    correct_href: str | None
    # By when an inquiry is due, and the how manieth time it is ordered in this case (0: the first).
    due_on: date | None
    again: int
    date: date
    # Whether it was recorded without discussion.
    consented: bool


class Timeline:
    """Draws the entries of one escalation."""

    def __init__(
        self,
        found: EscalationView,
        known: Places,
        labels: Mapping[str, str],
        themes: Mapping[str, Theme],
    ) -> None:
        self._found = found
        self._known = known
        self._labels = labels
        self._themes = themes
        self._by_ref = {one.ref: one for one in found.entries}
        self._settling = {one.seq for one in found.answers if one.settles}
        self._again = inquiries_again(found)

    def entries(self, request: Request, person: Person) -> list[Entry]:
        """All entries, the newest first; each with a way to correct it where this person may."""
        return [
            self._entry(request, one, uncorrectable(self._found, person, one) is None)
            for one in reversed(self._found.entries)
        ]

    def since(self, version: int) -> list[tuple[date, str, str]]:
        """What was added after a version: the day, by whom, and what."""
        return [
            (one.occurred_on, self.who(one), self.title(one))
            for one in self._found.entries
            if one.seq > version
        ]

    def who(self, one: Recorded) -> str:
        """Who did it, and for whom: by name where that is known here, else by role."""
        did = self._labels.get(one.person or "") or capital(words.say(f"role.{one.role}"))
        if one.typed_by is not None:
            hand = self._labels.get(one.typed_by, one.typed_by)
            return words.say("walk_in.typed", person=did, hand=hand)
        if one.on_behalf_of is None:
            return did
        away = self._labels.get(one.on_behalf_of, one.on_behalf_of)
        return words.say("absence.on_behalf", person=did, away=away)

    def title(self, one: Recorded) -> str:
        """What an entry says happened."""
        values = one.values
        if one.action is Action.CONSIDER:
            return verdict(values)
        done = words.say(f"done.{one.action}")
        if one.action is Action.LIST:
            on = values["meeting_on"]
            panel = self._known.panel_name(str(values["panel"]))
            return f"{done}: {panel}, {day(on) if isinstance(on, date) else on}"
        if one.action is Action.TAG:
            return f"{done}: {self.said('theme', values['theme'])}"
        if one.action is Action.FOLLOW_THROUGH:
            result = values["result"]
            return f"{done}: {words.say(f'result.{result}')}"
        return done

    def facts(self, one: Recorded) -> list[tuple[str, str]]:
        """What stands of an entry now, field by field, without its texts."""
        stands = one.stands.values if one.stands else one.values
        return [
            (capital(words.say(f"field.{field.name}")), self.said(field.name, stands[field.name]))
            for field in FIELDS[one.action]
            if field.name in stands
        ]

    def said(self, name: str, value: object) -> str:
        """A value in words."""
        if isinstance(value, date):
            return day_long(value)
        if name == "case":
            return self._found.case_number or words.say("page.case_destroyed")
        if name == "panel":
            return self._known.panel_name(str(value))
        if name == "location":
            return self._known.location_name(str(value))
        if name == "theme":
            return self._themes[str(value)].name
        key = f"{name}.{value}"
        return words.say(key) if words.known(key) else str(value)

    def replacement(self, one: Recorded) -> Recorded | None:
        """The correction that holds about an entry, or about a correction; None when none does."""
        if one.stands is not None:
            return self._by_ref[one.corrected_by] if one.corrected_by else None
        about = [
            later
            for later in self._found.entries
            if later.action is Action.CORRECT and later.values["replaces"] == one.ref
        ]
        voiding = [later for later in about if "void" in later.values]
        return next(reversed(voiding or about), None)

    def _entry(self, request: Request, one: Recorded, may_correct: bool) -> Entry:
        replaced_by = self.replacement(one)
        # The dilemma stands on the page already.
        text = None if one.action is Action.OPEN else _text(one.texts)
        due_on = one.values.get("due_on")
        late = clock.day(one.recorded_at) != one.occurred_on
        href = f"/escalations/{self._found.id}/entries/{one.seq}/correct"
        return Entry(
            one.seq,
            one.recorded_at if late else None,
            self.who(one),
            self.title(one),
            text if isinstance(text, str) else None,
            text if isinstance(text, date) else None,
            _KINDS.get(one.action, "step"),
            one.seq in self._settling,
            self._mention(replaced_by) if replaced_by else None,
            replaced_by is not None and "void" in replaced_by.values,
            self._mention(self._by_ref[str(one.values["replaces"])])
            if one.action is Action.CORRECT
            else None,
            tuple(self._changes(one)),
            url(request, href)
            if may_correct and (one.correctable or replaced_by is None)
            else None,
            due_on if isinstance(due_on, date) else None,
            self._again.get(one.seq, 0),
            one.occurred_on,
            one.consented,
        )

    def _mention(self, one: Recorded) -> Mention:
        return Mention(one.seq, self.title(one), one.occurred_on)

    def _changes(self, one: Recorded) -> Iterable[Change]:
        if one.action is not Action.CORRECT:
            return
        about = self._by_ref[str(one.values["replaces"])]
        wanted = one.values.get("with", {})
        for name, after in wanted.items() if isinstance(wanted, Mapping) else ():
            before = about.occurred_on if name == "occurred_on" else about.values.get(name)
            if name == "case":
                # The record holds an opaque id; only the number now in force is known here.
                said = words.say("page.other_case")
            else:
                said = words.say("page.nothing") if before is None else self.said(name, before)
            yield Change(capital(words.say(f"field.{name}")), said, self.said(name, after))


def verdict(values: Mapping[str, object]) -> str:
    """An outcome with what it carries: besloten: inwilligen."""
    said = capital(words.say(f"outcome.{values['outcome']}"))
    details = [
        words.say(f"{name}.{values[name]}")
        for name in CURRENT.details
        if values.get(name) is not None
    ]
    return ": ".join([said, *details])


def inquiries_again(found: EscalationView) -> dict[int, int]:
    """The entries that ordered an inquiry which had been ordered in this case before, and how often
    it then was, this time included."""
    seen = Counter[str]()
    again = {}
    for one in found.inquiries:
        seen[one.inquiry] += 1
        if one.escalation == found.id and seen[one.inquiry] > 1:
            again[one.seq] = seen[one.inquiry]
    return again


def people(entries: Sequence[Recorded]) -> set[str]:
    """Everybody named in a history, by id."""
    named = {who for one in entries for who in (one.person, one.on_behalf_of, one.typed_by)}
    return {one for one in named if one is not None}


def _text(texts: Mapping[str, Prose]) -> Prose | None:
    # Of a correction the reason comes first; the texts it put in place of others follow. What an
    # inquiry is for comes last, and is said to be that.
    told: list[Prose] = [
        text for name, text in sorted(texts.items()) if text and name not in EXPLAINS
    ]
    for name in EXPLAINS:
        text = texts.get(name)
        if text:
            label = capital(words.say(f"field.{name}"))
            told.append(f"{label}: {text}" if isinstance(text, str) else text)
    written = [text for text in told if isinstance(text, str)]
    return "\n\n".join(written) if written else (told[0] if told else None)
