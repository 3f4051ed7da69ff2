"""What the database itself must hold: constraints that stand, and a log that refuses change."""

from sqlalchemy import Connection, text

from kdt.store.grants import APP_ROLE
from kdt.verify.findings import Report

# The bits of pg_trigger.tgtype: before, delete, update and truncate; the row bit is not set.
_REFUSES = 2 | 8 | 16 | 32
_TRIGGER = text("""
    select exists (
        select from pg_trigger join pg_proc on pg_proc.oid = tgfoid
        where tgrelid = cast(:log as regclass) and tgenabled = 'A' and tgtype & :all = :all
          and tgqual is null and prosrc ilike '%raise exception%'
    )
""").bindparams(all=_REFUSES)
# The application adds to these, and can do nothing else with them.
_ADDED_ONLY = (
    "entries", "ledger", "reads", "processings", "imports", "cases", "outbox", "theme_tags",
    "themes", "publications", "import_days",
)  # fmt: skip
_RIGHTS = text("""
    select name, asked from unnest(cast(:tables as text[])) as name,
        unnest(array['UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) as asked
    where has_table_privilege(cast(:role as text), name, asked)
    order by name, asked
""").bindparams(tables=list(_ADDED_ONLY), role=APP_ROLE)

# Each a question whose every answer is wrong: held by constraints too, which could be dropped.
_TWICE = {
    "ref_twice": "select ref from entries group by ref having count(*) > 1",
    "entry_twice": """
        select escalation_id || ' ' || seq from entries
        group by escalation_id, seq having count(*) > 1
    """,
    "state_twice": "select id from escalations group by id having count(*) > 1",
    "meeting_twice": """
        select panel || ' ' || held_on from meetings group by panel, held_on having count(*) > 1
    """,
    "panel_twice": """
        select min(id) from panels group by level, location having count(*) > 1
    """,
}
# A repeated request is answered from its row: that must speak of what the ledger holds, or of
# entries that are there.
_ANSWERS = text("""
    select requests.person, requests.key from requests
    where not exists (
        select from ledger
        where ledger.subject = answer ->> 'subject' and ledger.subject_id = answer ->> 'id'
    ) and (
       not coalesce(jsonb_typeof(answer -> 'refs') = 'array', false)
       or jsonb_array_length(answer -> 'refs') = 0
       or exists (
            select from jsonb_array_elements_text(answer -> 'refs') as given
            where not exists (
                select from entries
                where entries.ref = given and entries.escalation_id = answer ->> 'escalation'
            )
       )
    )
""")


def check(connection: Connection, report: Report) -> None:
    """Check what the database must hold by itself."""
    for log in ("entries", "ledger", "reads", "processings"):
        if not connection.scalar(_TRIGGER, {"log": log}):
            report.add("unprotected", where=log)
    for row in connection.execute(_RIGHTS):
        report.add("too_much_right", where=row.name, role=APP_ROLE, right=row.asked)
    for code, query in _TWICE.items():
        for found in connection.scalars(text(query)):
            report.add(code, where=found)
    for row in connection.execute(_ANSWERS):
        report.add("request", where=f"requests {row.person} {row.key}")
    entries = connection.scalar(text("select exists (select from entries)"))
    if entries and not connection.scalar(text("select exists (select from record)")):
        report.add("record_missing")
