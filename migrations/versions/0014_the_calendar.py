"""The calendar, the patterns of panels, from when locations are live, and meetings with agendas."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import grant

revision: str = "0014"
down_revision: str | None = "0013"

_ADDED = (
    "panel_patterns",
    "location_go_lives",
    "calendar_years",
    "calendar_days",
    "agenda_versions",
    "agenda_items",
    "not_reached",
)
_CHANGED = (
    "held_on",
    "starts_at",
    "kind",
    "status",
    "moved_to",
    "by_hand",
    "place",
    "capacity",
    "item_minutes",
    "attendance",
    "cut_off",
    "version",
)


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("day", "recorded_at", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "calendar_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_years")),
    )
    op.create_table(
        "location_go_lives",
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("live_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["location"], ["locations.id"], name=op.f("fk_location_go_lives_location")
        ),
        sa.PrimaryKeyConstraint("location", "recorded_at", name=op.f("pk_location_go_lives")),
    )
    op.create_table(
        "panel_patterns",
        sa.Column("panel", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("cut_off_days", sa.SmallInteger(), nullable=False),
        sa.Column("cut_off_hours", sa.SmallInteger(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("item_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("attendance", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "capacity >= item_minutes and item_minutes > 0",
            name=op.f("ck_panel_patterns_room_for_an_item"),
        ),
        sa.CheckConstraint(
            "weekdays <@ array[1,2,3,4,5,6,7]::smallint[]", name=op.f("ck_panel_patterns_weekdays")
        ),
        sa.ForeignKeyConstraint(["panel"], ["panels.id"], name=op.f("fk_panel_patterns_panel")),
        sa.PrimaryKeyConstraint(
            "panel", "effective_on", "recorded_at", name=op.f("pk_panel_patterns")
        ),
    )
    op.create_table(
        "agenda_versions",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting"], ["meetings.id"], name=op.f("fk_agenda_versions_meeting")
        ),
        sa.PrimaryKeyConstraint("meeting", "version", name=op.f("pk_agenda_versions")),
    )
    op.create_table(
        "not_reached",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting"], ["meetings.id"], name=op.f("fk_not_reached_meeting")),
        sa.PrimaryKeyConstraint("meeting", "escalation_id", name=op.f("pk_not_reached")),
    )
    op.create_index("ix_not_reached_escalation_id", "not_reached", ["escalation_id"], unique=False)
    op.create_table(
        "agenda_items",
        sa.Column("meeting", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("late", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting", "version"],
            ["agenda_versions.meeting", "agenda_versions.version"],
            name=op.f("fk_agenda_items_meeting_version"),
        ),
        sa.PrimaryKeyConstraint("meeting", "version", "position", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint(
            "meeting",
            "version",
            "escalation_id",
            name=op.f("uq_agenda_items_meeting_version_escalation_id"),
        ),
    )
    op.add_column(
        "meetings", sa.Column("kind", sa.Text(), server_default="regular", nullable=False)
    )
    op.add_column(
        "meetings", sa.Column("status", sa.Text(), server_default="planned", nullable=False)
    )
    op.add_column("meetings", sa.Column("moved_to", sa.Date(), nullable=True))
    op.add_column(
        "meetings", sa.Column("by_hand", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("meetings", sa.Column("place", sa.Text(), nullable=True))
    op.add_column("meetings", sa.Column("capacity", sa.SmallInteger(), nullable=True))
    op.add_column("meetings", sa.Column("item_minutes", sa.SmallInteger(), nullable=True))
    op.add_column("meetings", sa.Column("attendance", sa.SmallInteger(), nullable=True))
    op.add_column("meetings", sa.Column("cut_off", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "meetings", sa.Column("version", sa.SmallInteger(), server_default="0", nullable=False)
    )
    op.create_index(
        "ix_meetings_cut_off",
        "meetings",
        ["cut_off"],
        unique=False,
        postgresql_where=sa.text("version = 0 and status = 'planned'"),
    )
    op.create_check_constraint(
        op.f("ck_meetings_moved_to"), "meetings", "(status = 'moved') = (moved_to is not null)"
    )
    for table in _ADDED:
        grant(table, "SELECT", "INSERT")
    grant("meetings", "UPDATE", columns=_CHANGED)


def downgrade() -> None:
    # What was chosen, planned and drawn up cannot be had again; what the clock proposed can.
    kept = " or ".join(
        f"exists (select from {table})" for table in _ADDED if not table.startswith("calendar")
    )
    edited = "exists (select from calendar_days where recorded_by <> 'kdt')"
    arranged = "exists (select from meetings where status <> 'planned' or kind <> 'regular')"
    if op.get_bind().scalar(sa.text(f"select {kept} or {edited} or {arranged}")):
        raise RuntimeError(
            "calendar, patterns or agendas were recorded: going back would lose them"
        )
    op.execute(f"revoke update ({', '.join(_CHANGED)}) on meetings from kdt_app")
    op.drop_constraint(op.f("ck_meetings_moved_to"), "meetings")
    op.drop_index(
        "ix_meetings_cut_off",
        table_name="meetings",
        postgresql_where=sa.text("version = 0 and status = 'planned'"),
    )
    op.drop_column("meetings", "version")
    op.drop_column("meetings", "cut_off")
    op.drop_column("meetings", "attendance")
    op.drop_column("meetings", "item_minutes")
    op.drop_column("meetings", "capacity")
    op.drop_column("meetings", "place")
    op.drop_column("meetings", "by_hand")
    op.drop_column("meetings", "moved_to")
    op.drop_column("meetings", "status")
    op.drop_column("meetings", "kind")
    op.drop_table("agenda_items")
    op.drop_index("ix_not_reached_escalation_id", table_name="not_reached")
    op.drop_table("not_reached")
    op.drop_table("agenda_versions")
    op.drop_table("panel_patterns")
    op.drop_table("location_go_lives")
    op.drop_table("calendar_years")
    op.drop_table("calendar_days")
