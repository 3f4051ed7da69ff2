"""The record and what is read from it.

`entries` is the log: append-only, codes and opaque ids alone. Prose, staff identities and case
numbers stand in rows of their own, each with the salt of its digest, so that they can be destroyed
while the log stays whole. All else here is a projection, folded from the log.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.store.metadata import metadata

record = Table(
    "record",
    metadata,
    # One row: whether this is a demonstration, decided before the first entry.
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("demo", Boolean, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("id = 1", name="one"),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("file_digest", LargeBinary, nullable=False),
    Column("imported_by", Text, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# How many considerations a file brought, by the day each was and the day it says it was recorded:
# counted when it came in, for its entries stay as they are.
import_days = Table(
    "import_days",
    metadata,
    Column("import_id", Uuid, ForeignKey("imports.id"), primary_key=True),
    Column("occurred_on", Date, primary_key=True),
    Column("recorded_on", Date, primary_key=True),
    Column("considered", Integer, nullable=False),
)

cases = Table("cases", metadata, Column("id", Uuid, primary_key=True))

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("case_id", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("number", Text, unique=True),
    Column("salt", LargeBinary),
    Column("destroyed_on", Date),
    CheckConstraint(
        "(number is null) = (destroyed_on is not null) and (number is null) = (salt is null)",
        name="number_or_destroyed",
    ),
)

entries = Table(
    "entries",
    metadata,
    Column("position", BigInteger, Identity(always=True), primary_key=True),
    Column("escalation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("ref", Text, nullable=False, unique=True),
    Column("action", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # The day of recorded_at in Amsterdam: what a reference date is held against.
    Column("recorded_on", Date, nullable=False),
    Column("import_id", Uuid, ForeignKey("imports.id")),
    Column("content", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("escalation_id", "seq"),
    CheckConstraint("occurred_on <= recorded_on", name="not_in_the_future"),
    Index("ix_entries_recorded_at", "recorded_at", "position"),
    # What figures rest on: considerations by day, and since when KDT itself was kept.
    Index(
        "ix_entries_considered",
        "occurred_on",
        "recorded_on",
        "import_id",
        postgresql_where=text("action = 'consider'"),
    ),
    Index("ix_entries_corrected", "escalation_id", postgresql_where=text("action = 'correct'")),
    Index(
        "ix_entries_own",
        "recorded_on",
        postgresql_where=text("import_id is null"),
    ),
)

entry_people = Table(
    "entry_people",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("person", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["escalation_id", "seq"],
        ["entries.escalation_id", "entries.seq"],
        deferrable=True,
        initially="DEFERRED",
    ),
)

entry_texts = Table(
    "entry_texts",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("content", Text),
    Column("salt", LargeBinary),
    Column("destroyed_on", Date),
    ForeignKeyConstraint(
        ["escalation_id", "seq"],
        ["entries.escalation_id", "entries.seq"],
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint("(content is null) = (destroyed_on is not null)", name="text_or_destroyed"),
)

escalations = Table(
    "escalations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", SmallInteger, nullable=False),
    # NULL when even the opening was voided.
    Column("phase", Text),
    Column("level", Text),
    Column("case_id", Uuid, ForeignKey("cases.id"), nullable=False),
    Column("location", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("brought_by", Text),
    Column("decide_by", Date),
    Column("last_on", Date, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("panel", Text),
    Column("meeting_on", Date),
    Column("reached", ARRAY(Text), nullable=False),
    Column("waiting_since", Date),
    Column("held_over", Integer, nullable=False),
    Column("unresolved_at", Text),
    Column("unresolved_last", Boolean, nullable=False),
    # The head of its chain.
    Column("seq", Integer, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # `decide_by`, moved by what suspends the term; NULL while it is suspended until nobody knows.
    Column("deadline", Date),
    CheckConstraint(
        "(phase = 'listed') = (panel is not null and meeting_on is not null)",
        name="listed_for_a_meeting",
    ),
    # A panel's queue and agenda, and a person's own work.
    Index(
        "ix_escalations_waiting",
        "level",
        "location",
        "waiting_since",
        "id",
        postgresql_where=text("phase in ('queued', 'listed')"),
    ),
    # The same in the order of the agenda, for a panel that takes from every location.
    Index(
        "ix_escalations_queue",
        "level",
        text("unresolved_last DESC"),
        "deadline",
        text("held_over DESC"),
        "waiting_since",
        "id",
        postgresql_where=text("phase in ('queued', 'listed')"),
    ),
    Index(
        "ix_escalations_last_on",
        text("last_on DESC"),
        "id",
        postgresql_where=text("phase is not null"),
    ),
    Index(
        "ix_escalations_unresolved_at",
        "unresolved_at",
        postgresql_where=text("unresolved_at is not null"),
    ),
    # What came to nothing, by when.
    Index(
        "ix_escalations_ended",
        "phase",
        "last_on",
        "level",
        postgresql_where=text("phase in ('withdrawn', 'lapsed')"),
    ),
    # What officers still owe a panel.
    Index(
        "ix_escalations_owed",
        "level",
        "location",
        "last_on",
        "id",
        postgresql_where=text("phase in ('in_inquiry', 'settled')"),
    ),
    # What must be decided first.
    Index(
        "ix_escalations_pressing",
        "location",
        "deadline",
        "id",
        postgresql_where=text(
            "phase in ('draft', 'queued', 'listed', 'returned', 'in_inquiry') "
            "and deadline is not null"
        ),
    ),
    Index("ix_escalations_agenda", "panel", "meeting_on"),
    Index("ix_escalations_brought_by", "brought_by", "phase"),
    Index("ix_escalations_case_id", "case_id"),
)

# Days on which the legal term of a case does not run, by the number of the fact that says so.
suspensions = Table(
    "suspensions",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("first_on", Date, nullable=False),
    # NULL as long as nobody knows.
    Column("last_on", Date),
    Column("ground", Text, nullable=False),
    CheckConstraint("last_on >= first_on", name="in_order"),
)

# Which family an escalation is in now, by the number of the fact that says so.
family_members = Table(
    "family_members",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Index("ix_family_members_family", "family"),
)

considerations = Table(
    "considerations",
    metadata,
    Column(
        "escalation_id",
        Text,
        ForeignKey("escalations.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
    ),
    # The entry that recorded it; what stands may come from a later correction.
    Column("seq", Integer, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    Column("panel", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ruling", Text),
    Column("inquiry", Text),
    Column("referral", Text),
    Column("settles", Boolean, nullable=False),
    Column("imported", Boolean, nullable=False),
    # By when an inquiry that was ordered is due.
    Column("due_on", Date),
    Index("ix_considerations_case_id", "case_id"),
    Index("ix_considerations_panel", "panel", "occurred_on"),
    # What panels discussed since they work with KDT.
    Index(
        "ix_considerations_own",
        "panel",
        "occurred_on",
        postgresql_where=text("not imported"),
    ),
    # What a level held over, and how often.
    Index(
        "ix_considerations_held_over",
        "level",
        "escalation_id",
        postgresql_include=["occurred_on"],
        postgresql_where=text("outcome = 'held_over'"),
    ),
    # The inquiries a panel ordered, and those ordered in a case before: counted from these alone.
    Index(
        "ix_considerations_inquiry",
        "panel",
        "occurred_on",
        postgresql_include=["case_id", "inquiry", "escalation_id", "seq"],
        postgresql_where=text("inquiry is not null"),
    ),
    Index(
        "ix_considerations_ordered",
        "case_id",
        "inquiry",
        "occurred_on",
        postgresql_include=["escalation_id", "seq"],
        postgresql_where=text("inquiry is not null"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    # A reader takes what is below the oldest running transaction: ids alone would skip an entry
    # that commits late.
    Column("transaction", BigInteger, nullable=False),
    Column("escalation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("ix_outbox_transaction", "transaction", "id"),
)

# What was proposed as an outcome, each by its number in the ledger's chain of the escalation: there
# stand who did, and the reasons. The newest counts, until its panel has considered it.
proposals = Table(
    "proposals",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    # How many considerations it had behind it.
    Column("round", SmallInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("ruling", Text),
    Column("inquiry", Text),
    Column("referral", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

# What members of the panel say of an item before it is taken, likewise; of each seat the newest
# counts.
positions = Table(
    "positions",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("round", SmallInteger, nullable=False),
    # Whose seat it is: of who spoke, or of whom they stood in for.
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("stance", Text, nullable=False),
    # The number of the proposal there was.
    Column("proposal", Integer),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

# The considerations that were recorded as proposed, without discussion, by the ref of their entry.
consents = Table(
    "consents",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("escalation_id", Text, nullable=False),
)

# That whoever goes on with a case is to be told of an answer: made with the consideration itself,
# so that the row decides that it is told once. What was imported is told to nobody.
notices = Table(
    "notices",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # What became of it, as a code, and when.
    Column("told", Text),
    Column("told_at", DateTime(timezone=True)),
    Index(
        "ix_notices_recorded_at",
        "recorded_at",
        postgresql_where=text("told is null or told = 'sending'"),
    ),
)
