"""The record: an append-only log, what stands apart from it, and what is read from it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from kdt.store.grants import grant

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:
    op.create_table(
        "case_days",
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("previous", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "occurred_on",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
            "previous",
            name=op.f("pk_case_days"),
        ),
    )
    op.create_index("ix_case_days_recorded_on", "case_days", ["recorded_on"], unique=False)
    op.create_table(
        "case_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("previous", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_deltas")),
    )
    op.create_table(
        "case_months",
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("previous", postgresql.ARRAY(sa.Date()), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "occurred_on",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
            "previous",
            name=op.f("pk_case_months"),
        ),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.LargeBinary(), nullable=False),
        sa.Column("imported_by", sa.Text(), nullable=False),
        sa.Column(
            "imported_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "locations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_transaction", "outbox", ["transaction", "id"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_record_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record")),
    )
    op.create_table(
        "requests",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_requests")),
    )
    op.create_index("ix_requests_expires_at", "requests", ["expires_at"], unique=False)
    op.create_table(
        "tally_days",
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("n_referred", sa.Integer(), nullable=False),
        sa.Column("n_considered", sa.Integer(), nullable=False),
        sa.Column("n_decisions", sa.Integer(), nullable=False),
        sa.Column("n_decisions_in_favour", sa.Integer(), nullable=False),
        sa.Column("n_decisions_against", sa.Integer(), nullable=False),
        sa.Column("n_decisions_other", sa.Integer(), nullable=False),
        sa.Column("n_interviews_ordered", sa.Integer(), nullable=False),
        sa.Column("n_investigations_ordered", sa.Integer(), nullable=False),
        sa.Column("n_inquiries_not_needed", sa.Integer(), nullable=False),
        sa.Column("n_information_requested", sa.Integer(), nullable=False),
        sa.Column("n_referred_up", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_not_settled", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_belongs_nationally", sa.Integer(), nullable=False),
        sa.Column("n_held_over", sa.Integer(), nullable=False),
        sa.Column("n_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_open_after_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_withdrawn", sa.Integer(), nullable=False),
        sa.Column("n_lapsed", sa.Integer(), nullable=False),
        sa.Column("n_reopened", sa.Integer(), nullable=False),
        sa.Column("n_entered", sa.Integer(), nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "occurred_on",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
            name=op.f("pk_tally_days"),
        ),
    )
    op.create_index("ix_tally_days_recorded_on", "tally_days", ["recorded_on"], unique=False)
    op.create_table(
        "tally_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("n_referred", sa.Integer(), nullable=False),
        sa.Column("n_considered", sa.Integer(), nullable=False),
        sa.Column("n_decisions", sa.Integer(), nullable=False),
        sa.Column("n_decisions_in_favour", sa.Integer(), nullable=False),
        sa.Column("n_decisions_against", sa.Integer(), nullable=False),
        sa.Column("n_decisions_other", sa.Integer(), nullable=False),
        sa.Column("n_interviews_ordered", sa.Integer(), nullable=False),
        sa.Column("n_investigations_ordered", sa.Integer(), nullable=False),
        sa.Column("n_inquiries_not_needed", sa.Integer(), nullable=False),
        sa.Column("n_information_requested", sa.Integer(), nullable=False),
        sa.Column("n_referred_up", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_not_settled", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_belongs_nationally", sa.Integer(), nullable=False),
        sa.Column("n_held_over", sa.Integer(), nullable=False),
        sa.Column("n_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_open_after_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_withdrawn", sa.Integer(), nullable=False),
        sa.Column("n_lapsed", sa.Integer(), nullable=False),
        sa.Column("n_reopened", sa.Integer(), nullable=False),
        sa.Column("n_entered", sa.Integer(), nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally_deltas")),
    )
    op.create_table(
        "tally_months",
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("n_referred", sa.Integer(), nullable=False),
        sa.Column("n_considered", sa.Integer(), nullable=False),
        sa.Column("n_decisions", sa.Integer(), nullable=False),
        sa.Column("n_decisions_in_favour", sa.Integer(), nullable=False),
        sa.Column("n_decisions_against", sa.Integer(), nullable=False),
        sa.Column("n_decisions_other", sa.Integer(), nullable=False),
        sa.Column("n_interviews_ordered", sa.Integer(), nullable=False),
        sa.Column("n_investigations_ordered", sa.Integer(), nullable=False),
        sa.Column("n_inquiries_not_needed", sa.Integer(), nullable=False),
        sa.Column("n_information_requested", sa.Integer(), nullable=False),
        sa.Column("n_referred_up", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_not_settled", sa.Integer(), nullable=False),
        sa.Column("n_referred_up_belongs_nationally", sa.Integer(), nullable=False),
        sa.Column("n_held_over", sa.Integer(), nullable=False),
        sa.Column("n_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_open_after_unresolved", sa.Integer(), nullable=False),
        sa.Column("n_withdrawn", sa.Integer(), nullable=False),
        sa.Column("n_lapsed", sa.Integer(), nullable=False),
        sa.Column("n_reopened", sa.Integer(), nullable=False),
        sa.Column("n_entered", sa.Integer(), nullable=False),
        sa.Column("n_left", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "occurred_on",
            "recorded_on",
            "level",
            "location",
            "question",
            "ground",
            name=op.f("pk_tally_months"),
        ),
    )
    op.create_table(
        "themes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
    )
    op.create_table(
        "case_numbers",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_numbers_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_numbers")),
        sa.UniqueConstraint("number", name=op.f("uq_case_numbers_number")),
    )
    op.create_table(
        "entries",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("occurred_on <= recorded_on", name=op.f("ck_entries_not_in_the_future")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_entries_import_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_entries")),
        sa.UniqueConstraint("escalation_id", "seq", name=op.f("uq_entries_escalation_id_seq")),
        sa.UniqueConstraint("ref", name=op.f("uq_entries_ref")),
    )
    op.create_index("ix_entries_recorded_at", "entries", ["recorded_at", "position"], unique=False)
    op.create_table(
        "escalations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("brought_by", sa.Text(), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("reached", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("held_over", sa.Integer(), nullable=False),
        sa.Column("unresolved_at", sa.Text(), nullable=True),
        sa.Column("unresolved_last", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(phase = 'listed') = (panel is not null and meeting_on is not null)",
            name=op.f("ck_escalations_listed_for_a_meeting"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_escalations_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index("ix_escalations_agenda", "escalations", ["panel", "meeting_on"], unique=False)
    op.create_index(
        "ix_escalations_brought_by", "escalations", ["brought_by", "phase"], unique=False
    )
    op.create_index("ix_escalations_case_id", "escalations", ["case_id"], unique=False)
    op.create_index(
        "ix_escalations_waiting",
        "escalations",
        ["level", "location", "waiting_since", "id"],
        unique=False,
        postgresql_where=sa.text("phase in ('queued', 'listed')"),
    )
    op.create_table(
        "grants",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_grants_person")),
        sa.UniqueConstraint(
            "person",
            "role",
            "location",
            name=op.f("uq_grants_person_role_location"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "location_terms",
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["location"], ["locations.id"], name=op.f("fk_location_terms_location")
        ),
        sa.PrimaryKeyConstraint(
            "location", "effective_on", "recorded_at", name=op.f("pk_location_terms")
        ),
    )
    op.create_table(
        "panels",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("weekdays", postgresql.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.CheckConstraint(
            "weekdays <@ array[1,2,3,4,5,6,7]::smallint[]", name=op.f("ck_panels_weekdays")
        ),
        sa.ForeignKeyConstraint(["location"], ["locations.id"], name=op.f("fk_panels_location")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panels")),
        sa.UniqueConstraint(
            "level",
            "location",
            name=op.f("uq_panels_level_location"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_sessions_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_table(
        "theme_tags",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("amount in (-1, 1)", name=op.f("ck_theme_tags_amount")),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_theme_tags_theme")),
        sa.PrimaryKeyConstraint(
            "escalation_id", "seq", "changed_by", "amount", name=op.f("pk_theme_tags")
        ),
    )
    op.create_index("ix_theme_tags_theme", "theme_tags", ["theme", "occurred_on"], unique=False)
    op.create_table(
        "theme_terms",
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status in ('proposed', 'confirmed', 'closed')", name=op.f("ck_theme_terms_status")
        ),
        sa.ForeignKeyConstraint(["theme"], ["themes.id"], name=op.f("fk_theme_terms_theme")),
        sa.PrimaryKeyConstraint("theme", "recorded_at", name=op.f("pk_theme_terms")),
    )
    op.create_table(
        "considerations",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("inquiry", sa.Text(), nullable=True),
        sa.Column("referral", sa.Text(), nullable=True),
        sa.Column("settles", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name=op.f("fk_considerations_escalation_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_considerations")),
    )
    op.create_index("ix_considerations_case_id", "considerations", ["case_id"], unique=False)
    op.create_index(
        "ix_considerations_level", "considerations", ["level", "occurred_on"], unique=False
    )
    op.create_index(
        "ix_considerations_panel", "considerations", ["panel", "occurred_on"], unique=False
    )
    op.create_table(
        "entry_people",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id", "seq"],
            ["entries.escalation_id", "entries.seq"],
            name=op.f("fk_entry_people_escalation_id_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_entry_people")),
    )
    op.create_table(
        "entry_texts",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(content is null) = (destroyed_on is not null)",
            name=op.f("ck_entry_texts_text_or_destroyed"),
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id", "seq"],
            ["entries.escalation_id", "entries.seq"],
            name=op.f("fk_entry_texts_escalation_id_seq"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("escalation_id", "seq", "field", name=op.f("pk_entry_texts")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["panel"], ["panels.id"], name=op.f("fk_meetings_panel")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("panel", "held_on", name=op.f("uq_meetings_panel_held_on")),
    )
    op.create_index("ix_meetings_held_on", "meetings", ["held_on"], unique=False)
    op.create_table(
        "panel_terms",
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["panel"], ["panels.id"], name=op.f("fk_panel_terms_panel")),
        sa.PrimaryKeyConstraint(
            "panel", "effective_on", "recorded_at", name=op.f("pk_panel_terms")
        ),
    )
    _refuse_changes("entries")
    for table in ADDED_ONLY:
        grant(table, "SELECT", "INSERT")
    for table in PROJECTIONS:
        grant(table, "SELECT", "INSERT", "UPDATE", "DELETE")


# What is only ever added to.
ADDED_ONLY = (
    "record",
    "imports",
    "cases",
    "case_numbers",
    "entries",
    "entry_people",
    "entry_texts",
    "outbox",
    "locations",
    "location_terms",
    "panel_terms",
    "themes",
    "theme_terms",
    "theme_tags",
    "people",
    "grants",
    "meetings",
)
# What can be folded from the log again, and what expires.
PROJECTIONS = (
    "escalations",
    "considerations",
    "panels",
    "requests",
    "sessions",
    "tally_deltas",
    "tally_days",
    "tally_months",
    "case_deltas",
    "case_days",
    "case_months",
)


def _refuse_changes(table: str) -> None:
    """The log is append-only for everyone, its owner included: by right and by trigger."""
    op.execute("""
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'table % is append-only', tg_table_name
                using errcode = 'insufficient_privilege';
        end $$
    """)
    op.execute(f"""
        create trigger {table}_append_only before update or delete or truncate on {table}
        for each statement execute function refuse_change()
    """)
    op.execute(f"alter table {table} enable always trigger {table}_append_only")


def downgrade() -> None:
    # What is recorded cannot be had again: only an empty record goes back.
    if op.get_bind().scalar(sa.text("select exists (select from entries)")):
        raise RuntimeError("the record holds entries; a downgrade would lose them")
    op.drop_table("panel_terms")
    op.drop_index("ix_meetings_held_on", table_name="meetings")
    op.drop_table("meetings")
    op.drop_table("entry_texts")
    op.drop_table("entry_people")
    op.drop_index("ix_considerations_panel", table_name="considerations")
    op.drop_index("ix_considerations_level", table_name="considerations")
    op.drop_index("ix_considerations_case_id", table_name="considerations")
    op.drop_table("considerations")
    op.drop_table("theme_terms")
    op.drop_index("ix_theme_tags_theme", table_name="theme_tags")
    op.drop_table("theme_tags")
    op.drop_index("ix_sessions_expires_at", table_name="sessions")
    op.drop_table("sessions")
    op.drop_table("panels")
    op.drop_table("location_terms")
    op.drop_table("grants")
    op.drop_index(
        "ix_escalations_waiting",
        table_name="escalations",
        postgresql_where=sa.text("phase in ('queued', 'listed')"),
    )
    op.drop_index("ix_escalations_case_id", table_name="escalations")
    op.drop_index("ix_escalations_brought_by", table_name="escalations")
    op.drop_index("ix_escalations_agenda", table_name="escalations")
    op.drop_table("escalations")
    op.drop_index("ix_entries_recorded_at", table_name="entries")
    op.drop_table("entries")
    op.drop_table("case_numbers")
    op.drop_table("themes")
    op.drop_table("tally_months")
    op.drop_table("tally_deltas")
    op.drop_index("ix_tally_days_recorded_on", table_name="tally_days")
    op.drop_table("tally_days")
    op.drop_index("ix_requests_expires_at", table_name="requests")
    op.drop_table("requests")
    op.drop_table("record")
    op.drop_table("people")
    op.drop_index("ix_outbox_transaction", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("locations")
    op.drop_table("imports")
    op.drop_table("cases")
    op.drop_table("case_months")
    op.drop_table("case_deltas")
    op.drop_index("ix_case_days_recorded_on", table_name="case_days")
    op.drop_table("case_days")
    op.execute("drop function refuse_change()")
