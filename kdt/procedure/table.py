"""The procedure, written once: which action, from which phase, by whom, with which inputs, to
where, and counted as what.

Everything else reads these rows: buttons, forms, the API's description, the history file, the
documentation and the generated tests. Sources: the letters of 25 July 2022 (J) and 8 November 2022
(K, by answer); what they leave open is our own design.

A version that an escalation was ever opened under is never changed; a change is a new version:

    VERSION_2 = replace(VERSION_1, version=2, outcomes=(*OUTCOMES, OutcomeRow("advised", ...)))
    VERSIONS = {one.version: one for one in (VERSION_1, VERSION_2)}

with the Dutch word in `kdt/words.toml` (`outcome.advised`). New escalations are then opened under
it, and those under way end as they began. `docs/decisions/0008` says why.
"""

from collections.abc import Mapping
from enum import StrEnum

from kdt.procedure import guards
from kdt.procedure.ladder import IND
from kdt.procedure.rows import (
    INQUIRY_OF,
    At,
    Field,
    Kind,
    Leads,
    OutcomeRow,
    Procedure,
    Rule,
    Settles,
    To,
    Where,
)
from kdt.vocabulary import (
    Action,
    Ground,
    Inquiry,
    Measure,
    Outcome,
    Phase,
    Question,
    Referral,
    Result,
    Role,
    Ruling,
)


def _detail(name: str, codes: type[StrEnum]) -> Field:
    """What some outcomes carry; which, and whether they must, their own rows say."""
    return Field(
        name, Kind.CODE, required=False, codes=codes, correctable=True, detail_of="outcome"
    )


FIELDS: Mapping[Action, tuple[Field, ...]] = {
    Action.OPEN: (
        Field("case", Kind.CASE, correctable=True),
        Field("location", Kind.NAME),
        Field("question", Kind.CODE, codes=Question, correctable=True),
        Field("ground", Kind.CODE, codes=Ground, correctable=True),
        Field("decide_by", Kind.DAY, required=False, correctable=True),
        Field("summary", Kind.PROSE, required=False, may_be_empty=True),
    ),
    Action.SUBMIT: (),
    Action.LIST: (Field("panel", Kind.NAME), Field("meeting_on", Kind.DAY)),
    Action.UNLIST: (Field("reason", Kind.PROSE),),
    Action.CONSIDER: (
        Field("outcome", Kind.OUTCOME, correctable=True),
        _detail("ruling", Ruling),
        _detail("inquiry", Inquiry),
        _detail("referral", Referral),
        Field("reasons", Kind.PROSE, correctable=True),
        # Of an inquiry that is ordered; what came with a history file may be without.
        Field("sought", Kind.PROSE, required=False, correctable=True, detail_of="outcome"),
        Field("consequences", Kind.PROSE, required=False, correctable=True, detail_of="outcome"),
        Field("due_on", Kind.DAY, required=False, correctable=True, detail_of="outcome"),
    ),
    Action.REPORT_BACK: (Field("findings", Kind.PROSE, required=False, may_be_empty=True),),
    Action.WITHDRAW: (Field("reason", Kind.PROSE),),
    Action.LAPSE: (Field("reason", Kind.PROSE),),
    Action.FOLLOW_THROUGH: (
        Field("result", Kind.CODE, codes=Result, correctable=True),
        Field("reasons", Kind.PROSE, required=False, correctable=True, detail_of="result"),
    ),
    Action.REOPEN: (Field("reason", Kind.PROSE),),
    # Who was not there when it was discussed says why (`guards.policy_says_why`).
    Action.TAG: (Field("theme", Kind.NAME), Field("reason", Kind.PROSE, required=False)),
    Action.CORRECT: (
        Field("replaces", Kind.NAME),
        Field("reason", Kind.PROSE),
        Field("void", Kind.FLAG, required=False),
        Field("with", Kind.CHANGES, required=False),
    ),
}

REQUIRED: Mapping[Action, tuple[str, ...]] = {
    action: tuple(field.name for field in fields if field.required)
    for action, fields in FIELDS.items()
}

NOT_OPENED = frozenset({None})
OFFICER = frozenset({Role.OFFICER})
SECRETARY = frozenset({Role.SECRETARY})
CHAIR = frozenset({Role.CHAIR})
ANYONE = OFFICER | SECRETARY | CHAIR
# Who says what a case shows. Policy does so afterwards, and moves nothing.
TAGGERS = ANYONE | {Role.POLICY_ADVISER}
UNFINISHED = frozenset({Phase.DRAFT, Phase.QUEUED, Phase.LISTED, Phase.RETURNED, Phase.IN_INQUIRY})

RULES = (
    Rule(Action.OPEN, NOT_OPENED, OFFICER, To(Phase.DRAFT, Where.NONE)),
    Rule(Action.SUBMIT, frozenset({Phase.DRAFT}), OFFICER, To(Phase.QUEUED, Where.FIRST)),
    Rule(Action.SUBMIT, frozenset({Phase.RETURNED}), OFFICER, To(Phase.QUEUED)),
    Rule(
        Action.LIST,
        frozenset({Phase.QUEUED}),
        SECRETARY,
        To(Phase.LISTED),
        checks=(guards.panel_fits, guards.meeting_not_before_listing),
    ),
    Rule(Action.UNLIST, frozenset({Phase.LISTED}), SECRETARY, To(Phase.QUEUED)),
    Rule(
        Action.CONSIDER,
        frozenset({Phase.LISTED}),
        SECRETARY | CHAIR,
        Leads.BY_OUTCOME,
        conditions=(guards.not_who_brought_it,),
        checks=(guards.on_the_meeting_day, guards.outcome_fits),
        counts=(Measure.CONSIDERED,),
    ),
    Rule(Action.REPORT_BACK, frozenset({Phase.IN_INQUIRY}), OFFICER, To(Phase.QUEUED)),
    Rule(
        Action.FOLLOW_THROUGH,
        frozenset({Phase.SETTLED, Phase.IN_INQUIRY}),
        OFFICER,
        To(Phase.CLOSED),
        conditions=(guards.question_is_settled,),
        checks=(guards.deviation_has_reasons,),
    ),
    Rule(
        Action.REOPEN,
        frozenset({Phase.SETTLED, Phase.CLOSED}),
        CHAIR,
        To(Phase.QUEUED),
        counts=(Measure.REOPENED,),
    ),
    Rule(
        Action.WITHDRAW,
        UNFINISHED,
        OFFICER,
        To(Phase.WITHDRAWN),
        counts=(Measure.WITHDRAWN,),
    ),
    Rule(Action.LAPSE, UNFINISHED, ANYONE, To(Phase.LAPSED), counts=(Measure.LAPSED,)),
    # Outside the sequence: they say what a case shows, or what was recorded wrongly.
    Rule(
        Action.TAG,
        frozenset(Phase),
        TAGGERS,
        Leads.NOWHERE,
        checks=(guards.policy_says_why,),
    ),
    # Policy what policy tagged, and the others all else (`guards.theirs`).
    Rule(Action.CORRECT, frozenset(Phase), TAGGERS, Leads.NOWHERE),
)

INQUIRIES = frozenset(INQUIRY_OF)

OUTCOMES = (
    OutcomeRow(
        Outcome.DECIDED,
        To(Phase.SETTLED),
        Settles.YES,
        questions=frozenset({Question.DECISION}),
        detail="ruling",
        detail_required=True,
        counts_by={
            Ruling.IN_FAVOUR: Measure.DECISIONS_IN_FAVOUR,
            Ruling.AGAINST: Measure.DECISIONS_AGAINST,
            Ruling.OTHER: Measure.DECISIONS_OTHER,
        },
    ),
    # K 2: a KDT is also asked whether one more interview or investigation is needed.
    OutcomeRow(
        Outcome.INQUIRY_ORDERED,
        To(Phase.IN_INQUIRY),
        Settles.WHEN_ASKED,
        detail="inquiry",
        detail_required=True,
        counts_by={
            Inquiry.INTERVIEW: Measure.INTERVIEWS_ORDERED,
            Inquiry.INVESTIGATION: Measure.INVESTIGATIONS_ORDERED,
        },
    ),
    OutcomeRow(
        Outcome.INQUIRY_NOT_NEEDED,
        To(Phase.SETTLED),
        Settles.YES,
        questions=INQUIRIES,
        counts=(Measure.INQUIRIES_NOT_NEEDED,),
    ),
    OutcomeRow(
        Outcome.INFORMATION_REQUESTED,
        To(Phase.RETURNED),
        Settles.NO,
        counts=(Measure.INFORMATION_REQUESTED,),
    ),
    OutcomeRow(
        Outcome.REFERRED_UP,
        To(Phase.QUEUED, Where.NEXT),
        Settles.NO,
        at=At.BELOW_TOP,
        detail="referral",
        counts=(Measure.REFERRED_UP,),
        counts_by={
            Referral.NOT_SETTLED: Measure.REFERRED_UP_NOT_SETTLED,
            Referral.BELONGS_NATIONALLY: Measure.REFERRED_UP_BELONGS_NATIONALLY,
        },
    ),
    OutcomeRow(Outcome.HELD_OVER, To(Phase.QUEUED), Settles.NO, counts=(Measure.HELD_OVER,)),
    # K 3: it had not yet happened that the national KDT could not settle a case.
    OutcomeRow(
        Outcome.UNRESOLVED,
        To(Phase.QUEUED),
        Settles.NO,
        at=At.TOP,
        counts=(Measure.UNRESOLVED,),
    ),
)

VERSION_1 = Procedure(1, IND, RULES, OUTCOMES)
VERSIONS: dict[int, Procedure] = {one.version: one for one in (VERSION_1,)}
CURRENT = VERSIONS[max(VERSIONS)]
