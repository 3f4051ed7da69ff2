"""Invented words, numbers and moments for generated histories; nothing here is a real case."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from .lines import GROUNDS, QUESTIONS, Fields
from .moments import AMSTERDAM

# The day before and after both changes of the clock: there Amsterdam's midnight moves.
MIDNIGHTS = [date(2022, *day) for day in ((3, 27), (3, 28), (10, 30), (10, 31), (1, 1), (7, 15))]
CHANGES = [datetime(2022, 3, 27, 1, tzinfo=UTC), datetime(2022, 10, 30, 1, tzinfo=UTC)]
LOCATIONS = ("Den Bosch", "Ter Apel", "Zevenaar", "'s-Gravenhage")
# In every text the word that may stand in no log: tests/canary.py, which knows the product.
PROSE = (
    "Verzonnen: gezin verspreid over twee lidstaten, kwikstaartveer",
    "Verzonnen: zoon werd tijdens de procedure achttien.\r\nZie het verslag, kwikstaartveer",
    "+31 is geen bedrag, =1+1 geen formule, kwikstaartveer",
    'Zogeheten "schrijnend", aldus \\ het KDT, kwikstaartveer',
    "kwikstaartveer, Łódź naar Řím – één ‘kopje’ 👩🏽‍⚖️ \u2028\ufeff e\u0301",
    {"destroyed": "2027-05-01"},
)


class Invention(Random):
    """Seeded choices: the same seed invents the same history."""

    def chance(self, probability: float) -> bool:
        return self.random() < probability

    def prose(self) -> Any:
        return self.choice(PROSE)

    def opening(self, cases: int) -> Fields:
        fields: Fields = {
            "case": f"Z-2022-{self.randrange(cases):07}",
            "location": self.choice(LOCATIONS),
            "question": self.choices(QUESTIONS, (2, 1, 1))[0],
            "ground": self.choice(GROUNDS),
        }
        if self.chance(0.4):
            fields["decideBy"] = self.day_near(date(2022, 9, 1), 200)
        if self.chance(0.5):
            fields["summary"] = self.choice([self.prose(), ""])
        return fields

    def outcome(self, question: str, level: str) -> Fields:
        """An outcome the question and the level allow, with its details."""
        outcomes = ["inquiry_ordered", "information_requested", "held_over"]
        outcomes.append("decided" if question == "decision" else "inquiry_not_needed")
        outcomes.append("referred_up" if level == "local" else "unresolved")
        fields = {"outcome": self.choices(outcomes, (2, 1, 1, 3, 3))[0]}
        if fields["outcome"] == "decided":
            fields["ruling"] = self.choice(["in_favour", "against", "other"])
        if fields["outcome"] == "inquiry_ordered":
            fields["inquiry"] = self.choice(["interview", "investigation"])
        if fields["outcome"] == "referred_up" and self.chance(0.7):
            fields["referral"] = self.choice(["not_settled", "belongs_nationally"])
        return fields

    def result(self) -> Fields:
        if self.chance(0.5):
            return {"result": "carried_out"}
        return {"result": "deviated", "reasons": self.prose()}

    def day_near(self, day: date, spread: int) -> str:
        return (day + timedelta(days=self.randint(-spread, spread))).isoformat()

    def first_moment(self) -> datetime:
        return datetime(2021, 12, 20, 8, tzinfo=UTC) + timedelta(minutes=self.randrange(480_000))

    def later(self, moment: datetime) -> datetime:
        """Not before `moment`: at once, soon, days on, or at a treacherous instant."""
        if self.chance(0.15):
            return moment
        if self.chance(0.25):
            treacherous = [at for at in self.treacherous() if at >= moment]
            return min(treacherous, default=moment)
        if self.chance(0.5):
            return moment + timedelta(seconds=self.randrange(40_000))
        fraction = self.choice([0, 0, 0, 500_000, 1])
        return moment.replace(microsecond=fraction) + timedelta(hours=self.randint(2, 200))

    def treacherous(self) -> list[datetime]:
        """Instants about Amsterdam's midnight and the changes of the clock, a second either way."""
        midnights = [datetime.combine(day, time(), AMSTERDAM).astimezone(UTC) for day in MIDNIGHTS]
        slip = timedelta(seconds=self.choice([-1, 0, 1]))
        return [at + slip for at in midnights + CHANGES]

    def write(self, moment: datetime) -> str:
        """RFC 3339 in one of the offsets people and machines use."""
        if self.chance(0.8):
            return moment.astimezone(AMSTERDAM).isoformat()
        hours = self.choice([0, 5.75, -9.5, 14])
        written = (moment + timedelta(hours=hours)).replace(tzinfo=None).isoformat()
        return written + {0: "Z", 5.75: "+05:45", -9.5: "-09:30", 14: "+14:00"}[hours]
