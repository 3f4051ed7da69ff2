"""Invents legal histories by legal moves, corrections included; the same seed, the same history."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from .invent import LOCATIONS, Invention
from .lines import SHAPES, Fields, RefusedError
from .moments import AMSTERDAM, parse_date, to_moment
from .walk import Entry, State, Step, in_force, walk

# After this moment every generated line is in the past.
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PANELS: dict[str, Fields] = {
    f"kdt-{number}": {"kind": "panel", "id": f"kdt-{number}", "level": "local", "location": place}
    for number, place in enumerate(LOCATIONS)
} | {"kdt-national": {"kind": "panel", "id": "kdt-national", "level": "national"}}
MOVES: dict[str, dict[str, int]] = {
    "draft": {"submit": 20, "withdraw": 1, "lapse": 1},
    "queued": {"list": 20, "withdraw": 1, "lapse": 1},
    "listed": {"consider": 20, "unlist": 3, "withdraw": 1, "lapse": 1},
    "returned": {"submit": 10, "withdraw": 1, "lapse": 1},
    "in_inquiry": {"report_back": 6, "withdraw": 1, "lapse": 1, "stop": 1},
    "settled": {"follow_through": 6, "reopen": 3, "stop": 1},
    "closed": {"reopen": 2, "stop": 3},
    "withdrawn": {"stop": 1},
    "lapsed": {"stop": 1},
    "-": {"stop": 1},
}


def generate(seed: int, escalations: int) -> list[Fields]:
    """Invent the lines of a whole history, panels just before their first use."""
    rng = Invention(seed)
    stories: list[Story] = []
    for number in range(escalations):
        if number % 10 == 1:
            stories.append(twin(rng, stories[-1]))
        else:
            story = Story(rng, f"V-{number:06}", rng.first_moment(), rng.opening(escalations))
            stories.append(story)
        if number % 10 in (0, 1):
            stories[-1].consider_today()
    for story in stories:
        story.play()
    entries = [entry for story in stories for entry in story.entries]
    lines: list[Fields] = [{"kind": "history", "version": 1}] if rng.chance(0.5) else []
    used = set()
    for entry in sorted(entries, key=lambda entry: entry.moment):
        panel = entry.fields.get("panel")
        if panel and panel not in used:
            lines.append(PANELS[panel])
            used.add(panel)
        lines.append(entry.fields)
    return lines


def encode(lines: list[Fields]) -> bytes:
    """Write lines as a history file does, one JSON object each."""
    return b"".join(json.dumps(line, ensure_ascii=False).encode() + b"\n" for line in lines)


def twin(rng: Invention, first: "Story") -> "Story":
    """The same case on the same day, brought from elsewhere: two panels take it up at once."""
    opening = first.entries[0].fields
    elsewhere = rng.choice([place for place in LOCATIONS if place != opening["location"]])
    fields = {**rng.opening(1), "case": opening["case"], "location": elsewhere}
    return Story(rng, f"{opening['escalation']}-bis", first.began, fields)


class Story:
    """One escalation, told by moves that are legal where it stands."""

    def __init__(self, rng: Invention, name: str, began: datetime, opening: Fields) -> None:
        self.rng = rng
        self.name = name
        self.began = self.moment = began
        self.place = opening["location"]
        self.entries: list[Entry] = []
        self.opener = ""
        self.opener = self.someone("officer")
        day = self.today() - timedelta(days=rng.choice([0, 0, 0, rng.randrange(20)]))
        self.record("open", day, opening, "officer", self.opener)

    def play(self) -> None:
        """Go on, mostly forward and sometimes back over what was recorded."""
        going = True
        while going and len(self.entries) < 60 and self.moment.year < 2024:
            self.moment = self.rng.later(self.moment)
            if self.rng.chance(0.3):
                self.correct()
            else:
                going = self.move()
        for _ in range(self.rng.choice([0, 0, 1, 3])):
            self.moment = self.rng.later(self.moment)
            self.correct()

    def consider_today(self) -> None:
        day = self.today()
        self.record("submit", day, {}, "officer")
        self.record("list", day, self.listing(day), "secretary")
        self.consider()

    def move(self) -> bool:
        """Take one action the phase allows; False when the story ends here."""
        moves = MOVES[self.state().phase]
        action = self.rng.choices([*moves], [*moves.values()])[0]
        if action == "report_back" and self.state().answered and self.rng.chance(0.5):
            action = "follow_through"
        if action == "stop":
            return False
        if action == "consider":
            self.consider()
            return True
        day = self.some_day()
        details: Fields = {}
        if "reason" in SHAPES[action].required:
            details["reason"] = self.rng.prose()
        if action == "list":
            details = self.listing(day)
        if action == "follow_through":
            details = self.rng.result()
        if action == "report_back" and self.rng.chance(0.5):
            details["findings"] = self.rng.choice([self.rng.prose(), ""])
        role = self.rng.choice(SHAPES[action].roles)
        self.record(action, day, details, role, self.colleague(role))
        return True

    def consider(self) -> None:
        """Record it on the meeting's day, or later."""
        day = parse_date(self.steps()[-1].fields["meetingOn"])
        opens_doors = datetime.combine(day, time(9), AMSTERDAM).astimezone(UTC)
        self.moment = max(self.moment, opens_doors)
        details = {**self.outcome(), "reasons": self.rng.prose()}
        self.record("consider", day, details, self.rng.choice(SHAPES["consider"].roles))

    def outcome(self) -> Fields:
        question = self.steps()[0].fields["question"]
        return self.rng.outcome(question, self.state().level or "local")

    def listing(self, day: date) -> Fields:
        at_home = [name for name in PANELS if PANELS[name].get("location") == self.place]
        panel = at_home[0] if self.state().level == "local" else "kdt-national"
        meeting = day + timedelta(days=self.rng.choice([0, 0, 1, 7]))
        return {"panel": panel, "meetingOn": meeting.isoformat()}

    def correct(self) -> None:
        """Try some corrections until one leaves a legal walk; it may find none."""
        for _ in range(6):
            # Near the end there is least in the way, so that is where most corrections can land.
            recent = self.entries[-2:] if self.rng.chance(0.6) else self.entries
            replaced = root = self.rng.choice(recent)
            while root.fields["action"] == "correct":
                root = next(e for e in self.entries if e.ref == root.fields["replaces"])
            details: Fields = {"replaces": replaced.ref, "reason": self.rng.prose()}
            if self.rng.chance(0.3):
                details["void"] = True
            else:
                details["with"] = self.change(root.fields)
            role = self.rng.choice(SHAPES["correct"].roles)
            day = self.today() - timedelta(days=self.rng.choice([0, 0, 1]))
            try:
                self.record(
                    "correct", day, details, role, self.colleague(role, root.fields["action"])
                )
            except RefusedError:
                continue
            return

    def colleague(self, role: str, root: str = "") -> str:
        """Anyone, who opened included, except where four eyes are asked."""
        own = role == "officer" and root != "consider" and self.rng.chance(0.5)
        return self.opener if own else self.someone(role)

    def change(self, root: Fields) -> Fields:
        changes: list[Fields] = [{"occurredOn": self.day_nearby(root)}]
        if root["action"] == "open":
            opening = self.rng.opening(200)
            opening["decideBy"] = self.rng.day_near(date(2022, 9, 1), 100)
            fixable = SHAPES["open"].fixable
            changes += [{name: opening[name]} for name in fixable]
            changes += [{name: opening[name] for name in fixable}]
        if root["action"] == "consider":
            level = self.rng.choice(["local", "national"])
            question = self.steps()[0].fields["question"] if self.steps() else "decision"
            outcome = self.rng.outcome(question, level)
            changes += [outcome] * 4 + [{**outcome, "reasons": self.rng.prose()}]
            changes += [{name: outcome[name]} for name in outcome if name != "outcome"]
            changes += [{"outcome": outcome["outcome"]}, {"reasons": self.rng.prose()}]
        if root["action"] == "follow_through":
            changes += [self.rng.result(), self.rng.result(), {"reasons": self.rng.prose()}]
        change = self.rng.choice(changes)
        if self.rng.chance(0.15):
            change = {**change, "occurredOn": self.day_nearby(root)}
        return change

    def day_nearby(self, fields: Fields) -> str:
        near = self.rng.day_near(parse_date(fields["occurredOn"]), 4)
        return min(near, self.today().isoformat())

    def record(
        self, action: str, day: date, details: Fields, role: str, actor: str | None = None
    ) -> None:
        """Add a line; RefusedError, and nothing added, when it is no legal move."""
        fields: dict[str, Any] = {
            "ref": f"{self.name}/{len(self.entries) + 1}",
            "recordedAt": self.rng.write(self.moment),
            "occurredOn": day.isoformat(),
            "actor": actor or self.someone(role),
            "role": role,
            "action": action,
            "escalation": self.name,
            **details,
        }
        entry = Entry(0, to_moment(self.moment), self.today(), fields)
        walk(in_force([*self.entries, entry]), PANELS)
        self.entries.append(entry)

    def someone(self, role: str) -> str:
        """A colleague by role, not who opened; one of them holds every role."""
        names = [f"{role}-{self.place}-{number}" for number in (1, 2)] + ["duizendpoot"]
        return self.rng.choice([name for name in names if name != self.opener])

    def some_day(self) -> date:
        """Today, or late: any day since the previous action."""
        earliest = self.steps()[-1].day
        if self.rng.chance(0.75):
            return self.today()
        return earliest + timedelta(days=self.rng.randint(0, (self.today() - earliest).days))

    def today(self) -> date:
        return self.moment.astimezone(AMSTERDAM).date()

    def steps(self) -> list[Step]:
        return walk(in_force(self.entries), PANELS)

    def state(self) -> State:
        steps = self.steps()
        return steps[-1].after if steps else State()
