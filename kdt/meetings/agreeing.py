"""Whether an item can be recorded as proposed, without discussion, and what is missing for that:
pure, from what was said ahead of the meeting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kdt.vocabulary import Stance


class Lack(StrEnum):
    """What an item lacks to go without discussion; the Dutch stands under `amount.lack_`."""

    PROPOSAL = "proposal"
    DISCUSSION = "discussion"
    OTHER = "other"
    AGREEMENT = "agreement"
    # An inquiry is not ordered without saying in the meeting what it is for.
    EXPLANATION = "explanation"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing missing, and of how many."""

    lack: Lack
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """What was last said in a seat, of which proposal where there was one."""

    stance: Stance
    proposal: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as far as it goes by this. `seats` are all of the panel, `barred` those who take no
    part in it, `minimum` how many of the panel must be there."""

    proposal: int | None
    said: Mapping[str, Said]
    seats: Collection[str]
    barred: Collection[str]
    minimum: int
    # Whether an inquiry is proposed.
    inquiry: bool = False

    @property
    def taking_part(self) -> frozenset[str]:
        """The seats that count: who takes no part is missed by nobody."""
        return frozenset(self.seats) - frozenset(self.barred)

    @property
    def counted(self) -> dict[str, Said]:
        """What was said in those seats, as far as it still speaks of something: who agreed with an
        earlier proposal has not said what they think of this one."""
        return {
            seat: said
            for seat, said in self.said.items()
            if seat in self.taking_part
            and (said.stance is not Stance.AGREE or said.proposal == self.proposal)
        }

    def owes(self, seat: str) -> bool:
        """Whether something is still to be said in a seat."""
        return seat in self.taking_part and seat not in self.counted

    def number(self, stance: Stance) -> int:
        """In how many seats this was said."""
        return sum(said.stance is stance for said in self.counted.values())

    @property
    def agreeing(self) -> int:
        """How many must agree: as many as must be there, or all there are where that is less."""
        return max(1, min(self.minimum, len(self.taking_part)))

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What it lacks to go without discussion, in the order in which that is to be mended."""
        found = [
            (Lack.PROPOSAL, int(self.proposal is None)),
            (Lack.DISCUSSION, self.number(Stance.DISCUSS)),
            (Lack.OTHER, self.number(Stance.OTHER)),
            (Lack.AGREEMENT, max(0, self.agreeing - self.number(Stance.AGREE))),
            (Lack.EXPLANATION, int(self.inquiry)),
        ]
        return tuple(Missing(lack, count) for lack, count in found if count)

    @property
    def agreed(self) -> bool:
        """Whether it can be recorded as proposed, without discussion."""
        return not self.missing
