"""Locations, panels, the calendar, and meetings with their agendas.

Names, closing, patterns and days off are only ever added; of two that speak of the same
day the later recorded counts.
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
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kdt.ledger.table import Subject
from kdt.store.metadata import metadata

locations = Table(
    "locations",
    metadata,
    # The name it was first given: figures and history files carry it, whatever it is called later.
    Column("id", Text, primary_key=True),
)

panels = Table(
    "panels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("location", Text, ForeignKey("locations.id")),
    # Days of the week it meets (Monday is 1), and the hour in Amsterdam, as long as no pattern was
    # entered for it.
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("starts_at", Time, nullable=False),
    UniqueConstraint("level", "location", postgresql_nulls_not_distinct=True),
    CheckConstraint("weekdays <@ array[1,2,3,4,5,6,7]::smallint[]", name="weekdays"),
)


def _recorded() -> list[Column[object]]:
    return [
        Column("recorded_by", Text, nullable=False),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            primary_key=True,
            server_default=func.clock_timestamp(),
        ),
    ]


def _naming() -> list[Column[object]]:
    return [
        Column("effective_on", Date, primary_key=True),
        Column("name", Text, nullable=False),
        Column("open", Boolean, nullable=False),
        *_recorded(),
    ]


location_terms = Table(
    "location_terms",
    metadata,
    Column("location", Text, ForeignKey("locations.id"), primary_key=True),
    *_naming(),
)

panel_terms = Table(
    "panel_terms",
    metadata,
    Column("panel", Text, ForeignKey("panels.id"), primary_key=True),
    *_naming(),
)

# Where the terms of each are read.
TERMS = {Subject.LOCATION: location_terms, Subject.PANEL: panel_terms}


# When and how a panel meets, from a day on.
panel_patterns = Table(
    "panel_patterns",
    metadata,
    Column("panel", Text, ForeignKey("panels.id"), primary_key=True),
    Column("effective_on", Date, primary_key=True),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("starts_at", Time, nullable=False),
    # A room or a link.
    Column("place", Text, nullable=False),
    # How long before the meeting its agenda is drawn up: working days, and hours on top of those.
    Column("cut_off_days", SmallInteger, nullable=False),
    Column("cut_off_hours", SmallInteger, nullable=False),
    # In minutes: of a whole meeting, and of one item.
    Column("capacity", SmallInteger, nullable=False),
    Column("item_minutes", SmallInteger, nullable=False),
    # How many must be there.
    Column("attendance", SmallInteger, nullable=False),
    *_recorded(),
    CheckConstraint("weekdays <@ array[1,2,3,4,5,6,7]::smallint[]", name="weekdays"),
    CheckConstraint("capacity >= item_minutes and item_minutes > 0", name="room_for_an_item"),
)

# How much each thing weighs in the order of an agenda, from a day on (kdt.panels.weights).
agenda_weights = Table(
    "agenda_weights",
    metadata,
    Column("effective_on", Date, primary_key=True),
    Column("unresolved", SmallInteger, nullable=False),
    Column("deadline", SmallInteger, nullable=False),
    Column("held_over", SmallInteger, nullable=False),
    Column("waiting", SmallInteger, nullable=False),
    *_recorded(),
)

# From which day the product keeps the agendas of a location.
location_go_lives = Table(
    "location_go_lives",
    metadata,
    Column("location", Text, ForeignKey("locations.id"), primary_key=True),
    Column("live_on", Date, nullable=False),
    *_recorded(),
)

# A year is entered once, whoever knocks; its days then stand below.
calendar_years = Table(
    "calendar_years", metadata, Column("year", Integer, primary_key=True, autoincrement=False)
)

calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Date, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    *_recorded(),
)

meetings = Table(
    "meetings",
    metadata,
    # Kept when it is moved: what was recorded of a meeting stays with it.
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("panel", Text, ForeignKey("panels.id"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("starts_at", Time, nullable=False),
    Column("kind", Text, nullable=False, server_default="regular"),
    # A slot stays taken once its meeting was moved or cancelled, so that no clock plans another.
    Column("status", Text, nullable=False, server_default="planned"),
    Column("moved_to", Date),
    # Whether somebody planned or moved it: then a pattern changes nothing of it.
    Column("by_hand", Boolean, nullable=False, server_default="false"),
    # As the pattern or whoever planned it says; none of it is known of what was only imported.
    Column("place", Text),
    Column("capacity", SmallInteger),
    Column("item_minutes", SmallInteger),
    Column("attendance", SmallInteger),
    # When its agenda is drawn up. What has no such moment is drawn up by hand alone.
    Column("cut_off", DateTime(timezone=True)),
    # The newest version of its agenda; 0 as long as it is not drawn up.
    Column("version", SmallInteger, nullable=False, server_default="0"),
    # Since when the record knows of it: at an earlier reference date it was not planned.
    Column(
        "recorded_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.clock_timestamp(),
    ),
    # The row decides: however many clocks knock, a panel meets once a day.
    UniqueConstraint("panel", "held_on"),
    CheckConstraint("(status = 'moved') = (moved_to is not null)", name="moved_to"),
    Index("ix_meetings_held_on", "held_on"),
    # What the clock looks for.
    Index(
        "ix_meetings_cut_off",
        "cut_off",
        postgresql_where=text("version = 0 and status = 'planned'"),
    ),
)

# A version is never changed; what comes, goes or moves makes the next.
agenda_versions = Table(
    "agenda_versions",
    metadata,
    Column("meeting", BigInteger, ForeignKey("meetings.id"), primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    # What made it: drawn up, or what became of one escalation, and why, in codes.
    Column("change", Text, nullable=False),
    Column("escalation_id", Text),
    Column("reason", Text),
)

agenda_items = Table(
    "agenda_items",
    metadata,
    Column("meeting", BigInteger, primary_key=True),
    Column("version", SmallInteger, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("escalation_id", Text, nullable=False),
    # Why it has this place, as a code.
    Column("basis", Text, nullable=False),
    # Of what came after the agenda was drawn up: why all the same.
    Column("late", Text),
    ForeignKeyConstraint(
        ["meeting", "version"], ["agenda_versions.meeting", "agenda_versions.version"]
    ),
    UniqueConstraint("meeting", "version", "escalation_id"),
)

# Who of a panel was at a meeting, from when until when; who stood in, for whom.
meeting_attendance = Table(
    "meeting_attendance",
    metadata,
    Column("meeting", BigInteger, ForeignKey("meetings.id"), primary_key=True),
    Column("person", Text, primary_key=True),
    # Whose seat it is: their own, or that of the colleague they stand in for.
    Column("stands_for", Text, nullable=False),
    Column("arrived_at", DateTime(timezone=True), primary_key=True),
    Column("left_at", DateTime(timezone=True)),
    # Nobody is there twice.
    Index(
        "ix_meeting_attendance_present",
        "meeting",
        "person",
        unique=True,
        postgresql_where=text("left_at is null"),
    ),
    CheckConstraint("left_at > arrived_at", name="left_after_arriving"),
)

# What a meeting did not come to, carried over by the clock: nobody decided so.
not_reached = Table(
    "not_reached",
    metadata,
    Column("meeting", BigInteger, ForeignKey("meetings.id"), primary_key=True),
    Column("escalation_id", Text, primary_key=True),
    Index("ix_not_reached_escalation_id", "escalation_id"),
)

# Who closed a meeting and what they attested; the newest row of a meeting counts. One without
# `attested` opened it again, and has a reason.
attestations = Table(
    "attestations",
    metadata,
    Column("meeting", BigInteger, ForeignKey("meetings.id"), primary_key=True),
    Column("attested", Text),
    # How much had been considered at it by then.
    Column("considered", SmallInteger),
    Column("reason", Text),
    *_recorded(),
    CheckConstraint(
        "(attested is null) = (reason is not null) and (attested is null) = (considered is null)",
        name="attested_or_reason",
    ),
)

# Minutes that the chair approved: which entries they are, in codes, ids and hashes, and no text.
minutes = Table(
    "minutes",
    metadata,
    Column("meeting", BigInteger, ForeignKey("meetings.id"), primary_key=True),
    # As canonical JSON; its digest stands in the ledger.
    Column("content", Text, nullable=False),
    *_recorded(),
)
