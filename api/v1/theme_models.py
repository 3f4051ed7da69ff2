"""What the API gives back of themes and all around them: talks, signals, tests, adjustments, the
forum."""

from datetime import date, datetime

from api.v1.models import Out
from kdt.themes.effect import Verdict
from kdt.vocabulary import Ending, Owing, Stream, ThemeAction, ThemeState


class Consultation(Out):
    """A talk about themes; `participants` and `agreements` for who was there alone."""

    id: str
    held_on: date
    form: str
    partners: list[str]
    themes: list[str]
    stands: bool
    participants: list[str] | None
    agreements: str | None


class SignalAssessment(Out):
    """What somebody found of a signal; published: `assessor` is who answers for it outside."""

    assessor: str
    published: bool
    assessment: str
    reasons: str
    recorded_at: datetime


class Signal(Out):
    """A signal, with what was found of it as far as the asker may read that. `atLatest`: it was
    there by `receivedOn`, and since when is not known."""

    id: str
    source: str
    received_on: date
    at_latest: bool
    lawyers: str
    title: str
    concerns: str
    origin: str
    reference: str
    followed: str
    themes: list[str]
    stands: bool
    standing: str
    assessments: list[SignalAssessment]


class Opinion(Out):
    """How satisfied an organisation said to be with what followed a test, and where that stands."""

    organisation: str
    satisfaction: str
    said_on: date
    said: str
    reference: str


class ImplementationTest(Out):
    """An implementation test, with what each organisation said last."""

    id: str
    kind: str
    held_on: date
    title: str
    organisations: list[str]
    person: str
    capability: str
    findings: str
    reference: str
    stands: bool
    opinions: list[Opinion]


class Adjustment(Out):
    """An adjustment. `since`: since when it has its status; with `atLatest` by then, and since when
    is not known."""

    id: str
    kind: str
    status: str
    since: date
    at_latest: bool
    decided_by: str
    title: str
    content: str
    reasons: str
    reference: str
    themes: list[str]
    signals: list[str]
    tests: list[str]
    stands: bool


class SignalReplies(Out):
    """About how many replies of staff came from a source, rounded to five."""

    source: str
    about: int


class ForumItem(Out):
    """What was brought to the IND-wide forum. `mine`: by whoever asks, who alone is told of which
    escalation; `theme`: what it led to once it was discussed, null for none."""

    id: str
    brought_on: date
    mine: bool
    problem: str
    escalation: str | None
    withdrawn: bool
    discussed_on: date | None
    theme: str | None
    conclusion: str | None


class Theme(Out):
    """A theme; `escalations` is how many show it, in the period asked for. `status` is how it
    stands in short, `state` where it is in its circuit since when, `actions` what its circuit
    allows now; `owedBy` and `dueOn` where an action is out."""

    id: str
    name: str
    description: str
    status: str
    state: ThemeState
    since: date | None
    owed_by: Owing | None
    due_on: date | None
    merged_into: str | None
    stream: Stream | None
    owner: str | None
    codes: list[str]
    sources: list[str]
    actions: list[ThemeAction]
    escalations: int


class Amount(Out):
    """How many escalations in a month (by its first day) or from a location."""

    of: str
    escalations: int


class ThemeEffect(Out):
    """Whether a theme went down since a day, when something was answered: the escalations a month
    (of 30 days) over so many whole months before and after, and their ratio with a 95% interval.
    Without figures where too little is known."""

    since: date
    verdict: Verdict
    months_before: int
    months_after: int
    mean_before: float | None
    mean_after: float | None
    ratio: float | None
    low: float | None
    high: float | None


class ThemeTrend(Out):
    """How a theme runs: by month over at most two years, by location over the last, and whether it
    went down after what was answered; null as long as nothing was."""

    months: list[Amount]
    locations: list[Amount]
    effect: ThemeEffect | None


class Rise(Out):
    """A theme that rises nationwide (`location` null) or at a location: distinct cases that showed
    it for the first time from `firstOn` to `until`, where `usual` is usual. Where nothing changes,
    something as unlikely turns up `timesAYear`. `escalations`: those the asker may know of."""

    theme: str
    location: str | None
    first_on: date
    until: date
    weeks: int
    cases: int
    usual: float
    times_a_year: float
    escalations: list[str]


class Rises(Out):
    """What rose in the week that ended on `until`; null before the first scan. `enough`: whether
    the weeks before it tell what is usual. By chance alone there is something in at most one of
    `byChanceOneWeekOf` weeks."""

    until: date | None
    scanned_at: datetime | None
    enough: bool
    by_chance_one_week_of: int
    items: list[Rise]


class AnswerAmount(Out):
    """How many cases got an answer: a ruling, or what became of the question about an inquiry."""

    answer: str
    cases: int


class AnswersAt(Out):
    """How cases were answered at a location."""

    location: str
    answers: list[AnswerAmount]


class Difference(Out):
    """Cases with a question and a theme that were answered otherwise at one location than at
    another; locations by name. Chance alone makes as much difference in `chance` of all times.
    `escalations`: those the asker may know of."""

    question: str
    theme: str
    chance: float
    locations: list[AnswersAt]
    escalations: list[str]


class Differences(Out):
    """What differs more than chance among the cases answered from `firstOn` to `until`, of so many
    `profiles` with enough cases; null before the first comparison. Of the items at most one in ten
    is expected to be chance."""

    first_on: date | None
    until: date | None
    compared_at: datetime | None
    profiles: int
    items: list[Difference]


class ThemeStep(Out):
    """A step in the circuit of a theme: the day it happened, the moment it was recorded, and
    whether it was taken back. `escalations` is how many a split moved."""

    number: int
    action: ThemeAction
    occurred_on: date
    recorded_at: datetime
    taken_back: bool
    reasons: str
    owed_by: Owing | None
    due_on: date | None
    closed_as: Ending | None
    consultation: str | None
    target: str | None
    escalations: int | None
    replaces: int | None
