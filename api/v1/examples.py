"""Invented examples for the description of the API."""

from collections.abc import Mapping
from typing import Any

from kdt.vocabulary import Action

CASE = "Z-2026-000123 (verzonnen)"

ACTIONS: Mapping[Action, Mapping[str, Any]] = {
    Action.OPEN: {
        "case": CASE,
        "location": "Den Bosch",
        "question": "decision",
        "ground": "buikpijn",
        "decideBy": "2027-03-01",
        "summary": "Verzonnen: de regel is duidelijk, de gevolgen voor dit gezin zijn dat niet.",
        "submit": True,
    },
    Action.SUBMIT: {},
    Action.LIST: {"panel": "kdt-den-bosch", "meetingOn": "2026-11-24"},
    Action.UNLIST: {"reason": "Verzonnen: het dossier is nog niet compleet."},
    Action.CONSIDER: {
        "outcome": "referred_up",
        "referral": "not_settled",
        "reasons": "Verzonnen: wij komen er niet uit.",
    },
    Action.REPORT_BACK: {"findings": "Verzonnen: het gehoor is gehouden."},
    Action.FOLLOW_THROUGH: {"result": "carried_out"},
    Action.REOPEN: {"reason": "Verzonnen: er is een nieuw feit."},
    Action.WITHDRAW: {"reason": "Verzonnen: de beslisser komt er zelf uit."},
    Action.LAPSE: {"reason": "Verzonnen: de aanvraag is ingetrokken."},
    Action.TAG: {"theme": "gezinshereniging"},
    Action.CORRECT: {
        "replaces": "0f3c9a1b2d4e5f60",
        "reason": "Verzonnen: verkeerd overgenomen.",
        "with": {"ground": "complex"},
    },
}
