"""Who may see and do what: one table of frozen rows, a row for each capacity.

A capacity is a role at a location, or nationally (also: everywhere). What a row does not say, its
holder may not. How the rows are applied stands in `permissions.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kdt.vocabulary import Role


class Knows(Enum):
    """Which escalations somebody may know of; all else is to them as if it were not there."""

    NONE = "none"
    OWN = "those they brought, or that were handed over to them"
    LOCATION = "those brought from their location"
    REFERRED_UP = "those that were referred up to the top"
    THEMED = "those that show a theme, of their location where they have one"
    ALL = "all"


class Shown(Enum):
    """What is shown of those, besides codes and days."""

    TEXT = "what was written"
    CASE_NUMBER = "the case number"
    PEOPLE = "who did what, by name"


class Acts(Enum):
    """On which of those somebody acts, as far as the procedure gives their role anything to do."""

    NONE = "none"
    OWN = "those they brought and did not hand over, or that were handed over to them"
    BEFORE_PANEL = "those before the panel they sit in"


class Right(Enum):
    """What somebody may do besides acting on an escalation."""

    OPEN = "bring cases from their location"
    STATE_PURPOSE = "read a colleague's case of their location, once they say what for"
    HAND_OVER_OWN = "hand over what they brought to a colleague"
    HAND_OVER_HERE = "hand over what anybody brought from their location"
    HAND_OVER = "hand over what anybody brought"
    DELEGATE = "let a colleague stand in for them, until a day"
    RECUSE = "say that somebody of their panel, or they themselves, takes no part"
    RECUSE_SELF = "say that they themselves take no part"
    PROPOSE_OWN = "propose an outcome for what they go on with and waits for a panel"
    PROPOSE = "propose an outcome for what waits for their panel"
    SIT = "sit in a panel: read its queue and its agendas"
    ARRANGE = "add, move and cancel meetings of their panel"
    ATTEST = "close meetings of their panel, attesting that all of it is recorded"
    TAKE = "take a meeting of their panel: type the cases that are brought in"
    ATTENDANCE = "enter who is at a meeting of their panel"
    APPROVE = "approve the minutes of meetings of their panel"
    PLACE = "give what is on an agenda of their panel another place"
    LOOK_IN = "read the queues and agendas of panels they do not sit in"
    AUDIT = "read who read what, and draw a sample of what they know of"
    AUDIT_CHANGES = "read what was changed around the cases, and by whom"
    FOLLOW = "read the ids and codes of all that is recorded"
    SUSPEND = "say that the legal term of a case before them does not run for a while"
    RELATE = "say with which other escalations one before them belongs"
    ADMINISTER = "manage panels and locations"
    MANAGE_PEOPLE = "say who may come in, and what the claims of who signs in make them"
    PROPOSE_THEMES = "propose a theme"
    MANAGE_THEMES = "keep the list of themes"
    CONSULT = "record talks about themes"
    COMPARE = "see where cases alike were answered otherwise at one location than at another"
    FOLLOW_UP = "record implementation tests, how satisfied who took part is, and adjustments"
    ASSESS_SIGNALS = "record signals, read every one of them and say what they find of it"
    ANSWER_PARLIAMENT = "record what Parliament asks and what it was answered"
    HOLD = "keep a case from destruction"
    DISCLOSE = "answer who asks what is held about them, and list what there is for the public"
    PUBLISH = "ask for figures to be published, and release what another asked for"
    SUBSCRIBE = "say to which addresses it is told that figures were released"
    RETAIN = "set how long what is kept, and destroy what is past that together with another"


# What a stand-in may in a capacity lent to them. For whom somebody acts is kept of what they do
# with an escalation, and of who they enter as present: every other right is used in a capacity of
# one's own.
LENT = frozenset({Right.SIT, Right.ATTENDANCE})


@dataclass(frozen=True, slots=True)
class Row:
    """One capacity: what it knows of, what it is shown of that, and what it may do.

    `national`: held without a location.
    """

    role: Role
    national: bool
    knows: Knows
    shows: frozenset[Shown] = frozenset()
    acts: Acts = Acts.NONE
    rights: frozenset[Right] = frozenset()


_ALL = frozenset(Shown)
_OFFICER = frozenset(
    {
        Right.OPEN,
        Right.STATE_PURPOSE,
        Right.HAND_OVER_OWN,
        Right.DELEGATE,
        Right.PROPOSE_THEMES,
        Right.SUSPEND,
        Right.RELATE,
        Right.PROPOSE_OWN,
    }
)
_MEMBER = frozenset({Right.SIT, Right.RECUSE_SELF, Right.DELEGATE, Right.PROPOSE_THEMES})
_PANEL = _MEMBER | {
    Right.RECUSE,
    Right.ARRANGE,
    Right.ATTEST,
    Right.TAKE,
    Right.ATTENDANCE,
    Right.SUSPEND,
    Right.RELATE,
    Right.PROPOSE,
}
_LOCAL_PANEL = _PANEL | {Right.HAND_OVER_HERE}
_POLICY = frozenset(
    {
        Right.PROPOSE_THEMES,
        Right.MANAGE_THEMES,
        Right.CONSULT,
        Right.ASSESS_SIGNALS,
        Right.FOLLOW_UP,
    }
)
# Of those whose task it is that all locations answer alike, and of nobody else.
_NATIONAL = frozenset({Right.COMPARE})
_SECRETARIAT = _PANEL | {Right.HOLD}
_CHAIR = frozenset({Right.PLACE, Right.APPROVE})
_LOCAL_SECRETARIAT = _LOCAL_PANEL | {Right.HOLD}
_ADMINISTRATION = frozenset(
    {
        Right.ADMINISTER,
        Right.MANAGE_PEOPLE,
        Right.FOLLOW,
        Right.HAND_OVER,
        Right.HOLD,
        Right.DISCLOSE,
        Right.PUBLISH,
        Right.SUBSCRIBE,
        Right.RETAIN,
    }
)
_TEXT = frozenset({Shown.TEXT})

_ROWS = (
    Row(Role.OFFICER, False, Knows.OWN, _ALL, Acts.OWN, _OFFICER),
    Row(Role.OFFICER, True, Knows.OWN, _ALL, Acts.OWN, _OFFICER),
    Row(Role.SECRETARY, False, Knows.LOCATION, _ALL, Acts.BEFORE_PANEL, _LOCAL_SECRETARIAT),
    Row(Role.SECRETARY, True, Knows.REFERRED_UP, _ALL, Acts.BEFORE_PANEL, _SECRETARIAT | _NATIONAL),
    Row(Role.CHAIR, False, Knows.LOCATION, _ALL, Acts.BEFORE_PANEL, _LOCAL_SECRETARIAT | _CHAIR),
    Row(
        Role.CHAIR,
        True,
        Knows.REFERRED_UP,
        _ALL,
        Acts.BEFORE_PANEL,
        _SECRETARIAT | _CHAIR | _NATIONAL,
    ),
    # The procedure gives a member nothing to record; they read what their panel reads.
    Row(Role.MEMBER, False, Knows.LOCATION, _ALL, Acts.BEFORE_PANEL, _MEMBER),
    Row(Role.MEMBER, True, Knows.REFERRED_UP, _ALL, Acts.BEFORE_PANEL, _MEMBER | _NATIONAL),
    # What a theme is about is told by the cases under it; whose they are is not.
    Row(Role.POLICY_ADVISER, False, Knows.THEMED, _TEXT, rights=_POLICY),
    Row(
        Role.POLICY_ADVISER,
        True,
        Knows.THEMED,
        _TEXT,
        rights=_POLICY | _NATIONAL | {Right.ANSWER_PARLIAMENT},
    ),
    # From a figure down to its escalations, and no further.
    Row(Role.MANAGER, False, Knows.LOCATION),
    Row(
        Role.MANAGER,
        True,
        Knows.ALL,
        rights=frozenset({Right.PUBLISH, Right.ANSWER_PARLIAMENT}),
    ),
    # One administration for the whole organisation: at a location there is nothing to manage.
    Row(Role.ADMINISTRATOR, False, Knows.NONE),
    Row(Role.ADMINISTRATOR, True, Knows.NONE, rights=_ADMINISTRATION),
    Row(
        Role.AUDITOR,
        False,
        Knows.LOCATION,
        _ALL,
        rights=frozenset({Right.LOOK_IN, Right.AUDIT}),
    ),
    Row(
        Role.AUDITOR,
        True,
        Knows.ALL,
        _ALL,
        rights=frozenset({Right.LOOK_IN, Right.FOLLOW, Right.AUDIT, Right.AUDIT_CHANGES}),
    ),
)

TABLE: Mapping[tuple[Role, bool], Row] = {(one.role, one.national): one for one in _ROWS}
