"""What can go wrong, one tree; each error is one Dutch sentence that says what to do."""

from collections.abc import Sequence
from enum import StrEnum

from kdt import words
from kdt.procedure.refusal import Refusal
from kdt.values import Problem


class KdtError(Exception):
    """The base of all errors a user may see."""


class Unavailable(KdtError):
    """The database, the disk or another part cannot be used now."""


class NotFound(KdtError):
    """It is not there, or not for this person to know of."""


class Forbidden(KdtError):
    """The person sees it, but may not do this with it."""


class Conflict(KdtError):
    """Somebody else was first: what was seen is no longer what stands."""


class Stale(Conflict):
    """It changed after the version the person saw."""


class Refused(KdtError):
    """The procedure does not allow it now."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(words.sentence(refusal))
        self.refusal = refusal


class InvalidInput(KdtError):
    """Some fields cannot be read; all of them are named."""

    def __init__(self, problems: Sequence[Problem], sentence: str) -> None:
        super().__init__(sentence)
        self.problems = problems


def refused(code: StrEnum, **details: object) -> Refused:
    """The error for a refusal with this code; the Dutch stands under `refusal`."""
    return Refused(Refusal(code, details))
