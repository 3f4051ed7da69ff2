"""Invented examples for the description of the API: of what actions take, and of every shape."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from kdt import words
from kdt.personal import Kind
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.catalogue.writing import as_json, worked
from kdt.vocabulary import Action

CASE = "Z-2026-000123 (verzonnen)"
_DAY = "2026-11-24"
_MOMENT = "2026-11-23T09:30:00Z"
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CASE_ID = "0f3c9a1b-2d4e-5f60-8a7b-9c0d1e2f3a4b"

_NAMED = {"name": "Verzonnen aanvraag", "source": "Verzonnen wet, artikel 1"}
_RULE = {
    **_NAMED,
    "count": 6,
    "unit": "months",
    "extension": 9,
    "open": True,
    "effectiveOn": "2026-01-01",
}
_ANSWERS_AT: Mapping[str, Any] = {
    "location": "Den Bosch",
    "answers": [{"answer": "in_favour", "cases": 4}, {"answer": "against", "cases": 17}],
}
_DIFFERENCE: Mapping[str, Any] = {
    "question": "decision",
    "theme": "wachttijd",
    "chance": 0.002,
    "locations": [_ANSWERS_AT],
    "escalations": ["V-7KQ2MX"],
}
_RISE: Mapping[str, Any] = {
    "theme": "wachttijd",
    "location": None,
    "firstOn": "2026-10-26",
    "until": "2026-11-22",
    "weeks": 4,
    "cases": 17,
    "usual": 5.2,
    "timesAYear": 0.01,
    "escalations": ["V-7KQ2MX"],
}
_SUSPENSION = {"firstOn": _DAY, "ground": "incomplete"}

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
    Action.LIST: {"panel": "kdt-den-bosch", "meetingOn": _DAY},
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
    Action.TAG: {"theme": "wachttijd", "reason": "De stukken kwamen pas na een half jaar."},
    Action.CORRECT: {
        "replaces": "0f3c9a1b2d4e5f60",
        "reason": "Verzonnen: verkeerd overgenomen.",
        "with": {"ground": "complex"},
    },
}

_COUNTED: Mapping[str, Any] = {
    "escalation": "V-7KQ2MX",
    "ref": "0f3c9a1b2d4e5f60",
    "action": "consider",
    "level": "national",
    "location": "Den Bosch",
    "question": "decision",
    "ground": "buikpijn",
    "outcome": "decided",
    "ruling": "in_favour",
    "occurredOn": "2022-01-12",
    "recordedOn": "2022-02-03",
    "times": 1,
}
_ROW: Mapping[str, Any] = {
    "id": "V-7KQ2MX",
    "caseNumber": CASE,
    "phase": "listed",
    "level": "local",
    "location": "Den Bosch",
    "question": "decision",
    "ground": "buikpijn",
    "broughtBy": "officer-den-bosch-1",
    "decideBy": "2027-03-01",
    "deadline": "2027-03-15",
    "suspended": False,
    "waitingSince": "2026-11-20",
    "heldOver": 0,
    "unresolvedLast": False,
    "settled": False,
    "panel": "kdt-den-bosch",
    "meetingOn": _DAY,
    "lastOn": "2026-11-23",
    "consideredOn": None,
    "outcome": None,
    "ruling": None,
    "inquiry": None,
    "dueOn": None,
}
_SINCE_THEN = {"theme": "pleegkinderen", "kind": "answer", "on": "2026-11-25"}
_SIMILAR: Mapping[str, Any] = {
    "escalation": {
        **_ROW,
        "phase": "closed",
        "settled": True,
        "panel": None,
        "meetingOn": None,
        "waitingSince": None,
        "consideredOn": "2026-11-23",
        "outcome": "decided",
        "ruling": "in_favour",
    },
    "themes": ["pleegkinderen"],
    "same": ["question"],
    "sharedWords": ["pleegkind", "gezin"],
    "strongly": True,
    "followed": "carried_out",
    "since": [_SINCE_THEN],
}
_OF_LISTS = (
    "lastOn", "consideredOn", "outcome", "ruling", "inquiry", "dueOn", "unresolvedLast",
)  # fmt: skip
_ENTRY: Mapping[str, Any] = {
    "seq": 1,
    "ref": "0f3c9a1b2d4e5f60",
    "action": "open",
    "role": "officer",
    "person": "officer-den-bosch-1",
    "onBehalfOf": None,
    "typedBy": None,
    "occurredOn": "2026-11-20",
    "recordedAt": _MOMENT,
    "imported": False,
    "values": {"location": "Den Bosch", "question": "decision", "ground": "buikpijn"},
    "texts": {"summary": "Verzonnen: de regel is duidelijk, de gevolgen zijn dat niet."},
    "stands": {
        "occurredOn": "2026-11-20",
        "location": "Den Bosch",
        "question": "decision",
        "ground": "buikpijn",
    },
    "correctedBy": None,
    "correctable": ["case", "decideBy", "ground", "occurredOn", "question"],
}
_ESCALATION: Mapping[str, Any] = {
    **{name: _ROW[name] for name in _ROW if name not in _OF_LISTS},
    "version": 3,
    "holder": "officer-den-bosch-2",
    "recused": ["chair"],
    "procedureVersion": 1,
    "openedOn": "2026-11-20",
    "unresolvedAt": None,
    "summary": "Verzonnen: de regel is duidelijk, de gevolgen zijn dat niet.",
    "themes": ["wachttijd"],
    "answers": [],
    "entries": [_ENTRY],
    "outcomes": ["decided", "inquiry_ordered", "information_requested", "referred_up"],
    "actions": [
        {
            "action": "withdraw",
            "href": "/v1/escalations/V-7KQ2MX/withdrawals",
            "enabled": True,
            "reason": None,
        }
    ],
}
_TALK = {
    "heldOn": _DAY,
    "form": "talk",
    "partners": ["vajn", "svma"],
    "themes": ["wachttijd"],
    "participants": ["policy-adviser-1"],
    "agreements": "Verzonnen: over drie maanden opnieuw.",
}
_STEP = {
    "action": "send_out",
    "occurredOn": _DAY,
    "reasons": "Verzonnen: beleid zoekt uit of de regel ruimer kan.",
    "owedBy": "policy",
    "dueOn": _DAY,
}
_VIEW = {"assessment": "open", "reasons": "Verzonnen: het onderzoek loopt nog."}
_SIGNAL = {
    "source": "journal",
    "receivedOn": _DAY,
    "atLatest": False,
    "lawyers": "yes",
    "title": "Verzonnen: bewijs dat niet meer te krijgen is",
    "concerns": "Verzonnen: wie stukken nodig heeft van een land dat er niet meer is.",
    "origin": "Verzonnen tijdschrift",
    "reference": "Nummer 1, bladzijde 2",
    "followed": "",
    "themes": ["wachttijd"],
}
_EFFECT = {
    "since": _DAY,
    "verdict": "down",
    "monthsBefore": 4,
    "monthsAfter": 6,
    "meanBefore": 12.1,
    "meanAfter": 3.3,
    "ratio": 0.27,
    "low": 0.16,
    "high": 0.46,
}
_OPINION = {
    "organisation": "vwn",
    "satisfaction": "partly",
    "saidOn": _DAY,
    "said": "Verzonnen: de brief is duidelijker, de termijn is dezelfde.",
    "reference": "Verzonnen verslag",
}
_TEST = {
    "kind": "ex_ante",
    "heldOn": _DAY,
    "title": "Verzonnen: een formulier minder",
    "organisations": ["ind", "coa", "vwn"],
    "person": "yes",
    "capability": "yes",
    "findings": "Verzonnen: wie geen hulp heeft, komt er niet uit.",
    "reference": "Verzonnen rapport",
}
_ADJUSTMENT = {
    "kind": "work_instruction",
    "status": "decided",
    "since": _DAY,
    "atLatest": False,
    "decidedBy": "ind",
    "title": "Verzonnen: eerst bellen",
    "content": "Verzonnen: wie een stuk mist, wordt eerst gebeld.",
    "reasons": "",
    "reference": "Verzonnen werkinstructie",
    "themes": ["wachttijd"],
    "signals": ["S-1F4B22C0"],
    "tests": ["T-9A01C7D2"],
}
_MAPPING = {"claim": "groups", "value": "kdt-officer-*", "role": "officer", "location": "*"}
_LOCATION = {"id": "Den Bosch", "name": "'s-Hertogenbosch", "open": True}
_MEETING = {
    "panel": "kdt-den-bosch",
    "heldOn": _DAY,
    "startsAt": "09:00:00",
    "kind": "regular",
    "status": "planned",
    "movedTo": None,
    "place": "Zaal 2.14",
    "capacity": 60,
    "attendance": 2,
    "cutOff": "2026-11-24T07:00:00Z",
    "version": 1,
}

_PATTERN = {
    "weekdays": [4],
    "startsAt": "13:30",
    "place": "Zaal 2.14",
    "cutOffDays": 1,
    "cutOffHours": 0,
    "capacity": 120,
    "itemMinutes": 3,
    "attendance": 3,
}
_ORDER = {"unresolved": 4, "deadline": 3, "heldOver": 2, "waiting": 1}
_PROPOSAL = {
    "outcome": "decided",
    "ruling": "in_favour",
    "reasons": "Verzonnen: de gevolgen zijn niet bedoeld.",
}
_DAY_OFF = {"off": True, "name": "Brugdag"}
_FEED = {"panel": "kdt-den-bosch", "name": "KDT Den Bosch", "madeAt": _MOMENT}
_HAND_OVER = {"giver": "officer-den-bosch-1", "taker": "officer-den-bosch-2"}
_DELEGATION = {
    "taker": "chair-den-bosch",
    "role": "secretary",
    "location": "Den Bosch",
    "firstOn": "2026-12-21",
    "lastOn": "2027-01-04",
}

_PARLIAMENTARY_QUESTION: Mapping[str, Any] = {
    "chamber": "senate",
    "askedOn": "2022-10-07",
    "asked": "Hoeveel zaken behandelen de KDT's?",
    "measures": ["casesHandled", "considered"],
    "from": "2021-01-01",
    "until": "2021-12-31",
    "answer": "Verzonnen: 4.730.",
    "answeredOn": "2022-11-08",
    "asOf": "2022-10-31",
    "reference": "Verzonnen: Kamerstukken I 2022/23, 1.",
}

_DELIVERY: Mapping[str, Any] = {
    "publication": "P-1F4B22C0",
    "attempts": 1,
    "told": "sent",
    "problem": None,
    "toldAt": _MOMENT,
}

_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "Receipt": {
        "escalation": "V-7KQ2MX",
        "version": 2,
        "phase": "queued",
        "level": "local",
        "refs": ["0f3c9a1b2d4e5f60", "1a2b3c4d5e6f7a8b"],
        "warnings": [
            {
                "field": "summary",
                "code": "email",
                "detail": words.personal([Kind.EMAIL]),
            }
        ],
    },
    "EscalationRow": _ROW,
    "Escalation": _ESCALATION,
    "Entry": _ENTRY,
    "Panel": {
        "id": "kdt-den-bosch",
        "name": "KDT Den Bosch",
        "open": True,
        "level": "local",
        "location": "Den Bosch",
        "weekdays": [1, 2, 3, 4, 5],
        "startsAt": "09:00:00",
    },
    "Location": _LOCATION,
    "CalendarDay": {"day": "2027-05-07", **_DAY_OFF},
    "DayChoice": _DAY_OFF,
    "Pattern": {**_PATTERN, "startsAt": "13:30:00"},
    "NewPattern": {**_PATTERN, "on": "2027-01-01"},
    "GoLive": {"liveOn": "2027-01-01"},
    "GoLiveChoice": {"liveOn": "2027-01-01"},
    "AgendaOrder": _ORDER,
    "NewAgendaOrder": {**_ORDER, "on": "2027-01-01"},
    "Meeting": _MEETING,
    "AgendaVersion": {
        "number": 1,
        "recordedAt": _MOMENT,
        "change": "drawn_up",
        "escalation": None,
        "reason": None,
        "items": [{"escalation": "V-7KQ2MX", "basis": "deadline", "late": None}],
    },
    "Presence": {
        "person": "chair-den-bosch",
        "standsFor": "chair-den-bosch",
        "present": True,
        "arrivedAt": _MOMENT,
        "leftAt": None,
    },
    "NewWalkIn": {
        "broughtBy": "officer-den-bosch-1",
        "case": CASE,
        "question": "decision",
        "ground": "complex",
        "summary": "Verzonnen: de regel is duidelijk, de gevolgen zijn dat niet.",
    },
    "AttendanceChange": {"arrived": ["chair-den-bosch"], "left": []},
    "NewMeeting": {"kind": "extraordinary", "reason": "Verzonnen: er is spoed."},
    "MeetingChange": {"heldOn": "2026-11-25", "reason": "Verzonnen: de zaal is bezet."},
    "Cancellation": {"reason": "Verzonnen: te weinig mensen."},
    "ItemPlace": {"position": 1, "reason": "together"},
    "Agenda": {**_MEETING, "listed": [_ROW], "considered": []},
    "Theme": {
        "id": "wachttijd",
        "name": "Wachttijd",
        "description": "Verzonnen: de wachttijd zelf maakt de uitkomst hard.",
        "status": "confirmed",
        "state": "action_out",
        "since": _DAY,
        "owedBy": "policy",
        "dueOn": _DAY,
        "mergedInto": None,
        "stream": "asylum",
        "owner": "policy-adviser-1",
        "codes": ["AA-1"],
        "sources": ["Vc 2000 C1/2.1"],
        "actions": ["send_out", "answer", "close"],
        "escalations": 12,
    },
    "Amount": {"of": "2026-11", "escalations": 3},
    "ThemeEffect": _EFFECT,
    "ThemeTrend": {
        "months": [{"of": "2026-11", "escalations": 3}],
        "locations": [{"of": "Den Bosch", "escalations": 18}],
        "effect": _EFFECT,
    },
    "ParliamentaryQuestion": {
        **_PARLIAMENTARY_QUESTION,
        "id": "K-1F4B22C0",
        "stands": True,
        "numbers": [{"measure": "considered", "level": None, "then": 4730, "now": 4733}],
    },
    "ParliamentaryQuestionIn": _PARLIAMENTARY_QUESTION,
    "ComparedNumber": {"measure": "considered", "level": None, "then": 4730, "now": 4733},
    "EventSubscription": {
        "id": "A-1F4B22C0",
        "address": "https://voorbeeld.nl/kdt",
        "stands": True,
        "since": _MOMENT,
        "deliveries": [_DELIVERY],
    },
    "EventDelivery": _DELIVERY,
    "NewEventSubscription": {"address": "https://voorbeeld.nl/kdt"},
    "Differences": {
        "firstOn": "2025-11-24",
        "until": "2026-11-22",
        "comparedAt": _MOMENT,
        "profiles": 14,
        "items": [_DIFFERENCE],
    },
    "Difference": _DIFFERENCE,
    "AnswersAt": _ANSWERS_AT,
    "AnswerAmount": {"answer": "in_favour", "cases": 4},
    "Rises": {
        "until": "2026-11-22",
        "scannedAt": _MOMENT,
        "enough": True,
        "byChanceOneWeekOf": 52,
        "items": [_RISE],
    },
    "Rise": _RISE,
    "ForumItem": {
        "id": "F-1F4B22C0",
        "broughtOn": _DAY,
        "mine": True,
        "problem": "Verzonnen: ouders van een kind dat hier zorg krijgt, vallen overal buiten.",
        "escalation": None,
        "withdrawn": False,
        "discussedOn": _DAY,
        "theme": "wachttijd",
        "conclusion": "Verzonnen: het komt op meer plaatsen voor.",
    },
    "ForumItemIn": {"problem": "Verzonnen: dit zien wij elke week."},
    "ConclusionIn": {"discussedOn": _DAY, "theme": "wachttijd"},
    "ThemeStep": {
        **_STEP,
        "number": 4,
        "recordedAt": _MOMENT,
        "takenBack": False,
        "closedAs": None,
        "consultation": None,
        "target": None,
        "escalations": None,
        "replaces": None,
    },
    "Term": {"group": "phase", "code": "queued", "dutch": "in de wachtrij"},
    "ProcedureVersion": {
        "version": 1,
        "levels": [{"code": "local", "perLocation": True}],
        "rules": [],
        "outcomes": [],
    },
    "Event": {
        "specversion": "1.0",
        "id": "V-7KQ2MX/2",
        "source": "urn:nld:systeem:kdt",
        "type": "nl.kdt.escalation.submit",
        "subject": "V-7KQ2MX",
        "time": _MOMENT,
        "datacontenttype": "application/json",
        "dataref": "/v1/escalations/V-7KQ2MX",
        "data": {"escalation": "V-7KQ2MX", "seq": 2},
    },
    "Minutes": {
        "panel": "kdt-den-bosch",
        "heldOn": "2026-11-25",
        "approvedAt": None,
        "digest": "0" * 64,
        "present": ["chair-den-bosch"],
        "items": [],
        "notReached": ["V-7KQ2MX"],
    },
    "MinutesApproval": {"digest": "0" * 64},
    "UnattestedMeeting": {"panel": "kdt-den-bosch", "heldOn": "2026-11-25"},
    "Attestation": {"attested": "everything", "considered": 4},
    "ReopeningReason": {"reason": "forgotten"},
    "LocationComparison": {
        "from": "2022-01-01",
        "until": "2022-06-30",
        "asOf": "2022-11-08",
        "basis": "heldOver",
        "question": None,
        "ground": None,
        "share": 0.12,
        "spread": 1.0,
        "locations": [
            {
                "location": "Den Bosch",
                "amount": 68,
                "of": 826,
                "share": 0.0823,
                "limits": {
                    "lowFar": 0.087,
                    "lowNear": 0.0984,
                    "highNear": 0.1426,
                    "highFar": 0.1566,
                },
                "outside": -2,
            }
        ],
        "provisional": False,
    },
    "LeadTimes": {
        "from": "2022-01-01",
        "until": "2022-06-30",
        "asOf": "2022-11-08",
        "followedUntil": "2022-11-08",
        "by": ["level"],
        "unit": "days",
        "provisional": False,
        "rows": [
            {
                "level": "national",
                "came": 40,
                "settled": 31,
                "referredUp": 0,
                "withdrawn": 2,
                "lapsed": 1,
                "open": 6,
                "median": {"value": 14, "low": 9, "high": 21},
                "nineInTen": {"value": None, "low": 70, "high": None},
                "marks": [
                    {
                        "after": 14,
                        "settled": {"value": 0.5, "low": 0.34, "high": 0.64},
                        "open": {"value": 0.45, "low": 0.29, "high": 0.6},
                    }
                ],
                "ageMedian": 160,
                "ageOldest": 210,
                "clearance": 0.9,
                "disposition": 45.2,
            }
        ],
    },
    "CountedEntries": {"measure": "decisions", "amount": 1, "items": [_COUNTED]},
    "RevisionStatement": {
        "from": "2022-01-01",
        "until": "2022-01-31",
        "since": "2022-02-01",
        "asOf": "2022-11-08",
        "by": ["level"],
        "provisional": False,
        "closes": True,
        "numbers": [
            {
                "level": "national",
                "measure": "decisions",
                "old": 11,
                "recorded": {"came": 2, "went": 0},
                "voided": {"came": 0, "went": 1},
                "reclassified": {"came": 0, "went": 0},
                "new": 12,
                "closes": True,
            }
        ],
    },
    "RevisionChanges": {
        "measure": "decisions",
        "changes": 1,
        "items": [{"amount": 1, "cause": "recorded", "about": _COUNTED}],
    },
    "MeasureDefinition": as_json(CATALOGUE["considered"]),
    "WorkedMeasure": worked(CATALOGUE["considered"]),
    "Answers": {
        "from": "2022-01-01",
        "until": "2022-12-31",
        "asOf": "2022-11-08",
        "source": "Kamerstukken I 2022/23, 19 637, K (8 november 2022)",
        "demo": True,
        "considered": 3,
        "consideredImported": 0,
        "keptSince": "2022-01-03",
        "meetings": [
            {
                "panel": "kdt-den-bosch",
                "level": "local",
                "location": "Den Bosch",
                "liveOn": "2022-01-03",
                "planned": 250,
                "attested": 249,
                "nothing": 31,
                "cancelled": 4,
            }
        ],
        "answers": [
            {
                "number": 1,
                "question": "Kan de regering aangeven hoeveel zaken de KDT's behandelen?",
                "then": "Nee.",
                "registered": True,
                "since": "2022-01-03",
                "now": ["Verzonnen: de KDT's behandelden 2 verschillende zaken."],
                "remarks": [],
                "numbers": [{"measure": "casesHandled", "level": None, "amount": 2}],
                "definitions": {"casesHandled": "Zaken die zijn behandeld, elk een keer."},
            }
        ],
    },
    "Person": {
        "id": "P-0f3c9a1b2d4e5f600f3c9a1b2d4e5f60",
        "label": "Verzonnen Naam",
        "disabled": False,
        "signedInAt": _MOMENT,
        "roles": [{"role": "officer", "location": "Den Bosch"}],
    },
    "NewProposal": _PROPOSAL,
    "ProposalReceipt": {"escalation": "V-7KQ2MX", "number": 1, "warnings": []},
    "ProposedOutcome": {
        **_PROPOSAL,
        "number": 1,
        "inquiry": None,
        "referral": None,
        "role": "secretary",
        "person": "secretary-den-bosch-1",
        "recordedAt": _MOMENT,
        "stands": True,
    },
    "NewPosition": {"stance": "agree", "proposal": 1},
    "PositionReceipt": {"escalation": "V-7KQ2MX", "stance": "agree", "warnings": []},
    "GivenPosition": {
        "person": "chair-den-bosch",
        "role": "chair",
        "stance": "other",
        "reasons": "Verzonnen: wacht het gehoor af.",
        "proposal": 1,
        "recordedAt": _MOMENT,
    },
    "ReadAhead": {
        "panel": "kdt-den-bosch",
        "heldOn": _DAY,
        "items": [
            {
                "escalation": "V-7KQ2MX",
                "proposal": 1,
                "outcome": "decided",
                "ruling": "in_favour",
                "inquiry": None,
                "referral": None,
                "said": [{"person": "chair-den-bosch", "stance": "agree", "proposal": 1}],
                "owed": True,
                "missing": [
                    {
                        "lack": "agreement",
                        "count": 1,
                        "detail": words.amount("lack_agreement", 1),
                    }
                ],
            }
        ],
        "byConsent": 3,
        "discussed": 5,
    },
    "NewConsent": {"escalations": ["V-7KQ2MX"]},
    "ConsentReceipt": {
        "done": [{"escalation": "V-7KQ2MX", "version": 4, "ref": "0f3c9a1b2d4e5f60"}],
        "failed": [],
    },
    "NewRecusal": {"person": "chair-den-bosch"},
    "Recusal": {
        "escalation": "V-7KQ2MX",
        "person": "chair-den-bosch",
        "role": "chair",
        "location": "Den Bosch",
    },
    "DeadlineRuleChoice": _RULE,
    "DeadlineRule": {"id": "verzonnen-aanvraag", **_RULE},
    "DeadlineProposal": {"decideBy": "2027-05-24", **_NAMED},
    "DeadlineWarningChoice": {"days": 10},
    "DeadlineWarning": {"days": 10},
    "NewRelation": {"escalation": "V-3HD8PT", "reason": "Verzonnen: hetzelfde gezin."},
    "Departure": {"left": True, "reason": "Verzonnen: toch een ander gezin."},
    "FamilyReceipt": {"escalation": "V-7KQ2MX", "family": "9f2c4b7a1d3e5f60"},
    "NewSuspension": _SUSPENSION,
    "SuspensionChange": {"lastOn": "2026-12-05"},
    "Suspension": {"number": 3, "lastOn": "2026-12-05", **_SUSPENSION},
    "Holder": {"person": "officer-den-bosch-1", "escalations": 12},
    "NewHandOver": _HAND_OVER,
    "HandOver": {**_HAND_OVER, "went": 11, "stayed": 1},
    "NewPurpose": {"case": CASE, "purpose": "related_case"},
    "DescribedCase": {
        "summary": "Verzonnen: een pleegkind reist na, en woonde al in het gezin.",
        "question": "decision",
    },
    "SinceThen": _SINCE_THEN,
    "SimilarEscalation": _SIMILAR,
    "SimilarEscalations": {"ready": True, "items": [_SIMILAR]},
    "StatedPurpose": {
        "escalations": ["V-7KQ2MX"],
        "purpose": "related_case",
        "statedOn": _DAY,
    },
    "NewCalendarFeed": {"panel": "kdt-den-bosch"},
    "CalendarFeed": _FEED,
    "NewAddress": {
        **_FEED,
        "address": "https://kdt.example.org/calendar-feeds/verzonnen-en-niet-te-raden.ics",
    },
    "NewDelegation": _DELEGATION,
    "Delegation": {"id": 7, "giver": "secretary-den-bosch-1", **_DELEGATION},
    "Mapping": {"id": 1, **_MAPPING},
    "RetentionTerm": {
        "kept": "withdrawn",
        "months": 12,
        "countedFrom": "closed",
        "announced": [{"effectiveOn": "2027-01-01", "months": 18, "countedFrom": "closed"}],
    },
    "DueUnit": {
        "standing": "due",
        "cases": 1,
        "items": [
            {
                "escalation": "V-7KQ2MX",
                "ending": "withdrawn",
                "since": "2022-03-01",
                "dueOn": "2023-03-01",
                "held": False,
            }
        ],
    },
    "Hold": {
        "escalation": "V-7KQ2MX",
        "reason": "Verzonnen: er loopt beroep.",
        "placedBy": "administrator-1",
        "since": _MOMENT,
    },
    "Lifted": {"escalation": "V-7KQ2MX"},
    "FigurePublication": {
        "id": "P-0F3C9A1B",
        "topic": "considered",
        "period": "month",
        "from": "2022-10-01",
        "until": "2022-10-31",
        "asOf": _DAY,
        "by": ["level"],
        "byMonth": True,
        "stage": "release",
        "passed": True,
        "digest": _DIGEST,
        "document": {
            "kind": "publication",
            "cells": [["considered", "national", "*", "*", "*", "2022-10", 15]],
        },
        "steps": [{"fact": "ask", "person": "manager-1", "at": _MOMENT, "reason": None}],
    },
    "PreviewCell": {
        "cell": ["considered", "national", "*", "*", "*", "2022-10"],
        "number": 15,
        "bound": 4,
        "exact": 13,
    },
    "Destruction": {
        "id": "D-0f3c9a1b",
        "what": "content",
        "stage": "prepare",
        "dueOn": _DAY,
        "escalations": 1,
        "cases": 1,
        "digest": _DIGEST,
        "steps": [{"fact": "prepare", "person": "administrator-1", "at": _MOMENT, "reason": None}],
    },
    "DestructionItem": {
        "escalation": "V-7KQ2MX",
        "unit": 1,
        "seq": 3,
        "ending": "withdrawn",
        "since": "2022-03-01",
        "result": None,
    },
    "DataRequest": {
        "case": _CASE_ID,
        "asked": "access",
        "receivedOn": _DAY,
        "answer": None,
    },
    "DataRequestHistory": {
        "case": _CASE_ID,
        "facts": [
            {
                "fact": "receive",
                "at": _MOMENT,
                "asked": "access",
                "receivedOn": _DAY,
                "answer": None,
                "ground": None,
                "escalations": None,
                "digest": None,
            }
        ],
    },
    "Dossier": {"case": _CASE_ID, "text": "Verzonnen: wat het register over uw zaak bevat."},
    "DossierHandOver": {
        "case": _CASE_ID,
        "text": "Verzonnen: wat het register over uw zaak bevat.",
        "escalations": 1,
        "digest": _DIGEST,
    },
    "PublicDocument": {
        "id": "V-7KQ2MX-1-registration",
        "escalation": "V-7KQ2MX",
        "on": _DAY,
        "action": "open",
        "kind": "registration",
        "decision": "partly",
        "grounds": ["5.1.2.e"],
        "why": "Verzonnen toelichting.",
    },
    "TermChange": {"months": 12, "countedFrom": "closed", "on": "2027-01-01"},
    "NewHold": {"escalation": "V-7KQ2MX", "reason": "Verzonnen: er loopt beroep."},
    "Lifting": {"reason": "Verzonnen: de uitspraak is er."},
    "NewPublication": {
        "topic": "considered",
        "period": "month",
        "until": "2022-10-31",
        "asOf": "2022-11-08",
        "by": ["location"],
    },
    "Release": {"digest": _DIGEST},
    "Discard": {"reason": "De peildatum was verkeerd."},
    "NewDestruction": {"what": "content"},
    "Confirmation": {"digest": _DIGEST},
    "Refusal": {"reason": "Verzonnen: de termijn klopt niet."},
    "NewDataRequest": {"caseNumber": CASE, "asked": "access", "receivedOn": _DAY},
    "NewAnswer": {
        "answer": "refused",
        "reason": "Verzonnen: de wet verplicht tot bewaren.",
        "ground": "legal_duty",
    },
    "NewDossierHandOver": {},
    "PersonChange": {"disabled": True},
    "NewMapping": _MAPPING,
    "Read": {
        "id": 17,
        "at": _MOMENT,
        "trace": "0af7651916cd43dd8448eb211c80319c",
        "look": "case",
        "result": "shown",
        "door": "GET /escalations/{escalation}",
        "escalation": "V-7KQ2MX",
        "location": "Den Bosch",
        "role": "secretary",
        "own": False,
        "purpose": None,
        "person": "secretary-den-bosch-1",
        "origin": "10.0.0.7",
        "about": None,
    },
    "UnusualRead": {
        "rule": "outside_hours",
        "first": _MOMENT,
        "until": _MOMENT,
        "person": "secretary-den-bosch-1",
        "count": 1,
        "escalations": ["V-7KQ2MX"],
        "lines": [17],
    },
    "Sample": {
        "seed": "2022-11",
        "size": 1,
        "by": "none",
        "asOf": _DAY,
        "population": 12,
        "strata": [{"stratum": "", "population": 12, "drawn": 1}],
        "escalations": [
            {
                "id": "V-7KQ2MX",
                "location": "Den Bosch",
                "question": "decision",
                "phase": "queued",
                "outcome": None,
                "stratum": "",
            }
        ],
    },
    "RecordedChange": {
        "ref": "0f3c9a1b2d4e5f60",
        "subject": "location",
        "subjectId": "Den Bosch",
        "fact": "enter",
        "about": "Den Bosch",
        "by": "Beheerder",
        "role": "administrator",
        "occurredOn": _DAY,
        "recordedAt": _MOMENT,
        "details": {"open": "open", "effective_on": "2022-01-03", "name": "Den Bosch"},
    },
    "Processing": {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "spanId": "b7ad6b7169203331",
        "parentSpanId": None,
        "foreignOperation": None,
        "statusCode": "STATUS_CODE_UNSET",
        "name": "case",
        "startTime": _MOMENT,
        "endTime": _MOMENT,
        "resource": {"name": "kdt", "version": "1.0.0"},
        "attributes": {
            "dpl.core.processing_activity_id": "urn:kdt:processing-activity:consult",
            "dpl.core.data_subject_id": "05a35d3e-2595-a524-6c1a-caa074f67028",
            "dpl.core.data_subject_id_type": "urn:kdt:case",
        },
    },
    "NewPanel": {"level": "local", "location": "Den Bosch", "on": "2027-01-01"},
    "NewLocation": {"name": "Den Bosch", "on": "2027-01-01"},
    "Change": {"name": "KDT 's-Hertogenbosch", "on": "2027-01-01"},
    "NewTheme": {"name": "Wachttijd", "description": "Verzonnen."},
    "ThemeChange": {"stream": "asylum", "codes": ["AA-1"]},
    "StepIn": _STEP,
    "Consultation": {**_TALK, "id": "G-1F4B22C0", "stands": True},
    "ConsultationIn": {**_TALK, "participants": []},
    "Signal": {
        **_SIGNAL,
        "id": "S-1F4B22C0",
        "stands": True,
        "standing": "open",
        "assessments": [
            {
                **_VIEW,
                "assessor": "Verzonnen organisatie",
                "published": True,
                "recordedAt": _MOMENT,
            }
        ],
    },
    "SignalIn": _SIGNAL,
    "AssessmentIn": {**_VIEW, "publishedBy": "Verzonnen organisatie"},
    "ImplementationTest": {
        **_TEST,
        "id": "T-9A01C7D2",
        "stands": True,
        "opinions": [_OPINION],
    },
    "ImplementationTestIn": _TEST,
    "OpinionIn": _OPINION,
    "Adjustment": {**_ADJUSTMENT, "id": "A-77E0B3F1", "stands": True},
    "AdjustmentIn": {**_ADJUSTMENT, "signals": [], "tests": []},
    "SignalReplies": {"source": "ind_staff", "about": 15},
}


def of(schema: Mapping[str, Any]) -> Any:
    """The example of a shape: of one thing, or a list with one of it."""
    if schema.get("type") == "array":
        return [of(schema["items"])]
    name = str(schema["$ref"]).rpartition("/")[2]
    if name.endswith("List"):
        return {"items": [_SHAPES[name.removesuffix("List")]]}
    return _SHAPES[name]


def problem(status: int) -> dict[str, Any]:
    """The example of a problem."""
    key = f"api.status.{status}"
    phrase = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": words.say(key) if words.known(key) else phrase,
        "code": phrase.lower().replace(" ", "_"),
    }
