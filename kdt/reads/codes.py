"""The words of both logs: what was looked at, how that ended, and for which activity."""

from collections.abc import Mapping
from enum import StrEnum

from kdt.vocabulary import Role


class Look(StrEnum):
    """What somebody looked at, or took with them; the Dutch stands under `look`."""

    CASE = "case"
    EXPORT = "export"
    BACKUP = "backup"
    READS_OF_CASE = "reads_of_case"
    READS_OF_PERSON = "reads_of_person"
    UNUSUAL_READS = "unusual_reads"
    SAMPLE = "sample"
    CHANGES = "changes"


class Result(StrEnum):
    """How it ended; the Dutch stands under `look_result`."""

    SHOWN = "shown"
    # They may know of the escalation, and read no text.
    NO_TEXT = "no_text"
    # It is there, and not for them to know of.
    NOT_KNOWN = "not_known"
    NOT_THERE = "not_there"


class Activity(StrEnum):
    """The register of processing activities: for what personal data are processed. What each is
    stands in Dutch under `activity` and `activity_purpose`."""

    DECIDE = "decide"
    CONSULT = "consult"
    THEMES = "themes"
    SUPERVISE = "supervise"
    IMPORT = "import"
    EXPORT = "export"

    @property
    def uri(self) -> str:
        """How the log of processings refers to it."""
        return f"urn:kdt:processing-activity:{self}"


# For what somebody reads a case follows from the capacity in which they may: every
# role stands here, so that none is an activity by accident.
_READ_FOR: Mapping[Role, Activity] = {
    Role.OFFICER: Activity.CONSULT,
    Role.SECRETARY: Activity.CONSULT,
    Role.CHAIR: Activity.CONSULT,
    Role.MEMBER: Activity.CONSULT,
    Role.POLICY_ADVISER: Activity.THEMES,
    Role.AUDITOR: Activity.SUPERVISE,
    # Shown no text: were it ever, it would be consulting.
    Role.MANAGER: Activity.CONSULT,
    # Shown no text on a screen, but takes it in hand for who asked for their own.
    Role.ADMINISTRATOR: Activity.CONSULT,
}


def read_for(role: Role) -> Activity:
    """The activity for which this role reads what was written of a case."""
    return _READ_FOR[role]
