"""People as the product knows them, in which capacity they act where, and how they sign in."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from kdt.store.metadata import metadata

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    # What the ledger knows the person by: random, so that it says nothing once this row is gone.
    Column("key", Uuid, nullable=False, unique=True, server_default=func.gen_random_uuid()),
    Column("label", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    # When they last signed in with the organisation; an example person never does.
    Column("signed_in_at", DateTime(timezone=True)),
)

grants = Table(
    "grants",
    metadata,
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    # NULL: nationally, or all locations.
    Column("location", Text),
    UniqueConstraint("person", "role", "location", postgresql_nulls_not_distinct=True),
)

sessions = Table(
    "sessions",
    metadata,
    # Of the random token the browser holds.
    Column("digest", LargeBinary, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("used_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Which browser, as coarsely as its user recognises it.
    Column("browser", Text, nullable=False, server_default=""),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    # When its person last proved who they are, where the provider said so.
    Column("proven_at", DateTime(timezone=True)),
    Index("ix_sessions_expires_at", "expires_at"),
    Index("ix_sessions_person", "person"),
)

# Somebody is on their way to the provider and back.
sign_ins = Table(
    "sign_ins",
    metadata,
    # Of the state sent along, and of the random token that the browser holds meanwhile.
    Column("state", LargeBinary, primary_key=True),
    Column("browser", LargeBinary, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("onward", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_sign_ins_expires_at", "expires_at"),
)

# What a claim of the provider makes somebody here.
mappings = Table(
    "mappings",
    metadata,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("claim", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("role", Text, nullable=False),
    # NULL: nationally, or all locations; *: the location that the star in the value stands for.
    Column("location", Text),
    UniqueConstraint("claim", "value", "role", "location", postgresql_nulls_not_distinct=True),
    CheckConstraint("location <> '*' or strpos(value, '*') > 0", name="star_to_read_from"),
)

delegations = Table(
    "delegations",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    # Who is away, and who stands in for them.
    Column("giver", Text, ForeignKey("people.id"), nullable=False),
    Column("taker", Text, ForeignKey("people.id"), nullable=False),
    Column("role", Text, nullable=False),
    Column("location", Text),
    # Both included; ending it early brings the last day forward.
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    CheckConstraint("giver <> taker", name="another"),
    Index("ix_delegations_taker", "taker", "last_on"),
    Index("ix_delegations_giver", "giver", "last_on"),
)

recusals = Table(
    "recusals",
    metadata,
    Column("escalation_id", Text, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    # In which capacity they would have taken part.
    Column("role", Text, nullable=False),
    Column("location", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
)

hand_overs = Table(
    "hand_overs",
    metadata,
    # Who goes on with it now; who brought it stays who brought it.
    Column("escalation_id", Text, primary_key=True),
    Column("holder", Text, ForeignKey("people.id"), nullable=False),
    Index("ix_hand_overs_holder", "holder"),
)

stated_purposes = Table(
    "stated_purposes",
    metadata,
    # For one day in Amsterdam.
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("escalation_id", Text, primary_key=True),
    Column("stated_on", Date, primary_key=True),
    Column("purpose", Text, nullable=False),
)

stand_ins = Table(
    "stand_ins",
    metadata,
    # An entry of the log, and for whom it was recorded besides who recorded it.
    Column("escalation_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
)

# How many requests somebody may still make now. Lost in a crash without harm, so not written twice.
rates = Table(
    "rates",
    metadata,
    # A person's id, or the address of who is not signed in; the kind before it.
    Column("who", Text, primary_key=True),
    Column("room", Double, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)

requests = Table(
    "requests",
    metadata,
    # What a repeated request gets back: ids and status, never text.
    Column("person", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Index("ix_requests_expires_at", "expires_at"),
)

# An address at which a calendar program fetches the meetings of one panel, or of every panel its
# owner sits in (no panel).
feeds = Table(
    "feeds",
    metadata,
    # Of the random token in the address.
    Column("digest", LargeBinary, primary_key=True),
    Column("person", Text, ForeignKey("people.id"), nullable=False),
    Column("panel", Text),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("person", "panel", postgresql_nulls_not_distinct=True),
)

# Where somebody is told that something waits for them, as the provider said when they signed in.
mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("person", Text, ForeignKey("people.id"), primary_key=True),
    Column("address", Text, nullable=False),
)
