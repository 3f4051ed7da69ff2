"""What is read of the ledger's subjects must be what folding their facts gives: places, panels, the
calendar and themes, people and what they may do, who takes part in a case, what was imported.

No fact says when somebody last signed in, when a file was read or since when there is a record, nor
the moment beside a recusal: these are not compared. What stands in no table of its own, and is read
from the ledger itself, needs no comparing (`READ_ITSELF`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

from sqlalchemy import Connection, text

from kdt import words
from kdt.ledger.table import Subject
from kdt.verify.findings import Report, subject
from kdt.verify.fold_rows import Rows
from kdt.verify.folds import FOLDS
from kdt.verify.ledger import Fact

# Each table of a subject: whose the row is, and the row.
STORED: Mapping[Subject, Mapping[str, str]] = {
    Subject.RECORD: {
        "record": "select 'record' from record where demo",
        "deadline_warnings": """
            select 'record', effective_on, days, recorded_by, recorded_at from deadline_warnings
        """,
        "imports": """
            select 'record', id::text, file_name, encode(file_digest, 'hex'), imported_by
            from imports
        """,
    },
    Subject.LOCATION: {
        "locations": "select id from locations",
        "location_terms": """
            select location, effective_on, name, open, recorded_by, recorded_at from location_terms
        """,
        "location_go_lives": """
            select location, live_on, recorded_by, recorded_at from location_go_lives
        """,
    },
    Subject.PANEL: {
        "panels": "select id, level, location, weekdays::text, starts_at from panels",
        "panel_terms": """
            select panel, effective_on, name, open, recorded_by, recorded_at from panel_terms
        """,
        "panel_patterns": """
            select panel, effective_on, weekdays::text, starts_at, place, cut_off_days,
                cut_off_hours, capacity, item_minutes, attendance, recorded_by, recorded_at
            from panel_patterns
        """,
    },
    Subject.CALENDAR: {
        "calendar_days": """
            select extract(year from day)::text, day, off, name, recorded_by, recorded_at
            from calendar_days
        """,
    },
    Subject.MEETING: {
        "attestations": """
            select meeting::text, attested, considered, reason, recorded_by, recorded_at
            from attestations
        """,
        "meeting_attendance": """
            select meeting::text, person, stands_for, arrived_at, left_at from meeting_attendance
        """,
        "minutes": """
            select meeting::text, encode(sha256(convert_to(content, 'UTF8')), 'hex'), recorded_by,
                recorded_at
            from minutes
        """,
    },
    Subject.RULE: {
        "deadline_rules": """
            select rule, effective_on, name, source, count, unit, extension, open, recorded_by,
                recorded_at
            from deadline_rules
        """,
    },
    Subject.ORDER: {
        "agenda_weights": """
            select 'agenda', effective_on, unresolved, deadline, held_over, waiting, recorded_by,
                recorded_at
            from agenda_weights
        """,
    },
    Subject.THEME: {
        "themes": "select id from themes",
        "theme_terms": """
            select theme, name, description, status, recorded_by, recorded_at from theme_terms
        """,
        "theme_steps": """
            select theme, seq, action, occurred_on, recorded_on, owed_by, due_on, closed_as,
                consultation, target, array_to_string(escalations, ' '), replaces, reasons,
                recorded_by, recorded_at
            from theme_steps
        """,
        "theme_profiles": """
            select theme, stream, owner, array_to_string(codes, E'\n'),
                array_to_string(sources, E'\n'), recorded_by, recorded_at
            from theme_profiles
        """,
    },
    Subject.CONSULTATION: {
        "consultation_terms": """
            select consultation, held_on, form, array_to_string(partners, ' '),
                array_to_string(themes, ' '), stands, array_to_string(participants, E'\n'),
                agreements, recorded_by, recorded_at
            from consultation_terms
        """,
    },
    Subject.SIGNAL: {
        "signal_terms": """
            select signal, source, received_on, at_latest, lawyers, array_to_string(themes, ' '),
                stands, title, concerns, origin, reference, followed, recorded_by, recorded_at
            from signal_terms
        """,
        "signal_views": """
            select signal, assessment, published, assessor, reasons, recorded_by, recorded_at
            from signal_views
        """,
    },
    Subject.TEST: {
        "implementation_test_terms": """
            select test, kind, held_on, person, capability, array_to_string(organisations, ' '),
                stands, title, findings, reference, recorded_by, recorded_at
            from implementation_test_terms
        """,
        "implementation_test_opinions": """
            select test, organisation, satisfaction, said_on, said, reference, recorded_by,
                recorded_at
            from implementation_test_opinions
        """,
    },
    Subject.ADJUSTMENT: {
        "adjustment_terms": """
            select adjustment, kind, status, since, at_latest, decided_by,
                array_to_string(themes, ' '), array_to_string(signals, ' '),
                array_to_string(tests, ' '), stands, title, content, reasons, reference,
                recorded_by, recorded_at
            from adjustment_terms
        """,
    },
    Subject.QUESTION: {
        "parliamentary_question_terms": """
            select question, chamber, asked_on, array_to_string(measures, ' '), first_on, last_on,
                answered_on, as_of, stands, asked, answer, reference, recorded_by, recorded_at
            from parliamentary_question_terms
        """,
    },
    Subject.SUBSCRIPTION: {
        "event_subscription_terms": """
            select subscription, address, stands, recorded_by, recorded_at
            from event_subscription_terms
        """,
    },
    Subject.FORUM: {
        "forum_steps": """
            select item, seq, fact, occurred_on, escalation, theme, words, recorded_by, recorded_at
            from forum_steps
        """,
    },
    # Whoever is not among the people is named by their id.
    Subject.PERSON: {
        "people": "select key::text, id, label, disabled from people",
        "grants": """
            select coalesce(key::text, person), role, location
            from grants left join people on people.id = person
        """,
        "delegations": """
            select coalesce(key::text, giver), taker, role, location, first_on, last_on
            from delegations left join people on people.id = giver
        """,
    },
    Subject.MAPPING: {"mappings": "select id::text, claim, value, role, location from mappings"},
    Subject.ESCALATION: {
        "recusals": "select escalation_id, person, role, location from recusals",
        "hand_overs": "select escalation_id, holder from hand_overs",
        "stated_purposes": "select escalation_id, person, stated_on, purpose from stated_purposes",
        "stand_ins": """
            select escalation_id, coalesce(ref, seq::text), person
            from stand_ins left join entries using (escalation_id, seq)
        """,
        "suspensions": """
            select escalation_id, seq, first_on, last_on, ground from suspensions
        """,
        "family_members": "select escalation_id, family, seq from family_members",
        "proposals": """
            select escalation_id, seq, round, role, outcome, ruling, inquiry, referral, recorded_at
            from proposals
        """,
        "positions": """
            select escalation_id, seq, round, person, role, stance, proposal, recorded_at
            from positions
        """,
        "consents": "select escalation_id, ref from consents",
    },
}
# Read from the ledger itself. The list of a destruction and the read log stand apart: they are held
# against their digests in `retention.py`, `reads.py` and `publications.py`.
READ_ITSELF = frozenset(
    {
        Subject.READS,
        Subject.TERM,
        Subject.HOLD,
        Subject.DESTRUCTION,
        Subject.REQUEST,
        Subject.PUBLICATION,
    }
)


def compare(connection: Connection, facts: Iterable[Fact], report: Report) -> None:
    """Fold the facts, which come chain by chain, and name the subjects of which another thing is
    read than follows from them."""
    stored = _stored(connection)
    for (kind, one), its in groupby(facts, key=lambda fact: (fact.subject, fact.id)):
        told = list(its)
        if kind in FOLDS:
            _differences(kind, one, _folded(told, report), stored.pop((kind, one), {}), report)
    for (kind, one), rows in sorted(stored.items()):
        _differences(kind, one, {}, rows, report)


def _differences(kind: str, one: str, said: Rows, stored: Rows, report: Report) -> None:
    for table in STORED[Subject(kind)]:
        expected, found = Counter(said.get(table, ())), Counter(stored.get(table, ()))
        what = words.say(f"standing.{table}")
        if found - expected:
            report.add("standing_stray", where=subject(kind, one), what=what)
        if expected - found:
            report.add("standing_missing", where=subject(kind, one), what=what)


def _stored(connection: Connection) -> dict[tuple[str, str], Rows]:
    found: dict[tuple[str, str], Rows] = {}
    for kind, tables in STORED.items():
        for table, query in tables.items():
            for one, *row in connection.execute(text(query)):
                rows = found.setdefault((kind.value, one), {})
                rows.setdefault(table, []).append(tuple(row))
    return found


def _folded(facts: Iterable[Fact], report: Report) -> Rows:
    """What the facts of one subject come to. Whoever may write anything may have written a fact
    that comes to nothing: it is named."""
    rows: Rows = {}
    for fact in facts:
        try:
            FOLDS[Subject(fact.subject)][fact.fact](rows, fact)
        except (KeyError, TypeError, ValueError, AttributeError):
            where = subject(fact.subject, fact.id)
            report.add("unreadable", seq=fact.seq, where=where, part="values")
    return rows
