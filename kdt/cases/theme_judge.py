"""Judging the lines about themes of a history file: each by the rules of what is recorded in the
product, with what the record and the lines before it say.

Who there is, is no part of a file: whoever is named need not be known.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection

from kdt import clock, names
from kdt.cases.inputs import key
from kdt.cases.theme_names import Names
from kdt.errors import Forbidden, InvalidInput, Refused
from kdt.ledger.table import Subject
from kdt.procedure.refusal import Refusal
from kdt.themes import circuit, history, telling
from kdt.themes import service as of_themes
from kdt.themes.circuit import Code, Standing, Step
from kdt.themes.history import REMARKS, SORTS, ThemeFact
from kdt.themes.moving import Move, Redirect, redirects
from kdt.themes.telling import Row, Said, Sort
from kdt.values import Problem
from kdt.vocabulary import CLOSED_SOURCES, ThemeAction, ThemeState

Trouble = Problem | Refusal
# The themes an escalation was tagged with, and on which day; None where it is not there.
Tags = Callable[[str], Collection[tuple[str, date]] | None]


@dataclass(slots=True)
class _Theme:
    """A theme with its steps so far; `numbers`: which number a fact has in its chain."""

    entered: ThemeFact
    name: str
    begun: ThemeState
    steps: list[Step] = field(default_factory=list)
    moves: dict[int, tuple[datetime, Step]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """Where it is."""
        found = circuit.walk(Standing(self.begun), self.steps)
        assert isinstance(found, Standing), "each step was judged"
        return found


@dataclass(frozen=True, slots=True)
class _Item:
    """What was brought to the forum."""

    brought: ThemeFact
    over: bool = False
    concluded: bool = False


@dataclass(frozen=True, slots=True)
class _Then:
    """What could be spoken of at a moment (`kdt.themes.telling.Known`)."""

    judge: "ThemeJudge"
    at: datetime
    people: None = None

    @property
    def today(self) -> date:
        """The day it was in Amsterdam."""
        return clock.day(self.at)

    @property
    def themes(self) -> list[str]:
        """Those that were entered by then."""
        return sorted(self.judge.entered_by(self.at))

    @property
    def signals(self) -> list[str]:
        """Those that stood and were open."""
        rows = self.judge.standing(Subject.SIGNAL)
        return sorted(one for one, row in rows if row["source"] not in CLOSED_SOURCES)

    @property
    def tests(self) -> list[str]:
        """Those that stood."""
        return sorted(one for one, _ in self.judge.standing(Subject.TEST))


class ThemeJudge:
    """Themes and what was told about them, in the record and in the lines so far."""

    def __init__(self, known: Iterable[ThemeFact] = ()) -> None:
        """`known`: what the record was told, in that order."""
        # Of the lines that were good: themes as they were entered, and what was told of them.
        self.entered: list[ThemeFact] = []
        self._entered_ids: set[str] = set()
        self.told: list[ThemeFact] = []
        self._themes: dict[str, _Theme] = {}
        self._rows: dict[Subject, dict[str, Row]] = {one: {} for one in SORTS}
        self._items: dict[str, _Item] = {}
        self._last: dict[tuple[Subject, str], datetime] = {}
        self._here: dict[str, ThemeFact] = {}
        self._names = Names()
        self._newest: datetime | None = None
        for one in known:
            self._take(one)
            if one.subject is Subject.THEME and one.fact == history.ENTER:
                self._here[one.id] = one
            else:
                self._newest = one.recorded_at

    @classmethod
    def of(cls, connection: Connection) -> "ThemeJudge":
        """With what the record holds."""
        return cls(history.told(connection, closed=True))

    def enter(self, fact: ThemeFact, line: int) -> Sequence[Trouble]:
        """Take in a theme as it was entered, on the line of this number; one that the record has
        must be the same."""
        if fact.id in self._entered_ids:
            return [Problem("theme_twice", "id", {"theme": fact.id})]
        if self.is_here(fact):
            return ()
        if fact.id in self._here:
            return [Problem("theme_differs", "id", {"theme": fact.id})]
        if wrong := _dated(fact):
            return [wrong]
        good = _called(fact)
        self._take(good)
        self._names.entered_on(line, good)
        self.entered.append(good)
        self._entered_ids.add(good.id)
        return ()

    def is_here(self, fact: ThemeFact) -> bool:
        """Whether the record has this theme, entered just so."""
        known = self._here.get(fact.id)
        return known is not None and _called(known) == _called(fact)

    def names_twice(self) -> Iterator[tuple[int, str, Trouble]]:
        """When all lines were taken in: those, with their ref, that enter a theme by a name that
        another had."""
        return self._names.twice()

    def tell(self, fact: ThemeFact, tags: Tags) -> Sequence[Trouble]:
        """Take in what was recorded of a theme, or told about themes."""
        wrong = _dated(fact) or self._misplaced(fact)
        if wrong:
            return [wrong]
        try:
            problems, good = self._judged(fact, tags)
        except InvalidInput as problem:
            return problem.problems
        except Refused as refused:
            return [refused.refusal]
        if problems:
            return problems
        self._take(good)
        self.told.append(self._numbered(good))
        return ()

    def entered_by(self, at: datetime) -> Iterator[str]:
        """The themes there were by then."""
        return (one for one, theme in self._themes.items() if theme.entered.recorded_at <= at)

    def standing(self, subject: Subject) -> Iterator[tuple[str, Row]]:
        """What stands of a sort."""
        return ((one, row) for one, row in self._rows[subject].items() if row["stands"])

    def _misplaced(self, fact: ThemeFact) -> Problem | None:
        last = self._last.get((fact.subject, fact.id))
        if fact.begins is (last is not None):
            code = "there_before" if fact.begins else "not_there_before"
            return Problem(code, "id", {"id": fact.id})
        if last is not None and fact.recorded_at <= last:
            return Problem("not_after_previous", "recordedAt")
        # What it refers to might not have stood yet, or not stand any more.
        if (newest := self._newest) is not None and fact.recorded_at <= newest:
            return Problem("not_newer_than_record", "recordedAt", {"last": clock.written(newest)})
        return None

    def _judged(self, fact: ThemeFact, tags: Tags) -> tuple[Sequence[Trouble], ThemeFact]:
        """What is wrong with it, or how it is recorded. Raises InvalidInput and Refused."""
        if sort := SORTS.get(fact.subject):
            return self._of_sort(fact, sort)
        if fact.subject is Subject.FORUM:
            return self._of_forum(fact, tags), _trimmed(fact)
        if fact.fact in circuit.ROW:
            return self._step(fact, tags), _trimmed(fact)
        return self._of_theme(fact)

    def _of_sort(self, fact: ThemeFact, sort: Sort[object]) -> tuple[Sequence[Trouble], ThemeFact]:
        then, last = _Then(self, fact.recorded_at), self._rows[fact.subject].get(fact.id)
        if last is not None:
            try:
                sort.check_person(last, fact.actor)
            except Forbidden:
                return [Problem("was_not_there", "actor")], fact
            if not last["stands"]:
                return [Refusal(sort.withdrawn)], fact
        if fact.fact == history.WITHDRAW:
            return (), fact
        if remark := REMARKS.get((fact.subject, fact.fact)):
            assert last is not None, "it was there before"
            said = remark.read(fact.said)
            return remark.check(said, last, then), _as(fact, remark.said(said, fact.actor))
        told = sort.read(fact.said)
        if last is not None:
            sort.check_change(last, told)
        problems = sort.check(told, then)
        if problems:
            return _renamed(problems, sort), fact
        return (), _as(fact, sort.said(told, fact.actor))

    def _of_forum(self, fact: ThemeFact, tags: Tags) -> Sequence[Trouble]:
        if fact.fact == history.BRING:
            escalation = fact.values.get("escalation")
            if escalation is not None and tags(escalation) is None:
                return [_unknown_escalation(escalation)]
            return ()
        item = self._items[fact.id]
        if item.over:
            return [Problem("forum_item_over", "fact", {"id": fact.id})]
        if fact.fact == history.WITHDRAW:
            if item.concluded:
                return [Problem("forum_item_over", "fact", {"id": fact.id})]
            mine = item.brought.actor == fact.actor
            return () if mine else [Problem("did_not_bring", "actor")]
        if fact.occurred_on < item.brought.occurred_on:
            return [Problem("not_a_forum_day", "occurredOn")]
        theme = fact.values.get("theme")
        if theme is None and not fact.texts["words"]:
            return [Problem("missing", "words")]
        if theme is not None and theme not in self.entered_by(fact.recorded_at):
            return [Problem("theme_unknown", "theme", {"theme": theme})]
        return ()

    def _of_theme(self, fact: ThemeFact) -> tuple[Sequence[Trouble], ThemeFact]:
        """A theme called or described otherwise."""
        theme = self._themes[fact.id]
        if fact.fact == history.DESCRIBE:
            kept = {
                one: "\n".join(of_themes.lines(one, fact.texts[one].split("\n")))
                for one in ("codes", "sources")
            }
            return (), _as(fact, Said(fact.values, {**fact.texts, **kept}))
        name = names.given("name", fact.texts["name"])
        taken = (self._themes[one].name for one in self.entered_by(fact.recorded_at))
        if theme.name.casefold() != name.casefold() and name.casefold() in map(str.casefold, taken):
            return [Refusal(of_themes.Code.NAME_TAKEN, {"name": name})], fact
        if begun := fact.values.get("status"):
            after = circuit.walk(Standing(ThemeState(begun)), theme.steps)
            if isinstance(after, Refusal):
                return [after], fact
        return (), _called(fact)

    def _step(self, fact: ThemeFact, tags: Tags) -> Sequence[Trouble]:
        theme = self._themes[fact.id]
        after: Standing | Refusal
        if fact.fact == ThemeAction.CORRECT and fact.values["replaces"] not in theme.numbers:
            return [Refusal(Code.THEME_STEP_UNKNOWN)]
        step = self._as_step(fact)
        if step.action is ThemeAction.CORRECT:
            after = circuit.taken_back(Standing(theme.begun), theme.steps, step)
        else:
            after = circuit.decide(theme.standing, step)
        if isinstance(after, Refusal):
            return [after]
        wrong = self._named(fact, tags)
        return [wrong] if wrong else ()

    def _named(self, fact: ThemeFact, tags: Tags) -> Problem | None:
        """What is wrong with what a step names."""
        into = fact.values.get("target")
        if into is not None:
            there = into != fact.id and into in self.entered_by(fact.recorded_at)
            if not there or not self._themes[into].standing.open:
                return Problem("target_not_open", "target", {"theme": into})
        talk = fact.values.get("consultation")
        if talk is not None and talk not in dict(self.standing(Subject.CONSULTATION)):
            return Problem("not_there_before", "consultation", {"id": talk})
        wanted = fact.values.get("escalations", ())
        elsewhere = [*redirects(self._moves())] if wanted else []
        for one in wanted:
            given = tags(one)
            if given is None:
                return _unknown_escalation(one)
            if not any(_counts(elsewhere, one, *tag) == fact.id for tag in given):
                return Problem("shows_no_theme", "escalations", {"escalation": one})
        return None

    def _moves(self) -> Iterator[Move]:
        """All mergers and splits that were not taken back."""
        for name, theme in self._themes.items():
            force = {step.number for step in circuit.in_force(theme.steps)}
            for number, (at, step) in theme.moves.items():
                if number in force:
                    listed = step.values.get("escalations")
                    for one in listed if isinstance(listed, list) else [None]:
                        yield Move(name, str(step.values["target"]), at, clock.day(at), one)

    def _take(self, fact: ThemeFact) -> None:
        """It was recorded so."""
        self._last[fact.subject, fact.id] = fact.recorded_at
        if fact.subject is Subject.THEME:
            self._take_theme(fact)
        elif fact.subject is Subject.FORUM:
            if fact.fact == history.BRING:
                self._items[fact.id] = _Item(fact)
            else:
                over = fact.fact == history.WITHDRAW
                self._items[fact.id] = replace(self._items[fact.id], over=over, concluded=not over)
        elif (fact.subject, fact.fact) not in REMARKS:
            rows, sort = self._rows[fact.subject], SORTS[fact.subject]
            withdrawn = fact.fact == history.WITHDRAW
            rows[fact.id] = (
                telling.over(rows[fact.id]) if withdrawn else sort.row(fact.id, fact.said)
            )

    def _take_theme(self, fact: ThemeFact) -> None:
        if fact.fact in (history.ENTER, history.CHANGE):
            self._names.take(fact)
        if fact.fact == history.ENTER:
            begun = ThemeState(fact.values["status"])
            self._themes[fact.id] = _Theme(fact, fact.texts["name"], begun)
        theme = self._themes[fact.id]
        if fact.fact in circuit.ROW:
            step = self._as_step(fact)
            theme.steps.append(step)
            if "target" in fact.values:
                theme.moves[step.number] = (fact.recorded_at, step)
        elif fact.fact == history.CHANGE:
            theme.name = fact.texts["name"]
            theme.begun = ThemeState(fact.values.get("status", theme.begun))
        theme.numbers[fact.ref] = len(theme.numbers) + 1

    def _as_step(self, fact: ThemeFact) -> Step:
        number = len(self._themes[fact.id].numbers) + 1
        values = self._numbered(fact).values
        return Step(number, ThemeAction(fact.fact), fact.occurred_on, values, fact.texts["reasons"])

    def _numbered(self, fact: ThemeFact) -> ThemeFact:
        """With the number of what it takes back."""
        if "replaces" not in fact.values:
            return fact
        number = self._themes[fact.id].numbers[fact.values["replaces"]]
        return replace(fact, values={**fact.values, "replaces": number})


def _dated(fact: ThemeFact) -> Problem | None:
    if fact.occurred_on > clock.day(fact.recorded_at):
        return Problem("occurred_after_recorded", "occurredOn")
    return None


def _counts(elsewhere: Iterable[Redirect], escalation: str, theme: str, on: date) -> str:
    """Where a tag of an escalation, recorded on a day, counts."""
    counts = theme
    for one in elsewhere:
        if one.theme != theme:
            continue
        if one.escalation is None:
            counts = one.target if counts == theme else counts
        elif one.escalation == escalation and one.after < on <= one.until:
            return one.target
    return counts


def _as(fact: ThemeFact, said: Said) -> ThemeFact:
    return replace(fact, values=said.values, texts=said.texts)


def _called(fact: ThemeFact) -> ThemeFact:
    """With the name and description of a theme as they are kept."""
    texts = {
        "name": names.given("name", fact.texts["name"]),
        "description": names.text_given("description", fact.texts["description"]),
    }
    return _as(fact, Said(fact.values, texts))


def _trimmed(fact: ThemeFact) -> ThemeFact:
    """With its texts as they are kept, and its escalations in order."""
    values = dict(fact.values)
    if "escalations" in values:
        values["escalations"] = sorted({*values["escalations"]})
    texts = {one: names.text_given(one, text) for one, text in fact.texts.items()}
    return _as(fact, Said(values, texts))


def _renamed(problems: Iterable[Problem], sort: Sort[object]) -> list[Problem]:
    """The problems with the fields as a line calls them."""
    called = {key(column): key(name) for name, column in sort.columns.items()}
    return [replace(one, field=called.get(one.field, one.field)) for one in problems]


def _unknown_escalation(escalation: str) -> Problem:
    return Problem("escalation_unknown", "escalation", {"escalation": escalation})
