"""The ladder: the ordered levels a question can climb. Data, so that another organisation
can define its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One level with panels; `per_location` says whether each location has its own."""

    code: str
    per_location: bool


@dataclass(frozen=True, slots=True)
class Ladder:
    """Levels from the first a case reaches to the top."""

    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        if not self.levels or len({level.code for level in self.levels}) != len(self.levels):
            raise ValueError("a ladder has at least one level, and each level once")

    @property
    def first(self) -> str:
        """The level a case is submitted to."""
        return self.levels[0].code

    @property
    def top(self) -> str:
        """The level that has none above it."""
        return self.levels[-1].code

    def next(self, code: str) -> str | None:
        """The level above, or None at the top. KeyError on a level that is not ours."""
        position = self._position(code)
        return self.levels[position + 1].code if position + 1 < len(self.levels) else None

    def level(self, code: str) -> Level:
        """The level with this code. KeyError when the ladder has none."""
        return self.levels[self._position(code)]

    def _position(self, code: str) -> int:
        for position, level in enumerate(self.levels):
            if level.code == code:
                return position
        raise KeyError(code)


# The letter of 25 July 2022: daily at location level, weekly in the national KDT.
IND = Ladder((Level("local", per_location=True), Level("national", per_location=False)))
