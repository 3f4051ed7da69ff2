"""The eight locations of the example year, which differ in what they bring and how they work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One location. Shares and rates are between 0 and 1, days are working days; all invented."""

    name: str
    share: float  # of all escalations
    officers: int
    asylum: float  # share of asylum among its cases
    inquiry_questions: float  # share of questions that ask for an interview or investigation
    refer: float  # of its considerations, sent on to the national KDT
    hold: float  # of its considerations, held over
    patience: int  # days an officer keeps a draft, at most
    backlog: int  # escalations it is used to having in the queue
    late: float  # of its considerations, registered days afterwards

    @property
    def slug(self) -> str:
        """The name as it stands in ids."""
        return self.name.lower().replace(" ", "-")


# Den Bosch and Ter Apel stand first: the example people work there.
PLACES: tuple[Place, ...] = (
    Place("Den Bosch", 0.170, 14, 0.70, 0.24, 0.17, 0.09, 3, 5, 0.06),
    Place("Ter Apel", 0.205, 16, 0.95, 0.38, 0.24, 0.14, 1, 14, 0.09),
    Place("Zevenaar", 0.135, 11, 0.85, 0.27, 0.14, 0.06, 4, 4, 0.05),
    Place("Budel", 0.090, 8, 0.92, 0.33, 0.29, 0.18, 2, 10, 0.12),
    Place("Den Haag", 0.105, 9, 0.20, 0.16, 0.21, 0.11, 6, 6, 0.08),
    Place("Utrecht", 0.115, 10, 0.35, 0.20, 0.11, 0.08, 5, 3, 0.04),
    Place("Schiphol", 0.060, 6, 0.80, 0.42, 0.33, 0.04, 1, 3, 0.03),
    Place("Zwolle", 0.120, 10, 0.62, 0.22, 0.19, 0.20, 3, 15, 0.08),
)
