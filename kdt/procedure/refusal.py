"""Why something may not be done: a coded value. Its Dutch sentence stands in `kdt/words.toml`
under `refusal.<code>`; nobody matches on the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """Every refusal the procedure knows."""

    ALREADY_OPEN = "already_open"
    NOT_OPENED = "not_opened"
    NOT_IN_PHASE = "not_in_phase"
    NOT_IN_ROLE = "not_in_role"
    BROUGHT_IT = "brought_it"
    QUESTION_NOT_SETTLED = "question_not_settled"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_PREVIOUS = "before_previous"
    RECORDED_BEFORE_PREVIOUS = "recorded_before_previous"
    PANEL_OF_OTHER_LEVEL = "panel_of_other_level"
    PANEL_OF_OTHER_LOCATION = "panel_of_other_location"
    MEETING_BEFORE_LISTING = "meeting_before_listing"
    NOT_THE_MEETING_DAY = "not_the_meeting_day"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_NOT_AT_LEVEL = "outcome_not_at_level"
    OUTCOME_NOT_FOR_QUESTION = "outcome_not_for_question"
    FIELD_REQUIRED = "field_required"
    FIELD_NOT_ALLOWED = "field_not_allowed"
    CORRECTS_UNKNOWN = "corrects_unknown"
    CORRECTS_NOTHING = "corrects_nothing"
    TAGGED_BY_POLICY = "tagged_by_policy"
    NOT_TAGGED_BY_POLICY = "not_tagged_by_policy"
    VOID_OR_WITH = "void_or_with"
    OPEN_STILL_NEEDED = "open_still_needed"
    LATER_ACTION_IN_THE_WAY = "later_action_in_the_way"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal with what its sentence needs to be understood (codes, dates, refs; no prose)."""

    code: StrEnum
    details: Mapping[str, object] = field(default_factory=dict)
