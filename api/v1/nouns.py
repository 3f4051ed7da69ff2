"""The name of each action's collection under an escalation: what is posted there is one more."""

from collections.abc import Mapping

from kdt.vocabulary import Action

# Opening makes the escalation itself, at `/escalations`.
NOUNS: Mapping[Action, str] = {
    Action.SUBMIT: "submissions",
    Action.LIST: "listings",
    Action.UNLIST: "delistings",
    Action.CONSIDER: "considerations",
    Action.REPORT_BACK: "reports",
    Action.FOLLOW_THROUGH: "follow-throughs",
    Action.REOPEN: "reopenings",
    Action.WITHDRAW: "withdrawals",
    Action.LAPSE: "lapses",
    Action.TAG: "tags",
    Action.CORRECT: "corrections",
}
