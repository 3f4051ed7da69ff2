"""The words of the field, one home each.

English codes as used in code, API and tables; the Dutch words people read stand in
`kdt/words.toml`. The meanings are those of the dictionary page.
"""

from enum import StrEnum


class Phase(StrEnum):
    """Where an escalation stands; together with its level this is its whole place."""

    DRAFT = "draft"
    QUEUED = "queued"
    LISTED = "listed"
    IN_INQUIRY = "in_inquiry"
    RETURNED = "returned"
    SETTLED = "settled"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Action(StrEnum):
    """What a person, or the clock, may do with an escalation."""

    OPEN = "open"
    SUBMIT = "submit"
    LIST = "list"
    UNLIST = "unlist"
    CONSIDER = "consider"
    REPORT_BACK = "report_back"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    FOLLOW_THROUGH = "follow_through"
    REOPEN = "reopen"
    TAG = "tag"
    CORRECT = "correct"


class Role(StrEnum):
    """In which capacity somebody acts. The first three act in the procedure."""

    OFFICER = "officer"
    SECRETARY = "secretary"
    CHAIR = "chair"
    MEMBER = "member"
    POLICY_ADVISER = "policy_adviser"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Question(StrEnum):
    """What is asked of the panel."""

    DECISION = "decision"
    ADDITIONAL_INTERVIEW = "additional_interview"
    ADDITIONAL_INVESTIGATION = "additional_investigation"


class Ground(StrEnum):
    """Why the case is brought."""

    COMPLEX = "complex"
    BUIKPIJN = "buikpijn"
    OTHER = "other"


class Outcome(StrEnum):
    """What a consideration ended in, under the first version of the procedure."""

    DECIDED = "decided"
    INQUIRY_ORDERED = "inquiry_ordered"
    INQUIRY_NOT_NEEDED = "inquiry_not_needed"
    INFORMATION_REQUESTED = "information_requested"
    REFERRED_UP = "referred_up"
    HELD_OVER = "held_over"
    UNRESOLVED = "unresolved"


class Ruling(StrEnum):
    """Which way a decided escalation went."""

    IN_FAVOUR = "in_favour"
    AGAINST = "against"
    OTHER = "other"


class Inquiry(StrEnum):
    """What a panel may order to be looked into."""

    INTERVIEW = "interview"
    INVESTIGATION = "investigation"


class Referral(StrEnum):
    """Why a case goes up; answer 2 of 8 November 2022 is about the first alone."""

    NOT_SETTLED = "not_settled"
    BELONGS_NATIONALLY = "belongs_nationally"


class Result(StrEnum):
    """What the officer did with a settled question."""

    CARRIED_OUT = "carried_out"
    DEVIATED = "deviated"


class Stance(StrEnum):
    """What somebody of a panel says of an item before it is taken; who is recused takes no part."""

    AGREE = "agree"
    DISCUSS = "discuss"
    OTHER = "other"
    RECUSED = "recused"


class Purpose(StrEnum):
    """Why somebody reads a colleague's case."""

    RELATED_CASE = "related_case"
    STANDING_IN = "standing_in"
    QUALITY = "quality"
    COMPLAINT = "complaint"


class SuspensionGround(StrEnum):
    """Why the legal term of a case does not run for a while."""

    INCOMPLETE = "incomplete"
    FOREIGN_INFORMATION = "foreign_information"
    AGREED = "agreed"
    BY_THE_APPLICANT = "by_the_applicant"
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"


class ThemeStatus(StrEnum):
    """How a theme stands, in short. One that is closed is not tagged any more."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CLOSED = "closed"


class ThemeState(StrEnum):
    """Where a theme is in its circuit; in the order of the board."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    IN_CONSULTATION = "in_consultation"
    ACTION_OUT = "action_out"
    ANSWERED = "answered"
    EFFECT_FOLLOWED = "effect_followed"
    CLOSED = "closed"
    REJECTED = "rejected"


class ThemeAction(StrEnum):
    """What may be done with a theme (`kdt.themes.circuit` says when)."""

    CONFIRM = "confirm"
    REJECT = "reject"
    CONSULT = "consult"
    SEND_OUT = "send_out"
    ANSWER = "answer"
    FOLLOW = "follow"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    SPLIT = "split"
    CORRECT = "correct"


class Owing(StrEnum):
    """Who owes an action that a theme asks for (answer 17: the IND, or the legislator)."""

    POLICY = "policy"
    EXECUTION = "execution"
    MINISTRY = "ministry"
    LEGISLATOR = "legislator"
    PARTNER = "partner"
    OTHER = "other"


class Ending(StrEnum):
    """With what a theme was closed."""

    SOLVED = "solved"
    EASED = "eased"
    ACCEPTED = "accepted"
    ELSEWHERE = "elsewhere"
    UNSTATED = "unstated"


class Stream(StrEnum):
    """Which applications a theme is about."""

    ASYLUM = "asylum"
    REGULAR = "regular"
    BOTH = "both"


class ConsultationForm(StrEnum):
    """What sort of talk about themes it was (answers 17, 18 and 20 of 8 November 2022)."""

    TALK = "talk"
    REFLECTION = "reflection"
    DIALOGUE = "dialogue"


class Chamber(StrEnum):
    """Which chamber of Parliament asks."""

    SENATE = "senate"
    HOUSE = "house"


class Partner(StrEnum):
    """With whom themes are talked over."""

    POLICY = "policy"
    VAJN = "vajn"
    SVMA = "svma"
    VWN = "vwn"
    JUDICIARY = "judiciary"
    MINISTRY = "ministry"
    OTHER = "other"


# Those whom answer 18 is about.
LAWYERS = frozenset({Partner.VAJN, Partner.SVMA})


class SignalSource(StrEnum):
    """Where a signal of harshness comes from (answer 9 of 8 November 2022)."""

    ADVOCACY_BUNDLE = "advocacy_bundle"
    JOURNAL = "journal"
    INTERNET_CONSULTATION = "internet_consultation"
    COUNCIL_OF_STATE = "council_of_state"
    OTHER = "other"
    IND_STAFF = "ind_staff"
    DTV_STAFF = "dtv_staff"
    COA_STAFF = "coa_staff"
    DGM_STAFF = "dgm_staff"
    VWN = "vwn"
    NIDOS = "nidos"


# Replies to the inventory of answer 9, which are not shared one by one: of these counts alone go
# out, rounded.
CLOSED_SOURCES = frozenset(
    {
        SignalSource.IND_STAFF,
        SignalSource.DTV_STAFF,
        SignalSource.COA_STAFF,
        SignalSource.DGM_STAFF,
        SignalSource.VWN,
        SignalSource.NIDOS,
    }
)


class FromLawyers(StrEnum):
    """Whether a signal comes from lawyers, as answer 9 was asked."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Assessment(StrEnum):
    """What somebody finds of a signal. There is no one definition of harsh (answer 8)."""

    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    OTHER_BOTTLENECK = "other_bottleneck"
    OPEN = "open"


class SignalStanding(StrEnum):
    """How a signal stands, by what was found of it; the rule is `kdt.themes.standing`."""

    UNASSESSED = "unassessed"
    AWAITS_SECOND = "awaits_second"
    DIVIDED = "divided"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    OTHER_BOTTLENECK = "other_bottleneck"
    OPEN = "open"


class ImplementationKind(StrEnum):
    """Whether what a proposal does to people and to the work was looked at before or after."""

    EX_ANTE = "ex_ante"
    EX_POST = "ex_post"


class LookedAt(StrEnum):
    """Whether an implementation test looked at something."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Organisation(StrEnum):
    """Who takes part in an implementation test."""

    IND = "ind"
    DTV = "dtv"
    COA = "coa"
    NIDOS = "nidos"
    MINISTRY = "ministry"
    OTHER_EXECUTION = "other_execution"
    VWN = "vwn"
    VAJN = "vajn"
    SVMA = "svma"
    OTHER_INTEREST = "other_interest"


# Whose satisfaction question 7 of 7 October 2022 asks about beside that of who executes.
INTEREST = frozenset(
    {Organisation.VWN, Organisation.VAJN, Organisation.SVMA, Organisation.OTHER_INTEREST}
)


class Satisfaction(StrEnum):
    """How satisfied an organisation is with what followed a test: a scale of our own."""

    SATISFIED = "satisfied"
    PARTLY = "partly"
    NOT_SATISFIED = "not_satisfied"


class AdjustmentKind(StrEnum):
    """What is changed; `none`: nothing, with reasons."""

    LAW = "law"
    DECREE = "decree"
    POLICY_RULE = "policy_rule"
    WORK_INSTRUCTION = "work_instruction"
    PRACTICE = "practice"
    UNDECIDED = "undecided"
    NONE = "none"


class AdjustmentStatus(StrEnum):
    """How far an adjustment is."""

    EXPLORED = "explored"
    PROPOSED = "proposed"
    DECIDED = "decided"
    IN_FORCE = "in_force"
    DROPPED = "dropped"


class DecidedBy(StrEnum):
    """Who decides what becomes of a signal or a test (answer 17 of 8 November 2022)."""

    IND = "ind"
    LEGISLATOR = "legislator"
    MINISTER = "minister"
    NOT_SAID = "not_said"


class Measure(StrEnum):
    """What is counted, by the keys the figures carry (camelCase, as they go out)."""

    REFERRED = "referred"
    CONSIDERED = "considered"
    CASES_HANDLED = "casesHandled"
    DECISIONS = "decisions"
    DECISIONS_IN_FAVOUR = "decisionsInFavour"
    DECISIONS_AGAINST = "decisionsAgainst"
    DECISIONS_OTHER = "decisionsOther"
    INTERVIEWS_ORDERED = "interviewsOrdered"
    INVESTIGATIONS_ORDERED = "investigationsOrdered"
    INQUIRIES_NOT_NEEDED = "inquiriesNotNeeded"
    INFORMATION_REQUESTED = "informationRequested"
    REFERRED_UP = "referredUp"
    REFERRED_UP_NOT_SETTLED = "referredUpNotSettled"
    REFERRED_UP_BELONGS_NATIONALLY = "referredUpBelongsNationally"
    HELD_OVER = "heldOver"
    UNRESOLVED = "unresolved"
    OPEN_AFTER_UNRESOLVED = "openAfterUnresolved"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REOPENED = "reopened"
    STOCK_START = "stockStart"
    STOCK_END = "stockEnd"
    ENTERED = "entered"
    LEFT = "left"


class MeetingKind(StrEnum):
    """What sort of meeting: as the pattern says, one more, or in writing."""

    REGULAR = "regular"
    EXTRAORDINARY = "extraordinary"
    WRITTEN = "written"


class MeetingStatus(StrEnum):
    """What became of a planned meeting."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    # The pattern no longer has it, and nothing was on it.
    DROPPED = "dropped"


class Basis(StrEnum):
    """Why an item has its place on an agenda: what counted most for it, or who put it there."""

    UNRESOLVED = "unresolved"
    DEADLINE = "deadline"
    HELD_OVER = "held_over"
    WAITING = "waiting"
    LATE = "late"
    MOVED = "moved"


class Late(StrEnum):
    """Why something comes on an agenda that was drawn up already."""

    URGENT = "urgent"
    DEADLINE = "deadline"
    NEW_FACTS = "new_facts"
    WALK_IN = "walk_in"
    OTHER = "other"
    UNSTATED = "unstated"


class Placing(StrEnum):
    """Why the chair gives an item another place."""

    TOGETHER = "together"
    WHO_IS_THERE = "who_is_there"
    URGENT = "urgent"
    OTHER = "other"


class Attested(StrEnum):
    """What is attested when a meeting is closed."""

    EVERYTHING = "everything"
    NOTHING = "nothing"


class Reopening(StrEnum):
    """Why a meeting that was closed is opened again."""

    FORGOTTEN = "forgotten"
    MISTAKEN = "mistaken"
    OTHER = "other"


class VersionChange(StrEnum):
    """What made a version of an agenda."""

    DRAWN_UP = "drawn_up"
    CAME = "came"
    WENT = "went"
    MOVED = "moved"
